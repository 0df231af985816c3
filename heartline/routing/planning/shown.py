"""The fields of each page of the plan: what they are called, what they hold, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from heartline.routing.planning.compared import step_words, whole
from heartline.routing.planning.labels import (
    CALLS,
    CHOICES,
    IN_SECONDS,
    NAMES,
    ORDER,
    PEOPLE,
    WAY,
    Things,
    span,
    weekday_names,
)

Problems = Mapping[str, str]
LEVELS = (1, 2, 3, 4, 5)
FLAGS = frozenset({"turns_by_load", "known_first", "open_sites_only", "experts", "offer_callback"})


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field: `path` is its name and its place in the plan; `kind` how it is drawn."""

    path: str
    kind: str
    label: str
    value: Any = ""
    hint: str = ""
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    error: str = ""

    @property
    def id(self) -> str:
        """Its name as an element may be called."""
        return "f-" + "".join(letter if letter.isalnum() else "-" for letter in self.path)


@dataclass(frozen=True)
class StepShown:
    """A step on the page: what it says in words, and its fields."""

    path: str
    number: int
    says: tuple[str, ...]
    fields: tuple[Field, ...]
    more: tuple[Field, ...]
    is_last: bool
    is_wrong: bool


@dataclass(frozen=True)
class WayShown:
    """How a queue finds its person, on the page."""

    path: str
    fields: tuple[Field, ...]
    steps: tuple[StepShown, ...]
    helps: tuple[tuple[str, int, tuple[Field, ...]], ...]


