"""Taking by hand keeps to the limits of an offer, says which one stands in the way, and tells who went beyond it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.common.errors import Conflict
from heartline.conversations.models import Contact
from heartline.ledger.models import Entry
from heartline.people.models import Capacity
from heartline.routing.actions import take_contact
from heartline.routing.hands import too_much
from heartline.routing.plans.actions import publish, save_draft
from heartline.routing.plans.queries import forget
from heartline.routing.rules.plan import People, Plan, QueuePlan
from heartline.routing.rules.situation import Server
from heartline.routing.tests.helpers import by
from tests.cast import NOON, Cast, assemble, waiting_contact


@pytest.fixture
def cast(db: None) -> Cast:
    forget()
    return assemble()


def live_by(cast: Cast, content: dict[str, Any]) -> None:
    publish(save_draft(content, by=by(cast.admin), now=NOON), by=by(cast.admin), now=NOON)


def a_message(cast: Cast) -> Contact:
    contact = waiting_contact(cast)
    contact.channel = "webform"
    contact.save(update_fields=["channel"])
    return contact


def refused(cast: Cast) -> str:
    with pytest.raises(Conflict) as refusal:
        take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)
    assert refusal.value.code == "at_capacity"
    return str(refusal.value)


def test_what_is_carried_over_all_channels_counts(cast: Cast) -> None:
    live_by(cast, {"people": {"load": 5, "weights": {"webchat": 3}}})
    take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)
    assert "weighs as much as one carries at once (5 units)" in refused(cast)


def test_what_may_come_on_top_may_be_taken_too(cast: Cast) -> None:
    Capacity.objects.update_or_create(person=cast.grace, channel="webform", defaults={"limit": 5})
    heavy = {"load": 3, "weights": {"webchat": 2, "webform": 2}}
    live_by(cast, {"people": heavy})
    take_contact(a_message(cast), cast.grace, by=by(cast.grace), now=NOON)
    assert "units" in refused(cast)
    live_by(cast, {"people": {**heavy, "interrupts": [{"in_hand": "webform", "incoming": "webchat"}]}})
    assert take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON).assignee == cast.grace


def test_the_most_of_a_queue_for_one_person_holds(cast: Cast) -> None:
    live_by(cast, {"queues": {"chat-zh": {"most_per_person": 1}}})
    take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)
    assert "1 of this queue already" in refused(cast)


def test_a_channel_that_somebody_does_not_take_is_called_so(cast: Cast) -> None:
    Capacity.objects.filter(person=cast.grace, channel="webchat").update(limit=0)
    assert refused(cast) == "You take nothing of this channel"


def test_going_beyond_is_told_with_the_limit_that_was_passed(cast: Cast) -> None:
    Capacity.objects.filter(person=cast.grace, channel="webchat").update(limit=1)
    first = take_contact(waiting_contact(cast), cast.grace, over=True, by=by(cast.grace), now=NOON)
    assert not Entry.objects.filter(kind="routing.limit_passed").exists(), "nothing was passed"
    second = take_contact(waiting_contact(cast), cast.grace, over=True, by=by(cast.grace), now=NOON)
    assert (first.assignee, second.assignee) == (cast.grace, cast.grace)
    told = Entry.objects.get(kind="routing.limit_passed").body
    assert (told["contact_id"], told["limit"], told["values"]) == (second.id, "hands_full", {"held": 1, "limit": 1})


counts = st.dictionaries(st.sampled_from(["webchat", "webform", "callback"]), st.integers(0, 4))


@given(
    counts, counts, st.integers(0, 6), st.integers(0, 3), st.integers(0, 3), st.sampled_from(["webchat", "callback"])
)
def test_by_hand_fits_what_an_offer_fits(
    limits: dict[str, int], held: dict[str, int], load: int, most: int, held_of: int, channel: str
) -> None:
    plan = Plan(people=People(load=load, weights={"callback": 2}), queues={1: QueuePlan(most_per_person=most)})
    server = Server(
        id=1, name="", available=True, queues=frozenset({1}), limits=limits, held=held, held_of={1: held_of}
    )
    fits = server.takes(channel, plan.people) and not (most and held_of >= most)
    assert (too_much(server, channel, 1, plan) is None) == fits
