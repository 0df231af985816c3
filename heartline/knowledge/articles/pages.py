"""`/knowledge/`: articles, read by all, written by many, published by another."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Conflict, HeartlineError, Invalid, NotAllowed
from heartline.conversations.queries import contact_for
from heartline.knowledge.articles import actions, queries
from heartline.knowledge.articles.forms import ArticleForm
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest
from heartline.ui.responses import json_ok

PAGE = 30
VIEWS = ("published", "draft")


@require_safe
def listed(request: StaffRequest) -> HttpResponse:
    """Show what can be read, and what is being written."""
    view = request.GET.get("view", "")
    view = view if view in VIEWS and (view == "published" or request.scope.may("knowledge.write")) else "published"
    page = Paginator(queries.versions_in(request.scope, view), PAGE).get_page(request.GET.get("page"))
    language = get_language() or "en"
    rows = [(row, *row.text_in(language)) for row in page]
    drafts = queries.versions_in(request.scope, "draft").count() if request.scope.may("knowledge.write") else 0
    context = {"view": view, "page": page, "rows": rows, "query": f"view={view}", "drafts": drafts, "now": now()}
    return render(request, "articles/list.html", context)


@require_safe
def article(request: StaffRequest, id: int) -> HttpResponse:
    """Show an article as it is read, and its draft to those who write and review."""
    return _article(request, id)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, id: int | None = None) -> HttpResponse:
    """Write an article, or go on with one."""
    found = queries.article_for(request.scope, id) if id else None
    standing = (queries.draft_of(found) or queries.published_of(found) or found.versions.last()) if found else None
    form = ArticleForm(request.POST or None, instance=standing, initial={"skill": found.skill_id if found else None})
    if request.method == "POST" and form.is_valid():
        skill = form.cleaned_data["skill"]
        saved = attempt(form, lambda: actions.write_article(found, form.values(), skill, by=by(request), now=now()))
        if saved:
            messages.success(request, _("Saved as a draft. Somebody else reviews and publishes it"))
            return redirect("articles:article", saved.id)
    context = {"form": form, "article": found, "is_draft": bool(standing and standing.state == "draft")}
    return render(request, "articles/edit.html", context, status=422 if form.errors else 200)


@require_POST
def publish(request: StaffRequest, id: int) -> HttpResponse:
    """Publish what somebody else wrote."""
    found = queries.article_for(request.scope, id)
    try:
        actions.publish(found, request.user, by=by(request), now=now())
    except (Conflict, Invalid, NotAllowed) as refusal:
        return _article(request, id, refusal)
    messages.success(request, _("Published. It is found by search, and by typing / in a reply"))
    return redirect("articles:article", id)


@require_POST
def withdraw(request: StaffRequest, id: int) -> HttpResponse:
    """Let an article be read no longer."""
    found = queries.article_for(request.scope, id)
    try:
        actions.withdraw(found, by=by(request), now=now())
    except Conflict as refusal:
        return _article(request, id, refusal)
    messages.success(request, _("Withdrawn. It is no longer found"))
    return redirect("articles:article", id)


@require_POST
def from_answer(request: StaffRequest, consultation_id: int) -> HttpResponse:
    """Make a draft of an expert's answer, and open it; once made, only open it."""
    answered = queries.answer_for(request.scope, consultation_id)
    made = actions.draft_from_answer(answered, by=by(request), now=now())
    return redirect("articles:edit" if queries.draft_of(made) else "articles:article", made.id)


@require_GET
def for_contact(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Return what can be put into a reply."""
    return json_ok({"articles": queries.for_contact(request.scope, contact_for(request.scope, contact_id))})


@require_POST
def used(request: StaffRequest, id: int) -> JsonResponse:
    """Count that an article went into a reply."""
    actions.count_use(queries.article_for(request.scope, id), by=by(request), now=now())
    return json_ok()


def _article(request: StaffRequest, id: int, refusal: HeartlineError | None = None) -> HttpResponse:
    found = queries.article_for(request.scope, id)
    writes = request.scope.may("knowledge.write")
    draft = queries.draft_of(found) if writes else None
    read = queries.published_of(found)
    shown = read or draft or found.versions.last()
    context = {
        "article": found,
        "read": read,
        "draft": draft,
        "title": shown.text_in(get_language() or "en")[0] if shown else "",
        "past": found.versions.last() if writes and not read and not draft else None,
        "may_review": bool(draft and queries.may_review(request.scope, draft)),
        "mine": bool(draft and request.user.id in draft.writer_ids),
        "refused": " ".join(map(str, refusal.fields.values())) or str(refusal) if refusal else "",
        "now": now(),
    }
    return render(request, "articles/article.html", context, status=refusal.status if refusal else 200)
