"""What may be said about a wait, from who is here now and what this half hour was like in recent weeks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heartline.conversations.models import Contact
from heartline.routing.actions import take_contact
from heartline.routing.tests.helpers import by, free, later, offer
from heartline.routing.waits import queries
from heartline.routing.waits.models import HalfHour
from heartline.routing.waits.queries import expected_wait, lately, position_of, wait_of
from heartline.routing.waits.rules import half_hour_of
from tests.cast import NOON, Cast, waiting_contact

WEEK = timedelta(weeks=1)


def of_the_week(cast: Cast, at: datetime, *, served: int, minutes: int, left: int = 0) -> None:
    """Let a half hour of another week have been so."""
    HalfHour.objects.create(
        queue=cast.chat_zh,
        channel="webchat",
        starts_at=half_hour_of(at),
        answered=served,
        left=left,
        served=served,
        served_seconds=served * minutes * 60,
    )


@pytest.fixture
def full_hands(cast: Cast) -> Contact:
    """Grace takes one contact at once, and has it."""
    cast.grace.capacities.filter(channel="webchat").update(limit=1)
    free(cast.grace, now=NOON)
    return take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)


def test_nobody_there_means_nothing_is_told(cast: Cast) -> None:
    assert expected_wait(cast.chat_zh, "webchat", NOON) is None


def test_somebody_free_means_under_a_minute(cast: Cast) -> None:
    free(cast.grace, now=NOON)
    assert expected_wait(cast.chat_zh, "webchat", NOON) == (0, 1)
    assert expected_wait(cast.chat_zh, "webchat", NOON, language="zh-hans") == (0, 1)
    assert expected_wait(cast.other_queue, "webchat", NOON) is None


def test_a_language_nobody_there_serves_in_is_not_promised(cast: Cast) -> None:
    free(cast.tom, now=NOON)
    assert expected_wait(cast.chat_zh, "webchat", NOON, language="zh-hans") is None


def test_full_hands_and_no_history_means_nothing_is_told(cast: Cast) -> None:
    cast.grace.capacities.filter(channel="webchat").update(limit=1)
    free(cast.grace, now=NOON)
    take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)
    assert expected_wait(cast.chat_zh, "webchat", NOON) is None


def test_a_place_that_is_offered_is_not_free(cast: Cast) -> None:
    cast.grace.capacities.filter(channel="webchat").update(limit=2)
    contact = waiting_contact(cast)
    offer(contact, cast.grace, now=NOON)
    assert expected_wait(cast.chat_zh, "webchat", NOON) == (0, 1)  # the second place
    cast.grace.capacities.filter(channel="webchat").update(limit=1)
    assert expected_wait(cast.chat_zh, "webchat", NOON) is None


def test_full_hands_with_history_give_a_range_that_grows_with_the_line(cast: Cast) -> None:
    of_the_week(cast, NOON - WEEK, served=6, minutes=10)
    cast.grace.capacities.filter(channel="webchat").update(limit=1)
    free(cast.grace, now=NOON)
    take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)
    # one place of ten minutes: the 10th and 90th percentile of an exponential are 1 min and 23 min
    assert expected_wait(cast.chat_zh, "webchat", NOON) == (0, 23)
    waiting_contact(cast)
    longer = expected_wait(cast.chat_zh, "webchat", NOON)
    assert longer
    assert longer[0] >= 5
    assert longer[1] > 23


@pytest.mark.usefixtures("full_hands")
def test_the_same_half_hour_of_recent_weeks_decides(cast: Cast) -> None:
    of_the_week(cast, NOON - WEEK, served=6, minutes=10)
    of_the_week(cast, NOON - WEEK + timedelta(hours=4), served=600, minutes=1)
    of_the_week(cast, NOON - timedelta(days=3), served=600, minutes=1)
    assert lately(cast.chat_zh.id, "webchat", NOON).served == 6
    assert expected_wait(cast.chat_zh, "webchat", NOON) == (0, 23)


@pytest.mark.usefixtures("full_hands")
def test_the_last_hours_of_today_count_as_well(cast: Cast) -> None:
    of_the_week(cast, NOON - WEEK, served=6, minutes=10)
    of_the_week(cast, NOON - timedelta(hours=1), served=6, minutes=30)
    known = lately(cast.chat_zh.id, "webchat", NOON)
    assert (known.served, known.served_seconds) == (12, 6 * 600 + 6 * 1800)


@pytest.mark.usefixtures("full_hands")
def test_a_half_hour_like_no_other_is_judged_by_the_week(cast: Cast) -> None:
    of_the_week(cast, NOON - timedelta(days=3), served=20, minutes=10, left=20)
    known = lately(cast.chat_zh.id, "webchat", NOON)
    assert (known.served, known.left_share) == (20, 0.5)


@pytest.mark.usefixtures("full_hands")
def test_who_stands_further_behind_waits_longer(cast: Cast) -> None:
    of_the_week(cast, NOON - WEEK, served=6, minutes=10)
    waiting = [waiting_contact(cast, now=later(NOON, seconds=second)) for second in range(3)]
    told = [wait_of(contact, NOON) for contact in waiting]
    assert [place for place, _wait in told] == [1, 2, 3]
    assert told[0][1] == (0, 23)
    assert [wait[1] for _place, wait in told if wait] == sorted(wait[1] for _place, wait in told if wait)
    assert (
        expected_wait(cast.chat_zh, "webchat", NOON, language="zh-hans")
        == wait_of(waiting_contact(cast, now=later(NOON, minutes=1)), NOON)[1]
    )


@pytest.mark.usefixtures("full_hands")
def test_five_hundred_who_look_ask_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "STANDS", timedelta(seconds=2))
    of_the_week(cast, NOON - WEEK, served=6, minutes=10)
    waiting = [waiting_contact(cast, now=later(NOON, seconds=second)) for second in range(5)]
    first = wait_of(waiting[0], NOON)
    late = waiting_contact(cast, now=NOON)
    with CaptureQueriesContext(connection) as captured:
        told = [wait_of(contact, NOON) for contact in waiting * 100]
        assert position_of(late, NOON) == 6  # came a moment ago: the last until the line is read again
    assert len(captured) == 0
    assert told[0] == first
    assert position_of(late, later(NOON, seconds=2)) < 6
