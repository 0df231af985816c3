"""What somebody may mean, when we are there, which numbers we call."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.people.rules import Calendar
from heartline.reception import rules

REASONS = {
    "installation": "Installation 安装",
    "no-show": "No-show 师傅未上门 Installation 安装",
    "returns": "Returns and refunds 退换货",
    "late": "Delivery is late 送货晚了 Delivery 配送",
    "invoice": "Invoice 发票",
    "repair": "Repair 报修 维修",
}
EVERY_DAY = tuple((day, time(8), time(22)) for day in range(7))
SHOP = Calendar("Asia/Shanghai", EVERY_DAY)


@pytest.mark.parametrize(
    ("want", "first"),
    [
        ("师傅没来", "no-show"),
        ("installer did not come", "installation"),
        ("我要开发票", "invoice"),
        ("退货", "returns"),
        ("refund please", "returns"),
        ("Where is my late delivery?", "late"),
        ("申请售后维修", "repair"),
        ("ＩＮＶＯＩＣＥ", "invoice"),
    ],
)
def test_what_was_typed_finds_its_reason(want: str, first: str) -> None:
    assert rules.matching(want, REASONS)[0] == first


@pytest.mark.parametrize("want", ["", "   ", "how are you", "请问可以吗", "?!", "a the of"])
def test_words_that_say_nothing_find_nothing(want: str) -> None:
    assert rules.matching(want, REASONS) == []


def test_what_was_tried_is_never_offered_again() -> None:
    assert "no-show" not in rules.matching("师傅没来", REASONS, but_not=["no-show"])


@given(st.text(max_size=300))
def test_any_text_may_be_typed(want: str) -> None:
    assert len(rules.matching(want, REASONS)) <= rules.SHOWN


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


def test_open_closed_and_never_closing() -> None:
    assert rules.opening(SHOP, at(26, 11)) == rules.Opening(True, at(26, 22), None)
    assert rules.opening(SHOP, at(26, 23)) == rules.Opening(False, at(27, 22), at(27, 8))
    always = Calendar("Asia/Shanghai", tuple((day, time(0), time(0)) for day in range(7)))
    assert rules.opening(always, at(26, 3)) == rules.Opening(True, None, None)
    assert rules.opening(Calendar("Asia/Shanghai", ()), at(26, 3)) == rules.Opening(False, None, None)


def test_the_week_in_few_lines() -> None:
    weekdays = tuple((day, time(9), time(18)) for day in range(5))
    week = rules.week_of((*weekdays, (5, time(10), time(12)), (5, time(13), time(0))))
    assert week == [
        rules.DayHours(0, 4, "09:00–18:00"),
        rules.DayHours(5, 5, "10:00–12:00, 13:00–24:00"),
        rules.DayHours(6, 6, ""),
    ]


def test_times_to_choose_from_are_in_hours_and_leave_notice() -> None:
    times = rules.slots(SHOP, at(26, 21, 10))
    assert times[0] == at(26, 21, 30)
    assert times[1] == at(27, 8)
    assert all(SHOP.is_open(moment) for moment in times)
    assert {moment.astimezone(ZoneInfo("Asia/Shanghai")).date() for moment in times} == {
        date(2026, 11, 26),
        date(2026, 11, 27),
        date(2026, 11, 28),
    }


def test_half_hours_by_the_clock_on_the_wall() -> None:
    kathmandu = Calendar("Asia/Kathmandu", tuple((day, time(9), time(18)) for day in range(7)))
    times = rules.slots(kathmandu, at(26, 15))
    assert {moment.astimezone(ZoneInfo("Asia/Kathmandu")).minute for moment in times} == {0, 30}


def test_a_house_that_never_opens_offers_no_time() -> None:
    assert rules.slots(Calendar("Asia/Shanghai", ()), at(26, 11)) == []
    assert rules.soonest_promise(Calendar("Asia/Shanghai", ()), at(26, 11)) == at(27, 11)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))
def test_a_promised_call_is_always_in_hours_and_later(now: datetime) -> None:
    promised = rules.soonest_promise(SHOP, now)
    assert promised >= now + timedelta(hours=1)
    assert SHOP.is_open(promised - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("number", "countries", "why"),
    [
        ("+8613800138000", ("CN",), ""),
        ("+8657188889999", ("CN",), ""),
        ("+447400123456", ("CN",), "country"),
        ("+447400123456", ("CN", "GB"), ""),
        ("+449098790000", ("GB",), "costly"),
        ("+19002345678", ("US",), "costly"),
        ("+88216123456789", ("CN",), "country"),
        ("+864005550142", ("CN",), "costly"),
        ("+8613", ("CN",), "invalid"),
    ],
)
def test_numbers(number: str, countries: tuple[str, ...], why: str) -> None:
    assert rules.why_not_call(number, countries) in {why, "invalid" if why else ""}


def test_the_country_of_a_brand() -> None:
    assert rules.home_country("400-555-0142") == "CN"
    assert rules.home_country("+44 20 7946 0018") == "GB"
    assert rules.home_country("call us") == "CN"