@dataclass(frozen=True)
class SiteShown:
    """The hours of a place on the page."""

    key: str
    name: str
    zone: str
    own: bool
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Fields:
    """Makes the fields of a plan; everything it needs is in it."""

    content: Mapping[str, Any]
    problems: Problems
    known: Things

    def order(self) -> list[Field]:
        """Return what a contact counts for beside its wait."""
        return [self._number(f"order.{name}", label, hint) for name, (label, hint) in ORDER.items()]

    def tiers(self) -> list[Field]:
        """Return what each tier counts for."""
        return [self._number(f"order.tiers.{key}", name) for key, name in self.known.tiers.items()]

    def people(self) -> list[Field]:
        """Return how people are asked, and how much they carry."""
        return [
            *(self._number(f"people.{name}", *words) for name, words in PEOPLE.items()),
            self._field("people.turns_by_load"),
        ]

    def calls(self) -> list[Field]:
        """Return how often and how soon somebody is rung again."""
        return [self._number(f"calls.{name}", *words) for name, words in CALLS.items()]

    def weights(self) -> list[Field]:
        """Return what one contact of each channel weighs."""
        return [self._number(f"people.weights.{key}", name) for key, name in self.known.channels.items()]

    def interrupts(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Return the matrix of what may come on top of what: a row for what is in hand, a cell for what comes in."""
        pairs = {
            (one.get("in_hand"), one.get("incoming"))
            for one in self._at("people.interrupts") or []
            if isinstance(one, Mapping)
        }
        channels = self.known.channels
        return [
            (
                name,
                [
                    (
                        f"{hand}>{comes}",
                        _("%(incoming)s while %(in_hand)s is in hand") % {"incoming": other, "in_hand": name},
                        (hand, comes) in pairs,
                    )
                    for comes, other in channels.items()
                ],
            )
            for hand, name in channels.items()
        ]

    def way(self, path: str) -> WayShown:
        """Return how a queue, or every other queue, finds its person."""
        first = [self._field(f"{path}.choose"), self._field(f"{path}.known_first")]
        steps, helps = self._at(f"{path}.steps") or [], self._at(f"{path}.borrow") or []
        return WayShown(
            path=path,
            fields=(*first, *(self._number(f"{path}.{name}", *words) for name, words in WAY.items())),
            steps=tuple(self._step(f"{path}.steps.{at}", at, len(steps)) for at in range(len(steps))),
            helps=tuple(
                (f"{path}.borrow.{at}", at + 1, tuple(self._help(f"{path}.borrow.{at}"))) for at in range(len(helps))
            ),
        )

    def sites(self) -> list[SiteShown]:
        """Return the hours of each place."""
        return [
            SiteShown(
                key,
                name,
                self.known.zones.get(key, ""),
                key in (self.content.get("sites") or {}),
                tuple(self._hours(f"sites.{key}")),
            )
            for key, name in self.known.sites.items()
        ]

    def _step(self, path: str, at: int, of: int) -> StepShown:
        last = at == of - 1
        ends = [] if last else [self._number(f"{path}.until", NAMES["until"])]
        kept = [] if last else [self._field(f"{path}.keep_for")]
        main = [*ends, *kept, *(self._field(f"{path}.{name}") for name in ("who", "asked", "language"))]
        levels = [self._levels(f"{path}.{name}") for name in ("skills", "wishes")] if self.known.skills else []
        more = [*levels, self._keys(f"{path}.teams", self.known.teams), self._keys(f"{path}.sites", self.known.sites)]
        flags = [self._field(f"{path}.{name}") for name in ("open_sites_only", "experts", "offer_callback")]
        tell = [
            self._text(f"{path}.tell.zh", _("The customer is told, in Chinese")),
            self._text(f"{path}.tell.en", _("The customer is told, in English")),
        ]
        says = step_words(self._at(path) or {}, self.known)
        wrong = any(place == path or place.startswith(f"{path}.") for place in self.problems)
        return StepShown(path, at + 1, tuple(says), tuple(main), (*more, *flags, *tell), last, wrong)

    def _help(self, path: str) -> Iterator[Field]:
        queues = tuple(self.known.queues.items())
        yield self._make(f"{path}.lender", "choice", str(NAMES["lender"]), choices=(("", _("Choose a queue")), *queues))
        for name in ("start", "stop", "lender_wait", "lender_free"):
            yield self._number(f"{path}.{name}", NAMES[name])

    def _hours(self, path: str) -> Iterator[Field]:
        for key, name in weekday_names().items():
            yield self._text(f"{path}.{key}", name)
        closed, like = self._at(f"{path}.closed") or [], self._at(f"{path}.like") or {}
        yield self._make(
            f"{path}.closed",
            "lines",
            str(NAMES["closed"]),
            value="\n".join(map(str, closed)),
            hint=_("One date a line, such as 2026-12-25"),
        )
        lines = "\n".join(f"{day} {weekday}" for day, weekday in like.items())
        yield self._make(
            f"{path}.like",
            "lines",
            str(NAMES["like"]),
            value=lines,
            hint=_("One date and weekday a line, such as 2026-10-10 friday"),
        )

    def _number(self, path: str, label: Any, hint: Any = "") -> Field:
        found = self._at(path)
        in_seconds = path.rpartition(".")[2] in IN_SECONDS or ".tiers." in path
        says = span(found) if in_seconds and isinstance(found, int) and found >= 60 else ""
        return self._make(
            path,
            "number",
            str(label),
            value="" if found is None else found,
            hint=str(hint),
            unit=_("seconds") + (f" ({says})" if says else "") if in_seconds else "",
        )

    def _field(self, path: str) -> Field:
        name = path.rpartition(".")[2]
        if name in FLAGS:
            return self._make(path, "flag", str(NAMES[name]), value=bool(self._at(path)))
        choices = tuple((key, str(words)) for key, words in CHOICES[name].items())
        return self._make(path, "choice", str(NAMES[name]), value=self._at(path) or "", choices=choices)

    def _levels(self, path: str) -> Field:
        levels = self._at(path) or {}
        rows = [(key, name, levels.get(key)) for key, name in self.known.skills.items()]
        return self._make(
            path,
            "levels",
            str(NAMES[path.rpartition(".")[2]]),
            value=rows,
            choices=tuple((str(one), str(one)) for one in LEVELS),
        )

    def _keys(self, path: str, known: Mapping[str, str]) -> Field:
        return self._make(
            path,
            "keys",
            str(NAMES[path.rpartition(".")[2]]),
            value=list(self._at(path) or []),
            choices=tuple(known.items()),
            hint=_("None chosen: all"),
        )

    def _text(self, path: str, label: str) -> Field:
        return self._make(path, "text", label, value=self._at(path) or "")

    def _make(
        self,
        path: str,
        kind: str,
        label: str,
        *,
        value: Any = None,
        hint: str = "",
        unit: str = "",
        choices: tuple[tuple[str, str], ...] = (),
    ) -> Field:
        found = self._at(path) if value is None else value
        error = self.problems.get(path) or next(
            (why for place, why in self.problems.items() if place.startswith(f"{path}.")), ""
        )
        return Field(path=path, kind=kind, label=label, value=found, hint=hint, unit=unit, choices=choices, error=error)

    def _at(self, path: str) -> Any:
        found: Any = self.content
        for part in path.split("."):
            if isinstance(found, list):
                found = found[int(part)] if part.isdecimal() and int(part) < len(found) else None
            else:
                found = found.get(part) if isinstance(found, Mapping) else None
        return found


def fields_of(content: Mapping[str, Any], problems: Problems, known: Things) -> Fields:
    """Return the maker of a plan's fields, with every default in its place."""
    full = whole(content)
    for key in known.queues:
        full["queues"].setdefault(key, full["everywhere"])
    return Fields(full, problems, known)
