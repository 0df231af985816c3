"""What a plan may say. Written by keys, read into the plan of the rules; what is wrong is told with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, get_args

from django.utils.translation import gettext as _

from heartline.people.rules import Calendar, overlapping_nights, read_spans
from heartline.routing import rules
from heartline.routing.plans.typed import Part, unknown
from heartline.routing.rules import plan as made

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_STEPS, MOST_BORROWS, MOST_PAIRS, LONGEST_TELLING = 12, 12, 30, 300
DEFAULTS = made.DEFAULT
ORDER = (
    "live", "repeat", "repeat_at_most", "handed_over", "complaint", "broken_promise", "vulnerable", "overdue_at_most",
    "raised_at_most",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a plan may name, and the numbers behind the keys. `zones` and `hours` are of sites."""

    queues: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[str, int] = field(default_factory=dict)
    sites: Mapping[str, int] = field(default_factory=dict)
    zones: Mapping[int, str] = field(default_factory=dict)
    hours: Mapping[int, Calendar] = field(default_factory=dict)
    skills: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()


def read(content: Mapping[str, Any], names: Names, *, number: int = 0) -> tuple[rules.Plan, dict[str, str]]:
    """Return the plan that was written and what is wrong with it, by place; what is wrong counts as not written."""
    top = Part(content, "")
    top.only("seed", "order", "people", "calls", "sites", "everywhere", "queues")
    queues = top.part("queues")
    for key in queues.content.keys() - names.queues.keys():
        queues.wrong(key, unknown(key))
    plan = rules.Plan(
        number=number,
        seed=top.number("seed", DEFAULTS.seed, 0, 2**31),
        order=_order(top.part("order"), names),
        people=_people(top.part("people"), names),
        calls=_calls(top.part("calls")),
        sites={**names.hours, **_sites(top.part("sites"), names)},
        everywhere=_queue(top.part("everywhere"), None, names),
        queues={
            id: _queue(queues.part(key), id, names) for key, id in sorted(names.queues.items()) if key in queues.content
        },
    )
    return plan, top.problems


def _order(part: Part, names: Names) -> made.Order:
    part.only(*ORDER, "tiers")
    tiers = part.part("tiers")
    for tier in tiers.content.keys() - names.tiers:
        tiers.wrong(tier, unknown(tier))
    values: dict[str, Any] = {name: part.number(name, getattr(DEFAULTS.order, name)) for name in ORDER}
    worth = {tier: tiers.number(tier, made.TIERS.get(tier, 0)) for tier in sorted(names.tiers)}
    return made.Order(**values, tiers={tier: seconds for tier, seconds in worth.items() if seconds})


def _people(part: Part, names: Names) -> made.People:
    part.only("named_for", "not_again_for", "load", "turns_by_load", "weights", "interrupts")
    default = DEFAULTS.people
    load = part.number("load", default.load, 0, 1000)
    written = part.part("weights")
    written.only(*names.channels)
    weights = {channel: written.number(channel, 1, 0, 1000) for channel in sorted(names.channels)}
    for channel, weight in weights.items():
        if load and weight > load:
            written.wrong(channel, _("This weighs more than a person carries"))
    return made.People(
        named_for=part.number("named_for", default.named_for, 0, 3600),
        not_again_for=part.number("not_again_for", default.not_again_for, 0, 3600),
        load=load,
        turns_by_load=part.flag("turns_by_load", default.turns_by_load),
        weights=weights,
        interrupts=frozenset(_pairs(part.parts("interrupts", MOST_PAIRS), names.channels)),
    )


def _calls(part: Part) -> made.Calls:
    default, gaps = DEFAULTS.calls, ("first_gap", "later_gap", "engaged_gap")
    part.only("attempts", *gaps)
    return made.Calls(
        attempts=part.number("attempts", default.attempts, 1, 20),
        **{gap: part.number(gap, getattr(default, gap), 60, 7 * 86_400) for gap in gaps},
    )


def _pairs(parts: Iterable[Part], channels: frozenset[str]) -> Iterable[tuple[str, str]]:
    for part in parts:
        part.only("in_hand", "incoming")
        known = sorted(channels)
        pair = part.one_of("in_hand", known, ""), part.one_of("incoming", known, "")
        if pair[0] and pair[0] == pair[1]:
            part.wrong("incoming", _("Nothing interrupts its own kind"))
        elif all(pair):
            yield pair


def _queue(part: Part, id: int | None, names: Names) -> made.QueuePlan:
    part.only("choose", "known_first", "most_per_person", "reserved", "reserved_for", "steps", "borrow")
    default = made.QueuePlan()
    steps = tuple(_step(one, names) for one in part.parts("steps", MOST_STEPS))
    _check_ends(part, steps)
    return made.QueuePlan(
        steps=steps or default.steps,
        choose=part.one_of("choose", get_args(made.Choice), default.choose),
        known_first=part.flag("known_first", default.known_first),
        most_per_person=part.number("most_per_person", 0, 0, 1000),
        reserved=part.number("reserved", 0, 0, 1000),
        reserved_for=part.number("reserved_for", default.reserved_for),
        borrow=tuple(filter(None, (_borrow(one, id, names) for one in part.parts("borrow", MOST_BORROWS)))),
    )


