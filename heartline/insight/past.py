"""Figures over time for a reader: only of the queues and people they may see, told apart, compared, opened to rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.customers.queries import tier_words
from heartline.insight.catalogue import BY_ID, METRICS, SETS, TOLD
from heartline.insight.comparing import Compared, compare
from heartline.insight.kept.reading import READER
from heartline.insight.measures import Figure, Metric, Sums, figure_of
from heartline.insight.past_view import PastView
from heartline.insight.periods import label, parts
from heartline.insight.sums import Slice, fits, questions, sums_from, width
from heartline.people.queries import (
    QueueCard,
    Scope,
    TeamCard,
    channel_words,
    names_of_people,
    queue_cards,
    team_cards,
)

USUAL_ZONE = "UTC"


@dataclass(frozen=True)
class House:
    """What a reader may see: queues, teams and people, by number."""

    scope: Scope
    queues: dict[int, QueueCard]
    teams: dict[int, TeamCard]
    people: dict[int, str]

    @property
    def zones(self) -> list[str]:
        """The time zones of their queues, the most frequent first."""
        found = [card.time_zone for card in self.queues.values()]
        return sorted(set(found), key=lambda zone: (-found.count(zone), zone)) or [USUAL_ZONE]


@dataclass(frozen=True)
class Line:
    """One part of a period or of the work: its name, its figures by metric, and the view that shows it alone.

    `told` are the waits that were told and came, for the chart of them.
    """

    key: object
    name: str
    figures: dict[str, Figure | None]
    alone: dict[str, str]
    told: dict[str, Figure | None]


@dataclass(frozen=True)
class Report:
    """Figures over a period, told apart, with the whole and what it is compared with."""

    view: PastView
    columns: tuple[Metric, ...]
    lines: list[Line]
    whole: dict[str, Figure | None]
    compared: dict[str, Compared]
    upto: datetime


def house_of(scope: Scope) -> House:
    """Return what a reader may see."""
    queues = {card.id: card for card in queue_cards(scope)}
    return House(scope, queues, {card.id: card for card in team_cards(scope)}, names_of_people(scope))


def report(house: House, view: PastView, *, now: datetime) -> Report | None:
    """Return the figures of a view, all of the same moment; None while the past has not been counted yet."""
    whole = slice_of(house, view, now)
    apart = apart_by(house, view, whole)
    columns = tuple(BY_ID[id] for id in SETS[view.set])
    slices: list[tuple[Slice, Sequence[Metric]]] = [(whole, METRICS), (apart, (*columns, *TOLD))]
    if view.against:
        slices.append((before_of(view, whole, now), METRICS))
    found = ask(slices, now)
    if found is None:
        return None
    figures, upto = found
    total, compared = _whole(figures[0], whole), {}
    if view.against:
        then = _whole(figures[2], whole)
        compared = {id: compare(one, other) for id, one in total.items() if one and (other := then[id])}
    return Report(view, columns, _lines(house, view, apart, columns, figures[1]), total, compared, upto)


Found = dict[tuple[Any, str], Figure]


def ask(slices: list[tuple[Slice, Sequence[Metric]]], now: datetime) -> tuple[list[Found], datetime] | None:
    """Return figures by key and metric for each slice."""
    asked = [
        (place, some, text) for place, (slice, metrics) in enumerate(slices) for some, text in questions(metrics, slice)
    ]
    answers = READER.ask([text for _place, _some, text in asked], slices[0][0].values, now)
    if answers is None:
        return None
    found: list[Found] = [{} for _ in slices]
    for (place, some, _text), answer in zip(asked, answers, strict=True):
        for row in answer.rows:
            at = 1
            for metric in some:
                found[place][row[0], metric.id] = figure_of(metric, sums_from(metric, row[at:]))
                at += width(metric)
    return found, answers[0].upto if answers else now


def slice_of(house: House, view: PastView, now: datetime) -> Slice:
    """Return the rows of a view as a whole; raises NotFound for what is not the reader's to see."""
    _check(house, view)
    scope = house.scope
    everybody = None if scope.everything else frozenset(house.people)
    credited = None
    if view.team is not None:
        credited = house.teams[view.team].member_ids
    if view.person is not None:
        credited = frozenset({view.person})
    start, end = _span(view)
    return Slice(
        start=start,
        end=end,
        now=now,
        queue_ids=frozenset({view.queue}) if view.queue else None if scope.everything else frozenset(house.queues),
        is_one_queue=view.queue is not None,
        person_ids=everybody,
        channel=view.channel,
        tier=view.tier,
        credited=credited,
    )


