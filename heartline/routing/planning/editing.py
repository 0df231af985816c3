"""From what a page sent to the part of the plan that it shows: typed as far as it can be, and left as written where not.

What cannot be used is said by `plans.reading` with its place, which is also the name of the field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from django.http import QueryDict

from heartline.routing.planning.labels import Things
from heartline.routing.plans.complete import BORROW, CALLS, ORDER, PEOPLE, QUEUE, STEP
from heartline.routing.plans.reading import WEEKDAYS

Content = dict[str, Any]
# What has a page of its own. A queue's is called as its place in the plan is; no key has a full stop in it.
PARTS = ("order", "calls", "sites", "everywhere")
OF_QUEUES = "queues."
NUMBERS = frozenset(
    {"until", "start", "stop", "lender_wait", "lender_free", "most_per_person", "reserved", "reserved_for"}
)
MOVES = {"up": -1, "down": 1}


def part_of(queue: str) -> str:
    """Return what the page of a queue is called."""
    return f"{OF_QUEUES}{queue}"


def queue_in(part: str, known: Things) -> str:
    """Return the key of the queue that a page is about; empty for any other page."""
    key = part.removeprefix(OF_QUEUES)
    return key if part == part_of(key) and key in known.queues else ""


def is_part(part: str, known: Things) -> bool:
    """Return whether there is a page of this name."""
    return part in PARTS or bool(queue_in(part, known))


def merged(content: Mapping[str, Any], part: str, sent: QueryDict, known: Things) -> Content:
    """Return a plan in which one part is as a page sent it; all others stay."""
    whole = deepcopy(dict(content))
    if part == "order":
        whole["order"], whole["people"] = _order(sent, known), _people(sent, known)
    elif part == "calls":
        whole["calls"] = {name: _number(sent, f"calls.{name}") for name in CALLS}
    elif part == "sites":
        whole["sites"] = _sites(sent, known)
    elif part == "everywhere":
        whole["everywhere"] = _way(sent, "everywhere", known)
    elif queue := queue_in(part, known):
        queues = dict(whole.get("queues") or {})
        queues.pop(queue, None)
        whole["queues"] = {**queues, queue: _way(sent, part, known)} if sent.get("own") else queues
    return whole


def acted(content: Content, act: str) -> Content:
    """Return a plan after a button: a step or a help added, moved or removed. What does not fit changes nothing."""
    what, _colon, path = act.partition(":")
    whole = deepcopy(content)
    *way, place = path.split(".")
    found = _at(whole, way)
    if what in ("add-step", "add-help"):
        return _added(whole, path, what)
    at = _place(place)
    if not isinstance(found, list) or way[-1] not in ("steps", "borrow") or not 0 <= at < len(found):
        return whole
    if what == "remove" and (len(found) > 1 or way[-1] != "steps"):
        found.pop(at)
        _open_end(found, way[-1])
    elif what in MOVES and 0 <= at + MOVES[what] < len(found):
        _swap(found, at, at + MOVES[what])
    return whole


def _added(whole: Content, path: str, what: str) -> Content:
    way = _at(whole, path.split("."))
    if not isinstance(way, dict):
        return whole
    if what == "add-help":
        way.setdefault("borrow", []).append(dict(BORROW))
        return whole
    steps = way.setdefault("steps", [dict(STEP)])
    last = steps[-1]
    before = steps[-2].get("until", 0) if len(steps) > 1 else 0
    first = {
        **deepcopy(last),
        "until": (before if isinstance(before, int) else 0) + 60,
        "tell": {"en": "", "zh": ""},
        "offer_callback": False,
    }
    steps.insert(len(steps) - 1, first)
    return whole


def _swap(steps: list[Any], one: int, other: int) -> None:
    """Change places, while each place keeps its end: a step that moves up lasts as long as the one it replaces."""
    ends = [steps[one].get("until"), steps[other].get("until")]
    steps[one], steps[other] = steps[other], steps[one]
    for at, end in zip((one, other), ends, strict=True):
        steps[at].pop("until", None)
        if end is not None:
            steps[at]["until"] = end
    _open_end(steps, "steps")


def _open_end(steps: list[Any], name: str) -> None:
    if name == "steps" and steps:
        steps[-1].pop("until", None)
        steps[-1]["keep_for"] = ""


def _at(whole: Any, path: list[str]) -> Any:
    found = whole
    for part in path:
        if isinstance(found, list):
            found = found[_place(part)] if 0 <= _place(part) < len(found) else None
        else:
            found = found.get(part) if isinstance(found, dict) else None
    return found


def _place(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def _order(sent: QueryDict, known: Things) -> Content:
    tiers = {key: _number(sent, f"order.tiers.{key}") for key in known.tiers if sent.get(f"order.tiers.{key}")}
    return {**{name: _number(sent, f"order.{name}") for name in ORDER}, "tiers": tiers}


def _people(sent: QueryDict, known: Things) -> Content:
    pairs = (one.split(">") for one in sent.getlist("people.interrupts"))
    return {
        **{name: _number(sent, f"people.{name}") for name in PEOPLE if name != "turns_by_load"},
        "turns_by_load": "people.turns_by_load" in sent,
        "weights": {key: _number(sent, f"people.weights.{key}") for key in known.channels},
        "interrupts": [{"in_hand": pair[0], "incoming": pair[1]} for pair in pairs if len(pair) == 2],
    }


def _way(sent: QueryDict, path: str, known: Things) -> Content:
    steps = range(min(_count(sent, f"{path}.steps"), 30))
    helps = range(min(_count(sent, f"{path}.borrow"), 30))
    found = {name: _READ[name](sent, f"{path}.{name}", known) for name in QUEUE if name not in ("steps", "borrow")}
    found["steps"] = [_step(sent, f"{path}.steps.{at}", known) for at in steps]
    found["borrow"] = [
        {name: _READ[name](sent, f"{path}.borrow.{at}.{name}", known) for name in BORROW} for at in helps
    ]
    return found


def _step(sent: QueryDict, path: str, known: Things) -> Content:
    step = {name: _READ[name](sent, f"{path}.{name}", known) for name in STEP}
    if sent.get(f"{path}.until"):
        step["until"] = _number(sent, f"{path}.until")
    return step


def _sites(sent: QueryDict, known: Things) -> Content:
    return {key: _hours(sent, f"sites.{key}") for key in known.sites if sent.get(f"sites.{key}.own")}


def _hours(sent: QueryDict, path: str) -> Content:
    days = {day: sent.get(f"{path}.{day}", "").strip() for day in WEEKDAYS}
    closed = sent.get(f"{path}.closed", "").replace(",", " ").split()
    like = (line.split() for line in sent.get(f"{path}.like", "").splitlines())
    return {
        **{day: hours for day, hours in days.items() if hours},
        "closed": closed,
        "like": {parts[0]: parts[1].lower() if len(parts) > 1 else "" for parts in like if parts},
    }


def _number(sent: QueryDict, path: str) -> int | str:
    text = sent.get(path, "").strip()
    return int(text) if text.isdecimal() and len(text) < 9 else text


def _count(sent: QueryDict, path: str) -> int:
    found = _number(sent, path)
    return found if isinstance(found, int) else 0


def _levels(sent: QueryDict, path: str, known: Things) -> Content:
    return {key: _number(sent, f"{path}.{key}") for key in known.skills if sent.get(f"{path}.{key}")}


_Reader = Callable[[QueryDict, str, Things], Any]
_READ: dict[str, _Reader] = {
    **{
        name: (lambda sent, path, _known: sent.get(path, ""))
        for name in ("choose", "keep_for", "asked", "language", "who", "lender")
    },
    **{name: (lambda sent, path, _known: _number(sent, path)) for name in NUMBERS},
    **{
        name: (lambda sent, path, _known: path in sent)
        for name in ("known_first", "open_sites_only", "experts", "offer_callback")
    },
    **{name: (lambda sent, path, _known: sent.getlist(path)) for name in ("teams", "sites")},
    **dict.fromkeys(("skills", "wishes"), _levels),
    "tell": lambda sent, path, _known: {language: sent.get(f"{path}.{language}", "") for language in ("en", "zh")},
}
