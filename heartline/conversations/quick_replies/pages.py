"""`/desk/quick-replies/`: the prepared texts one may use, and those one may write."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.conversations.levels import may_change
from heartline.conversations.models import QuickReply
from heartline.conversations.queries import contact_for
from heartline.conversations.quick_replies.actions import (
    check_may_change,
    count_use,
    remove_quick_reply,
    save_quick_reply,
)
from heartline.conversations.quick_replies.forms import QuickReplyForm
from heartline.conversations.quick_replies.queries import filled_for, quick_replies_for, quick_reply_for
from heartline.conversations.quick_replies.words import variable_words
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest
from heartline.ui.responses import json_ok


@require_safe
def listed(request: StaffRequest) -> HttpResponse:
    """Show what one may use, by who it belongs to."""
    found = list(quick_replies_for(request.scope).select_related("team").order_by("team_id", "name", "id"))
    rows = [(reply, may_change(request.scope, reply)) for reply in found]
    sections = (
        (_("Only mine"), [row for row in rows if row[0].person_id]),
        (_("My team’s"), [row for row in rows if row[0].team_id]),
        (_("Everybody’s"), [row for row in rows if not row[0].team_id and not row[0].person_id]),
    )
    return render(request, "conversations/quick_replies/list.html", {"sections": sections, "any": bool(rows)})


@require_http_methods(["GET", "HEAD", "POST"])
def quick_reply(request: StaffRequest, id: int | None = None) -> HttpResponse:
    """Add or change a quick reply."""
    standing = quick_reply_for(request.scope, id) if id else None
    if standing:
        check_may_change(request.scope, standing)
    instance = quick_reply_for(request.scope, id) if id else None
    form = QuickReplyForm(request.scope, request.user, request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        thing = standing or QuickReply()
        saved = attempt(form, lambda: save_quick_reply(request.scope, thing, form.values(), by=by(request), now=now()))
        if saved:
            messages.success(request, _("%(name)s is saved") % {"name": saved.name})
            return redirect("quick_replies:list")
    variables = [(f"{{{{{name}}}}}", words) for name, words in variable_words().items()]
    context = {"form": form, "reply": standing, "variables": variables}
    status = 422 if form.errors else 200
    return render(request, "conversations/quick_replies/quick_reply.html", context, status=status)


@require_POST
def remove(request: StaffRequest, id: int) -> HttpResponse:
    """Remove a quick reply."""
    reply = quick_reply_for(request.scope, id)
    name = reply.name
    remove_quick_reply(request.scope, reply, by=by(request), now=now())
    messages.success(request, _("%(name)s is removed") % {"name": name})
    return redirect("quick_replies:list")


@require_GET
def for_contact(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Return the quick replies for a contact, filled, in the customer's language."""
    return json_ok(filled_for(request.scope, contact_for(request.scope, contact_id), request.user))


@require_POST
def used(request: StaffRequest, id: int) -> JsonResponse:
    """Count that a quick reply went into an answer."""
    count_use(quick_reply_for(request.scope, id), by=by(request), now=now())
    return json_ok()
