"""Hours of service: spans, nights, holidays, make-up workdays, clocks that change."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from heartline.people.rules import Calendar, overlapping_nights, read_spans, write_spans

SHANGHAI, LONDON, AUCKLAND = "Asia/Shanghai", "Europe/London", "Pacific/Auckland"
WORKDAYS = range(5)
OFFICE = tuple((day, time(9), time(18)) for day in WORKDAYS)


def at(zone: str, year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_open_from_the_first_minute_to_before_the_last() -> None:
    calendar = Calendar(SHANGHAI, OFFICE)
    assert not calendar.is_open(at(SHANGHAI, 2026, 11, 26, 8, 59, 59))
    assert calendar.is_open(at(SHANGHAI, 2026, 11, 26, 9))
    assert calendar.is_open(at(SHANGHAI, 2026, 11, 26, 17, 59, 59))
    assert not calendar.is_open(at(SHANGHAI, 2026, 11, 26, 18))


def test_several_spans_a_day_and_the_lunch_between_them() -> None:
    calendar = Calendar(SHANGHAI, ((3, time(8), time(12)), (3, time(13, 30), time(22))))
    assert not calendar.is_open(at(SHANGHAI, 2026, 11, 26, 12, 30))
    assert calendar.next_opening(at(SHANGHAI, 2026, 11, 26, 12, 30)) == at(SHANGHAI, 2026, 11, 26, 13, 30)
    assert calendar.closing_after(at(SHANGHAI, 2026, 11, 26, 8)) == at(SHANGHAI, 2026, 11, 26, 12)


def test_a_night_belongs_to_the_day_it_began_on() -> None:
    calendar = Calendar(SHANGHAI, ((4, time(22), time(2)),))  # Friday night
    assert calendar.is_open(at(SHANGHAI, 2026, 11, 28, 1, 30))
    assert not calendar.is_open(at(SHANGHAI, 2026, 11, 27, 1, 30))
    assert calendar.closing_after(at(SHANGHAI, 2026, 11, 27, 23)) == at(SHANGHAI, 2026, 11, 28, 2)


def test_midnight_as_closing_time_is_the_end_of_the_day() -> None:
    calendar = Calendar(SHANGHAI, tuple((day, time(0), time(0)) for day in range(7)))
    moment = at(SHANGHAI, 2026, 11, 26, 23, 59, 59)
    assert calendar.is_open(moment)
    assert calendar.is_open(moment + timedelta(seconds=1))
    assert calendar.add_working(moment, timedelta(hours=100)) == moment + timedelta(hours=100)


def test_a_holiday_is_closed_and_a_make_up_workday_is_not() -> None:
    # National Day 2026: closed from 1 to 7 October; Saturday the 10th is worked like a Wednesday
    closed = tuple((date(2026, 10, day), None) for day in range(1, 8))
    calendar = Calendar(SHANGHAI, OFFICE, (*closed, (date(2026, 10, 10), 2)))
    assert not calendar.is_open(at(SHANGHAI, 2026, 10, 1, 10))
    assert calendar.next_opening(at(SHANGHAI, 2026, 9, 30, 18)) == at(SHANGHAI, 2026, 10, 8, 9)
    assert calendar.is_open(at(SHANGHAI, 2026, 10, 10, 10))
    assert not calendar.is_open(at(SHANGHAI, 2026, 10, 11, 10))


def test_a_night_before_a_holiday_still_ends_in_it() -> None:
    calendar = Calendar(SHANGHAI, tuple((day, time(22), time(2)) for day in range(7)), ((date(2026, 10, 1), None),))
    assert calendar.is_open(at(SHANGHAI, 2026, 10, 1, 1))
    assert not calendar.is_open(at(SHANGHAI, 2026, 10, 1, 23))
    assert not calendar.is_open(at(SHANGHAI, 2026, 10, 2, 1))


def test_three_working_days_skip_the_weekend() -> None:
    calendar = Calendar(SHANGHAI, OFFICE)
    friday = at(SHANGHAI, 2026, 11, 27, 17)
    assert calendar.add_working(friday, timedelta(hours=2)) == at(SHANGHAI, 2026, 11, 30, 10)


def test_an_opening_at_nine_stays_at_nine_when_clocks_change() -> None:
    calendar = Calendar(LONDON, tuple((day, time(9), time(17)) for day in range(7)))
    saturday, sunday = at(LONDON, 2026, 3, 28, 9), at(LONDON, 2026, 3, 29, 9)
    assert sunday - saturday == timedelta(hours=23)
    assert calendar.next_opening(saturday + timedelta(hours=12)) == sunday
    assert calendar.add_working(saturday, timedelta(hours=8)) == at(LONDON, 2026, 3, 28, 17)


def test_a_night_over_a_change_of_clocks_is_an_hour_shorter_or_longer() -> None:
    nights = tuple((day, time(22), time(6)) for day in range(7))
    calendar = Calendar(LONDON, nights)
    lengths = {
        day: sum(((end - start) for start, end in calendar.spans_on(day)), timedelta())
        for day in (date(2026, 3, 28), date(2026, 6, 1), date(2026, 10, 24))
    }
    assert list(lengths.values()) == [timedelta(hours=7), timedelta(hours=8), timedelta(hours=9)]


def test_who_is_never_open_never_opens() -> None:
    calendar = Calendar(SHANGHAI, ())
    moment = at(SHANGHAI, 2026, 11, 26, 12)
    assert calendar.next_opening(moment) is None
    assert calendar.closing_after(moment) is None
    assert calendar.add_working(moment, timedelta(minutes=1)) is None


quarters = st.integers(0, 95).map(lambda number: time(number // 4, number % 4 * 15))
zones = st.sampled_from([SHANGHAI, LONDON, AUCKLAND, "America/New_York", "Asia/Kolkata"])
# 2026 and 2027, in whole minutes, so that every change of clocks is met
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
spans = st.tuples(st.integers(0, 6), quarters, quarters)
exceptions = st.dictionaries(
    st.integers(0, 729).map(lambda day: date(2026, 1, 1) + timedelta(days=day)),
    st.none() | st.integers(0, 6),
    max_size=20,
)
calendars = st.builds(
    lambda zone, week, days: Calendar(zone, tuple(week), tuple(days.items())),
    zones,
    st.lists(spans, min_size=1, max_size=6),
    exceptions,
)


def open_minutes(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Count minute by minute, the slow and obvious way."""
    minutes = int((end - start) / timedelta(minutes=1))
    return sum(calendar.is_open(start + timedelta(minutes=minute)) for minute in range(minutes))


