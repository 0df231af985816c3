"""This hour against the same hour of other weeks: counted from the same facts, honest about too few weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.conversations.actions.contacts import abandon_contact, answer_contact
from heartline.insight.catalogue import BY_ID
from heartline.insight.measures import measure
from heartline.insight.tests.stories import Story
from heartline.insight.today import recompute
from heartline.ledger.actions import one_change
from heartline.people.actions import actor_for
from heartline.people.models import Holiday
from heartline.people.queries import scope_of
from heartline.service.floor.counting import count_hours, hour_from
from heartline.service.floor.models import Counted, HourCount
from heartline.service.floor.queries import Floor, floor_for
from heartline.service.floor.rules import FEWEST_WEEKS, MOST_WEEKS, Hour, hour_of, same_hours, usual
from tests.cast import NOON, Cast, assemble, waiting_contact

ZONES = st.sampled_from(["Asia/Shanghai", "Asia/Kolkata", "Pacific/Auckland", "Europe/London", "America/New_York"])
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, ZONES)
def test_an_hour_holds_its_moment_and_begins_on_the_full_hour(moment: datetime, zone: str) -> None:
    start = hour_of(moment, zone)
    assert start <= moment < start + timedelta(hours=1)
    local = start.astimezone(ZoneInfo(zone))
    assert (local.minute, local.second, local.microsecond) == (0, 0, 0)


@given(MOMENTS, ZONES, st.dictionaries(st.dates(date(2023, 11, 1), date(2027, 1, 1)), st.none() | st.integers(0, 6)))
def test_same_hours_are_past_alike_and_few(moment: datetime, zone: str, exceptions: dict[date, int | None]) -> None:
    found = same_hours(moment, zone, exceptions)
    here = moment.astimezone(ZoneInfo(zone))
    assert len(found) <= MOST_WEEKS
    assert found == sorted(found, reverse=True)
    for start in found:
        local = start.astimezone(ZoneInfo(zone))
        assert local.date() < here.date()
        like = exceptions.get(local.date(), local.weekday())
        assert like == exceptions.get(here.date(), here.weekday())


def test_a_sunday_worked_like_a_monday_is_compared_with_mondays() -> None:
    monday = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)  # 11:30 in Shanghai
    sunday = date(2026, 11, 15)
    found = same_hours(monday, "Asia/Shanghai", {sunday: 0, date(2026, 11, 9): None})
    days = [start.astimezone(ZoneInfo("Asia/Shanghai")).date() for start in found]
    assert days[:3] == [date(2026, 11, 16), sunday, date(2026, 11, 2)]
    assert same_hours(monday, "Asia/Shanghai", {date(2026, 11, 23): None}) == []


@given(st.lists(st.builds(Hour, offered=st.integers(0, 99), judged=st.integers(0, 9)), max_size=8))
def test_what_is_usual_lies_in_its_range_or_is_not_said(hours: list[Hour]) -> None:
    found = usual(hours)
    assert (found is None) == (len(hours) < FEWEST_WEEKS)
    if found:
        assert found.offered.low <= found.offered.middle <= found.offered.high
        assert (found.level is None) == (sum(hour.judged > 0 for hour in hours) < FEWEST_WEEKS)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def seen(cast: Cast, now: datetime) -> Floor:
    return floor_for(scope_of(cast.supervisor), now=now)


def week(cast: Cast, back: int, count: int) -> None:
    """Let some customers come at noon so many weeks ago."""
    for number in range(count):
        at = NOON - timedelta(weeks=back) + timedelta(minutes=number)
        contact = waiting_contact(cast, now=at)
        if number % 2:
            abandon_contact(contact, "left", by=actor_for(cast.grace), now=at + timedelta(minutes=4))
        else:
            answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=at + timedelta(seconds=30))


def test_counts_equal_the_figures_and_counting_again_changes_nothing(cast: Cast) -> None:
    week(cast, 1, 3)
    while count_hours(now=NOON) or Counted.objects.get(id=1).upto < NOON - timedelta(hours=27):
        pass
    row = HourCount.objects.get(queue=cast.chat_zh)
    facts = recompute(row.starts_at, row.starts_at + timedelta(hours=1)).values()
    level = measure(BY_ID["service_level"], facts)
    assert (row.offered, row.answered, row.judged, row.in_time) == (3, 2, level.n, level.hits)
    assert row.longest_seconds == 240
    before = list(HourCount.objects.values())
    with one_change():
        Counted.objects.update(upto=NOON - timedelta(days=9))
    count_hours(now=NOON)
    count_hours(now=NOON)
    assert [{**one, "id": 0} for one in HourCount.objects.values()] == [{**one, "id": 0} for one in before]


def test_a_call_that_follows_a_chat_comes_once_and_is_answered_once() -> None:
    chat = Story(1).left(60, how="callback").fact()
    call = Story(2, channel="callback", keeps_place_of=60, first_place=50).answered(1800).fact()
    assert (chat.continues, call.continues, call.outcome) == (False, True, "answered")
    hour = hour_from([chat, call], NOON)
    figures = {id: measure(BY_ID[id], [chat, call]).n for id in ("offered", "answered")}
    assert {"offered": hour.offered, "answered": hour.answered} == figures == {"offered": 1, "answered": 0}


def test_too_few_weeks_are_said_and_enough_are_compared(cast: Cast) -> None:
    def keep(back: int, offered: int, longest: int) -> None:
        start = hour_of(NOON - timedelta(weeks=back), "Asia/Shanghai")
        HourCount.objects.create(
            queue=cast.chat_zh, channel="webchat", starts_at=start, offered=offered, answered=offered,
            judged=offered, in_time=offered, longest_seconds=longest,
        )  # fmt: skip

    keep(4, 2, 30)
    keep(2, 6, 90)
    floor = seen(cast, NOON)
    line = floor.hours[0]
    assert (line.weeks, line.usual and line.usual.offered.middle) == (4, 1)  # two empty weeks between are weeks
    assert floor.hours[1].usual is None
    assert (floor.weeks, floor.too_young) == (4, 1)
    assert not line.more_came
    for _number in range(7):
        contact = waiting_contact(cast, now=NOON)
        abandon_contact(contact, "left", by=actor_for(cast.grace), now=NOON + timedelta(seconds=100))
    late = seen(cast, NOON + timedelta(seconds=100)).hours[0]
    assert (late.more_came, late.longer_waited, late.so_far.longest_seconds) == (True, True, 100)
    Holiday.objects.create(brand=cast.brand, date=NOON.astimezone(ZoneInfo("Asia/Shanghai")).date(), name_en="Closed")
    assert seen(cast, NOON + timedelta(minutes=6)).hours[0].usual is None
