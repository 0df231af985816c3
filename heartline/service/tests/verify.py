"""The desk's contract, checked: for each viewer, snapshot + events = later snapshot, and applying twice changes nothing.

Events are taken from the wire format with the viewer's rights of the moment, so that a wrong audience or a missing
event fails as surely as a wrong handler.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from heartline.conversations.queries import own_case_ids
from heartline.ledger.live.frames import deliveries
from heartline.ledger.live.hub import concerns
from heartline.ledger.live.streams import Reader
from heartline.ledger.positions import START, Position
from heartline.ledger.queries import read_after
from heartline.people.models import Person
from heartline.people.queries import scope_of, topics_of
from heartline.service.apply import BEGIN_ANEW, apply, apply_case, begins_anew, on_day
from heartline.service.snapshot import NOT_STATE, case_snapshot_for, snapshot_for

State = dict[str, Any]
Result = TypeVar("Result")


@dataclass(repr=False)
class Viewer:
    """A person whose desk is kept up by events alone, from the first snapshot on, with the cases they have open."""

    person: Person
    desk: State = field(default_factory=dict)
    talks: dict[int, State] = field(default_factory=dict)
    position: Position = START
    anew: bool = False

    def open(self, now: datetime, case_ids: Iterable[int] = ()) -> Viewer:
        """Take the first snapshots."""
        self.desk = fetch(self.person, now)
        self.position = Position.parse(self.desk["position"]) or START
        for case_id in case_ids:
            self.talks[case_id] = fetch_case(self.person, case_id, now)
        return self

    def follow(self) -> list[State]:
        """Apply what has happened since; returns the events."""
        events, self.position = delivered(self.person, self.position, watching=self.talks)
        for event in events:
            self.anew = self.anew or begins_anew(self.desk, event)
            self.desk = apply(self.desk, event)
            self.talks = {case_id: apply_case(talk, event) for case_id, talk in self.talks.items()}
        return events

    def check(self, now: datetime) -> list[State]:
        """Follow, and compare with what a page opened now would show; returns the events."""
        events = self.follow()
        later = fetch(self.person, now)
        if self.anew:  # as the browser does
            self.anew, self.desk = False, later
            self.talks = {case_id: fetch_case(self.person, case_id, now) for case_id in self.talks}
        self.desk = on_day(self.desk, later["day_start"])
        same(self.desk, later, f"{self.person.name}'s desk", events)
        for case_id, talk in self.talks.items():
            same(talk, fetch_case(self.person, case_id, now), f"case {case_id} for {self.person.name}", events)
        self._check_again(later, events)
        return events

    def _check_again(self, later: State, events: Sequence[State]) -> None:
        again = later
        for event in (one for one in events if one["kind"] not in BEGIN_ANEW):
            again = apply(again, event)
        same(again, later, f"{self.person.name}'s desk, events applied again", events)


def verify_action(people: Person | Iterable[Person], action: Callable[[], Result], *, now: datetime) -> Result:
    """Do something and check that every viewer's desk, and every case they may see, follows by events alone."""
    everybody = [people] if isinstance(people, Person) else list(people)
    viewers = [Viewer(person).open(now, visible_cases(person)) for person in everybody]
    result = action()
    for viewer in viewers:
        still = set(visible_cases(viewer.person))
        viewer.talks = {case_id: talk for case_id, talk in viewer.talks.items() if case_id in still}
        viewer.check(now)
    return result


def visible_cases(person: Person) -> list[int]:
    """Return the cases a person may see."""
    from heartline.conversations.queries import cases_for

    return list(cases_for(scope_of(person)).values_list("id", flat=True))


def delivered(person: Person, after: Position, *, watching: Iterable[int] = ()) -> tuple[list[State], Position]:
    """Return what a person's stream would bring after a position, as the browser reads it, and the new position."""
    batch = read_after(after, limit=2000)
    scope = scope_of(person)
    reader = Reader(topics_of(scope, own_case_ids(scope) | frozenset(watching)), person_id=person.id)
    events = [parsed(one.frame) for one in deliveries(batch) if concerns(one, reader)]
    return events, batch[-1].position if batch else after


def parsed(frame: bytes) -> State:
    """Return the data of a frame."""
    lines = frame.decode().splitlines()
    data: State = json.loads(next(line for line in lines if line.startswith("data: ")).removeprefix("data: "))
    return data


def fetch(person: Person, now: datetime) -> State:
    """Return a person's desk as their browser would get it now."""
    return plain(snapshot_for(scope_of(person), person, now))


def fetch_case(person: Person, case_id: int, now: datetime) -> State:
    """Return an open conversation as their browser would get it now."""
    return plain(case_snapshot_for(scope_of(person), person, case_id, now))


def plain(value: State) -> State:
    """Return a value as it comes out of JSON."""
    out: State = json.loads(json.dumps(value))
    return out


def same(applied: State, later: State, whose: str, events: Sequence[State]) -> None:
    """Assert that two snapshots hold the same state, and say where they differ."""
    left = {name: value for name, value in applied.items() if name not in NOT_STATE}
    right = {name: value for name, value in later.items() if name not in NOT_STATE}
    if left != right:
        kinds = ", ".join(event["kind"] for event in events) or "no events"
        where = "\n".join(differences(left, right))
        raise AssertionError(f"{whose} after {kinds}: applied ≠ fetched\n{where}")


def differences(left: Any, right: Any, path: str = "") -> list[str]:
    """Return the places where two values differ."""
    if isinstance(left, dict) and isinstance(right, dict):
        return [
            found
            for name in sorted(left.keys() | right.keys())
            for found in differences(left.get(name, "(nothing)"), right.get(name, "(nothing)"), f"{path}/{name}")
        ]
    return [] if left == right else [f"{path}: {left!r} ≠ {right!r}"]
