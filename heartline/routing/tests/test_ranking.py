"""The order is in seconds of waiting, every second has a reason, and nothing waits without end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from heartline.routing.rules import MOST_AHEAD, ORDER_CODES, Work, in_order, rank
from heartline.routing.tests.strategies import NOW, START, World, works, worlds

CHAT = Work(id=1, queue_id=1, channel="webchat", asked_at=NOW - timedelta(seconds=90))
spans = st.integers(0, 30 * 24 * 3600)


def _parts(work: Work) -> dict[str, float]:
    return {part.code: part.seconds for part in rank(work, NOW).parts}


def test_a_rank_is_the_wait_and_named_parts_in_seconds() -> None:
    gold_third_time = replace(CHAT, tier="big", contacts_count=3, handed_over=True)
    assert _parts(gold_third_time) == {"waited": 90, "live": 3600, "tier": 120, "repeat": 120, "handed_over": 120}
    assert rank(gold_third_time, NOW).seconds == 90 + 3600 + 120 + 120 + 120


def test_parts_are_capped() -> None:
    worst = replace(CHAT, tier="top", contacts_count=40, handed_over=True, due_at=NOW - timedelta(days=3))
    assert _parts(worst) == {
        "waited": 90,
        "live": 3600,
        "tier": 180,
        "repeat": 180,
        "handed_over": 120,
        "overdue": 1800,
    }


def test_a_broken_time_counts_only_once_it_is_past() -> None:
    message = replace(CHAT, channel="webform", due_at=NOW)
    assert _parts(message) == {"waited": 90}
    assert _parts(replace(message, due_at=NOW - timedelta(minutes=5))) == {"waited": 90, "overdue": 300}


def test_who_is_there_goes_before_a_message_until_the_message_is_an_hour_older() -> None:
    message = replace(CHAT, id=2, channel="webform", asked_at=CHAT.asked_at - timedelta(minutes=59))
    assert [work.id for work in in_order([message, CHAT], NOW)] == [1, 2]
    older = replace(message, asked_at=CHAT.asked_at - timedelta(minutes=61))
    assert [work.id for work in in_order([CHAT, older], NOW)] == [2, 1]


def test_ties_go_to_the_lower_id() -> None:
    assert [work.id for work in in_order([replace(CHAT, id=7), replace(CHAT, id=3)], NOW)] == [3, 7]


def test_work_asked_for_after_now_by_another_clock_has_waited_nothing() -> None:
    assert _parts(replace(CHAT, asked_at=NOW + timedelta(seconds=3)))["waited"] == 0


@given(works, spans)
def test_the_parts_add_up_and_all_have_known_names(work: Work, seconds: int) -> None:
    found = rank(work, START + timedelta(seconds=seconds))
    assert found.seconds == sum(part.seconds for part in found.parts)
    assert {code for code, _ in found.reasons()} <= ORDER_CODES
    assert all(part.seconds >= 0 for part in found.parts)


@given(works, spans, spans)
def test_ageing_never_stops(work: Work, first: int, more: int) -> None:
    now = max(work.asked_at, START + timedelta(seconds=first))
    assert rank(work, now + timedelta(seconds=more)).seconds >= rank(work, now).seconds + more


@given(works, works, spans, spans)
def test_of_any_two_the_older_passes_within_a_bounded_time(older: Work, newer: Work, gap: int, moment: int) -> None:
    """However much a newcomer counts for, it cannot be ahead of work that asked MOST_AHEAD seconds earlier."""
    newer = replace(newer, id=2, asked_at=older.asked_at + timedelta(seconds=MOST_AHEAD + 1 + gap))
    now = newer.asked_at + timedelta(seconds=moment)
    assert [work.id for work in in_order([newer, older], now)] == [1, 2]


@given(worlds)
def test_the_order_does_not_depend_on_how_work_is_listed(world: World) -> None:
    assert in_order(world.shuffled().works, NOW) == in_order(world.works, NOW)
