"""Due times, warnings and owners, as arithmetic."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.people.rules import Calendar
from heartline.promises.rules import (
    OWNER_ORDER,
    WARN_BEFORE,
    Candidate,
    choose_owner,
    lateness,
    low_score_due,
    says_something,
    warning_time,
)

SHANGHAI = "Asia/Shanghai"
OFFICE = Calendar(SHANGHAI, tuple((day, time(9), time(18)) for day in range(5)))


def local(*parts: int, zone: str = SHANGHAI) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (local(2026, 11, 26, 11, 38), local(2026, 11, 27, 12)),  # Thursday: Friday noon
        (local(2026, 11, 27, 17, 59), local(2026, 11, 30, 12)),  # Friday: over the weekend
        (local(2026, 11, 28, 3, 0), local(2026, 11, 30, 12)),  # Saturday night
        (local(2026, 11, 26, 0, 5), local(2026, 11, 27, 12)),  # the day that has begun does not count
    ],
)
def test_a_low_score_is_due_at_noon_of_the_next_working_day(now: datetime, due: datetime) -> None:
    assert low_score_due(OFFICE, now) == due


def test_holidays_and_worked_weekends_count_as_what_they_are() -> None:
    closed_friday = Calendar(SHANGHAI, OFFICE.spans, ((date(2026, 11, 27), None), (date(2026, 11, 28), 4)))
    assert low_score_due(closed_friday, local(2026, 11, 26, 11)) == local(2026, 11, 28, 12)


@pytest.mark.parametrize(
    ("opens", "closes", "due"),
    [
        (time(6), time(11), local(2026, 11, 27, 11)),  # closes before noon
        (time(14), time(22), local(2026, 11, 27, 15)),  # opens after noon
        (time(23), time(23, 30), local(2026, 11, 27, 23, 30)),  # hardly opens at all
    ],
)
def test_where_noon_is_outside_the_hours_the_day_decides(opens: time, closes: time, due: datetime) -> None:
    calendar = Calendar(SHANGHAI, tuple((day, opens, closes) for day in range(7)))
    assert low_score_due(calendar, local(2026, 11, 26, 11)) == due


def test_a_lunch_break_ends_the_morning() -> None:
    spans = tuple((day, *hours) for day in range(7) for hours in ((time(8), time(11, 30)), (time(13), time(18))))
    assert low_score_due(Calendar(SHANGHAI, spans), local(2026, 11, 26, 11)) == local(2026, 11, 27, 11, 30)


def test_a_brand_without_hours_has_a_day() -> None:
    now = local(2026, 11, 26, 11)
    assert low_score_due(Calendar(SHANGHAI, ()), now) == now + timedelta(hours=24)


def test_noon_is_noon_on_the_day_the_clocks_change() -> None:
    calendar = Calendar("Europe/London", tuple((day, time(9), time(17)) for day in range(7)))
    now = local(2026, 10, 24, 15, zone="Europe/London")
    assert low_score_due(calendar, now) == local(2026, 10, 25, 12, zone="Europe/London")


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
hours = st.lists(
    st.tuples(st.integers(0, 6), st.times().map(lambda at: at.replace(microsecond=0)), st.times()), max_size=9
)


@given(moments, hours)
def test_a_due_time_is_always_later_than_the_score(now: datetime, spans: list[tuple[int, time, time]]) -> None:
    assert low_score_due(Calendar(SHANGHAI, tuple(spans)), now) > now


@given(moments, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_warning_comes_after_opening_and_before_it_is_late(opened: datetime, length: timedelta) -> None:
    due = opened + length
    warn = warning_time(opened, due)
    assert opened <= warn <= due
    assert due - warn <= WARN_BEFORE
    if length:
        assert warn < due


def test_what_is_due_at_once_is_warned_of_at_once() -> None:
    opened = local(2026, 11, 26, 11)
    assert warning_time(opened, opened - timedelta(hours=1)) == opened - timedelta(hours=1)


def test_lateness_is_nothing_when_it_was_in_time() -> None:
    due = local(2026, 11, 26, 12)
    assert lateness(due, due) == timedelta()
    assert lateness(due, due - timedelta(hours=1)) == timedelta()
    assert lateness(due, due + timedelta(minutes=7)) == timedelta(minutes=7)


@pytest.mark.parametrize(
    ("text", "says"), [("ok", True), ("打过了", True), ("...", False), (" — ", False), ("", False)]
)
def test_an_outcome_is_words(text: str, says: bool) -> None:
    assert says_something(text) is says


def test_the_closest_to_the_case_owns_it_then_who_owns_least() -> None:
    crowd = [
        Candidate(1, "admin"),
        Candidate(2, "supervisor", 5),
        Candidate(3, "supervisor", 2),
        Candidate(4, "supervisor", 2),
    ]
    chosen = choose_owner(crowd)
    assert chosen == Candidate(3, "supervisor", 2)


candidates = st.lists(
    st.builds(Candidate, st.integers(1, 50), st.sampled_from(OWNER_ORDER), st.integers(0, 9)), max_size=12
)


@given(candidates)
def test_there_is_an_owner_whenever_there_is_anybody(crowd: list[Candidate]) -> None:
    chosen = choose_owner(crowd)
    assert (chosen is None) == (not crowd)
    if chosen:
        assert OWNER_ORDER.index(chosen.why) == min(OWNER_ORDER.index(one.why) for one in crowd)


@given(candidates)
def test_the_choice_does_not_depend_on_the_order_of_asking(crowd: list[Candidate]) -> None:
    assert choose_owner(crowd) == choose_owner(list(reversed(crowd)))
