"""Pages of brands: voice and colours, the widget's one line, hours and holidays."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Conflict, Invalid
from heartline.people.forms.brands import BrandForm, HolidayForm, HoursForm, tokens
from heartline.people.ical import LARGEST, holidays_in
from heartline.people.models import Brand
from heartline.people.pages.common import attempt, by
from heartline.people.queries import calendar_of
from heartline.people.requests import StaffRequest
from heartline.people.setup_actions.brands import add_holiday, add_holidays_found, remove_holiday, save_brand, set_hours
from heartline.people.setup_actions.brands import remove_brand as take_away
from heartline.ui.contrast import GROUNDS, TEXT


@require_safe
def brands(request: StaffRequest) -> HttpResponse:
    """List the brands, each with whether it is open now."""
    moment = now()
    found = (
        Brand.objects.select_related("site").prefetch_related("hours", "holidays").order_by("-is_default", "name_en")
    )
    rows = [
        (brand, calendar.is_open(moment), calendar.next_opening(moment))
        for brand in found
        for calendar in [calendar_of(brand)]
    ]
    return render(request, "people/setup/brands.html", {"rows": rows, "here": "brands", "now": moment})


@require_http_methods(["GET", "HEAD", "POST"])
def brand(request: StaffRequest, id: int | None = None) -> HttpResponse:
    """Add or change a brand."""
    standing = get_object_or_404(Brand, pk=id) if id else None
    form = BrandForm(request.POST or None, instance=Brand.objects.get(pk=id) if id else None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.Meta.fields}
        saved = attempt(form, lambda: save_brand(standing or Brand(), values, by=by(request), now=now()))
        if saved:
            messages.success(request, _("%(name)s is saved") % {"name": saved.name})
            return redirect("setup:brand" if id else "setup:hours", id=saved.pk)
    context: dict[str, Any] = {"form": form, "brand": standing, "here": "brands", "contrast": _contrast_data()}
    if standing:
        context["script_tag"] = script_tag(request, standing)
    return render(request, "people/setup/brand.html", context, status=422 if form.errors else 200)


@require_POST
def remove_brand(request: StaffRequest, id: int) -> HttpResponse:
    """Remove a brand that nothing was done for yet."""
    standing = get_object_or_404(Brand, pk=id)
    try:
        take_away(standing, by=by(request), now=now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect("setup:brand", id=id)
    messages.success(request, _("%(name)s is removed") % {"name": standing.name})
    return redirect("setup:brands")


@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: StaffRequest, id: int) -> HttpResponse:
    """Show and change when a brand is open."""
    standing = get_object_or_404(Brand.objects.select_related("site"), pk=id)
    week = list(standing.hours.values_list("weekday", "opens", "closes"))
    form = HoursForm(request.POST or None, week=week)
    if request.method == "POST" and form.is_valid():
        set_hours(standing, form.cleaned_data["week"], by=by(request), now=now())
        messages.success(request, _("Hours are saved"))
        return redirect("setup:hours", id=id)
    return _hours_page(request, standing, form, HolidayForm())


@require_POST
def holidays(request: StaffRequest, id: int) -> HttpResponse:
    """Add days that differ from their weekdays."""
    standing = get_object_or_404(Brand.objects.select_related("site"), pk=id)
    form = HolidayForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        like = int(typed["like"]) if typed["like"] else None
        names = {"name_en": typed["name_en"], "name_zh": typed["name_zh"]}
        first, last = typed["first"], typed["last"] or typed["first"]
        added = attempt(
            form,
            lambda: add_holiday(standing, first, last, **names, works_like_weekday=like, by=by(request), now=now()),
        )
        if added:
            messages.success(request, _("%(name)s is saved") % {"name": typed["name_en"]})
            return redirect("setup:hours", id=id)
    week = list(standing.hours.values_list("weekday", "opens", "closes"))
    return _hours_page(request, standing, HoursForm(week=week), form)


@require_POST
def holidays_file(request: StaffRequest, id: int) -> HttpResponse:
    """Take the days of a calendar file in as holidays."""
    standing, sent = get_object_or_404(Brand.objects.select_related("site"), pk=id), request.FILES.get("file")
    moment = now()
    today = moment.astimezone(ZoneInfo(standing.site.time_zone)).date()
    try:
        found = holidays_in(sent.read(LARGEST + 1) if sent else b"", today=today)
        added = add_holidays_found(standing, found.days, by=by(request), now=moment)
        messages.success(request, ngettext("One day is added", "%(n)s days are added", added) % {"n": added})
        if found.make_up:
            messages.warning(
                request, _("Make-up workdays are not taken from a file. Add them below with the weekday they are like")
            )
    except Invalid as refusal:
        messages.error(request, str(refusal))
    return redirect("setup:hours", id=id)


@require_POST
def holiday_remove(request: StaffRequest, id: int, holiday_id: int) -> HttpResponse:
    """Let a day be like its weekday again."""
    remove_holiday(get_object_or_404(Brand, pk=id), holiday_id, by=by(request), now=now())
    return redirect("setup:hours", id=id)


def script_tag(request: StaffRequest, brand: Brand) -> str:
    """Return the line that puts our chat on a web site."""
    address = request.build_absolute_uri(reverse("widget"))
    return f'<script src="{address}" data-brand="{brand.key}" async></script>'


def _hours_page(request: StaffRequest, brand: Brand, form: HoursForm, holiday_form: HolidayForm) -> HttpResponse:
    moment = now()
    calendar = calendar_of(brand)
    context = {
        "brand": brand,
        "form": form,
        "holiday_form": holiday_form,
        "holidays": brand.holidays.filter(date__gte=moment.date()),
        "is_open": calendar.is_open(moment),
        "opens": calendar.next_opening(moment),
        "closes": calendar.closing_after(moment),
        "here": "brands",
        "now": moment,
    }
    return render(
        request, "people/setup/hours.html", context, status=422 if form.errors or holiday_form.errors else 200
    )


def _contrast_data() -> dict[str, Any]:
    """Return what the page needs to measure a colour as it is chosen."""
    light, dark = tokens()
    needed = [*GROUNDS, "on-accent"]
    return {
        "least": TEXT,
        "accent": {name: light[name] for name in needed},
        "accent_dark": {name: dark[name] for name in needed},
        "good": _("Reads well: {ratio} to 1"),
        "faint": _("Too hard to read: {ratio} to 1, and 4.5 to 1 is needed"),
    }
