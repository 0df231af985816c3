"""The `work` process: the dispatcher and the webhooks' courier in threads of their own, and the clock of all duties."""

from __future__ import annotations

import logging
import signal
import threading

import django
from django.conf import settings

from heartline.config.processes.heartbeat import Heartbeat
from heartline.config.processes.parent import Parent

log = logging.getLogger("heartline.work")

GRACE = 6.0


def main(parent: Parent) -> int:
    """Work until asked to stop; returns 1 when a part failed, so that the supervisor starts us afresh."""
    django.setup()
    from heartline.config.processes.clockwork import Clockwork, declared_duties
    from heartline.config.startup import play_wanted_sample

    stop = threading.Event()
    failed = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    wait_for_schema(stop)
    play_wanted_sample()
    heartbeat = Heartbeat(settings.DATA_FOLDER / "run", "work")
    dispatcher = threading.Thread(target=_dispatch, args=(stop, failed), name="dispatcher", daemon=True)
    dispatcher.start()
    courier = threading.Thread(target=_carry, args=(stop,), name="courier", daemon=True)
    courier.start()
    parent.ready()
    Clockwork(declared_duties(), each_round=heartbeat.beat).run(stop)
    dispatcher.join(GRACE)
    courier.join(GRACE)
    heartbeat.end()
    return 1 if failed.is_set() or dispatcher.is_alive() else 0


def wait_for_schema(stop: threading.Event) -> None:
    """Wait until `web` (or `heartline migrate`) has brought the tables up to date."""
    from heartline.config.startup import pending_migrations

    while not stop.is_set():
        try:
            if not pending_migrations():
                return
        except Exception:
            log.warning("the database cannot be reached yet", exc_info=True)
        stop.wait(0.5)


def _dispatch(stop: threading.Event, failed: threading.Event) -> None:
    from heartline.routing import dispatcher

    try:
        dispatcher.run(stop)
    except Exception:
        log.exception("the dispatcher failed")
        failed.set()
    finally:
        stop.set()


def _carry(stop: threading.Event) -> None:
    from heartline.api.webhooks import courier

    courier.run(stop)  # whatever fails there is tried again there; it never ends the process
