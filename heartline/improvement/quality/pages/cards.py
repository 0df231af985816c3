"""`/quality/cards/`: scorecards, built on a page that needs no script: every button keeps what was typed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Conflict, Invalid
from heartline.improvement.quality.actions.cards import (
    begin_version,
    publish,
    save_card,
    set_in_use,
    write_version,
)
from heartline.improvement.quality.forms import CardForm
from heartline.improvement.quality.models import CardVersion, Scorecard
from heartline.improvement.quality.pages.home import tabs
from heartline.improvement.quality.queries.cards import card_for, cards_for, version_for
from heartline.improvement.quality.rules.card import TOPS, changed, filled
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest


@require_safe
def cards(request: StaffRequest) -> HttpResponse:
    """Show the scorecards there are."""
    context = {"tabs": tabs(request, "cards"), "cards": cards_for(request.scope)}
    return render(request, "quality/cards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def card(request: StaffRequest, card_id: int | None = None) -> HttpResponse:
    """Add a scorecard, or change its names and where it is used; shows its versions."""
    standing = card_for(request.scope, card_id) if card_id else None
    instance = card_for(request.scope, card_id) if card_id else None
    form = CardForm(request.scope, request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        thing, queues = standing or Scorecard(), form.cleaned_data["queues"]
        saved = attempt(form, lambda: save_card(thing, form.values(), queues, by=by(request), now=now()))
        if saved and standing is None:
            return redirect("quality:version", saved.pk, 1)
        if saved:
            messages.success(request, _("%(name)s is saved") % {"name": saved.name})
            return redirect("quality:card", saved.pk)
    versions = list(standing.versions.select_related("published_by").order_by("-number")) if standing else []
    context = {
        "tabs": tabs(request, "cards"),
        "form": form,
        "card": standing,
        "versions": versions,
        "writing": next((one for one in versions if one.published_at is None), None),
    }
    return render(request, "quality/card.html", context, status=422 if form.errors else 200)


@require_POST
def use(request: StaffRequest, card_id: int) -> HttpResponse:
    """Take a scorecard out of use, or back into it."""
    found = card_for(request.scope, card_id)
    set_in_use(found, "back" in request.POST, by=by(request), now=now())
    return redirect("quality:card", card_id)


@require_POST
def begin(request: StaffRequest, card_id: int) -> HttpResponse:
    """Begin the next version, or go on with the one that is being written."""
    begun = begin_version(card_for(request.scope, card_id), by=by(request), now=now())
    return redirect("quality:version", card_id, begun.number)


@require_http_methods(["GET", "HEAD", "POST"])
def version(request: StaffRequest, card_id: int, number: int) -> HttpResponse:
    """Build a version, or read a published one."""
    found = version_for(request.scope, card_id, number)
    if request.method == "POST":
        return _build(request, found)
    return _show(request, found)


def _build(request: StaffRequest, found: CardVersion) -> HttpResponse:
    act, base = request.POST.get("do", ""), request.POST.get("saved", "")
    typed = filled(found.asks(), request.POST.dict())
    try:
        content = changed(typed, act)
        kept = write_version(
            found, content, base=int(base) if base.isdecimal() and len(base) < 10 else -1, by=by(request), now=now()
        )
        if act == "publish":
            publish(kept, by=by(request), now=now())
            messages.success(request, _("Version %(number)s is published") % {"number": kept.number})
            return redirect("quality:card", found.card_id)
    except (Invalid, Conflict) as refusal:
        found.refresh_from_db(fields=["saved"])
        return _show(request, found, refusal, typed)
    if not act:
        messages.success(request, _("Saved. Nobody is scored by it until it is published"))
    address = reverse("quality:version", args=[found.card_id, found.number])
    return HttpResponseRedirect(f"{address}#{_place(act, kept)}")


def _place(act: str, kept: CardVersion) -> str:
    """Return where the hand was: what was moved, or what was added."""
    verb, _colon, key = act.partition(":")
    return f"s{kept.asks().last_key - 1}" if act == "add" else f"q{kept.asks().last_key}" if verb == "add" else key


def _show(
    request: StaffRequest, found: CardVersion, refusal: Exception | None = None, typed: object = None
) -> HttpResponse:
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    context = {
        "tabs": tabs(request, "cards"),
        "version": found,
        "card": found.card,
        "asks": typed or found.asks(),
        "tops": TOPS,
        "refusal": refusal,
        "errors": fields,
    }
    name = "quality/build.html" if found.published_at is None else "quality/version.html"
    return render(request, name, context, status=422 if refusal else 200)