@given(calendars, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar: Calendar, moment: datetime) -> None:
    opening = calendar.next_opening(moment)
    if opening is None:
        return
    assert opening >= moment
    assert calendar.is_open(opening)
    if opening > moment:
        assert not calendar.is_open(moment)
        assert not calendar.is_open(opening - timedelta(minutes=1))
        for part in range(1, 8):
            assert not calendar.is_open(moment + (opening - moment) * part / 8)


@given(calendars, moments, st.integers(1, 600))
def test_as_much_open_time_passes_as_was_asked_for(calendar: Calendar, moment: datetime, minutes: int) -> None:
    end = calendar.add_working(moment, timedelta(minutes=minutes))
    if end is None or end - moment > timedelta(days=10) or any_overlap(calendar, moment, end):
        return
    assert open_minutes(calendar, moment, end) == minutes


def any_overlap(calendar: Calendar, start: datetime, end: datetime) -> bool:
    """Overlapping spans are refused when hours are written; arithmetic need not count them twice or once."""
    days = [start.date() + timedelta(days=offset) for offset in range(-2, (end - start).days + 3)]
    found = sorted(span for day in days for span in calendar.spans_on(day))
    return any(later[0] < earlier[1] for earlier, later in pairwise(found))


@given(calendars, moments, st.integers(0, 300), st.integers(0, 300))
def test_working_time_adds_up(calendar: Calendar, moment: datetime, one: int, other: int) -> None:
    first = calendar.add_working(moment, timedelta(minutes=one))
    if first is None:
        return
    together = calendar.add_working(moment, timedelta(minutes=one + other))
    assert together is not None
    if not any_overlap(calendar, moment, together) and together - moment < timedelta(days=30):
        assert calendar.add_working(first, timedelta(minutes=other)) == together


@given(st.lists(st.tuples(quarters, quarters), max_size=4))
def test_what_is_written_is_read_back(day: list[tuple[time, time]]) -> None:
    written = write_spans(day)
    try:
        read = read_spans(written)
    except ValueError:
        assume(False)
    assert read == sorted(day)
    assert write_spans(read) == written


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", ""),
        ("9-18", "09:00–18:00"),
        ("９：００－１８：００", "09:00–18:00"),
        ("8:00至12:00，13:30到22:00", "08:00–12:00, 13:30–22:00"),
        ("08:00~12:00；14.00-24.00", "08:00–12:00, 14:00–24:00"),
        ("22:00—02:00", "22:00–02:00"),
        ("0-24", "00:00–24:00"),
    ],
)
def test_hours_are_understood_as_people_write_them(text: str, meaning: str) -> None:
    assert write_spans(read_spans(text)) == meaning


@pytest.mark.parametrize("text", ["nine to five", "9-9", "25-26", "9:75-10", "8-12, 11-13", "9-18-20"])
def test_hours_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_spans(text)


def test_a_night_that_runs_into_the_next_mornings_hours_is_found() -> None:
    late, early = read_spans("22-3"), read_spans("1-5")
    assert overlapping_nights([(6, *late[0]), (0, *early[0])]) == {6}, "Sunday night runs into Monday"
    assert overlapping_nights([(0, *late[0]), (0, *early[0])]) == set()


@given(st.text(max_size=40))
def test_whatever_is_typed_it_is_read_or_refused(text: str) -> None:
    with suppress(ValueError):
        read_spans(text)
