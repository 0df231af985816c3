"""The thread that reads the ledger for a hub: it waits, reads what is settled, and hands it to the event loop."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import close_old_connections, connection

from heartline.ledger.live.frames import Delivery, deliveries, signal_frame
from heartline.ledger.live.hub import Hub, concerns
from heartline.ledger.live.signals import listen_locally, stop_listening
from heartline.ledger.live.streams import Reader, Stream
from heartline.ledger.positions import Position
from heartline.ledger.queries import head, is_unsettled, read_after
from heartline.ledger.tail import Tail

log = logging.getLogger(__name__)
Result = TypeVar("Result")
BATCH = 500
# While nobody listens, news is passed over ten times a second; who opens a stream hears of it that much later, once.
UNHEARD = 0.1
# Further behind than this, fetching a new snapshot is cheaper than replaying.
REPLAY_LIMIT = 2000
# Kinds after which the people they name may see other cases than before.
REGRANTING = frozenset(
    {
        "conversations.participant_joined",
        "conversations.participant_left",
        "conversations.contact_answered",
        "conversations.contact_moved",
        "conversations.contact_returned",
        "conversations.case_changed",
        "conversations.snooze_changed",
        "conversations.contacts_moved",
        "conversations.task_changed",
        "conversations.watch_changed",
    }
)
STARTING_ANEW = frozenset({"people.person_changed"})


class LedgerReader:
    """Feeds one hub from the ledger until stopped."""

    def __init__(self, hub: Hub, loop: asyncio.AbstractEventLoop) -> None:
        self._hub = hub
        self._loop = loop
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger-reader", daemon=True)
        self._position: Position | None = None
        self.has_begun = asyncio.Event()

    def start(self) -> None:
        """Begin at the ledger's end."""
        listen_locally(self._signal)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        stop_listening(self._signal)
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        tail = Tail()
        while not self._stop.is_set():
            try:
                self._read(tail)
            except Exception:
                log.exception("reading the ledger failed; trying again")
                tail.close()
                connection.close()
                self._stop.wait(0.5)
        tail.close()
        connection.close()

    def _read(self, tail: Tail) -> None:
        if self._position is None:
            tail.wait(0)  # listens from before the first stream opens: signals are told once
            self._position = head()
            self._in_loop(self._hub.begin_at, self._position)
            self._in_loop(self.has_begun.set)
        tail.wait(0.01 if is_unsettled() else 0.5)
        for message in tail.take_signals():
            self._signal(message)
        while batch := read_after(self._position, BATCH):
            if not self._passed_over(batch[-1].position):
                ready = deliveries(batch)
                self._regrant(ready)
                self._in_loop(self._hub.publish, ready)
            self._position = batch[-1].position
            if len(batch) < BATCH:
                break
        close_old_connections()
        if not self._hub.streams:
            self._stop.wait(UNHEARD)

    def _passed_over(self, position: Position) -> bool:
        """Spare the words of events that nobody hears; whoever opens a stream later reads them from the ledger."""
        return not self._hub.streams and self._from_loop(self._hub.pass_over, position)

    def _regrant(self, batch: list[Delivery]) -> None:
        """Give the people named by rights-changing events their rights of now, before the events are delivered."""
        for delivery in batch:
            if delivery.kind in REGRANTING or delivery.kind in STARTING_ANEW:
                for stream in self._streams_of(delivery.people):
                    self._refresh(stream, delivery)

    def _refresh(self, stream: Stream, delivery: Delivery) -> None:
        before = stream.reader
        after = before.refresh() if before.refresh else before
        if after is None or after.topics != before.topics or delivery.kind in STARTING_ANEW:
            anew = delivery.kind in STARTING_ANEW or _sees_differently(delivery, before, after)
            self._in_loop(lambda: self._hub.change_reader(stream, after, start_anew=anew))

    def _streams_of(self, people: frozenset[int]) -> list[Stream]:
        if not people:
            return []
        return self._from_loop(self._hub.streams_of, people)

    def _signal(self, message: dict[str, Any]) -> None:
        self._in_loop(self._hub.signal, message["topics"], signal_frame(message["data"]))

    def _from_loop(self, function: Callable[..., Result], *arguments: Any) -> Result:
        return asyncio.run_coroutine_threadsafe(_call(function, *arguments), self._loop).result(5)

    def _in_loop(self, function: Callable[..., None], *arguments: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *arguments)


def missed_from_ledger(position: Position, reader: Reader) -> list[Delivery] | None:
    """Return what a reader missed since a position, read from the ledger; None when that is too much."""
    try:
        batch = read_after(position, REPLAY_LIMIT + 1)
        if len(batch) > REPLAY_LIMIT:
            return None
        return [one for one in deliveries(batch) if concerns(one, reader)]
    finally:
        close_old_connections()


async def _call(function: Callable[..., Result], *arguments: Any) -> Result:
    return function(*arguments)


def _sees_differently(delivery: Delivery, before: Reader, after: Reader | None) -> bool:
    """Return whether the event's case came into, or went out of, what a reader sees apart from their own name."""
    if after is None:
        return False
    own = f"person:{before.person_id}"
    shared = delivery.topics - {own}
    return shared.isdisjoint(before.topics) != shared.isdisjoint(after.topics)
