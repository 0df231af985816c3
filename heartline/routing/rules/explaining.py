"""Why a contact still waits: the first thing that is missing, named so that somebody can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from heartline.routing.rules.matching import person_waited_for
from heartline.routing.rules.situation import Reason, Reasons, Server, Work

WHY_CODES = frozenset(
    {
        "not_due",
        "paused",
        "offered",
        "waits_for_person",
        "nobody_here",
        "no_language",
        "no_skill",
        "no_combination",
        "all_passed_over",
        "none_available",
        "all_busy",
        "also_unavailable",
        "soon",
    }
)


def why_waiting(work: Work, servers: Iterable[Server], now: datetime) -> Reasons:
    """Return why work waits, most telling first. `servers` are the people who are signed in."""
    people = {server.id: server for server in servers}
    if work.is_paused(now):
        return (("paused", {"seconds": _until(work.paused_until, now)}),)
    if work.is_too_early(now):
        return (("not_due", {"seconds": _until(work.due_at, now)}),)
    if work.offered_to:
        return (("offered", {"name": work.offered_to}),)
    named = person_waited_for(work, people, now)
    if named:
        until = work.pinned_until if named.id == work.pinned_to else work.preferred_until
        return (("waits_for_person", {"name": named.name, "seconds": _until(until, now)}),)
    serving = [server for server in people.values() if server.serves(work)]
    return tuple(_missing(work, serving)) or _nobody_free(work, serving, now)


def _missing(work: Work, serving: list[Server]) -> Iterable[Reason]:
    """Yield what nobody who is signed in has: each on its own, or else the combination."""
    if not serving:
        yield "nobody_here", {}
        return
    alone = list(_missing_alone(work, serving))
    yield from alone
    if not alone and not any(server.fits(work) for server in serving):
        yield "no_combination", {}


def _missing_alone(work: Work, serving: list[Server]) -> Iterable[Reason]:
    if not any(server.speaks(work.language) for server in serving):
        yield "no_language", {"language": work.language}
    for skill, level in work.skills:
        if not any(server.knows(skill, level) for server in serving):
            yield "no_skill", {"skill": skill, "level": level}


def _nobody_free(work: Work, serving: list[Server], now: datetime) -> Reasons:
    open_to_it = [server for server in serving if server.fits(work) and not work.passes_over(server.id, now)]
    if not open_to_it:
        return (("all_passed_over", {}),)
    available = [server for server in open_to_it if server.available]
    if not available:
        return (("none_available", {"count": len(open_to_it)}),)
    if any(server.can_be_offered(work.channel) for server in available):
        return (("soon", {}),)
    away = len(open_to_it) - len(available)
    also: Reasons = (("also_unavailable", {"count": away}),) if away else ()
    return (("all_busy", {"count": len(available)}), *also)


def _until(moment: datetime | None, now: datetime) -> int:
    return max(0, int((moment - now).total_seconds())) if moment else 0
