"""The `web` process: prepares the database, then serves pages, API and live push on one port."""

from __future__ import annotations

import asyncio
import gc
import logging
import resource
import signal
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import django
import uvicorn
from django.conf import settings

from heartline.config import environment
from heartline.config.processes.connections import Connection
from heartline.config.processes.heartbeat import EVERY, Heartbeat
from heartline.config.processes.parent import Parent
from heartline.config.supervisor.listening import listen

log = logging.getLogger("heartline.web")

HOPELESS = 78  # sysexits' "configuration error": starting again would not help
GRACE = 4
# A thousand streams are many objects that live long; looking through them after every 700 new ones (Python's default)
# keeps everybody waiting.
NEW_OBJECTS_BEFORE_COLLECTION = 20_000


class Server(uvicorn.Server):
    """uvicorn, which lets the live streams go before it waits for requests under way to finish."""

    def __init__(self, config: uvicorn.Config, front: Any, ready: Callable[[], None], heartbeat: Heartbeat) -> None:
        super().__init__(config)
        self._front = front
        self._ready = ready
        self._heartbeat = heartbeat
        self._beating: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve, then tell the supervisor so."""
        await super().startup(sockets)
        if self.started:
            self._beating = asyncio.create_task(self._beat())
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, which would otherwise never finish, then everything else in an orderly way."""
        await self._front.end_streams()
        await super().shutdown(sockets)
        if self._beating:
            self._beating.cancel()

    async def _beat(self) -> None:
        """Show signs of life from the event loop itself: one that is stuck shows none."""
        while True:
            await asyncio.sleep(EVERY)
            self._heartbeat.beat()


def main(name: str, parent: Parent, descriptor: int) -> int:
    """Prepare and serve until asked to stop; returns the exit code."""
    from heartline.config.startup import CannotStart

    _allow_many_connections()
    gc.set_threshold(NEW_OBJECTS_BEFORE_COLLECTION)
    try:
        django.setup()
        from heartline.config.processes.opening import open_house

        open_house(parent)
    except CannotStart as problem:
        log.exception("cannot start")
        parent.hopeless(problem.text, problem.mend)
        return HOPELESS
    except environment.WrongSetting as problem:
        parent.hopeless(str(problem), "")
        return HOPELESS
    _serve(name, parent, descriptor)
    return 0


def _serve(name: str, parent: Parent, descriptor: int) -> None:
    from heartline.config.front import Front
    from heartline.config.live import live_application
    from heartline.config.startup import what_to_show
    from heartline.config.wsgi import application

    listener = socket.socket(fileno=descriptor) if descriptor >= 0 else listen(environment.host(), environment.port())
    heartbeat = Heartbeat(settings.DATA_FOLDER / "run", name)
    front = Front(application, live_application())
    told = what_to_show()
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn repeats the signal to the handler it found once it has stopped; ours lets us end in order
        signal.signal(number, lambda *_: None)
    try:
        Server(_server_config(front), front, partial(_open, parent, told), heartbeat).run(sockets=[listener])
    finally:
        heartbeat.end()


def _open(parent: Parent, told: dict[str, Any]) -> None:
    from heartline.config.late import load_late

    parent.ready(**told)
    load_late()


def _server_config(front: Any) -> uvicorn.Config:
    return uvicorn.Config(
        front,
        http=Connection,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # heartline.config.middleware decides whose forwarding headers are believed
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE,
        lifespan="on",
    )


def _allow_many_connections() -> None:
    """Raise the limit on open files to what the system allows: every live stream is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, 65536) if hard != resource.RLIM_INFINITY else 65536
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
