"""`/quality/samples/`: drawing contacts to be scored, and what was drawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Conflict, Invalid, NotFound
from heartline.improvement.quality.actions.draws import draw_sample
from heartline.improvement.quality.actions.draws import hand_on as hand_it_on
from heartline.improvement.quality.forms import DrawForm
from heartline.improvement.quality.models import Draw
from heartline.improvement.quality.pages.home import tabs
from heartline.improvement.quality.queries.reviews import open_reviews_of
from heartline.improvement.quality.queries.samples import draw_for, draws_for, evaluators_for, usable_versions
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest

LISTED = 100


@require_safe
def samples(request: StaffRequest) -> HttpResponse:
    """Show what was drawn, newest first."""
    context = {
        "tabs": tabs(request, "samples"),
        "now": now(),
        "draws": draws_for(request.scope)[:LISTED],
        "has_card": usable_versions(request.scope).exists(),
    }
    return render(request, "quality/samples.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: StaffRequest) -> HttpResponse:
    """Draw a sample and deal it out."""
    moment, zone = now(), timezone.get_current_timezone_name()
    form = DrawForm(request.scope, timezone.localdate(moment), request.POST or None)
    if request.method == "POST" and form.is_valid():
        wish: Draw = form.instance
        chosen = list(form.cleaned_data["evaluators"])
        made = attempt(form, lambda: draw_sample(request.scope, wish, chosen, zone, by=by(request), now=moment))
        if made:
            return redirect("quality:sample", made.pk)
    context = {"tabs": tabs(request, "samples"), "form": form, "has_card": usable_versions(request.scope).exists()}
    return render(request, "quality/draw.html", context, status=422 if form.errors else 200)


@require_safe
def sample(request: StaffRequest, draw_id: int) -> HttpResponse:
    """Show a sample: from how many it was drawn, by which seed, and how far it is."""
    found = draw_for(request.scope, draw_id)
    picks = found.picks.select_related("contact__case", "contact__assignee", "contact__queue")
    context = {
        "tabs": tabs(request, "samples"),
        "now": now(),
        "draw": found,
        "picks": picks.prefetch_related("reviews__evaluator").order_by("id"),
    }
    return render(request, "quality/sample.html", context)


@require_POST
def hand_on(request: StaffRequest, review_id: int) -> HttpResponse:
    """Give a review that nobody has begun to somebody else."""
    review = open_reviews_of(request.scope).filter(pk=review_id).first()
    if review is None:
        raise NotFound(_("There is no such review, or it is not yours to see"))
    wanted = request.POST.get("to", "")
    to = get_object_or_404(
        evaluators_for(request.scope), pk=int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0
    )
    try:
        hand_it_on(review, to, by=by(request), now=now())
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Given to %(name)s") % {"name": to.name})
    return redirect("quality:work")
