"""A plan with everything in it that was left out: what pages show, and what a file may begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from heartline.routing.rules.plan import DEFAULT, Borrow, QueuePlan, Step

_STEP, _WAY, _LENT = Step(), QueuePlan(), Borrow(lender=0)
STEP: dict[str, Any] = {
    "keep_for": _STEP.keep_for,
    "asked": _STEP.asked,
    "skills": {},
    "wishes": {},
    "language": _STEP.language,
    "who": "queue",
    "teams": [],
    "sites": [],
    "open_sites_only": _STEP.open_sites_only,
    "experts": _STEP.experts,
    "tell": {"en": "", "zh": ""},
    "offer_callback": False,
}
BORROW: dict[str, Any] = {
    "lender": "",
    "start": _LENT.start,
    "stop": _LENT.stop,
    "lender_wait": _LENT.lender_wait,
    "lender_free": _LENT.lender_free,
}
QUEUE: dict[str, Any] = {
    "choose": _WAY.choose,
    "known_first": _WAY.known_first,
    "most_per_person": _WAY.most_per_person,
    "reserved": _WAY.reserved,
    "reserved_for": _WAY.reserved_for,
    "steps": [STEP],
    "borrow": [],
}
ORDER: dict[str, Any] = {name: getattr(DEFAULT.order, name) for name in DEFAULT.order.__slots__ if name != "tiers"}
PEOPLE: dict[str, Any] = {
    name: getattr(DEFAULT.people, name) for name in ("named_for", "not_again_for", "load", "turns_by_load")
}

CALLS: dict[str, Any] = {name: getattr(DEFAULT.calls, name) for name in DEFAULT.calls.__slots__}


def complete(content: Mapping[str, Any], channels: tuple[str, ...]) -> dict[str, Any]:
    """Return what was written with every default in its place."""
    weights = dict.fromkeys(channels, 1)
    queues = {key: _queue(way) for key, way in _table(content, "queues").items() if isinstance(way, Mapping)}
    return {
        "seed": content.get("seed", DEFAULT.seed),
        "order": ORDER
        | _table(content, "order")
        | {"tiers": dict(DEFAULT.order.tiers) | _table(_table(content, "order"), "tiers")},
        "people": PEOPLE
        | {"interrupts": []}
        | _table(content, "people")
        | {"weights": weights | _table(_table(content, "people"), "weights")},
        "calls": CALLS | _table(content, "calls"),
        "sites": _table(content, "sites"),
        "everywhere": _queue(_table(content, "everywhere")),
        "queues": queues,
    }


def _queue(way: Mapping[str, Any]) -> dict[str, Any]:
    steps = [STEP | step | {"tell": STEP["tell"] | _table(step, "tell")} for step in way.get("steps", []) or [STEP]]
    return QUEUE | dict(way) | {"steps": steps, "borrow": [BORROW | one for one in way.get("borrow", [])]}


def _table(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = content.get(name)
    return dict(value) if isinstance(value, Mapping) else {}
