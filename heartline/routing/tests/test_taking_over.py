"""Dispatchers in processes of their own: one is killed with -9 in the middle of its work, another goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection

from heartline.common import clock
from heartline.routing import dispatcher, lease
from heartline.routing.models import DispatcherLease, Offer
from heartline.routing.tests.helpers import free, pending
from tests.cast import Cast, waiting_contact

PATIENCE = 40.0  # starting Python twice beside other tests takes its time


def soon(condition: Callable[[], object]) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def two_processes(open_cast: Cast) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two candidates that look at the test's own database."""
    command = [sys.executable, "-m", "heartline.routing.tests.lonely_dispatcher", str(connection.settings_dict["NAME"])]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "heartline.config.settings"}
    processes = [subprocess.Popen(command, env=environment) for _ in range(2)]
    yield processes
    for process in processes:
        process.kill()
        process.wait()


def holder() -> tuple[int, int]:
    """Return the process that holds the lease, 0 for none, and the fence."""
    row = DispatcherLease.objects.filter(expires_at__gt=lease.database_now()).first()
    return (int(row.holder.split(":")[1]), row.fence) if row and row.holder else (0, 0)


def test_another_process_goes_on_when_the_one_that_dispatches_is_killed(
    open_cast: Cast, two_processes: list[subprocess.Popen[bytes]]
) -> None:
    first = waiting_contact(open_cast, now=clock.now())
    free(open_cast.grace, now=clock.now())
    assert soon(lambda: pending(first))
    assert soon(lambda: all(process.poll() is None for process in two_processes))
    victim, fence = holder()
    os.kill(victim, signal.SIGKILL)
    second = waiting_contact(open_cast, now=clock.now())
    free(open_cast.lina, now=clock.now())
    assert soon(lambda: pending(second))
    survivor, new_fence = holder()
    assert survivor != victim
    assert new_fence > fence
    made = list(Offer.objects.order_by("id").values_list("contact_id", "fence"))
    assert made == [(first.id, fence), (second.id, new_fence)]


def test_a_lease_and_the_pause_of_who_stands_by_end_within_three_seconds() -> None:
    assert lease.LENGTH + timedelta(seconds=dispatcher.STAND_BY) < timedelta(seconds=3)
    assert timedelta(seconds=3 * dispatcher.RENEW_EVERY) < lease.LENGTH


def test_a_long_round_keeps_the_lease_and_one_that_is_stuck_loses_it(open_cast: Cast, monkeypatch) -> None:
    candidate = dispatcher.Candidate()
    assert candidate.leads()
    candidate._began = time.monotonic()  # a round begins, and takes long
    stop = threading.Event()
    keeper = threading.Thread(target=candidate.keep_lease_until, args=(stop,))
    keeper.start()
    try:
        before = DispatcherLease.objects.get().expires_at
        assert soon(lambda: DispatcherLease.objects.get().expires_at > before + timedelta(seconds=1))
        assert lease.claim("another") is None
        monkeypatch.setattr(dispatcher, "LONGEST_ROUND", 0.0)
        assert soon(lambda: lease.claim("another"))
    finally:
        stop.set()
        keeper.join(10)
