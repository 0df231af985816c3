"""How things are written, in both languages."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.ui import formats

NOW = datetime(2026, 11, 26, 3, 38, tzinfo=UTC)  # Thursday, 11:38 in Hangzhou, 03:38 in London
SHANGHAI, LONDON = "Asia/Shanghai", "Europe/London"


@pytest.mark.parametrize(
    ("ago", "english", "chinese"),
    [
        (timedelta(seconds=30), "just now", "刚刚"),
        (timedelta(minutes=1), "1 min ago", "1 分钟前"),
        (timedelta(minutes=59, seconds=59), "59 min ago", "59 分钟前"),
        (timedelta(hours=1), "today 10:38", "今天 10:38"),
        (timedelta(minutes=-22), "today 12:00", "今天 12:00"),
        (timedelta(hours=12), "yesterday 23:38", "昨天 23:38"),
        (timedelta(days=-1), "tomorrow 11:38", "明天 11:38"),
        (timedelta(days=3), "Mon 11:38", "周一 11:38"),
        (timedelta(days=-3), "Sun 11:38", "周日 11:38"),
        (timedelta(days=4), "Sun 22 Nov, 11:38", "11月22日（周日）11:38"),
        (timedelta(days=-4), "Mon 30 Nov, 11:38", "11月30日（周一）11:38"),
        (timedelta(days=365), "26 Nov 2025, 11:38", "2025年11月26日 11:38"),
    ],
)
def test_a_moment_is_said_as_people_say_it(ago, english, chinese):
    assert formats.moment(NOW - ago, language="en", zone=SHANGHAI, now=NOW) == english
    assert formats.moment(NOW - ago, language="zh-hans", zone=SHANGHAI, now=NOW) == chinese


def test_a_day_begins_where_the_reader_is():
    late = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)  # still the 25th in London, already the 26th in Hangzhou
    assert formats.day_and_time(late, language="en", zone=SHANGHAI, now=NOW) == "today 01:00"
    assert formats.day_and_time(late, language="en", zone=LONDON, now=NOW) == "yesterday 17:00"


@pytest.mark.parametrize(
    ("when", "english", "chinese"),
    [
        (timedelta(hours=1), "12:38", "12:38"),
        (timedelta(hours=12, minutes=22), "midnight", "24:00"),
        (timedelta(hours=12, minutes=23), "tomorrow 00:01", "明天 00:01"),
        (timedelta(hours=-24), "yesterday 11:38", "昨天 11:38"),
    ],
)
def test_today_needs_no_name_after_until(when, english, chinese):
    assert formats.time_or_day(NOW + when, language="en", zone=SHANGHAI, now=NOW) == english
    assert formats.time_or_day(NOW + when, language="zh-hans", zone=SHANGHAI, now=NOW) == chinese


def test_a_promise_is_never_only_a_distance():
    soon = NOW + timedelta(minutes=22)
    assert formats.day_and_time(soon, language="en", zone=SHANGHAI, now=NOW) == "today 12:00"
    assert formats.day_and_time(NOW - timedelta(minutes=3), language="zh-hans", zone=SHANGHAI, now=NOW) == "今天 11:35"


@pytest.mark.parametrize(
    ("zone", "english", "chinese"),
    [
        (SHANGHAI, "Thu 26 Nov 2026, 11:38 (Beijing time)", "2026年11月26日（周四）11:38（北京时间）"),
        (LONDON, "Thu 26 Nov 2026, 03:38 (London time)", "2026年11月26日（周四）03:38（伦敦时间）"),
        (
            "America/Sao_Paulo",
            "Thu 26 Nov 2026, 00:38 (Sao Paulo time)",
            "2026年11月26日（周四）00:38（Sao Paulo 时间）",
        ),
    ],
)
def test_the_exact_time_names_its_zone(zone, english, chinese):
    assert formats.exact(NOW, language="en", zone=zone) == english
    assert formats.exact(NOW, language="zh-hans", zone=zone) == chinese


def test_clocks_that_change_in_spring_are_read_right():
    before, after = datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 1, tzinfo=UTC)
    assert formats.exact(before, language="en", zone=LONDON).startswith("Sun 29 Mar 2026, 00:59")
    assert formats.exact(after, language="en", zone=LONDON).startswith("Sun 29 Mar 2026, 02:01")


@pytest.mark.parametrize(
    ("seconds", "english", "chinese", "clock"),
    [
        (0, "0 s", "0 秒", "0:00"),
        (45, "45 s", "45 秒", "0:45"),
        (60, "1 min", "1 分钟", "1:00"),
        (200, "3 min 20 s", "3 分 20 秒", "3:20"),
        (3600, "1 h", "1 小时", "1:00:00"),
        (3900, "1 h 5 min", "1 小时 5 分", "1:05:00"),
        (3620, "1 h", "1 小时", "1:00:20"),
        (90061, "1 d 1 h", "1 天 1 小时", "25:01:01"),
        (-5, "0 s", "0 秒", "0:00"),
    ],
)
def test_spans(seconds, english, chinese, clock):
    assert formats.span_of(seconds, language="en") == english
    assert formats.span_of(seconds, language="zh-hans") == chinese
    assert formats.clock_span(seconds) == clock


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (22, "22 min left", "还有 22 分钟"),
        (-12, "12 min late", "已逾期 12 分钟"),
        (0.5, "30 s left", "还有 30 秒"),
        (112, "1 h 52 min left", "还有 1 小时 52 分"),
    ],
)
def test_what_is_left_and_what_is_late(minutes, english, chinese):
    due = NOW + timedelta(minutes=minutes)
    assert formats.remaining(due, language="en", now=NOW) == english
    assert formats.remaining(due, language="zh-hans", now=NOW) == chinese


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (9999, "9,999", "9,999"),
        (12345, "12.3k", "1.2 万"),
        (20000, "20k", "2 万"),
        (999_990, "1M", "100 万"),
        (340_000_000, "340M", "3.4 亿"),
        (-25_000, "−25k", "−2.5 万"),
        (99_999_990, "100M", "1 亿"),
    ],
)
def test_short_numbers_step_as_the_language_counts(value, english, chinese):
    assert formats.number_short(value, language="en") == english
    assert formats.number_short(value, language="zh-hans") == chinese


def test_shares_have_their_sign_where_the_language_puts_it():
    assert formats.percent(0.86, language="en") == "86\u00a0%"
    assert formats.percent(0.86, language="zh-hans") == "86%"
    assert formats.percent(0.8649, language="en", decimals=1) == "86.5\u00a0%"
    assert formats.percent(Decimal("0.005"), language="zh-hans") == "1%"  # half goes up, not to even


@pytest.mark.parametrize(
    ("amount", "currency", "english", "chinese", "column"),
    [
        (Decimal("1234.50"), "CNY", "¥1,234.50", "1,234.50 元", "¥1,234.50"),
        (180, "CNY", "¥180", "180 元", "¥180.00"),
        (-20, "CNY", "−¥20", "−20 元", "−¥20.00"),
        (5000, "JPY", "JP¥5,000", "5,000 日元", "JP¥5,000"),
        (Decimal("9.99"), "EUR", "€9.99", "9.99 欧元", "€9.99"),
        (1, "CHF", "CHF 1", "1 CHF", "CHF 1.00"),
    ],
)
def test_money(amount, currency, english, chinese, column):
    assert formats.money(amount, currency, language="en") == english
    assert formats.money(amount, currency, language="zh-hans") == chinese
    assert formats.money_column(amount, currency) == column


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("+8613800138000", "phone", "138****8000"),
        ("13800138000", "phone", "138****8000"),
        ("110", "phone", "****"),
        ("wang@example.com", "email", "w***@example.com"),
        ("王小明", "name", "王*明"),
        ("李娜", "name", "李*"),
        ("Daniel Marsh", "name", "D*** M***"),
        ("6222020200112230005", "card", "**** 0005"),
        ("110101199003070014", "id", "110***********0014"),
        ("", "name", ""),
    ],
)
def test_masking_leaves_what_people_need_to_recognise(value, kind, shown):
    assert formats.masked(value, kind) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("+8613800138000", "138 0013 8000"),
        ("13800138000", "138 0013 8000"),
        ("400-555-0142", "400-555-0142"),
        ("4005550142", "400-555-0142"),
        ("+861088886666", "010-8888 6666"),
        ("+447700900123", "+44 7700 900123"),
        ("extension 12", "extension 12"),
        ("", ""),
    ],
)
def test_phone_numbers_are_grouped_as_they_are_read(value, shown):
    assert formats.phone(value) == shown


def test_the_language_of_a_text_shows_in_its_script():
    assert formats.language_of("陈雨桐") == "zh-Hans"
    assert formats.language_of("iPhone 15 坏了") == "zh-Hans"
    assert formats.language_of("Daniel Marsh") == "en"
    assert formats.language_tag("zh-hans") == "zh-Hans"
    assert formats.language_tag("en") == "en"


def test_both_languages_have_the_same_phrases():
    assert formats.WORDS["en"].keys() == formats.WORDS["zh"].keys()
    for names in ("weekdays", "months"):
        assert len(formats.WORDS["en"][names].split()) == len(formats.WORDS["zh"][names].split())


@given(st.floats(min_value=-1e9, max_value=1e9), st.sampled_from(["en", "zh-hans"]))
def test_a_span_never_shows_more_than_two_units_nor_a_minus(seconds, language):
    shown = formats.span_of(seconds, language=language)
    assert "-" not in shown
    assert "−" not in shown
    assert sum(character.isdigit() for part in shown.split() for character in part[:1]) <= 2


@given(st.integers(min_value=-(10**12), max_value=10**12), st.sampled_from(["en", "zh-hans"]))
def test_a_short_number_is_within_a_twentieth_of_the_truth(value, language):
    shown = formats.number_short(value, language=language)
    steps = {"k": 10**3, "M": 10**6, "B": 10**9, " 万": 10**4, " 亿": 10**8}
    unit = next((unit for unit in steps if shown.endswith(unit)), "")
    read = Decimal(shown.removesuffix(unit).replace(",", "").replace("−", "-")) * steps.get(unit, 1)
    assert abs(read - value) <= max(Decimal(abs(value)) / 20, Decimal(0))
