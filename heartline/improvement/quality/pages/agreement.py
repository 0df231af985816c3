"""`/quality/agreement/`: how alike we score."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from heartline.common.clock import now
from heartline.improvement.quality.pages.home import tabs
from heartline.improvement.quality.queries.figures import agreement_for
from heartline.improvement.quality.queries.samples import usable_versions
from heartline.improvement.quality.rules.agreement import FEWEST_PAIRS
from heartline.people.requests import StaffRequest


@require_safe
def agreement(request: StaffRequest) -> HttpResponse:
    """Show for each card how far two who did not see each other agreed."""
    cards = [agreement_for(request.scope, version) for version in usable_versions(request.scope)]
    context = {"tabs": tabs(request, "agreement"), "now": now(), "cards": cards, "fewest": FEWEST_PAIRS}
    return render(request, "quality/agreement.html", context)
