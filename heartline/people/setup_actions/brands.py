"""Changes to a brand: how it looks and speaks, when it is open, and on which days it differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.ledger.actions import one_change
from heartline.people.ical import HolidayFound
from heartline.people.models import Brand, Holiday, OpeningHours
from heartline.people.setup_actions.settings import note, remove_setting, write

LONGEST_HOLIDAY = 31


def save_brand(brand: Brand, values: Mapping[str, Any], *, by: Actor, now: datetime) -> Brand:
    """Save a brand. There is always exactly one that is shown at the first address."""
    with one_change():
        first = not Brand.objects.exclude(pk=brand.pk).filter(is_default=True).exists()
        values = {**values, "is_default": bool(values.get("is_default")) or first}
        changed = write(brand, values)
        if brand.is_default:
            Brand.objects.exclude(pk=brand.pk).filter(is_default=True).update(is_default=False)
        note("brand", brand, changed, brand_id=brand.pk, by=by, now=now)
    return brand


def remove_brand(brand: Brand, *, by: Actor, now: datetime) -> None:
    """Remove a brand that nothing was done for yet, and that is not the one shown at the first address."""
    if brand.is_default:
        raise Conflict(_("This brand is shown at the first address. Choose another one for that first"))
    remove_setting("brand", brand, by=by, now=now)


def set_hours(brand: Brand, spans: list[tuple[int, time, time]], *, by: Actor, now: datetime) -> None:
    """Replace a brand's weekly hours with spans of (weekday, opens, closes)."""
    with one_change():
        if sorted(brand.hours.values_list("weekday", "opens", "closes")) == sorted(spans):
            return
        brand.hours.all().delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(brand=brand, weekday=weekday, opens=opens, closes=closes) for weekday, opens, closes in spans
        )
        note("brand", brand, ("hours",), brand_id=brand.pk, by=by, now=now)


def add_holiday(
    brand: Brand,
    first: date,
    last: date,
    *,
    name_en: str,
    name_zh: str,
    works_like_weekday: int | None,
    by: Actor,
    now: datetime,
) -> int:
    """Let a stretch of days differ from their weekdays, whatever was said of them before; returns how many days."""
    days = (last - first).days + 1
    if not 0 < days <= LONGEST_HOLIDAY:
        message = _("The last day must be on or after the first, at most %(days)s days") % {"days": LONGEST_HOLIDAY}
        raise Invalid(message, fields={"last": message})
    with one_change():
        for offset in range(days):
            Holiday.objects.update_or_create(
                brand=brand,
                date=first + timedelta(days=offset),
                defaults={"name_en": name_en, "name_zh": name_zh, "works_like_weekday": works_like_weekday},
            )
        note("brand", brand, ("holidays",), brand_id=brand.pk, by=by, now=now)
    return days


def add_holidays_found(brand: Brand, days: Iterable[HolidayFound], *, by: Actor, now: datetime) -> int:
    """Close on the days of a calendar; what was said of a day before stays. Returns how many days are new."""
    with one_change():
        known = set(brand.holidays.values_list("date", flat=True))
        made = [
            Holiday(brand=brand, date=one.day, name_en=one.name_en, name_zh=one.name_zh)
            for one in days
            if one.day not in known
        ]
        Holiday.objects.bulk_create(made)
        if made:
            note("brand", brand, ("holidays",), brand_id=brand.pk, by=by, now=now)
    return len(made)


def remove_holiday(brand: Brand, holiday_id: int, *, by: Actor, now: datetime) -> None:
    """Let a day be like its weekday again; removing what is gone changes nothing."""
    with one_change():
        if brand.holidays.filter(pk=holiday_id).delete()[0]:
            note("brand", brand, ("holidays",), brand_id=brand.pk, by=by, now=now)
