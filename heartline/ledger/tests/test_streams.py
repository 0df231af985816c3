"""Every stream gets exactly the events after its position, once, in order, and only those it may see."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from heartline.ledger.live.frames import RESET, Delivery
from heartline.ledger.live.hub import Hub
from heartline.ledger.live.streams import BACKLOG, Reader, Stream
from heartline.ledger.positions import Position


def _delivery(number: int, topic: str = "queue:1", public: str = "") -> Delivery:
    return Delivery(
        Position(0, number), "tests.noted", frozenset({topic}), b"%d " % number, public, b"p%d " % number, frozenset()
    )


async def _sent(stream: Stream) -> bytes:
    return await asyncio.wait_for(stream.next_frames(), 1)


@given(
    topics=st.lists(st.sampled_from(["queue:1", "queue:2"]), max_size=30),
    joins_at=st.integers(0, 30),
    resumes_from=st.integers(0, 30),
    catches_up_at=st.integers(0, 30),
)
def test_exact_resume(topics: list[str], joins_at: int, resumes_from: int, catches_up_at: int) -> None:
    async def scenario() -> None:
        hub = Hub()
        all_of_them = [_delivery(number + 1, topic) for number, topic in enumerate(topics)]
        join, caught = min(joins_at, len(topics)), min(max(joins_at, catches_up_at), len(topics))
        after = min(resumes_from, join)
        hub.publish(all_of_them[:join])
        reader = Reader(frozenset({"queue:1"}), person_id=1)
        stream = Stream(reader, Position(0, after))
        hub.add(stream)
        missed = hub.missed_since(stream.position, reader)
        hub.publish(all_of_them[join:caught])
        assert missed is not None
        stream.start(missed)
        hub.publish(all_of_them[caught:])
        expected = [one.frame for one in all_of_them if one.position.id > after and "queue:1" in one.topics]
        got = await _sent(stream) if expected else b""
        assert got.split() == [frame.strip() for frame in expected]

    asyncio.run(scenario())


def test_a_customer_sees_only_the_public_view_of_their_own_contact() -> None:
    async def scenario() -> None:
        hub = Hub()
        visitor = Stream(Reader(frozenset({"contact:7"}), contact_id=7), Position(0, 0))
        hub.add(visitor)
        visitor.start([])
        hub.publish([_delivery(1), _delivery(2, public="contact:7"), _delivery(3, public="contact:8")])
        assert await _sent(visitor) == b"p2 "

    asyncio.run(scenario())


def test_a_reader_who_is_too_slow_is_reset_and_memory_stays_bounded() -> None:
    async def scenario() -> None:
        hub = Hub()
        slow = Stream(Reader(frozenset({"queue:1"}), person_id=1), Position(0, 0))
        hub.add(slow)
        slow.start([])
        hub.publish([_delivery(number) for number in range(1, BACKLOG + 50)])
        assert await _sent(slow) == RESET
        assert slow.is_closing

    asyncio.run(scenario())


def test_memory_says_when_it_does_not_reach_back() -> None:
    hub = Hub()
    hub.begin_at(Position(0, 100))
    reader = Reader(frozenset({"queue:1"}), person_id=1)
    assert hub.missed_since(Position(0, 99), reader) is None
    hub.publish([_delivery(101)])
    assert [one.position.id for one in hub.missed_since(Position(0, 100), reader) or []] == [101]


def test_losing_every_right_ends_the_stream_and_losing_some_stops_those_events() -> None:
    async def scenario() -> None:
        hub = Hub()
        stream = Stream(Reader(frozenset({"queue:1", "queue:2"}), person_id=1), Position(0, 0))
        hub.add(stream)
        stream.start([])
        hub.change_reader(stream, Reader(frozenset({"queue:2"}), person_id=1), start_anew=False)
        hub.publish([_delivery(1, "queue:1"), _delivery(2, "queue:2")])
        assert await _sent(stream) == b"2 "
        hub.change_reader(stream, None, start_anew=False)
        assert b"bye" in await _sent(stream)

    asyncio.run(scenario())
