"""Reading what somebody wrote, piece by piece: what is wrong is noted with its place, and the reading goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from heartline.common.text import clean


@dataclass(frozen=True)
class Part:
    """A table that somebody wrote, where it stands, and everything that was found wrong so far."""

    content: Mapping[str, Any]
    path: str
    problems: dict[str, str] = field(default_factory=dict)

    def at(self, name: object) -> str:
        """Return the path of something in here."""
        return f"{self.path}.{name}" if self.path else str(name)

    def wrong(self, name: object, why: str) -> None:
        """Note what is wrong with something in here; the first that is found is kept."""
        self.problems.setdefault(self.at(name), why)

    def only(self, *known: str) -> None:
        """Note every name that means nothing here."""
        for name in self.content.keys() - set(known):
            self.wrong(name, _("There is nothing of this name here"))

    def number(self, name: str, default: int, low: int = 0, high: int = 86_400) -> int:
        """Return a whole number within bounds."""
        value = self.content.get(name, default)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.wrong(name, _("Write a whole number from %(low)s to %(high)s") % {"low": low, "high": high})
        return default

    def flag(self, name: str, default: bool) -> bool:
        """Return yes or no."""
        value = self.content.get(name, default)
        if isinstance(value, bool):
            return value
        self.wrong(name, _("Write true or false"))
        return default

    def one_of(self, name: str, choices: Iterable[str], default: str) -> Any:
        """Return one of some words."""
        value = self.content.get(name, default)
        known = tuple(choices)
        if isinstance(value, str) and value in known:
            return value
        self.wrong(name, _("Choose one of these: %(choices)s") % {"choices": ", ".join(filter(None, known))})
        return default

    def text(self, name: str, most: int) -> str:
        """Return a text without what must not be stored."""
        value = self.content.get(name, "")
        if isinstance(value, str) and len(value) <= most:
            return clean(value, most)
        self.wrong(name, _("Write a text of at most %(most)s characters") % {"most": most})
        return ""

    def part(self, name: str) -> Part:
        """Return a table in here; an absent one is empty."""
        value = self.content.get(name, {})
        if not isinstance(value, Mapping):
            self.wrong(name, _("This must be a table"))
            value = {}
        return Part(value, self.at(name), self.problems)

    def parts(self, name: str, most: int) -> Iterator[Part]:
        """Yield the tables of a list in here."""
        values = self.content.get(name, [])
        if not isinstance(values, list) or len(values) > most:
            self.wrong(name, _("This must be a list of at most %(most)s") % {"most": most})
            return
        for place, value in enumerate(values):
            path = self.at(f"{name}.{place}")
            if isinstance(value, Mapping):
                yield Part(value, path, self.problems)
            else:
                self.problems.setdefault(path, _("This must be a table"))

    def known(self, name: str, known: Mapping[str, int]) -> tuple[int, ...]:
        """Return the numbers of things that are listed by their keys, in order."""
        values = self.content.get(name, [])
        if not isinstance(values, list):
            self.wrong(name, _("This must be a list of at most %(most)s") % {"most": 50})
            return ()
        for place, value in enumerate(values):
            if not isinstance(value, str) or value not in known:
                self.wrong(f"{name}.{place}", unknown(value))
        return tuple(known[value] for value in values if isinstance(value, str) and value in known)


def unknown(key: object) -> str:
    """Say that nothing has a key."""
    return _("Nothing here has the key %(key)s") % {"key": str(key)[:60]}
