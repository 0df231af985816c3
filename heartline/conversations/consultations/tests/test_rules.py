"""Whom a question goes to, and what of a text an expert sees: pure, by example and by property."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.conversations.consultations.rules import (
    CONSULTATION,
    OPEN,
    Expert,
    Need,
    choose,
    due_time,
    masked_text,
    reachable_from,
    says_who,
    unreachable,
    warning_time,
    why_not,
)
from heartline.people.rules import Calendar

NOON = datetime(2026, 11, 26, 3, 38, tzinfo=UTC)  # 11:38 in Hangzhou
HOURS = Calendar("Asia/Shanghai", tuple((day, time(9), time(18)) for day in range(5)))
ABLE = Expert(1, {7: 4}, frozenset({"zh-hans"}))


def expert(id: int, **more: object) -> Expert:
    given: dict[str, object] = {"skills": {7: 4}, "languages": frozenset({"zh-hans"}), **more}
    return Expert(id, **given)  # type: ignore[arg-type]  # named fields


@pytest.mark.parametrize(
    ("who", "need", "why"),
    [
        (ABLE, Need(7, 4), ""),
        (ABLE, Need(7, 5), "skill"),
        (ABLE, Need(8), "skill"),
        (ABLE, Need(), ""),
        (expert(1, open=3), Need(7), "full"),
        (expert(1, asks_me=False), Need(7), "off"),
        (expert(1, quiet_until=NOON + timedelta(minutes=1)), Need(7), "quiet"),
        (expert(1, quiet_until=NOON), Need(7), ""),
        (ABLE, Need(7, refused=frozenset({1})), "asked_before"),
        (ABLE, Need(7, asked={1: 1}), ""),
        (ABLE, Need(7, asked={1: 2}), "asked_before"),
    ],
)
def test_why_somebody_is_not_asked(who: Expert, need: Need, why: str) -> None:
    assert why_not(who, need, NOON) == why


def test_hours_are_those_of_the_week_at_the_experts_site() -> None:
    who = expert(1, hours=HOURS)
    assert unreachable(who, NOON) == ""
    evening = NOON + timedelta(hours=8)
    assert unreachable(who, evening) == "outside_hours"
    assert reachable_from(who, evening) == datetime(2026, 11, 27, 1, tzinfo=UTC)
    assert reachable_from(expert(1, asks_me=False), NOON) is None


def test_language_comes_before_load_and_load_before_whose_turn_it_is() -> None:
    need = Need(7, language="en")
    english = expert(1, languages=frozenset({"en"}), open=2)
    free = expert(2)
    assert choose([english, free], need, NOON, 1).person_id == 1  # type: ignore[union-attr]  # somebody is able
    asked = expert(3, last_asked=NOON - timedelta(hours=1))
    long_ago = expert(4, last_asked=NOON - timedelta(days=1))
    busy = expert(5, open=1)
    assert [one.person_id for one in (choose([asked, long_ago, busy], Need(7), NOON, 1),) if one] == [4]
    assert choose([asked, long_ago, busy, expert(6)], Need(7), NOON, 1).why[-1] == ("never_asked", {"of": 4})  # type: ignore[union-attr]  # likewise
    assert choose([expert(1, open=3)], Need(7), NOON, 1) is None


EXPERTS = st.lists(
    st.builds(
        Expert,
        person_id=st.integers(1, 50),
        skills=st.dictionaries(st.just(7), st.integers(1, 5)),
        languages=st.frozensets(st.sampled_from(["en", "zh-hans"])),
        asks_me=st.booleans(),
        quiet_until=st.none() | st.just(NOON + timedelta(hours=1)),
        open=st.integers(0, 4),
        last_asked=st.none() | st.integers(0, 500).map(lambda minutes: NOON - timedelta(minutes=minutes)),
    ),
    unique_by=lambda one: one.person_id,
    max_size=12,
)


@given(EXPERTS, st.integers(1, 5), st.integers(), st.randoms())
def test_whoever_is_chosen_can_answer_and_nobody_who_can_has_waited_longer(
    experts: list[Expert], level: int, seed: int, chance: object
) -> None:
    need = Need(7, level, "en")
    chosen = choose(experts, need, NOON, seed)
    able = [one for one in experts if not why_not(one, need, NOON)]
    assert (chosen is None) == (not able)
    if chosen is None:
        return
    best = next(one for one in able if one.person_id == chosen.person_id)
    rivals = [one for one in able if ("en" in one.languages) == ("en" in best.languages) and one.open == best.open]
    assert all(one.last_asked is not None for one in rivals) or best.last_asked is None
    assert all((one.last_asked or NOON) >= (best.last_asked or datetime.min.replace(tzinfo=UTC)) for one in rivals)
    assert all(one.open >= best.open for one in able if ("en" in one.languages) >= ("en" in best.languages))
    shuffled = list(experts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random
    assert choose(shuffled, need, NOON, seed) == chosen


@given(st.integers(2, 6), st.integers(10, 60))
def test_questions_are_shared_evenly_among_those_who_can(people: int, questions: int) -> None:
    last: dict[int, datetime] = {}
    count = dict.fromkeys(range(people), 0)
    for turn in range(questions):
        now = NOON + timedelta(minutes=turn)
        chosen = choose([expert(id, last_asked=last.get(id)) for id in range(people)], Need(7), now, turn)
        assert chosen
        last[chosen.person_id] = now
        count[chosen.person_id] += 1
    assert max(count.values()) - min(count.values()) <= 1


def test_due_and_warning_times() -> None:
    assert due_time(NOON, 60, None) == NOON + timedelta(hours=1)
    late = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)  # 17:30, half an hour before closing
    assert due_time(late, 60, HOURS) == datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
    assert due_time(NOON, 60, Calendar("Asia/Shanghai", ())) == NOON + timedelta(hours=1)
    due = NOON + timedelta(minutes=20)
    assert warning_time(NOON, due, 5) == due - timedelta(minutes=5)
    assert warning_time(NOON, due, 15) == NOON + timedelta(minutes=10)


def test_the_life_of_a_question() -> None:
    assert CONSULTATION.states() == {"asked", "accepted", "answered", "withdrawn", "taken_over"}
    ends = CONSULTATION.states() - set(OPEN)
    assert not any(sources & ends for sources, _target in CONSULTATION.moves.values()), "what has ended stays so"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请打 138 0013 8000，陈雨桐收", "请打 138****8000，陈*桐收"),
        ("Write to wei.chen@example.com, order A-1024", "Write to w***@example.com, order A-1024"),
        ("Installed on 2026-11-24, 5180 yuan, code E42", "Installed on 2026-11-24, 5180 yuan, code E42"),
        ("身份证 11010519000307889X", "身份证 110****7889"),
        ("Chen says the door sticks; chender is a brand", "C*** says the door sticks; chender is a brand"),
        ("我的电话是13800138000谢谢", "我的电话是138****8000谢谢"),
        ("我叫Yutong Chen，订单#12345678", "我叫Y*** C***，订单#12345678"),
        ("于2026-11-26到，型号X13800138000", "于2026-11-26到，型号X13800138000"),
    ],
)
def test_what_says_who_somebody_is_is_hidden(text: str, shown: str) -> None:
    assert masked_text(text, ("陈雨桐", "Yutong Chen")) == shown


def test_a_long_text_without_an_address_is_read_once() -> None:
    began = process_time()
    text = "x" * 20_000 + "@" + "y" * 20_000
    assert masked_text(text) == text
    assert process_time() - began < 3, "it took ten seconds and more while it was read again from each letter"


def test_what_may_say_who_somebody_is_is_named() -> None:
    assert says_who("陈雨桐的电话 16000001234", ("陈雨桐",)) == ["16000001234", "陈雨桐"]
    assert says_who("Reset the board and wait 30 seconds", ("Yutong Chen",)) == []
