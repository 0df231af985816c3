"""Limits: counted for all processes alike, by source, per window."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from heartline.common.errors import TooMany
from heartline.people.limits import allow, check, exhausted, forget_past, seconds_left, source_of, take
from heartline.people.models import RateCount
from tests.cast import NOON

MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
def test_only_so_many_in_a_window() -> None:
    assert [allow("rate:1.2.3.4", 3, MINUTE, now=NOON) for _ in range(5)] == [True, True, True, False, False]


@pytest.mark.django_db
def test_keys_and_windows_are_counted_apart() -> None:
    assert allow("a", 1, MINUTE, now=NOON)
    assert allow("b", 1, MINUTE, now=NOON)
    assert not allow("a", 1, MINUTE, now=NOON)
    assert allow("a", 1, MINUTE, now=NOON + MINUTE)


@pytest.mark.django_db
def test_a_limit_of_none_allows_nothing() -> None:
    assert not allow("a", 0, MINUTE, now=NOON)


@pytest.mark.django_db
def test_several_are_taken_together_or_not_at_all() -> None:
    assert take("a", 4, 10, MINUTE, now=NOON)
    assert take("a", 4, 10, MINUTE, now=NOON)
    assert not take("a", 4, 10, MINUTE, now=NOON)
    assert take("a", 2, 10, MINUTE, now=NOON)
    assert not take("b", 11, 10, MINUTE, now=NOON)


@pytest.mark.django_db
def test_looking_does_not_count() -> None:
    assert [exhausted("a", 1, MINUTE, now=NOON) for _ in range(3)] == [False] * 3
    allow("a", 1, MINUTE, now=NOON)
    assert exhausted("a", 1, MINUTE, now=NOON)
    assert not exhausted("a", 1, MINUTE, now=NOON + MINUTE)


@pytest.mark.django_db
def test_check_raises_too_many_and_says_when_to_come_back() -> None:
    at = NOON.replace(second=45)
    check("a", 1, MINUTE, now=at)
    with pytest.raises(TooMany) as refused:
        check("a", 1, MINUTE, now=at)
    assert refused.value.retry_after == 15


@pytest.mark.django_db
def test_a_key_longer_than_the_column_is_still_its_own_key() -> None:
    assert allow("x" * 500, 1, MINUTE, now=NOON)
    assert allow("x" * 501, 1, MINUTE, now=NOON)
    assert not allow("x" * 500, 1, MINUTE, now=NOON)


@pytest.mark.django_db
def test_past_windows_are_forgotten_and_standing_ones_kept() -> None:
    allow("old", 5, MINUTE, now=NOON - timedelta(hours=1))
    allow("new", 5, MINUTE, now=NOON)
    assert forget_past(now=NOON) == 1
    assert list(RateCount.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.django_db(transaction=True)
def test_threads_at_once_never_get_more_than_the_limit() -> None:
    def ask(_: int) -> bool:
        try:
            return allow("crowd", 7, MINUTE, now=NOON)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(ask, range(40))) == 7


def test_asking_again_makes_sense_when_the_window_ends() -> None:
    at = NOON.replace(second=45)
    assert seconds_left(MINUTE, now=at) == timedelta(seconds=15)


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("made up", "unknown"),
    ],
)
def test_an_ipv6_network_is_one_source(address: str, source: str) -> None:
    assert source_of(address) == source
