"""Who takes what: eligible, free, fair, explained; and properties that hold for any hall."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from heartline.routing.rules import OFFER_CODES, ORDER_CODES, Match, Server, Work, decide, in_order
from heartline.routing.tests.strategies import NOW, World, worlds

CHAT = Work(
    id=1, queue_id=1, channel="webchat", asked_at=NOW - timedelta(minutes=2), language="zh-hans", skills=(("a", 3),)
)
GRACE = Server(
    id=1,
    name="Grace",
    available=True,
    queues=frozenset({1}),
    languages=frozenset({"en", "zh-hans"}),
    skills={"a": 4},
    limits={"webchat": 3},
)
LINA = replace(GRACE, id=2, name="李娜", languages=frozenset({"zh-hans"}), last_offered_at=NOW - timedelta(minutes=9))


def pairs(matches: list[Match]) -> list[tuple[int, int]]:
    return [(match.work_id, match.person_id) for match in matches]


def test_free_and_fitting_gets_it_and_is_told_why() -> None:
    (match,) = decide([CHAT], [GRACE], NOW)
    assert (match.work_id, match.person_id) == (1, 1)
    assert match.reasons[:3] == (
        ("knows_skill", {"skill": "a", "level": 3}),
        ("speaks_language", {"language": "zh-hans"}),
        ("longest_without", {}),
    )
    assert match.reasons[3] == ("waited", {"seconds": 120})


def test_each_requirement_alone_rules_a_person_out() -> None:
    for unfit in (
        replace(GRACE, queues=frozenset({2})),
        replace(GRACE, languages=frozenset({"en"})),
        replace(GRACE, skills={"a": 2}),
        replace(GRACE, skills={"b": 5}),
        replace(GRACE, available=False),
        replace(GRACE, limits={"webform": 3}),
        replace(GRACE, held={"webchat": 3}),
        replace(GRACE, pending=1),
    ):
        assert decide([CHAT], [unfit], NOW) == []


def test_work_in_any_language_is_for_everybody() -> None:
    assert pairs(decide([replace(CHAT, language="")], [replace(GRACE, languages=frozenset())], NOW)) == [(1, 1)]


def test_whoever_has_gone_longest_without_an_offer_is_first_and_newcomers_before_all() -> None:
    recent = replace(LINA, id=3, last_offered_at=NOW - timedelta(minutes=1))
    assert pairs(decide([CHAT], [recent, LINA], NOW)) == [(1, 2)]
    assert pairs(decide([CHAT], [recent, LINA, GRACE], NOW)) == [(1, 1)]


def test_equals_go_by_id() -> None:
    assert pairs(decide([CHAT], [replace(GRACE, id=5), replace(GRACE, id=4)], NOW)) == [(1, 4)]


def test_the_first_in_the_order_is_served_first() -> None:
    older = replace(CHAT, id=2, asked_at=CHAT.asked_at - timedelta(minutes=1))
    assert pairs(decide([CHAT, older], [GRACE], NOW)) == [(2, 1)]


def test_one_offer_at_a_time_for_a_person() -> None:
    assert pairs(decide([CHAT, replace(CHAT, id=2)], [GRACE], NOW)) == [(1, 1)]


def test_a_callback_is_not_offered_before_its_time() -> None:
    able = replace(GRACE, limits={"callback": 1, "webform": 1})
    callback = replace(CHAT, channel="callback", due_at=NOW + timedelta(seconds=1))
    assert decide([callback], [able], NOW) == []
    assert pairs(decide([callback], [able], NOW + timedelta(seconds=1))) == [(1, 1)]


def test_a_message_is_offered_before_its_time() -> None:
    able = replace(GRACE, limits={"webform": 1})
    message = replace(CHAT, channel="webform", due_at=NOW + timedelta(hours=4))
    assert pairs(decide([message], [able], NOW)) == [(1, 1)]


def test_who_declined_is_passed_over_for_a_while_and_who_cannot_for_ever() -> None:
    for_now = replace(CHAT, passed_over={1: NOW + timedelta(seconds=30)})
    assert pairs(decide([for_now], [GRACE, LINA], NOW)) == [(1, 2)]
    assert decide([for_now], [GRACE], NOW) == []
    assert pairs(decide([for_now], [GRACE], NOW + timedelta(seconds=30))) == [(1, 1)]
    assert decide([replace(CHAT, passed_over={1: None})], [GRACE], NOW + timedelta(days=9)) == []


def test_who_declined_one_contact_still_gets_the_next_that_asks_for_the_same() -> None:
    declined = replace(CHAT, passed_over={1: None})
    newer = replace(CHAT, id=2, asked_at=CHAT.asked_at + timedelta(seconds=1))
    assert pairs(decide([declined, newer], [GRACE], NOW)) == [(2, 1)]


def test_a_person_asked_for_by_name_is_waited_for_and_then_everybody_may() -> None:
    busy = replace(GRACE, held={"webchat": 3})
    named = replace(CHAT, preferred=1, preferred_until=NOW + timedelta(seconds=60))
    assert decide([named], [busy, LINA], NOW) == []
    assert pairs(decide([named], [busy, LINA], NOW + timedelta(seconds=60))) == [(1, 2)]


def test_a_person_asked_for_by_name_needs_neither_queue_nor_skill() -> None:
    elsewhere = replace(GRACE, queues=frozenset({9}), skills={}, languages=frozenset())
    named = replace(CHAT, preferred=1, preferred_until=NOW + timedelta(seconds=60))
    (match,) = decide([named], [elsewhere, LINA], NOW)
    assert match.person_id == 1
    assert match.reasons[0] == ("asked_for", {})


def test_nobody_waits_for_a_person_who_is_not_signed_in_or_has_declined() -> None:
    named = replace(CHAT, preferred=1, preferred_until=NOW + timedelta(seconds=60))
    assert pairs(decide([named], [LINA], NOW)) == [(1, 2)]
    declined = replace(named, passed_over={1: NOW + timedelta(seconds=60)})
    assert pairs(decide([declined], [GRACE, LINA], NOW)) == [(1, 2)]


def test_whoever_helped_last_time_goes_first_when_free_but_is_not_waited_for() -> None:
    known = replace(CHAT, last_served_by=2)
    (match,) = decide([known], [GRACE, LINA], NOW)
    assert match.person_id == 2
    assert match.reasons[0] == ("helped_last_time", {})
    assert pairs(decide([known], [GRACE, replace(LINA, held={"webchat": 3})], NOW)) == [(1, 1)]


def test_offered_work_is_left_alone() -> None:
    assert decide([replace(CHAT, offered_to="Grace")], [LINA], NOW) == []


# Properties


@given(worlds)
def test_nothing_is_matched_twice_and_nobody_gets_two(world: World) -> None:
    matches = decide(world.works, world.servers, NOW)
    assert max(Counter(match.work_id for match in matches).values(), default=0) <= 1
    assert max(Counter(match.person_id for match in matches).values(), default=0) <= 1


@given(worlds)
def test_nobody_goes_over_capacity_and_everybody_fits(world: World) -> None:
    works = {work.id: work for work in world.works}
    servers = {server.id: server for server in world.servers}
    for match in decide(world.works, world.servers, NOW):
        work, server = works[match.work_id], servers[match.person_id]
        assert server.available
        assert server.pending == 0
        assert server.held.get(work.channel, 0) < server.limits[work.channel]
        assert not work.passes_over(server.id, NOW)
        assert not work.is_held_back(NOW)
        assert not work.offered_to
        by_name = work.preferred == server.id and work.preferred_until is not None and work.preferred_until > NOW
        pinned = work.pinned_to == server.id and work.pinned_until is not None and work.pinned_until > NOW
        assert by_name or pinned or server.fits(work)


@given(worlds)
def test_the_matches_do_not_depend_on_how_work_and_people_are_listed(world: World) -> None:
    shuffled = world.shuffled()
    assert decide(shuffled.works, shuffled.servers, NOW) == decide(world.works, world.servers, NOW)


@given(worlds)
def test_deciding_twice_decides_the_same(world: World) -> None:
    assert decide(world.works, world.servers, NOW) == decide(list(world.works), list(world.servers), NOW)


@given(worlds)
def test_nobody_free_and_fitting_is_left_while_work_waits(world: World) -> None:
    matches = decide(world.works, world.servers, NOW)
    matched = {match.work_id for match in matches}
    busy = {match.person_id for match in matches}
    servers = {server.id: server for server in world.servers}
    for work in world.works:
        kept = work.preferred in servers and work.preferred_until and work.preferred_until > NOW
        kept = kept or (work.pinned_to in servers and work.pinned_until and work.pinned_until > NOW)
        if work.id in matched or work.offered_to or work.is_held_back(NOW) or kept:
            continue
        for server in world.servers:
            takes = server.id not in busy and server.can_be_offered(work.channel) and server.fits(work)
            assert not takes or work.passes_over(server.id, NOW)


@given(worlds)
def test_work_that_nobody_can_take_does_not_hold_up_the_rest(world: World) -> None:
    impossible = [
        replace(work, id=work.id + 1000, queue_id=99, last_served_by=None, preferred=None, pinned_to=None)
        for work in world.works
    ]
    impossible = [replace(work, asked_at=NOW - timedelta(days=30)) for work in impossible]
    assert decide([*impossible, *world.works], world.servers, NOW) == decide(world.works, world.servers, NOW)


@given(worlds)
def test_every_reason_has_a_known_name(world: World) -> None:
    for match in decide(world.works, world.servers, NOW):
        assert {code for code, _ in match.reasons} <= OFFER_CODES | ORDER_CODES


@given(worlds)
def test_the_quick_way_finds_what_the_naive_scan_finds(world: World) -> None:
    assert pairs(decide(world.works, world.servers, NOW)) == _naive(world.works, world.servers)


def _naive(line: list[Work], floor: list[Server]) -> list[tuple[int, int]]:
    """The rules again, as plainly as they can be written: for each work, look at everybody."""
    taken: set[int] = set()
    found = []
    for work in in_order(line, NOW):
        if work.offered_to or work.is_held_back(NOW):
            continue
        free = [s for s in floor if s.id not in taken and s.can_be_offered(work.channel)]
        able = [s for s in free if s.fits(work) and not work.passes_over(s.id, NOW)]
        able.sort(key=lambda s: (s.last_offered_at.timestamp() if s.last_offered_at else float("-inf"), s.id))
        named = [s for s in floor if s.id == work.preferred and not work.passes_over(s.id, NOW)]
        pinned = [s for s in floor if s.id == work.pinned_to and not work.passes_over(s.id, NOW)]
        if pinned and work.pinned_until and work.pinned_until > NOW:
            chosen = [s for s in pinned if s in free]
        elif named and work.preferred_until and work.preferred_until > NOW:
            chosen = [s for s in named if s in free]
        else:
            chosen = [s for s in able if s.id == work.last_served_by] or able
        if chosen:
            taken.add(chosen[0].id)
            found.append((work.id, chosen[0].id))
    return found
