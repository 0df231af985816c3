"""Why somebody is asked, and why somebody cannot be: in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from heartline.conversations.consultations.rules import Expert, reachable_from, unreachable
from heartline.ui.formats import day_and_time

_WHY: dict[str, Callable[[dict[str, int]], str]] = {
    "by_name": lambda _values: _("asked by name"),
    "passed_on": lambda _values: _("a colleague passed it on"),
    "skill": lambda values: _("knows it at level %(level)s of 5") % values,
    "language": lambda _values: _("speaks the language"),
    "other_language": lambda _values: _("nobody who speaks the language is free"),
    "load": lambda values: (
        ngettext("%(open)s other question open", "%(open)s other questions open", values["open"]) % values
        if values["open"]
        else _("no other question open")
    ),
    "longest_since": lambda values: _("of %(of)s who could, asked longest ago") % values,
    "never_asked": lambda values: _("of %(of)s who could, not asked before") % values,
}


def why_words(why: Iterable[Any]) -> list[str]:
    """Return in words why somebody was asked; codes of other versions are left out."""
    return [_WHY[code](dict(values)) for code, values in why if code in _WHY]


def standing_words(expert: Expert, now: datetime, zone: str) -> str:
    """Return in words whether somebody can be asked now, and from when."""
    why, start = unreachable(expert, now), reachable_from(expert, now)
    if why == "off":
        return _("not to be asked now")
    if why:
        when = day_and_time(start, language=get_language() or "en", zone=zone, now=now) if start else ""
        return _("can be asked from %(when)s") % {"when": when} if when else _("not to be asked now")
    if expert.open >= expert.at_once:
        return _("has all the questions they take at once")
    values = {"open": expert.open, "most": expert.at_once}
    return _("%(open)s of %(most)s questions open") % values if expert.open else _("can be asked now")
