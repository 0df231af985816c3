"""Duties are done at their intervals, whatever one of them does."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from heartline.common.duties import Duty
from heartline.config.processes import clockwork
from heartline.config.processes.clockwork import Clockwork
from heartline.ledger.actions import cause_of_this_work

pytestmark = pytest.mark.once

TICK = timedelta(milliseconds=50)


@pytest.fixture(autouse=True)
def no_database(monkeypatch):
    monkeypatch.setattr(clockwork, "close_old_connections", lambda: None)


def run_for(seconds, *duties):
    stop = threading.Event()
    threading.Timer(seconds, stop.set).start()
    Clockwork(duties).run(stop)


def test_a_duty_is_done_again_and_again():
    done = []
    run_for(0.6, Duty("count", TICK, done.append))
    assert 5 <= len(done) <= 14


def test_a_duty_that_fails_is_logged_and_done_again(caplog):
    tries = []

    def fail(now):
        tries.append(now)
        raise RuntimeError("the moon is full")

    run_for(0.4, Duty("fails", TICK, fail))
    assert len(tries) >= 3
    assert "duty fails failed" in caplog.text


def test_a_slow_duty_delays_nobody_and_never_overlaps_itself():
    quick, slow, at_once = [], [], []

    def dawdle(now):
        at_once.append(len(slow))
        time.sleep(0.3)
        slow.append(now)

    run_for(0.6, Duty("slow", TICK, dawdle), Duty("quick", TICK, quick.append))
    assert len(quick) >= 5
    assert at_once == sorted(set(at_once))


def test_what_a_duty_records_can_be_traced_to_it():
    causes = []
    run_for(0.2, Duty("tidy", TICK, lambda now: causes.append(cause_of_this_work.get())))
    assert set(causes) == {"duty:tidy"}


def test_an_interval_must_be_positive():
    with pytest.raises(ValueError):
        Duty("never", timedelta(), lambda now: None)
