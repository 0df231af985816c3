"""`/quality/team/`: how a team's work is, person by person, by name; nobody is ranked."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from heartline.common.clock import now
from heartline.improvement.quality.pages.home import tabs
from heartline.improvement.quality.queries.figures import FEWEST, counted_reviews, team_trends, trend_of
from heartline.improvement.quality.queries.reviews import notes_for, reviews_for
from heartline.improvement.quality.queries.samples import agent_for
from heartline.people.queries import teams_for
from heartline.people.requests import StaffRequest

LISTED = 100


@require_safe
def team(request: StaffRequest) -> HttpResponse:
    """Show the people one works with, each with their trend, n and interval."""
    moment, zone = now(), timezone.get_current_timezone_name()
    teams = list(teams_for(request.scope).order_by("id"))
    wanted = request.GET.get("team", "")
    chosen = next((one for one in teams if str(one.pk) == wanted), None)
    reviews = reviews_for(request.scope).filter(state="submitted", is_check=False, calibration=None)
    context = {
        "tabs": tabs(request, "team"),
        "now": moment,
        "teams": teams,
        "chosen": chosen,
        "trends": team_trends(request.scope, chosen.pk if chosen else None, zone, moment),
        "unshared": reviews.filter(shared_at=None).exclude(about=request.user)[:LISTED],
        "disputed": reviews.filter(feedback="disputed").exclude(about=request.user)[:LISTED],
        "steps": notes_for(request.scope).exclude(about=request.user).filter(done_at=None)[:LISTED],
        "fewest": FEWEST,
    }
    return render(request, "quality/team.html", context)


@require_safe
def person(request: StaffRequest, person_id: int) -> HttpResponse:
    """Show one person's trend, reviews and coaching."""
    found = agent_for(request.scope, person_id)
    moment, zone = now(), timezone.get_current_timezone_name()
    reviews = reviews_for(request.scope).filter(about=found, state="submitted", is_check=False, calibration=None)
    context = {
        "tabs": tabs(request, "team"),
        "now": moment,
        "person": found,
        "trend": trend_of(found, counted_reviews([found], zone, moment), zone, moment),
        "reviews": reviews.order_by("-submitted_at")[:LISTED],
        "notes": notes_for(request.scope).filter(about=found)[:LISTED],
        "fewest": FEWEST,
    }
    return render(request, "quality/person.html", context)
