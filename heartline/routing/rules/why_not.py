"""Why one person does not get one contact: the first things that stand between them, named so that somebody can mend them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from heartline.routing.rules.matching import person_waited_for
from heartline.routing.rules.situation import OFFERS_AT_ONCE, Reason, Reasons, Server, Work

WHY_NOT_CODES = frozenset(
    {
        "offered_to_you",
        "offered",
        "paused",
        "not_due",
        "waits_for_person",
        "not_your_queue",
        "not_your_channel",
        "not_your_language",
        "not_your_skill",
        "declined_before",
        "declined_lately",
        "not_available_now",
        "other_offer_open",
        "hands_full",
        "your_turn_comes",
        "next_pause_ends",
        "next_time_comes",
        "next_for_everybody",
        "next_if_not_taken",
        "next_goes_to",
        "next_stays",
    }
)


def why_not(work: Work, server: Server, servers: Iterable[Server], now: datetime) -> Reasons:
    """Return why work is not offered to a person right now, what can be mended least first; never empty."""
    return tuple(_held(work, server, servers, now)) or tuple(_unable(work, server, now)) or (("your_turn_comes", {}),)


def what_next(work: Work, servers: Iterable[Server], now: datetime) -> Reasons:
    """Return what happens to work next as things stand, in the order in which it happens; the last never cancels."""
    people = list(servers)
    return (*_until_free_of(work, people, now), ("next_goes_to", {}), ("next_stays", {}))


def _until_free_of(work: Work, servers: list[Server], now: datetime) -> Iterator[Reason]:
    if work.is_paused(now):
        yield "next_pause_ends", {"seconds": _until(work.paused_until, now)}
    elif work.is_too_early(now):
        yield "next_time_comes", {"seconds": _until(work.due_at, now)}
    named = person_waited_for(work, {one.id: one for one in servers}, now)
    if named:
        until = work.pinned_until if named.id == work.pinned_to else work.preferred_until
        yield "next_for_everybody", {"name": named.name, "seconds": _until(until, now)}
    if work.offered_to:
        yield "next_if_not_taken", {"name": work.offered_to}


def _held(work: Work, server: Server, servers: Iterable[Server], now: datetime) -> Iterator[Reason]:
    """Yield why it is offered to nobody else than somebody, or to nobody at all."""
    if work.is_paused(now):
        yield "paused", {"seconds": _until(work.paused_until, now)}
    elif work.is_too_early(now):
        yield "not_due", {"seconds": _until(work.due_at, now)}
    elif work.offered_to:
        yield ("offered_to_you", {}) if work.offered_to == server.name else ("offered", {"name": work.offered_to})
    else:
        named = person_waited_for(work, {one.id: one for one in servers}, now)
        if named and named.id != server.id:
            until = work.pinned_until if named.id == work.pinned_to else work.preferred_until
            yield "waits_for_person", {"name": named.name, "seconds": _until(until, now)}


def _unable(work: Work, server: Server, now: datetime) -> Iterator[Reason]:
    """Yield what speaks against this person, what they are before how they stand now."""
    if work.queue_id not in server.queues:
        yield "not_your_queue", {}
    if not server.limits.get(work.channel):
        yield "not_your_channel", {}
    if not server.speaks(work.language):
        yield "not_your_language", {"language": work.language}
    for skill, level in work.skills:
        if not server.knows(skill, level):
            yield "not_your_skill", {"skill": skill, "level": level, "has": server.skills.get(skill, 0)}
    if work.passes_over(server.id, now):
        until = work.passed_over[server.id]
        yield ("declined_lately", {"seconds": _until(until, now)}) if until else ("declined_before", {})
    yield from _occupied(work, server)


def _occupied(work: Work, server: Server) -> Iterator[Reason]:
    if not server.available:
        yield "not_available_now", {}
    elif server.pending >= OFFERS_AT_ONCE:
        yield "other_offer_open", {}
    elif server.limits.get(work.channel) and not server.places(work.channel):
        yield "hands_full", {"held": server.held.get(work.channel, 0), "limit": server.limits[work.channel]}


def _until(moment: datetime | None, now: datetime) -> int:
    return max(0, int((moment - now).total_seconds())) if moment else 0
