"""Ways to a person. Each channel adds its own when Django starts, so the contact page knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from heartline.reception.queries import Hall
from heartline.ui import formats


@dataclass(frozen=True)
class Way:
    """One way to a person as the contact page shows it.

    `action` is what its button says, `quick` its short name in the bar that never leaves a phone's screen.
    """

    key: str
    icon: str
    name: str
    note: str
    action: str
    address: str
    quick: str = ""
    is_first: bool = False


@dataclass(frozen=True)
class Entrance:
    """What a channel brings to the contact page: its way, and a panel of its own if it has one."""

    order: int
    way: Callable[[Hall], Way | None]
    panel: str = ""
    panel_context: Callable[[Hall], dict[str, Any]] = field(default=lambda _hall: {})


_ENTRANCES: dict[str, Entrance] = {}


def add_entrance(key: str, entrance: Entrance) -> None:
    """Add a channel to the contact page; called once, when Django starts."""
    _ENTRANCES[key] = entrance


def ways_into(hall: Hall) -> list[Way]:
    """Return the ways to a person now, in order."""
    ways = (entrance.way(hall) for entrance in _in_order())
    return [way for way in ways if way]


def panels_of(hall: Hall) -> list[dict[str, Any]]:
    """Return the panels that channels bring, each with the template it is drawn by."""
    return [{"template": one.panel, **one.panel_context(hall)} for one in _in_order() if one.panel]


def _in_order() -> list[Entrance]:
    return sorted(_ENTRANCES.values(), key=lambda entrance: entrance.order)


def way_name(key: str) -> str:
    """Return what a way to us is called."""
    names = {
        "phone": pgettext("way to us", "Phone"),
        "webchat": pgettext("way to us", "Chat"),
        "callback": pgettext("way to us", "We call you"),
        "webform": pgettext("way to us", "Message"),
        "complaint": pgettext("way to us", "Complain"),
    }
    return names.get(key, key)


def when(hall: Hall, at: datetime | None) -> str:
    """Return a time, and its day unless that is today, as the brand says it; empty when there is none."""
    zone = hall.brand.site.time_zone
    return formats.time_or_day(at, language=hall.language, zone=zone, now=hall.now) if at else ""


def opens_words(hall: Hall) -> str:
    """Return when the doors open again; empty while they are open, or for ever closed."""
    return when(hall, hall.opening.opens_at)


def phone_note(hall: Hall) -> str:
    """Return what may be said beside the phone number: until when, or from when, a person answers."""
    stands = hall.opening
    if stands.is_open and stands.until is None:
        return _("A person answers, day and night")
    if stands.is_open:
        return _("A person answers until %(time)s") % {"time": when(hall, stands.until)}
    return _("A person answers from %(time)s") % {"time": opens_words(hall)} if stands.opens_at else ""


def phone_way(hall: Hall) -> Way | None:
    """Return the telephone as one of the ways to a person."""
    if not hall.brand.phone:
        return None
    return Way(
        key="phone",
        icon="phone",
        name=way_name("phone"),
        note=phone_note(hall),
        action=pgettext("button of a way to us", "Call"),
        address=f"tel:{hall.brand.phone.replace(' ', '')}",
        quick=way_name("phone"),
    )
