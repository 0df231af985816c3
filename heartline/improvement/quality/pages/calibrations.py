"""`/quality/calibrations/`: several score one contact, compare, and agree."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Conflict, Invalid
from heartline.conversations.queries import contacts_for
from heartline.improvement.quality.actions.calibrations import agree_on, close, compare, open_calibration
from heartline.improvement.quality.forms import CalibrationForm
from heartline.improvement.quality.models import Calibration
from heartline.improvement.quality.pages.home import tabs
from heartline.improvement.quality.queries.reviews import calibration_for, calibrations_for
from heartline.improvement.quality.queries.talk import conversation_of
from heartline.improvement.quality.rules.scoring import Given
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest

LISTED = 100


@require_safe
def calibrations(request: StaffRequest) -> HttpResponse:
    """Show the calibrations one has a part in."""
    context = {
        "tabs": tabs(request, "calibrations"),
        "now": now(),
        "calibrations": calibrations_for(request.scope).prefetch_related("reviews__evaluator", "agreed")[:LISTED],
    }
    return render(request, "quality/calibrations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: StaffRequest) -> HttpResponse:
    """Ask several to score a contact."""
    initial = {name: request.GET.get(name, "") for name in ("contact", "version")}
    form = CalibrationForm(request.scope, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        made = attempt(
            form,
            lambda: open_calibration(
                request.scope, typed["contact"], typed["version"], list(typed["evaluators"]), by=by(request), now=now()
            ),
        )
        if made:
            return redirect("quality:calibration", made.pk)
    context = {"tabs": tabs(request, "calibrations"), "form": form}
    return render(request, "quality/calibration_add.html", context, status=422 if form.errors else 200)


@require_safe
def calibration(request: StaffRequest, calibration_id: int) -> HttpResponse:
    """Show who has scored; once they are compared, every answer side by side."""
    return _show(request, calibration_for(request.scope, calibration_id))


@require_POST
def move(request: StaffRequest, calibration_id: int) -> HttpResponse:
    """Lay the answers side by side, or close."""
    found = calibration_for(request.scope, calibration_id)
    act = close if request.POST.get("act") == "close" else compare
    try:
        act(found, by=by(request), now=now())
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
    return redirect("quality:calibration", calibration_id)


@require_POST
def agree(request: StaffRequest, calibration_id: int) -> HttpResponse:
    """Keep what was agreed for a question."""
    found = calibration_for(request.scope, calibration_id)
    key, chosen = request.POST.get("question", ""), request.POST.get("answer", "")
    given = (
        Given(na=True) if chosen == "na" else Given(int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None)
    )
    try:
        agree_on(found, key, given, request.POST.get("reason", ""), by=by(request), now=now())
    except (Conflict, Invalid) as refusal:
        return _show(request, calibration_for(request.scope, calibration_id), {key: refusal})
    messages.success(request, _("Kept"))
    address = reverse("quality:calibration", args=[calibration_id])
    return HttpResponseRedirect(f"{address}#{key}")


def _show(request: StaffRequest, found: Calibration, refused: dict[str, Any] | None = None) -> HttpResponse:
    reviews = list(found.reviews.select_related("evaluator").prefetch_related("answers__messages").order_by("id"))
    seen = [one for one in reviews if one.state == "submitted"] if found.state != "scoring" else []
    answers = {one.pk: {row.question: row for row in one.answers.all()} for one in seen}
    agreed = {row.question: row for row in found.agreed.select_related("by")}
    rows = [
        (
            section,
            [
                _row(question, [answers[one.pk].get(question.key) for one in seen], agreed)
                for question in section.questions
            ],
        )
        for section in found.version.asks().sections
    ]
    context = {
        "tabs": tabs(request, "calibrations"),
        "now": now(),
        "calibration": found,
        "reviews": reviews,
        "seen": seen,
        "rows": rows if seen else [],
        "mine": next((one for one in reviews if one.evaluator_id == request.user.id), None),
        "submitted": sum(one.state == "submitted" for one in reviews),
        "talk": conversation_of(found.contact_id) if seen else [],
        "files_open": contacts_for(request.scope).filter(pk=found.contact_id).exists(),
        "refused": refused or {},
    }
    return render(request, "quality/calibration.html", context, status=422 if refused else 200)


def _row(question: Any, answers: list[Any], agreed: dict[str, Any]) -> dict[str, Any]:
    said = {(one.value, one.is_na) for one in answers if one}
    return {"question": question, "answers": answers, "differs": len(said) > 1, "agreed": agreed.get(question.key)}
