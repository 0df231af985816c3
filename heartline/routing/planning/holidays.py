"""Public holidays of a site out of a calendar file: they become days of the draft on which it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from heartline.common.errors import Invalid
from heartline.people.ical import Found, holidays_in
from heartline.people.rules import Calendar, write_spans
from heartline.routing.plans.queries import names
from heartline.routing.plans.reading import WEEKDAYS


def with_holidays(
    content: Mapping[str, Any], site: str, data: bytes, now: datetime
) -> tuple[dict[str, Any], int, Found]:
    """Return a plan in which a site is closed on the whole-day events of a file, and how many days that adds.

    A site without hours of its own in the plan keeps those it lived by: its brand's, or all day. Days that the plan says
    something of already stay as they are.
    """
    known = names()
    if site not in known.sites:
        message = _("Choose from the list")
        raise Invalid(message, fields={"site": message})
    id = known.sites[site]
    found = holidays_in(data, today=now.astimezone(ZoneInfo(known.zones[id])).date())
    whole = deepcopy(dict(content))
    hours = dict(whole.get("sites") or {})
    own = dict(hours.get(site) or _written(known.hours.get(id)))
    said = {str(day) for day in own.get("closed") or []} | set(own.get("like") or {})
    added = [one.day.isoformat() for one in found.days if one.day.isoformat() not in said]
    own["closed"] = sorted([*map(str, own.get("closed") or []), *added])
    whole["sites"] = hours | {site: own}
    return whole, len(added), found


def _written(calendar: Calendar | None) -> dict[str, Any]:
    """Return hours as a plan says them; no calendar is open all day."""
    if calendar is None:
        calendar = Calendar("UTC", tuple((day, time(), time()) for day in range(7)))
    days = [[(opens, closes) for on, opens, closes in calendar.spans if on == day] for day in range(7)]
    return {
        **{name: write_spans(spans) for name, spans in zip(WEEKDAYS, days, strict=True) if spans},
        "closed": [day.isoformat() for day, like in calendar.exceptions if like is None],
        "like": {day.isoformat(): WEEKDAYS[like] for day, like in calendar.exceptions if like is not None},
    }
