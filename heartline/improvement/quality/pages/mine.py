"""`/quality/mine/`: what was shared with the person whose work it is about, and what they say to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Conflict, Invalid
from heartline.improvement.quality.actions.talk import BY_AGENT
from heartline.improvement.quality.actions.talk import say as say_it
from heartline.improvement.quality.pages.home import tabs
from heartline.improvement.quality.pages.reviews import review_context
from heartline.improvement.quality.queries.figures import counted_reviews, trend_of
from heartline.improvement.quality.queries.reviews import notes_for, shared_review_for, shared_with
from heartline.people.pages.common import by
from heartline.people.requests import StaffRequest

LISTED = 100


@require_safe
def mine(request: StaffRequest) -> HttpResponse:
    """Show one's own trend, reviews and coaching."""
    moment, zone = now(), timezone.get_current_timezone_name()
    context = {
        "tabs": tabs(request, "mine"),
        "now": moment,
        "trend": trend_of(request.user, counted_reviews([request.user], zone, moment), zone, moment),
        "reviews": shared_with(request.scope)[:LISTED],
        "notes": notes_for(request.scope).filter(about=request.user)[:LISTED],
    }
    return render(request, "quality/mine.html", context)


@require_safe
def shared(request: StaffRequest, review_id: int) -> HttpResponse:
    """Show a review of one's own work; while it is looked at again, only that."""
    found = shared_review_for(request.scope, review_id)
    context = {
        **review_context(request, found),
        "tabs": tabs(request, "mine"),
        "others_answers": {},
        "is_shared_page": True,
    }
    return render(request, "quality/shared.html", context)


@require_POST
def say(request: StaffRequest, review_id: int) -> HttpResponse:
    """Acknowledge, reply or appeal."""
    found = shared_review_for(request.scope, review_id)
    act = request.POST.get("act", "")
    try:
        say_it(found, act if act in BY_AGENT else "replied", request.POST.get("text", ""), by=by(request), now=now())
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Sent"))
    return redirect("quality:shared", review_id)
