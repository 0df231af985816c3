"""What differs between two plans, in words, and what a plan says of each queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from heartline.people.models.organisation import CHANNELS
from heartline.routing.planning.labels import CHOICES, NAMES, Things, place, span, value
from heartline.routing.plans.complete import QUEUE, complete


@dataclass(frozen=True)
class Change:
    """One thing that differs: where it stands, what it was and what it is; both empty where it came or went whole."""

    where: str
    was: str
    now: str


def whole(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plan with every default in its place."""
    return complete(content, tuple(key for key, _name in CHANNELS))


def changes(old: Mapping[str, Any], new: Mapping[str, Any], known: Things) -> list[Change]:
    """Return what a reader must know to tell two plans apart, in the order of the pages."""
    before, after = whole(old), whole(new)
    for key in {*before["queues"], *after["queues"]}:  # a queue without a way of its own goes everybody's way
        before["queues"].setdefault(key, before["everywhere"])
        after["queues"].setdefault(key, after["everywhere"])
    return list(_differing(before, after, "", known))


def step_words(step: Mapping[str, Any], known: Things) -> list[str]:
    """Return what a step says, as few short sentences."""
    return [words for words in _step(step, known) if words]


def _step(step: Mapping[str, Any], known: Things) -> Iterator[str]:
    until = step.get("until")
    yield (
        _("until it is %(age)s old") % {"age": span(until)}
        if isinstance(until, int)
        else _("from then on, without end")
    )
    if step.get("keep_for"):
        yield _("kept for %(whom)s") % {"whom": CHOICES["keep_for"].get(step["keep_for"], step["keep_for"])}
    yield str(CHOICES["who"].get(step.get("who", "queue"), ""))
    if step.get("teams"):
        yield ", ".join(known.teams.get(key, key) for key in step["teams"])
    if step.get("sites"):
        yield ", ".join(known.sites.get(key, key) for key in step["sites"])
    yield from _asked(step, known)
    for name in ("open_sites_only", "experts", "offer_callback"):
        if step.get(name):
            words = str(NAMES[name])
            yield words[:1].lower() + words[1:]
    tell = step.get("tell") or {}
    if any(tell.values()):
        ours = tell.get("zh" if (get_language() or "en").startswith("zh") else "en") or tell.get("en") or tell.get("zh")
        yield _("the customer is told “%(text)s”") % {"text": ours}


def _asked(step: Mapping[str, Any], known: Things) -> Iterator[str]:
    asked = {"prefer": _("skills preferred"), "any": _("whatever their skills")}
    yield asked.get(str(step.get("asked")), "")
    spoken = {"prefer": _("their language preferred"), "any": _("in any language")}
    yield spoken.get(str(step.get("language")), "")
    for name, words in (
        ("skills", _("knows %(skill)s at %(level)s or above")),
        ("wishes", _("better with %(skill)s at %(level)s")),
    ):
        for key, level in (step.get(name) or {}).items():
            yield words % {"skill": known.skills.get(key, key), "level": level}


def _differing(old: Any, new: Any, path: str, known: Things) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping) and not path.endswith((".skills", ".wishes", ".like")):
        for key in dict.fromkeys([*old, *new]):
            yield from _differing(old.get(key), new.get(key), f"{path}.{key}" if path else key, known)
    elif path.endswith((".steps", ".borrow")) and isinstance(old, list) and isinstance(new, list):
        yield from _lists(old, new, path, known)
    else:
        yield Change(place(path, known), value(path, old, known), value(path, new, known))


def _lists(old: list[Any], new: list[Any], path: str, known: Things) -> Iterator[Change]:
    for at, (one, other) in enumerate(zip(old, new, strict=False)):
        yield from _differing(one, other, f"{path}.{at}", known)
    for at, gone in list(enumerate(old))[len(new) :]:
        yield Change(place(f"{path}.{at}", known), _row(gone, path, known), _("removed"))
    for at, came in list(enumerate(new))[len(old) :]:
        yield Change(place(f"{path}.{at}", known), _("not there"), _row(came, path, known))


def _row(row: Mapping[str, Any], path: str, known: Things) -> str:
    if path.endswith(".steps"):
        return "; ".join(step_words(row, known))
    return value(f"{path}.0", dict(row), known)


def own_ways(content: Mapping[str, Any], known: Things) -> list[tuple[str, str, list[list[str]], str]]:
    """Return each queue with its key, its name, its steps in words, and whom it chooses; those without a way of their own last."""
    full = whole(content)
    rows = [(key, full["queues"].get(key)) for key in known.queues]
    own = [(key, known.queues[key], _ways(way, known), _chosen(way)) for key, way in rows if way]
    return [*own, ("", _("Every other queue"), _ways(full["everywhere"], known), _chosen(full["everywhere"]))]


def _ways(way: Mapping[str, Any], known: Things) -> list[list[str]]:
    return [step_words(step, known) for step in way["steps"]]


def _chosen(way: Mapping[str, Any]) -> str:
    return str(CHOICES["choose"].get(way.get("choose", QUEUE["choose"]), ""))


def calls_words(content: Mapping[str, Any]) -> str:
    """Return in a sentence how somebody is rung again who was not reached."""
    calls = whole(content)["calls"]
    if not all(isinstance(one, int) for one in calls.values()):
        return ""
    attempts = calls["attempts"]
    words = ngettext("%(count)s attempt at most", "%(count)s attempts at most", attempts) % {"count": attempts}
    gaps = _("again %(first)s after the first, %(later)s after each later one, %(engaged)s when the line is engaged")
    spans = {name: span(calls[f"{name}_gap"]) for name in ("first", "later", "engaged")}
    return f"{words}; {gaps % spans}" if attempts > 1 else words
