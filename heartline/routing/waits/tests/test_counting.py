"""Half hours are counted from the ledger, and counted again as they go on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from heartline.conversations.actions.cases import Wrapping, finish_contact
from heartline.conversations.actions.contacts import abandon_contact, end_contact
from heartline.conversations.models import Contact
from heartline.ledger.actions import one_change
from heartline.routing.actions import take_contact
from heartline.routing.tests.helpers import TEST, by
from heartline.routing.waits.counting import KEPT, count_half_hours
from heartline.routing.waits.models import Counted, HalfHour
from heartline.routing.waits.rules import half_hour_of, same_half_hours
from tests.cast import NOON, Cast, waiting_contact

pytestmark = pytest.mark.usefixtures("settled")
MINUTE = timedelta(minutes=1)


def served(cast: Cast, at: datetime, minutes: int) -> Contact:
    """Let Lina answer a contact, end it after some minutes, and wrap it up in one more."""
    contact = take_contact(waiting_contact(cast, now=at), cast.lina, by=by(cast.lina), now=at)
    end_contact(contact, ended_by="person", by=by(cast.lina), now=at + minutes * MINUTE)
    wrapping = Wrapping(reason=cast.reason, resolution="solved")
    finish_contact(contact, wrapping, by=by(cast.lina), now=at + (minutes + 1) * MINUTE)
    return contact


def counts(at: datetime) -> tuple[int, int, int, int] | None:
    row = HalfHour.objects.filter(starts_at=half_hour_of(at), channel="webchat").first()
    return (row.answered, row.left, row.served, row.served_seconds) if row else None


def test_what_happened_in_a_half_hour_adds_up(cast: Cast) -> None:
    start = half_hour_of(NOON)
    served(cast, start, 4)
    served(cast, start + MINUTE, 9)
    abandon_contact(waiting_contact(cast, now=start), "left", by=TEST, now=start + 3 * MINUTE)
    abandon_contact(waiting_contact(cast, now=start), "callback", by=TEST, now=start + 3 * MINUTE)
    count_half_hours(now=start + 20 * MINUTE)
    assert counts(start) == (2, 1, 2, (5 + 10) * 60)


def test_counting_again_changes_nothing_and_goes_on(cast: Cast) -> None:
    start = half_hour_of(NOON)
    served(cast, start, 4)
    for minutes in (6, 7, 60):
        count_half_hours(now=start + minutes * MINUTE)
        assert counts(start) == (1, 0, 1, 300)
    served(cast, start + 61 * MINUTE, 4)
    count_half_hours(now=start + 70 * MINUTE)
    assert counts(start + 60 * MINUTE) == (1, 0, 1, 300)
    assert counts(start) == (1, 0, 1, 300)


def test_what_is_late_to_be_written_is_counted_all_the_same(cast: Cast) -> None:
    start = half_hour_of(NOON)
    count_half_hours(now=start + 31 * MINUTE)
    served(cast, start + 10 * MINUTE, 4)
    count_half_hours(now=start + 35 * MINUTE)
    assert counts(start) == (1, 0, 1, 300)


def test_a_house_counted_for_the_first_time_catches_up_day_by_day(cast: Cast) -> None:
    long_ago = half_hour_of(NOON) - timedelta(weeks=5)
    served(cast, long_ago, 4)
    served(cast, NOON, 4)
    count_half_hours(now=NOON + 10 * MINUTE)
    assert counts(NOON) is not None  # what is now is never waited for
    rounds = 1
    while Counted.objects.get().upto < half_hour_of(NOON):
        count_half_hours(now=NOON + 10 * MINUTE)
        rounds += 1
    assert 10 < rounds < 30
    assert counts(long_ago) == (1, 0, 1, 300)


def test_what_nobody_compares_with_any_more_is_forgotten(cast: Cast) -> None:
    with one_change():
        HalfHour.objects.create(queue=cast.chat_zh, channel="webchat", starts_at=NOON - KEPT - MINUTE)
        HalfHour.objects.create(queue=cast.chat_zh, channel="webchat", starts_at=NOON - KEPT + MINUTE)
    count_half_hours(now=NOON)
    assert HalfHour.objects.count() == 1


def test_the_same_half_hour_is_that_of_the_clock_on_the_wall() -> None:
    # the last Sunday of October: clocks went back in Berlin, not in Shanghai
    now = datetime(2026, 10, 28, 9, 40, tzinfo=UTC)
    assert same_half_hours(now, "Asia/Shanghai")[0] == datetime(2026, 10, 21, 9, 30, tzinfo=UTC)
    assert same_half_hours(now, "Europe/Berlin")[0] == datetime(2026, 10, 21, 8, 30, tzinfo=UTC)
    assert len(same_half_hours(now, "Europe/Berlin")) == 8
