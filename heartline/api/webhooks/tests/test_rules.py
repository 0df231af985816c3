"""Signatures, waits, and addresses."""

from __future__ import annotations

import ipaddress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.api.webhooks import rules

pytestmark = pytest.mark.once


def test_the_signature_is_that_of_the_specification():
    """The example that the libraries of Standard Webhooks are tested with."""
    signature = rules.sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_waits_grow_and_end():
    waits = [rules.next_try(attempts, 0.0) for attempts in range(1, 11)]
    assert waits[0] == timedelta(seconds=5)
    assert waits[-1] is None
    known = [wait for wait in waits if wait]
    assert known == sorted(known)
    assert timedelta(days=3) < sum(known, timedelta()) < timedelta(days=4)


def test_who_asks_for_time_gets_it_but_not_for_ever():
    assert rules.next_try(1, 0.0, timedelta(minutes=10)) == timedelta(minutes=10)
    assert rules.next_try(1, 0.0, timedelta(days=30)) == timedelta(hours=24)
    assert rules.next_try(4, 0.0, timedelta(seconds=1)) == timedelta(hours=2)


@given(attempts=st.integers(1, 9), chance=st.floats(0, 1, exclude_max=True))
def test_chance_spreads_a_wait_by_a_fifth_at_most(attempts: int, chance: float):
    wait, least = rules.next_try(attempts, chance), rules.SCHEDULE[attempts - 1]
    assert wait is not None
    assert least <= wait <= least * 1.2


def test_a_rest_grows_to_its_longest():
    rests = [rules.rest(failures, 0.0) for failures in (1, 2, 3, 30, 10_000)]
    assert rests == sorted(rests)
    assert rests[-1] == rules.LONGEST_REST


@pytest.mark.parametrize(("text", "seconds"), [("120", 120), ("", None), ("-1", None), ("soon", None), ("９", None)])
def test_only_seconds_are_believed(text: str, seconds: int | None):
    assert rules.retry_after(text) == (None if seconds is None else timedelta(seconds=seconds))


PRIVATE = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.1.2.3 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8
    192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255
    :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1
    2001:db8::1 2002:7f00:1:: fc00::1 fd12:3456::1 fe80::1 fec0::1 ff02::1
""".split()


@pytest.mark.parametrize("text", PRIVATE)
def test_no_private_address_is_reached(text: str):
    assert not rules.may_reach(ipaddress.ip_address(text), ())


@pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_reached(text: str):
    assert rules.may_reach(ipaddress.ip_address(text), ())


def test_a_network_that_is_allowed_by_name_is_reached_and_nothing_beside_it():
    allowed = [ipaddress.ip_network("10.1.0.0/16")]
    assert rules.may_reach(ipaddress.ip_address("10.1.2.3"), allowed)
    assert rules.may_reach(ipaddress.ip_address("::ffff:10.1.2.3"), allowed)
    assert not rules.may_reach(ipaddress.ip_address("10.2.0.1"), allowed)
    assert not rules.is_allowed(ipaddress.ip_address("8.8.8.8"), allowed)
