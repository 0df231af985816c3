"""`/quality/to-score/` and the page on which a contact is scored; what is typed there is kept as it is typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Invalid
from heartline.conversations.queries import contacts_for
from heartline.improvement.quality.actions.reviews import save_answer, save_comment, submit_review
from heartline.improvement.quality.models import Review
from heartline.improvement.quality.pages.home import tabs
from heartline.improvement.quality.queries.reviews import open_reviews_of, review_to_score, work_of
from heartline.improvement.quality.queries.samples import evaluators_for
from heartline.improvement.quality.queries.talk import conversation_of
from heartline.improvement.quality.rules.scoring import Given
from heartline.people.pages.common import by
from heartline.people.requests import StaffRequest
from heartline.ui.responses import json_ok, read_json

LISTED = 100
MOST_NUMBER = 2**53


@require_safe
def work(request: StaffRequest) -> HttpResponse:
    """Show what one is asked to score; not why it was drawn, which would colour the eye."""
    scope = request.scope
    others = open_reviews_of(scope).exclude(evaluator=request.user)[:LISTED] if scope.may("quality.manage") else ()
    context = {
        "tabs": tabs(request, "work"),
        "now": now(),
        "reviews": work_of(scope)[:LISTED],
        "others": others,
        "evaluators": evaluators_for(scope) if others else (),
    }
    return render(request, "quality/work.html", context)


@require_safe
def score_page(request: StaffRequest, review_id: int) -> HttpResponse:
    """Show the conversation beside the card."""
    found = review_to_score(request.scope, review_id)
    if found.state != "open":
        return redirect("quality:review", review_id)
    return _page(request, found)


@require_POST
def submit(request: StaffRequest, review_id: int) -> HttpResponse:
    """Submit what was scored; a question left out is named, and nothing is lost."""
    found = review_to_score(request.scope, review_id)
    try:
        submit_review(found, by=by(request), now=now())
    except Invalid as refusal:
        return _page(request, review_to_score(request.scope, review_id), refusal)
    return redirect("quality:review", review_id)


@require_GET
def draft(request: StaffRequest, review_id: int) -> JsonResponse:
    """Return what is kept of a review, for a tab that comes back."""
    return json_ok(state_of(review_to_score(request.scope, review_id)))


@require_POST
def answer(request: StaffRequest, review_id: int) -> JsonResponse:
    """Keep one answer."""
    found = review_to_score(request.scope, review_id)
    kinds: dict[str, Any] = {"value": (int, type(None)), "na": bool, "comment": str, "messages": list, "base": int}
    sent = read_json(request, question=str, **kinds)
    ids = sent.get("messages", [])
    if not all(isinstance(one, int) and not isinstance(one, bool) and 0 < one <= MOST_NUMBER for one in ids):
        raise Invalid(_("Part of what was sent could not be read. Nothing was changed"))
    kept = save_answer(
        found,
        sent.get("question", ""),
        Given(sent.get("value"), sent.get("na", False)),
        sent.get("comment", ""),
        ids,
        base=_base_of(sent),
        by=by(request),
        now=now(),
    )
    return json_ok({"saved": kept.saved})


@require_POST
def comment(request: StaffRequest, review_id: int) -> JsonResponse:
    """Keep what is said about the whole contact."""
    found = review_to_score(request.scope, review_id)
    sent = read_json(request, comment=str, base=int)
    kept = save_comment(found, sent.get("comment", ""), base=_base_of(sent), by=by(request), now=now())
    return json_ok({"saved": kept.comment_saved})


def state_of(review: Review) -> dict[str, Any]:
    """Return what is kept of a review as the page's script reads it."""
    return {
        "open": review.state == "open",
        "comment": {"comment": review.comment, "saved": review.comment_saved},
        "answers": {
            row.question: {
                "value": row.value,
                "na": row.is_na,
                "comment": row.comment,
                "messages": [message.pk for message in row.messages.all()],
                "saved": row.saved,
            }
            for row in review.answers.prefetch_related("messages")
        },
    }


def _base_of(sent: dict[str, Any]) -> int:
    """Return the save that something was made from; a number nobody ever counted to is none of ours."""
    base: int = sent.get("base", 0)
    return base if 0 <= base < MOST_NUMBER else -1


def _page(request: StaffRequest, found: Review, refusal: Invalid | None = None) -> HttpResponse:
    context = {
        "tabs": tabs(request, "work"),
        "now": now(),
        "review": found,
        "asks": found.version.asks(),
        "talk": conversation_of(found.contact_id),
        "files_open": contacts_for(request.scope).filter(pk=found.contact_id).exists(),
        "state": state_of(found),
        "refusal": refusal,
        "missing": refusal.fields if refusal else {},
        "words": _words(),
    }
    return render(request, "quality/score.html", context, status=422 if refusal else 200)


def _words() -> dict[str, str]:
    return {
        "kept": _("All kept"),
        "keeping": _("Keeping…"),
        "not_kept": _("Not kept on the server yet. It is kept in this browser; trying again"),
        "elsewhere": _("Changed in another tab; shown here now"),
        "submitted": _("This review has been submitted"),
        "left": _("{left} questions left"),
        "one_left": _("One question left"),
        "none_left": _("All questions answered"),
        "point": _("Link to question {number}"),
        "unpoint": _("Linked to question {number}"),
        "next": _("Next question"),
        "previous": _("Question before"),
        "yes": _("Answer yes"),
        "no": _("Answer no"),
        "na": _("Does not apply"),
        "value": _("Answer on the scale"),
        "write": _("Write a comment"),
        "messages": _("Go to the messages, and back"),
        "submit": _("Submit"),
        "group": _("Scoring"),
    }
