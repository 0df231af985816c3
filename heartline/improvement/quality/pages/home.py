"""`/quality/`: the first page one has a use for, and the tabs of all of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from heartline.improvement.quality.queries.reviews import work_of
from heartline.people.requests import StaffRequest


@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Lead to what is to be scored, to one's own quality, or to the team's."""
    scope = request.scope
    if not scope.may("quality.score"):
        return redirect("quality:mine")
    if work_of(scope).exists() or not scope.may("quality.manage"):
        return redirect("quality:work")
    return redirect("quality:team")


def tabs(request: StaffRequest, here: str) -> list[dict[str, Any]]:
    """Return the pages of this room that a person may open, the present one marked."""
    pages = (
        ("work", _("To be scored"), "quality.score"),
        ("mine", _("My quality"), "quality.own"),
        ("team", _("Team"), "quality.manage"),
        ("samples", _("Samples"), "quality.manage"),
        ("calibrations", _("Calibration"), "quality.score"),
        ("agreement", _("Agreement"), "quality.manage"),
        ("cards", _("Scorecards"), "quality.manage"),
    )
    found = [
        {"address": reverse(f"quality:{name}"), "words": words, "here": name == here}
        for name, words, right in pages
        if request.scope.may(right)
    ]
    own = {"address": reverse("insight:mine"), "words": _("My figures"), "here": False}
    return [*found, own] if request.scope.may("insight.own") else found