def _span(view: PastView) -> tuple[datetime, datetime]:
    """Return the whole period, or the one part of it that is asked for."""
    if view.at is None or view.every is None:
        return view.period.start, view.period.end
    found = next((part for part in parts(view.period, view.every) if part[0] == view.at), None)
    if found is None:
        raise NotFound(_("There is no such part of the period"))
    return found


def apart_by(house: House, view: PastView, whole: Slice) -> Slice:
    """Return a slice told apart as the view asks."""
    if view.every:
        inside = (part for part in parts(view.period, view.every) if whole.start <= part[0] < whole.end)
        return replace(whole, by="time", buckets=tuple(inside))
    if view.by in ("person", "team"):
        seen = None if house.scope.everything else frozenset(house.people)
        credited = whole.credited if whole.credited is not None else seen
        members = tuple((person, team.id) for team in house.teams.values() for person in sorted(team.member_ids))
        return replace(whole, by=view.by, credited=credited, members=members)  # type: ignore[arg-type] # one of the two
    return replace(whole, by=view.by)  # type: ignore[arg-type] # what is left of the choices


def before_of(view: PastView, whole: Slice, now: datetime) -> Slice:
    """Return the same slice of the period it is compared with, as long as what has passed of this one."""
    then = view.period.before() if view.against == "before" else view.period.year_before()
    start, end = view.period.so_far(then, now)
    return replace(whole, start=start, end=end)


def _check(house: House, view: PastView) -> None:
    if view.queue is not None and view.queue not in house.queues:
        raise NotFound(_("There is no such queue, or it is not yours to see"))
    if view.team is not None and view.team not in house.teams:
        raise NotFound(_("There is no such team, or it is not yours to see"))
    if view.person is not None and view.person not in house.people:
        raise NotFound(_("There is no such person, or they are not yours to see"))


def _whole(found: Found, slice: Slice) -> dict[str, Figure | None]:
    return {metric.id: found.get((0, metric.id), _nothing(metric, slice)) for metric in METRICS}


def _lines(house: House, view: PastView, apart: Slice, columns: Iterable[Metric], found: Found) -> list[Line]:
    """Parts of time come whole and in order; parts of the work are those in which something happened."""
    names = names_of(house, view, apart)
    keys = list(names) if view.every else [key for key in names if any(have[0] == key for have in found)]
    keys += sorted({key for key, _id in found} - set(names), key=str)
    return [
        Line(
            key,
            names.get(key) or str(key),
            {metric.id: found.get((key, metric.id), _nothing(metric, apart)) for metric in columns},
            _alone(view, key, apart),
            {metric.id: found.get((key, metric.id)) for metric in TOLD},
        )
        for key in keys
    ]


def names_of(house: House, view: PastView, apart: Slice) -> dict[Any, str]:
    """Return the name of each part, in the order they are shown."""
    language = get_language() or "en"
    if view.every:
        return {place: label(start, view.every, view.period.zone) for place, (start, _end) in enumerate(apart.buckets)}
    named: dict[str, Callable[[], dict[Any, str]]] = {
        "queue": lambda: {id: card.name_in(language) for id, card in house.queues.items()},
        "team": lambda: {id: card.name_in(language) for id, card in house.teams.items()},
        "person": lambda: dict(house.people),
        "channel": channel_words,
        "tier": tier_words,
    }
    return named[view.by]()


def _alone(view: PastView, key: Any, apart: Slice) -> dict[str, str]:
    """Return the address that shows one part alone."""
    if view.every:
        return view.address(at=apart.buckets[key][0])
    return view.address(**{view.by: key})


def _nothing(metric: Metric, slice: Slice) -> Figure | None:
    """A figure nobody made rows for is nought; one that cannot be told in this slice is none at all."""
    return figure_of(metric, Sums()) if fits(metric, slice) else None
