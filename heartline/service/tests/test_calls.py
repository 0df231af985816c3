"""The call somebody has in hand: what the desk shows of it, and that the desk follows each attempt by events alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.translation import override

from heartline.conversations.models import Contact
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.queries import scope_of
from heartline.promises.callbacks.actions import LASTS, move_call
from heartline.promises.callbacks.models import Call
from heartline.promises.callbacks.tests.conftest import asks, cast, ringing
from heartline.service.actions import Worker
from heartline.service.calls import call_shown, note
from heartline.service.tests.verify import verify_action
from tests.cast import NOON, Cast

__all__ = ["cast", "ringing"]
pytestmark = pytest.mark.usefixtures("settled")


def worker(person: Person, minutes: float = 0) -> Worker:
    return Worker(person=person, scope=scope_of(person), now=NOON + timedelta(minutes=minutes))


def test_the_desk_shows_the_number_what_was_tried_and_what_may_come_of_it(cast: Cast, ringing: Contact) -> None:
    note(worker(cast.lina), ringing, "no_answer")
    ringing.refresh_from_db()
    with override("en"):
        shown = call_shown(worker(cast.lina, 1), ringing)
    assert shown["number"] == "+8613800000000"
    assert shown["tries"] == ["11:38, 李娜: No answer · again from 11:58"]
    assert shown["outcomes"] == []  # it is nobody's now


@pytest.mark.parametrize("outcome", ["reached", "no_answer", "wrong_number"])
def test_every_desk_follows_an_attempt_by_events(cast: Cast, ringing: Contact, outcome: str) -> None:
    everybody = [cast.lina, cast.grace, cast.supervisor]
    verify_action(everybody, lambda: note(worker(cast.lina), ringing, outcome), now=NOON)


def test_every_desk_follows_a_call_that_is_moved(cast: Cast) -> None:
    contact = asks(cast)
    at = NOON + timedelta(hours=3)
    by = actor_for(cast.grace)
    verify_action(cast.grace, lambda: move_call(Call.objects.get(), at, at + LASTS, by=by, now=NOON), now=NOON)
    assert contact.call.slot_at is None
