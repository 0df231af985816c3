"""A review as it was submitted: the answers beside the conversation, and the customer's own rating beside both."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Conflict, Invalid
from heartline.conversations.queries import contacts_for
from heartline.improvement.quality.actions.reviews import given_answers, reopen_review, share_review
from heartline.improvement.quality.actions.talk import say
from heartline.improvement.quality.models import Review
from heartline.improvement.quality.pages.home import tabs
from heartline.improvement.quality.queries.reviews import (
    other_review_of,
    rating_of,
    review_for,
    review_to_score,
)
from heartline.improvement.quality.queries.talk import conversation_of, judged
from heartline.improvement.quality.rules.scoring import score
from heartline.people.pages.common import by
from heartline.people.requests import StaffRequest


@require_safe
def review(request: StaffRequest, review_id: int) -> HttpResponse:
    """Show a submitted review; one's own that is open leads to where it is scored."""
    found = review_for(request.scope, review_id)
    if found.state == "open":
        return redirect("quality:score", review_id)
    other = other_review_of(request.scope, found)
    context = {
        **review_context(request, found),
        "tabs": tabs(request, "work"),
        "other": other,
        "others_answers": {row.question: row for row in other.answers.all()} if other else {},
        "is_mine": found.evaluator_id == request.user.id,
        "may_share": found.counts and found.shared_at is None,
        "drawn": found.pick.draw if found.pick else None,
    }
    return render(request, "quality/review.html", context)


@require_POST
def share(request: StaffRequest, review_id: int) -> HttpResponse:
    """Let the agent see it."""
    return _done(request, review_id, lambda found: share_review(found, by=by(request), now=now()), _("Shared"))


@require_POST
def reopen(request: StaffRequest, review_id: int) -> HttpResponse:
    """Look at one's own review again, with a reason."""
    found = review_to_score(request.scope, review_id)
    try:
        reopen_review(found, request.POST.get("text", ""), by=by(request), now=now())
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
        return redirect("quality:review", review_id)
    return redirect("quality:score", review_id)


@require_POST
def remark(request: StaffRequest, review_id: int) -> HttpResponse:
    """Answer the agent, or let the score stand."""
    kind = "upheld" if request.POST.get("act") == "upheld" else "answered"
    text = request.POST.get("text", "")
    return _done(request, review_id, lambda found: say(found, kind, text, by=by(request), now=now()), _("Sent"))


def review_context(request: StaffRequest, found: Review) -> dict[str, Any]:
    """Return what a page needs to show a submitted review."""
    asks = found.version.asks()
    return {
        "now": now(),
        "review": found,
        "judged": judged(found, asks),
        "score": score(asks, given_answers(found)),
        "talk": conversation_of(found.contact_id),
        "files_open": contacts_for(request.scope).filter(pk=found.contact_id).exists(),
        "rating": rating_of(found),
        "remarks": found.remarks.select_related("author"),
    }


def _done(request: StaffRequest, review_id: int, act: Any, words: str) -> HttpResponse:
    found = review_for(request.scope, review_id)
    try:
        act(found)
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("quality:review", review_id)
