"""Parts of periods: every night of the year, and differences said only when they are more than chance."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.common.errors import Invalid
from heartline.insight.catalogue import BY_ID
from heartline.insight.comparing import compare
from heartline.insight.measures import Sums, figure_of
from heartline.insight.past_view import past_view
from heartline.insight.periods import Period, finest, label, parts

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 11, 26), 24)])
def test_a_day_has_the_hours_of_its_night(day: date, hours: int) -> None:
    night = Period(day, day, "Europe/Berlin")
    assert (len(parts(night, "hour")), len(parts(night, "quarter"))) == (hours, hours * 4)


def test_the_hour_that_comes_twice_says_which_it_is() -> None:
    night = Period(AUTUMN, AUTUMN, "Europe/Berlin")
    names = [label(start, "hour", night.zone) for start, _end in parts(night, "hour")]
    assert names[2:4] == ["2026-10-25 02:00 (+0200)", "2026-10-25 02:00 (+0100)"]
    assert len(set(names)) == 25


@given(
    st.dates(date(2024, 1, 1), date(2027, 1, 1)),
    st.integers(0, 70),
    st.sampled_from(["quarter", "half", "hour", "day", "week", "month"]),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"]),
)
def test_parts_are_the_whole_without_gaps(first: date, days: int, every: str, zone: str) -> None:
    period = Period(first, first + timedelta(days=days), zone)
    found = parts(period, every)  # type: ignore[arg-type] # one of them
    assert (found[0][0], found[-1][1]) == (period.start, period.end)
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert every not in finest(period) or len(found) <= 400


def test_a_running_day_is_compared_with_as_long_a_piece() -> None:
    today = Period(date(2026, 11, 26), date(2026, 11, 26), "Asia/Shanghai")
    start, end = today.so_far(today.before(), today.start + timedelta(hours=7))
    assert (start, end - start) == (today.start - timedelta(days=1), timedelta(hours=7))
    then = today.year_before()
    assert then.first.weekday() == today.first.weekday()
    assert today.so_far(then, today.end + timedelta(days=1)) == (then.start, then.end)


def share(hits: int, n: int) -> Sums:
    return Sums(n, hits)


def test_differences_of_shares_are_newcombes() -> None:
    # Newcombe 1998, Statistics in Medicine 17, 873-890, table II (a), method 10: 56/70 against 48/80
    level = BY_ID["service_level"]
    found = compare(figure_of(level, share(56, 70)), figure_of(level, share(48, 80)))
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert (found.change, found.is_better) == ("more", True)
    assert compare(figure_of(level, share(50, 70)), figure_of(level, share(55, 80))).change == "same"
    assert compare(figure_of(level, share(9, 9)), figure_of(level, share(1, 90))).change == "few"


def test_differences_of_means_are_welchs() -> None:
    # R: with means 20.83 and 23.0, sd 2.0 and 3.0, n 12 and 15: t = -2.24..., df = 24.37
    wait = BY_ID["speed_of_answer"]
    slow, quick = Sums(15, 15, 345_000, 1.0, 1.0, 3000.0), Sums(12, 12, 249_960, 1.0, 1.0, 2000.0)
    found = compare(figure_of(wait, slow), figure_of(wait, quick))
    assert found.difference == pytest.approx(2170)
    assert (found.change, found.is_better) == ("more", False)
    counts = compare(figure_of(BY_ID["offered"], Sums(12, 12)), figure_of(BY_ID["offered"], Sums(9, 9)))
    assert (counts.change, counts.difference) == ("untested", 3)


@pytest.mark.parametrize(
    "asked",
    [
        {"first": "2026-02-30"},
        {"first": "2026-11-27", "last": "2026-11-26"},
        {"first": "2000-01-03", "last": "2026-11-26"},
        {"zone": "Mars/Olympus"},
        {"by": "nothing"},
        {"queue": "１"},
        {"person": "9" * 30},
        {"at": "yesterday"},
    ],
)
def test_what_cannot_be_read_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        past_view(asked, ["Asia/Shanghai"], datetime(2026, 11, 26, tzinfo=UTC))


def test_the_address_holds_every_choice() -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    asked = {
        "first": "2026-11-01",
        "last": "2026-11-10",
        "by": "hour",
        "set": "effort",
        "queue": "3",
        "channel": "webchat",
    }
    asked |= {"tier": "top", "team": "2", "person": "9", "against": "year", "zone": "UTC", "at": "2026-11-02T03:00Z"}
    assert past_view(asked, ["UTC"], now).address() == asked
