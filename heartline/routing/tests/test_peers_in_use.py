"""Traps in how other routers work that show only in a running house, each as a test of ours."""

from __future__ import annotations

import pytest

from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import end_contact
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Contact
from heartline.people.actions import set_presence
from heartline.people.models import Capacity, Person, Presence
from heartline.routing.actions import accept_offer, take_contact
from heartline.routing.plans.actions import publish, save_draft
from heartline.routing.queries import explanations
from heartline.routing.tests.helpers import TEST, by, dispatch, free, later, pending
from tests.cast import NOON, Cast, waiting_contact


def offered(contact: Contact) -> Person | None:
    found = pending(contact)
    return found.person if found else None


def test_an_offer_outlives_the_step_it_was_made_on_asterisk_timeoutpriority(cast: Cast) -> None:
    """Whichever of two timeouts came first took the call away there, from under the hand that reached for it."""
    steps = {"queues": {"chat-zh": {"steps": [{"until": 60}, {"skills": {"installation": 4}}]}}}
    publish(save_draft(steps, by=by(cast.admin), now=NOON), by=by(cast.admin), now=NOON)
    contact = waiting_contact(cast)
    free(cast.lina, now=NOON)
    dispatch(later(NOON, seconds=59))
    made = pending(contact)
    assert made
    assert made.expires_at == later(NOON, seconds=59 + contact.queue.offer_seconds)
    dispatch(later(NOON, seconds=61))  # by now it is for others
    accept_offer(made.id, cast.lina, by=by(cast.lina), now=later(NOON, seconds=62))
    contact.refresh_from_db()
    assert contact.assignee == cast.lina


def test_who_writes_while_they_wait_keeps_their_place_chatwoot(cast: Cast) -> None:
    """By last activity the one who asks again and again is always the last there."""
    first, second = waiting_contact(cast), waiting_contact(cast, now=later(NOON, seconds=1))
    customer = Actor.customer(first.customer_id, "")
    for minute in range(1, 4):
        now = later(NOON, minutes=minute)
        add_message(first, "reply", "还在吗？", client_key=f"again-{minute}", by=customer, now=now)
    found = explanations(later(NOON, minutes=4))
    assert [found[one.id].position for one in (first, second)] == [1, 2]
    assert dict(found[first.id].order)["waited"]["seconds"] == 240


@pytest.mark.parametrize("act", ["break", "by_hand"])
def test_neither_a_break_nor_work_of_ones_own_moves_the_turn_connect(cast: Cast, act: str) -> None:
    """Longest in Available, or since any call, sends whoever took a breath, or rang somebody, to the end there."""
    Presence.objects.filter(person=cast.lina).update(last_offered_at=later(NOON, minutes=-9))
    Presence.objects.filter(person=cast.grace).update(last_offered_at=later(NOON, minutes=-8))
    free(cast.lina, cast.grace, now=NOON)
    if act == "break":
        set_presence(cast.lina, "on_break", by=by(cast.lina), now=NOON)
        set_presence(cast.lina, "available", by=by(cast.lina), now=later(NOON, minutes=5))
    else:
        take_contact(waiting_contact(cast), cast.lina, by=by(cast.lina), now=NOON)
    contact = waiting_contact(cast, now=later(NOON, minutes=5))
    dispatch(later(NOON, minutes=5))
    assert offered(contact) == cast.lina


def test_when_everybody_leaves_nobody_who_waits_is_put_out_asterisk_leavewhenempty(cast: Cast) -> None:
    contact = waiting_contact(cast)
    for state in ("available", "offline"):
        set_presence(cast.lina, state, by=TEST, now=NOON)
        dispatch(NOON)
    late = later(NOON, hours=7)
    newcomer = waiting_contact(cast, now=late)
    assert explanations(late)[contact.id].why == (("nobody_here", {}),)
    free(cast.lina, now=late)
    dispatch(late)
    assert (offered(contact), offered(newcomer)) == (cast.lina, None)


def test_wrapping_up_counts_in_every_queue_asterisk_shared_lastcall(cast: Cast) -> None:
    """Another queue rang whoever was still writing up the call of the first."""
    Capacity.objects.filter(person=cast.grace, channel="webchat").update(limit=1)
    first = take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)
    end_contact(first, ended_by="person", by=by(cast.grace), now=later(NOON, minutes=1))
    free(cast.grace, now=NOON)
    other = waiting_contact(cast, queue=cast.chat_en)
    dispatch(later(NOON, minutes=2))
    assert (first.state, offered(other)) == ("wrap_up", None)


def test_a_missed_offer_is_missed_for_every_queue_and_seen_asterisk_autopause(cast: Cast) -> None:
    """Paused in one queue, whoever had left their desk was rung by the next, and nobody saw why they were paused."""
    first = waiting_contact(cast)
    free(cast.grace, now=NOON)
    dispatch(NOON)
    assert offered(first) == cast.grace
    waiting_contact(cast, queue=cast.chat_en)
    gone = later(NOON, seconds=first.queue.offer_seconds)
    assert dispatch(gone) == 0
    shown = Presence.objects.get(person=cast.grace)
    assert (shown.state, shown.reason) == ("not_ready", "missed_offer")
    free(cast.grace, now=gone)
    assert dispatch(gone) == 1  # the other one: this one was theirs a moment ago
    assert offered(first) is None
