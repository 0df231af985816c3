"""What people are and can, as marks; what work asks for, as a demand of marks. A person fits when they have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from heartline.routing.rules.plan import Choice, Levels, Plan, QueuePlan, Step
from heartline.routing.rules.situation import Server, Work

Mark = tuple[object, ...]
STAFF: Mark = ("staff",)
EXPERT: Mark = ("expert",)
OPEN: Mark = ("open",)
Lent = frozenset[tuple[int, int]]
"""Which queues are helped by which just now."""


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Who may take some work: all of these marks, one of each group, none of those; and who of them best.

    Of the marks in `who` one is enough to serve it at all; they stand in the others, too. The rarest come first, so
    that most people are ruled out by the first that is looked at. `wishes` are looked at one after the other: who has the first few of them goes before who has fewer. `reserves`
    are queues whose people are kept free for their own work, and how many of them. `skills` are compared for
    proficiency. Two equal ones are one: they are told apart by where they stand in memory.
    """

    all_of: tuple[Mark, ...]
    who: tuple[Mark, ...] = ()
    any_of: tuple[tuple[Mark, ...], ...] = ()
    none_of: tuple[Mark, ...] = ()
    wishes: tuple[Mark, ...] = ()
    choose: Choice = "longest_without"
    skills: tuple[str, ...] = ()
    reserves: tuple[tuple[int, int], ...] = ()
    channel: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it asks for marks, and for who has gone longest without an offer, and for nothing more."""
        return not (self.any_of or self.none_of or self.wishes or self.reserves) and self.choose == "longest_without"

    def is_met(self, marks: frozenset[Mark]) -> bool:
        """Return whether somebody with these marks may take it."""
        return (
            marks.issuperset(self.all_of)
            and all(not marks.isdisjoint(group) for group in self.any_of)
            and marks.isdisjoint(self.none_of)
        )


def marks_of(server: Server, plan: Plan, now: datetime, *, as_if_free: bool = False) -> frozenset[Mark]:
    """Return everything that a person is, can, and has room for just now, or would have with empty hands."""
    return frozenset((*_standing(server, plan, now), *_room(server, plan, as_if_free)))


def _standing(server: Server, plan: Plan, now: datetime) -> Iterator[Mark]:
    yield ("person", server.id)
    yield STAFF
    if server.expert:
        yield EXPERT
    yield ("site", server.site)
    calendar = plan.sites.get(server.site)
    if calendar is None or calendar.is_open(now):
        yield OPEN
    yield from (("language", language) for language in server.languages)
    yield from (("skill", key, level) for key, most in server.skills.items() for level in range(1, most + 1))
    yield from (("queue", queue) for queue in server.queues)
    yield from (("team", team) for team in server.teams)


def _room(server: Server, plan: Plan, as_if_free: bool) -> Iterator[Mark]:
    for channel, limit in server.limits.items():
        if limit > 0 and (as_if_free or server.takes(channel, plan.people)):
            yield ("channel", channel)
    if not as_if_free:
        for queue, count in server.held_of.items():
            if 0 < plan.of(queue).most_per_person <= count:
                yield ("full", queue)


def demand_of(work: Work, way: QueuePlan, step: Step, plan: Plan, lent: Lent, age: float) -> Demand:
    """Return who may take work at a step of its queue's way, whoever is free."""
    asked, wished = _skills(work, step)
    own: Mark = ("queue", work.queue_id)
    who = _who(own, work, step, lent)
    spoken: tuple[Mark, ...] = (("language", work.language),) if work.language else ()
    places: tuple[Mark, ...] = tuple(("site", site) for site in step.sites)
    return Demand(
        all_of=(
            *(("skill", *level) for level in asked),
            *(who if len(who) == 1 else ()),
            *(spoken if step.language == "must" else ()),
            ("channel", work.channel),
            *((OPEN,) if step.open_sites_only else ()),
        ),
        who=who,
        any_of=(*((who,) if len(who) > 1 else ()), *((places,) if places else ())),
        none_of=(("full", work.queue_id),) if way.most_per_person else (),
        wishes=(
            *((own,) if len(who) > 1 and not step.teams else ()),
            *(spoken if step.language == "prefer" else ()),
            *(("skill", *level) for level in wished),
        ),
        choose=way.choose,
        skills=tuple(dict.fromkeys(key for key, _level in (*asked, *wished))),
        reserves=tuple(sorted(_reserves(work.queue_id, plan, age))),
        channel=work.channel,
    )


def demand_for(person_id: int, channel: str) -> Demand:
    """Return a demand for one person by name: whoever chose them asks neither for queue nor for skills."""
    name: Mark = ("person", person_id)
    return Demand(all_of=(name, ("channel", channel)), who=(name,), channel=channel)


def _who(own: Mark, work: Work, step: Step, lent: Lent) -> tuple[Mark, ...]:
    """Return the marks of which one makes somebody serve this: the queue's own people first."""
    if step.teams:
        base: tuple[Mark, ...] = tuple(("team", team) for team in step.teams)
    elif step.anywhere:
        base = (own, STAFF)
    else:
        base = (own, *(("queue", lender) for borrower, lender in sorted(lent) if borrower == work.queue_id))
    return (*base, EXPERT) if step.experts else base


def _skills(work: Work, step: Step) -> tuple[Levels, Levels]:
    """Return the skills that are asked for, and those that are only wished for, each at its highest level."""
    hard = (*(work.skills if step.asked == "must" else ()), *step.skills)
    soft = (*(work.skills if step.asked == "prefer" else ()), *step.wishes)
    return _highest(hard), _highest(soft)


def _highest(levels: Levels) -> Levels:
    found: dict[str, int] = {}
    for key, level in levels:
        found[key] = max(level, found.get(key, 0))
    return tuple(found.items())


def _reserves(queue_id: int, plan: Plan, age: float) -> Iterator[tuple[int, int]]:
    """Yield the other queues whose people are still kept free from work of this age."""
    for other, way in plan.queues.items():
        if other != queue_id and way.reserved and age < way.reserved_for:
            yield other, way.reserved