def _step(part: Part, names: Names) -> made.Step:
    part.only(
        "until", "keep_for", "asked", "skills", "wishes", "language", "who", "teams", "sites", "open_sites_only",
        "experts", "tell", "offer_callback",
    )  # fmt: skip
    wishes = get_args(made.Wish)
    tell = part.part("tell")
    tell.only("en", "zh")
    return made.Step(
        until=part.number("until", 0, 1, 30 * 86_400) if "until" in part.content else None,
        keep_for=part.one_of("keep_for", get_args(made.Kept), ""),
        asked=part.one_of("asked", wishes, "must"),
        skills=_levels(part.part("skills"), names),
        wishes=_levels(part.part("wishes"), names),
        language=part.one_of("language", wishes, "must"),
        anywhere=part.one_of("who", ("queue", "house"), "queue") == "house",
        teams=part.known("teams", names.teams),
        sites=part.known("sites", names.sites),
        open_sites_only=part.flag("open_sites_only", False),
        experts=part.flag("experts", False),
        telling=made.Telling(
            en=tell.text("en", LONGEST_TELLING),
            zh=tell.text("zh", LONGEST_TELLING),
            offer_callback=part.flag("offer_callback", False),
        ),
    )


def _check_ends(part: Part, steps: tuple[made.Step, ...]) -> None:
    """Each step ends later than the one before; the last has no end, and is kept for nobody."""
    before = 0
    for place, step in enumerate(steps):
        path = f"steps.{place}"
        if place == len(steps) - 1:
            if step.until is not None:
                part.wrong(f"{path}.until", _("The last step has no end: nobody is ever sent away"))
            if step.keep_for:
                part.wrong(f"{path}.keep_for", _("The last step is for everybody who can: it is kept for nobody"))
        elif step.until is None:
            part.wrong(f"{path}.until", _("Say until what age of the contact this step lasts"))
        elif step.until <= before:
            part.wrong(f"{path}.until", _("This must be later than the end of the step before"))
        before = step.until or before


def _levels(part: Part, names: Names) -> made.Levels:
    for key in part.content.keys() - names.skills:
        part.wrong(key, unknown(key))
    return tuple((key, part.number(key, 1, 1, 5)) for key in sorted(part.content.keys() & names.skills))


def _borrow(part: Part, id: int | None, names: Names) -> made.Borrow | None:
    part.only("lender", "start", "stop", "lender_wait", "lender_free")
    lender = names.queues.get(str(part.content.get("lender", "")))
    default = made.Borrow(lender=lender or 0)
    found = made.Borrow(
        lender=default.lender,
        start=part.number("start", default.start, 1),
        stop=part.number("stop", default.stop),
        lender_wait=part.number("lender_wait", default.lender_wait),
        lender_free=part.number("lender_free", default.lender_free, 0, 1000),
    )
    if found.stop >= found.start:
        part.wrong("stop", _("This must be less than the wait at which help comes, or people would come and go"))
    if lender is None:
        part.wrong("lender", unknown(part.content.get("lender", "")))
    elif lender == id:
        part.wrong("lender", _("A queue cannot lend to itself"))
    else:
        return found
    return None


def _sites(part: Part, names: Names) -> dict[int, Calendar]:
    for key in part.content.keys() - names.sites.keys():
        part.wrong(key, unknown(key))
    return {
        id: _calendar(part.part(key), names.zones.get(id, "UTC"))
        for key, id in sorted(names.sites.items())
        if key in part.content
    }


def _calendar(part: Part, zone: str) -> Calendar:
    part.only(*WEEKDAYS, "closed", "like")
    week = [(day, *span) for day, name in enumerate(WEEKDAYS) for span in _spans(part, name)]
    for day in overlapping_nights(week):
        part.wrong(WEEKDAYS[day], _("This runs into the hours of the next day"))
    return Calendar(zone, tuple(week), tuple(sorted(_exceptions(part), key=lambda found: found[0])))


def _spans(part: Part, name: str) -> list[tuple[time, time]]:
    written = part.text(name, 200)
    try:
        return read_spans(written) if written else []
    except ValueError as error:
        overlap = str(error) == "overlap"
        part.wrong(name, _("Two spans overlap") if overlap else _("Write times like 08:00–12:00, 13:30–22:00"))
        return []


def _exceptions(part: Part) -> Iterable[tuple[date, int | None]]:
    closed = part.content.get("closed", [])
    like = part.part("like")
    found: dict[date, int | None] = {}
    for place, written in enumerate(closed if isinstance(closed, list) else [closed]):
        if day := _date(part, f"closed.{place}", written):
            found[day] = None
    for written in like.content:
        if (day := _date(like, written, written)) and like.one_of(written, WEEKDAYS, "") in WEEKDAYS:
            found[day] = WEEKDAYS.index(like.content[written])
    return found.items()


def _date(part: Part, name: str, written: object) -> date | None:
    try:
        return written if isinstance(written, date) else date.fromisoformat(str(written))
    except ValueError:
        part.wrong(name, _("Write a date like 2026-12-25"))
        return None
