"""One open stream: what its reader may see, what is still to be sent, how far it has got."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass

from heartline.ledger.live.frames import RESET, Delivery
from heartline.ledger.positions import Position

# A browser that is this many frames behind is cut off with a clean reset: memory per stream stays bounded.
BACKLOG = 1000


@dataclass(frozen=True)
class Reader:
    """Who listens, with the topics that today's rights give them.

    `refresh` is asked again, in a thread, when rights may have changed; None means the reader must go.
    """

    topics: frozenset[str]
    person_id: int | None = None
    contact_id: int | None = None
    session_key: str = ""
    refresh: Callable[[], Reader | None] | None = None

    @property
    def who(self) -> tuple[int | None, int | None]:
        """The person or the contact that listens, whatever their rights."""
        return self.person_id, self.contact_id

    @property
    def is_public(self) -> bool:
        """Whether this is a customer, who sees only the public view of one contact."""
        return self.person_id is None


class Stream:
    """The sending side of one connection. Touched only from the event loop."""

    _numbers = itertools.count()

    def __init__(self, reader: Reader, position: Position) -> None:
        self.number = next(self._numbers)
        self.reader = reader
        self.position = position
        self.is_closing = False
        self._frames: list[bytes] = []
        self._held: list[Delivery] | None = []
        self._wake = asyncio.Event()

    @property
    def has_ended(self) -> bool:
        """Whether it is closed and its last frame was taken."""
        return self.is_closing and not self._frames

    def deliver(self, delivery: Delivery) -> None:
        """Send a delivery, or hold it back while older events are still being fetched."""
        if self._held is not None:
            self._held.append(delivery)
        elif delivery.position > self.position:
            self.position = delivery.position
            self.send(delivery.public_frame if self.reader.is_public else delivery.frame)

    def start(self, missed: list[Delivery]) -> None:
        """Send what was missed, then what was held back, each once and in order."""
        held, self._held = self._held or [], None
        for delivery in [*missed, *held]:
            self.deliver(delivery)

    def send(self, frame: bytes) -> None:
        """Queue a frame; a reader who is too far behind gets a reset instead and is closed."""
        if self.is_closing:
            return
        self._frames.append(frame)
        if len(self._frames) > BACKLOG:
            self._frames.clear()
            self.close(RESET)
        self._wake.set()

    def close(self, last: bytes) -> None:
        """Send a last frame and end the stream."""
        if not self.is_closing:
            if last:
                self._frames.append(last)
            self.is_closing = True
            self._wake.set()

    async def next_frames(self) -> bytes:
        """Wait for frames and return all that are queued."""
        await self._wake.wait()
        self._wake.clear()
        frames, self._frames = self._frames, []
        return b"".join(frames)
