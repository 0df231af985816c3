"""The usual times to snooze until, on ordinary days and in nights when the clock is changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from heartline.service.cases.snooze_times import snooze_times

LONDON = "Europe/London"


def told(now: datetime, zone: str) -> dict[str, str]:
    return {name: at.isoformat(timespec="minutes") for name, at in snooze_times(now, zone).items()}


def test_times_are_those_of_the_sites_clock():
    assert told(datetime(2026, 11, 26, 3, 38, 12, tzinfo=UTC), "Asia/Shanghai") == {  # a Thursday
        "hour": "2026-11-26T12:38+08:00",
        "evening": "2026-11-26T17:00+08:00",
        "tomorrow": "2026-11-27T09:00+08:00",
        "monday": "2026-11-30T09:00+08:00",
        "week": "2026-12-03T09:00+08:00",
    }


def test_what_has_passed_or_is_named_twice_is_left_out():
    sunday_evening = datetime(2026, 11, 29, 17, 30, tzinfo=ZoneInfo(LONDON))
    assert set(told(sunday_evening, LONDON)) == {"hour", "tomorrow", "week"}


@pytest.mark.parametrize("minutes", range(0, 180, 30))
def test_an_hour_is_an_hour_when_the_clock_is_changed(minutes):
    for midnight in (datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)):
        now = midnight + timedelta(minutes=minutes)
        assert snooze_times(now, LONDON)["hour"].astimezone(UTC) - now == timedelta(hours=1)
