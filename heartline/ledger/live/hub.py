"""Fans deliveries out to the streams that hold one of their topics. Lives in one event loop."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable

from heartline.ledger.live.frames import BEAT, BYE, RESET, Delivery
from heartline.ledger.live.streams import Reader, Stream
from heartline.ledger.positions import START, Position

# Recent deliveries kept in memory: a stream that reconnects after a short gap costs no query.
RECENT = 5000


class Hub:
    """The open streams by topic, and the recent past."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.recent: deque[Delivery] = deque(maxlen=RECENT)
        self.position: Position = START
        self.reaches_back_to: Position = START
        self._by_topic: dict[str, set[Stream]] = {}
        self._by_reader: Counter[tuple[int | None, int | None]] = Counter()

    def begin_at(self, position: Position) -> None:
        """Start from a position: nothing older is in memory."""
        self.position = self.reaches_back_to = position

    def add(self, stream: Stream) -> None:
        """Open a stream; it holds deliveries back until `Stream.start`."""
        self.streams.add(stream)
        self._by_reader[stream.reader.who] += 1
        self._index(stream, stream.reader.topics)

    def remove(self, stream: Stream) -> None:
        """Forget a stream."""
        if stream in self.streams:
            self.streams.remove(stream)
            self._by_reader[stream.reader.who] -= 1
            if not self._by_reader[stream.reader.who]:
                del self._by_reader[stream.reader.who]
        for topic in stream.reader.topics:
            holders = self._by_topic.get(topic)
            if holders:
                holders.discard(stream)
                if not holders:
                    del self._by_topic[topic]

    def publish(self, batch: list[Delivery]) -> None:
        """Deliver a batch, oldest first."""
        for delivery in batch:
            if len(self.recent) == RECENT:
                self.reaches_back_to = self.recent[0].position
            self.recent.append(delivery)
            self.position = delivery.position
            for stream in self._receivers(delivery):
                stream.deliver(delivery)

    def pass_over(self, position: Position) -> bool:
        """Go on to a position without what lies before it, which nobody is there to hear; False when somebody is."""
        if self.streams:
            return False
        self.recent.clear()
        self.begin_at(position)
        return True

    def signal(self, names: Iterable[str], frame: bytes) -> None:
        """Send a transient frame to whoever holds one of the topics."""
        for stream in {stream for name in names for stream in self._by_topic.get(name, ())}:
            stream.send(frame)

    def missed_since(self, position: Position, reader: Reader) -> list[Delivery] | None:
        """Return what a reader missed from memory, or None when memory does not reach back that far."""
        if position < self.reaches_back_to:
            return None
        return [one for one in self.recent if one.position > position and concerns(one, reader)]

    def change_reader(self, stream: Stream, reader: Reader | None, *, start_anew: bool) -> None:
        """Give a stream the rights of now; without rights it ends, with others it may have to start anew."""
        if stream not in self.streams:
            return
        if reader is None:
            stream.close(BYE)
            return
        self.remove(stream)
        stream.reader = reader
        self.add(stream)
        if start_anew:
            stream.close(RESET)

    def open_streams_of(self, reader: Reader) -> int:
        """Return how many streams the same person, or the same chat, has open."""
        return self._by_reader[reader.who]

    def streams_of(self, people: Iterable[int]) -> list[Stream]:
        """Return the open streams of some people."""
        wanted = set(people)
        return [stream for stream in self.streams if stream.reader.person_id in wanted]

    def beat(self, turn: int = 0, turns: int = 1) -> None:
        """Send a heartbeat on the streams whose turn it is; with one turn, on every stream."""
        for stream in self.streams:
            if stream.number % turns == turn:
                stream.send(BEAT)

    def _index(self, stream: Stream, names: Iterable[str]) -> None:
        for name in names:
            self._by_topic.setdefault(name, set()).add(stream)

    def _receivers(self, delivery: Delivery) -> set[Stream]:
        names = {*delivery.topics, delivery.public_topic} - {""}
        return {stream for name in names for stream in self._by_topic.get(name, ())}


def concerns(delivery: Delivery, reader: Reader) -> bool:
    """Return whether a reader may see a delivery."""
    if reader.is_public:
        return bool(delivery.public_topic) and delivery.public_topic in reader.topics
    return not delivery.topics.isdisjoint(reader.topics)
