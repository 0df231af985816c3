"""The clock of the background process: every declared duty at its interval, none twice at once, none for ever lost."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from django.apps import apps
from django.db import close_old_connections, connections

from heartline.common.clock import now
from heartline.common.duties import Duty
from heartline.ledger.actions import cause_of_this_work

log = logging.getLogger("heartline.work.duties")

LONGEST_SLEEP = 5.0
THREADS = 2  # so that one slow duty, such as sealing, does not hold up the sweep of due times


def declared_duties() -> list[Duty]:
    """Return the duties of every folder that has a `tasks.py`."""
    duties: list[Duty] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.tasks"
        if config.name.startswith("heartline.") and importlib.util.find_spec(name):
            duties += importlib.import_module(name).DUTIES
    return duties


class Clockwork:
    """Runs duties when they are due. A duty that raises is logged and done again at its next time."""

    def __init__(self, duties: Iterable[Duty], each_round: Callable[[], None] = lambda: None) -> None:
        self._due = dict.fromkeys(duties, 0.0)
        self._running: dict[Duty, Future[None]] = {}
        self._each_round = each_round

    def run(self, stop: threading.Event) -> None:
        """Do duties until `stop` is set; a duty under way is finished first."""
        with ThreadPoolExecutor(THREADS, thread_name_prefix="duty") as pool:
            while not stop.is_set():
                self._start_due(pool, time.monotonic())
                self._each_round()
                stop.wait(self._until_next(time.monotonic()))

    def _start_due(self, pool: ThreadPoolExecutor, moment: float) -> None:
        for duty, due in self._due.items():
            if due > moment:
                continue
            self._due[duty] = moment + duty.every.total_seconds()
            under_way = self._running.get(duty)
            if under_way is None or under_way.done():
                self._running[duty] = pool.submit(do, duty)

    def _until_next(self, moment: float) -> float:
        soonest = min(self._due.values(), default=moment + LONGEST_SLEEP)
        return min(max(soonest - moment, 0.05), LONGEST_SLEEP)


def do(duty: Duty) -> None:
    """Do one duty once, with a fresh database connection when the last one was lost."""
    cause_of_this_work.set(f"duty:{duty.name}")
    close_old_connections()
    try:
        duty.run(now())
    except Exception:
        log.exception("duty %s failed and will be tried again", duty.name)
        connections.close_all()  # only those of this thread; a broken one must not be used again
