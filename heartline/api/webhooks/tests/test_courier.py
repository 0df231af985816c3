"""From the ledger to the receiver: everything, once or more, with the same id, whoever dies on the way."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from heartline.api.sealing import unseal
from heartline.api.webhooks import courier, wire
from heartline.api.webhooks.actions import deliveries
from heartline.api.webhooks.actions.webhooks import (
    change_webhook,
    renew_secret,
    send_again,
    send_test,
    switch_off,
    switch_on,
)
from heartline.api.webhooks.models import Delivery, Webhook, WebhookSecret
from heartline.api.webhooks.notices import tell_of_disabled
from heartline.api.webhooks.rules import SCHEDULE
from heartline.api.webhooks.tests.receiver import Receiver, come_back_in, verified
from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.actions.messages import add_message
from heartline.ledger.models import Entry
from heartline.ledger.positions import Position
from heartline.ledger.queries import read_after
from heartline.people.actions import actor_for
from heartline.people.models import Person
from tests.cast import NOON, Cast, waiting_contact

# the ledger is read as far as it is settled
pytestmark = pytest.mark.django_db(transaction=True)

Carry = Callable[[Webhook], None]
Add = Callable[..., tuple[Webhook, str]]


def states(webhook: Webhook) -> list[str]:
    return list(webhook.deliveries.order_by("id").values_list("state", flat=True))


def test_everything_that_happens_arrives_in_order(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, _ = add()
    start = Position(webhook.position_tx, webhook.position_id)
    contact = waiting_contact(cast)
    answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON)
    carry(webhook)
    happened = read_after(start)
    assert [one.told["position"] for one in receiver.taken] == [str(event.position) for event in happened]
    assert [one.id for one in receiver.taken] == [f"evt_{event.position}" for event in happened]
    assert set(states(webhook)) == {"delivered"}
    told = receiver.taken[-1].told
    assert told["type"] == happened[-1].kind
    assert told["timestamp"] == happened[-1].at.isoformat()
    carry(webhook)
    assert len(receiver.taken) == len(happened)


def test_only_the_kinds_that_were_asked_for(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, _ = add("conversations.contact_answered")
    contact = waiting_contact(cast)
    answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON)
    carry(webhook)
    assert [one.told["type"] for one in receiver.taken] == ["conversations.contact_answered"]
    webhook.refresh_from_db()
    assert webhook.position_id == Entry.objects.latest("id").id


def test_any_verifier_of_the_standard_accepts_what_we_sign(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, secret = add()
    waiting_contact(cast)
    carry(webhook)
    assert receiver.taken
    assert all(verified(secret, one) for one in receiver.taken)
    assert not verified("whsec_" + "A" * 44, receiver.taken[0])
    assert receiver.taken[0].headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert receiver.taken[0].headers["content-type"] == "application/json"


def test_while_a_secret_is_replaced_both_sign(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, old = add()
    new = renew_secret(webhook, by=actor_for(cast.admin), now=NOON)
    carry(webhook)
    assert verified(old, receiver.taken[0])
    assert verified(new, receiver.taken[0])
    with time_machine.travel(NOON + timedelta(hours=25), tick=False):
        waiting_contact(cast)
        carry(webhook)
        assert verified(new, receiver.taken[-1])
        assert not verified(old, receiver.taken[-1])


def test_a_secret_is_kept_sealed_and_told_nowhere(cast: Cast, add: Add):
    _, secret = add()
    kept = WebhookSecret.objects.get().sealed
    assert secret not in kept
    assert unseal(kept) == secret
    assert secret not in str(list(Entry.objects.values()))


def test_who_sees_less_is_sent_less(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    mine, _ = add(person=cast.grace)
    contact = waiting_contact(cast)
    carry(mine)
    assert {one.told["data"].get("contact_id") for one in receiver.taken} >= {contact.id}
    receiver.taken.clear()
    other, _ = add(person=cast.outsider)
    waiting_contact(cast)
    carry(other)
    assert receiver.taken == []


@pytest.mark.parametrize("words", [True, False])
def test_words_are_sent_only_when_asked_for(cast: Cast, add: Add, receiver: Receiver, carry: Carry, words: bool):
    webhook, _ = add("conversations.message_added", words=words)
    waiting_contact(cast)
    carry(webhook)
    (taken,) = receiver.taken
    assert ("师傅昨天又没来" in taken.body.decode()) is words
    assert (taken.told["data"].get("text") == "师傅昨天又没来") is words
    assert taken.told["by"]["kind"] == "customer"
    assert words or not taken.told["by"]["name"]


def test_rights_are_those_of_the_moment_of_sending(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, _ = add(person=cast.grace)
    receiver.answers = [500]
    waiting_contact(cast)
    carry(webhook)
    assert states(webhook).count("pending") >= 1
    cast.grace.teams.clear()
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        carry(webhook)
    assert set(states(webhook)) == {"withheld"}
    assert len(receiver.taken) == 1


def test_what_is_refused_is_tried_again_with_the_same_id(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, secret = add("conversations.case_opened")
    waiting_contact(cast)
    receiver.answers = [500, 503]
    moment = NOON
    for wait in (timedelta(), SCHEDULE[0] * 1.3, SCHEDULE[1] * 1.3):
        moment += wait
        with time_machine.travel(moment, tick=False):
            carry(webhook)
    first, second, third = receiver.taken
    assert first.id == second.id == third.id
    assert first.body == third.body
    assert first.headers["webhook-timestamp"] != third.headers["webhook-timestamp"]
    assert verified(secret, third)
    delivery = webhook.deliveries.get()
    assert (delivery.state, delivery.attempts) == ("delivered", 3)
    assert [one.status for one in delivery.tries.order_by("id")] == [500, 503, 204]
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since) == (0, None)


def test_one_event_that_is_never_taken_holds_up_no_other(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, _ = add("conversations.case_opened")
    waiting_contact(cast)
    receiver.answers = [500]
    carry(webhook)
    waiting_contact(cast)
    with time_machine.travel(NOON + timedelta(seconds=4), tick=False):
        carry(webhook)
    assert states(webhook) == ["pending", "delivered"]


def test_who_asks_to_be_left_alone_is(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, _ = add("conversations.case_opened")
    waiting_contact(cast)
    receiver.answers = [come_back_in(3600)]
    carry(webhook)
    with time_machine.travel(NOON + timedelta(minutes=59), tick=False):
        carry(webhook)
        assert len(receiver.taken) == 1
    with time_machine.travel(NOON + timedelta(minutes=61), tick=False):
        carry(webhook)
        assert states(webhook) == ["delivered"]


def test_after_three_days_it_is_given_up_and_can_be_sent_again(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, _ = add("conversations.case_opened")
    waiting_contact(cast)
    receiver.answers = [500] * 20
    moment = NOON
    for wait in (timedelta(), *SCHEDULE):
        moment += wait * 1.3
        with time_machine.travel(moment, tick=False):
            carry(webhook)
    delivery = webhook.deliveries.get()
    assert (delivery.state, delivery.attempts, len(receiver.taken)) == ("failed", 10, 10)
    receiver.answers = []
    send_again(delivery, by=actor_for(cast.admin), now=moment)
    with time_machine.travel(moment, tick=False):
        carry(webhook)
    delivery.refresh_from_db()
    assert (delivery.state, receiver.taken[-1].id) == ("delivered", receiver.taken[0].id)


def test_after_long_failure_it_is_switched_off_and_people_are_told(
    cast: Cast, add: Add, receiver: Receiver, carry: Carry
):
    webhook, _ = add("conversations.case_opened")
    receiver.answers = [500] * 99
    for day in range(7):
        with time_machine.travel(NOON + timedelta(days=day), tick=False):
            waiting_contact(cast)
            carry(webhook)
    webhook.refresh_from_db()
    assert (webhook.state, webhook.reason) == ("disabled", "failing")
    assert Entry.objects.filter(kind="webhooks.webhook_changed", body__reason="failing").count() == 1
    assert tell_of_disabled(now=NOON) == 1
    assert tell_of_disabled(now=NOON) == 0
    assert [one.to for one in mail.outbox] == [[cast.admin.email]]
    assert "Shop" in mail.outbox[0].subject
    sent = len(receiver.taken)
    receiver.answers = []
    switch_on(webhook, by=actor_for(cast.admin), now=NOON)
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        carry(webhook)
    assert "pending" not in states(webhook)
    assert len(receiver.taken) > sent


def test_an_address_that_is_gone_is_not_asked_again(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, _ = add()
    waiting_contact(cast)
    receiver.answers = [410]
    carry(webhook)
    webhook.refresh_from_db()
    assert (webhook.state, webhook.reason, len(receiver.taken)) == ("disabled", "gone", 1)


def test_eyes_that_may_see_nothing_any_more_switch_it_off(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, _ = add(person=cast.grace)
    waiting_contact(cast)
    Person.objects.filter(id=cast.grace.id).update(is_active=False)
    carry(webhook)
    webhook.refresh_from_db()
    assert (webhook.state, webhook.reason, receiver.taken) == ("disabled", "person", [])


def test_a_secret_that_cannot_be_read_switches_it_off(cast: Cast, add: Add, receiver: Receiver, carry: Carry, settings):
    webhook, _ = add()
    settings.SECRET_KEY = "another"
    waiting_contact(cast)
    carry(webhook)
    webhook.refresh_from_db()
    assert (webhook.state, webhook.reason, receiver.taken) == ("disabled", "secret", [])


def test_what_happens_while_it_is_off_is_kept_for_it(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, _ = add("conversations.case_opened")
    switch_off(webhook, by=actor_for(cast.admin), now=NOON)
    waiting_contact(cast)
    carry(webhook)
    assert receiver.taken == []
    switch_on(webhook, by=actor_for(cast.admin), now=NOON)
    carry(webhook)
    assert len(receiver.taken) == 1


def test_a_test_goes_to_its_webhook_alone_whatever_that_asks_for(
    cast: Cast, add: Add, receiver: Receiver, carry: Carry
):
    tested, _ = add("conversations.case_opened", person=cast.outsider)
    other, _ = add()
    send_test(tested, by=actor_for(cast.admin), now=NOON)
    carry(tested)
    assert [one.told["type"] for one in receiver.taken] == ["webhooks.webhook_tested"]
    receiver.taken.clear()
    carry(other)
    assert "webhooks.webhook_tested" not in [one.told["type"] for one in receiver.taken]


def test_whoever_dies_after_sending_and_before_noting_it_sends_it_again(
    cast: Cast, add: Add, receiver: Receiver, carry: Carry, monkeypatch
):
    webhook, _ = add("conversations.case_opened")
    waiting_contact(cast)

    def die(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(deliveries, "note_answer", die)
    with pytest.raises(KeyboardInterrupt):
        carry(webhook)
    monkeypatch.undo()
    carry(webhook)
    assert len(receiver.taken) == 1, "the claim of the dead still stands"
    with time_machine.travel(NOON + deliveries.LEASE, tick=False):
        carry(webhook)
    assert [one.id for one in receiver.taken] == [receiver.taken[0].id] * 2
    assert states(webhook) == ["delivered"]


def test_who_lost_the_claim_moves_nothing_and_sends_nothing(cast: Cast, add: Add, receiver: Receiver):
    webhook, _ = add()
    waiting_contact(cast)
    asleep = deliveries.claim(webhook.id, now=NOON)
    assert asleep is not None
    assert deliveries.claim(webhook.id, now=NOON) is None
    later = NOON + deliveries.LEASE
    awake = deliveries.claim(webhook.id, now=later)
    assert awake is not None
    assert not deliveries.renew(asleep, now=later)
    assert not deliveries.plan(asleep, now=later)
    deliveries.release(asleep)
    assert deliveries.renew(awake, now=later)
    assert deliveries.plan(awake, now=later)
    assert not Delivery.objects.exclude(state="pending").exists()


def test_much_that_waits_stays_in_the_ledger(cast: Cast, add: Add, monkeypatch):
    monkeypatch.setattr(deliveries, "MOST_WAITING", 3)
    webhook, _ = add()
    waiting_contact(cast)
    claimed = deliveries.claim(webhook.id, now=NOON)
    assert claimed is not None
    assert deliveries.plan(claimed, now=NOON)
    waiting_contact(cast)
    assert not deliveries.plan(claimed, now=NOON)


def test_the_watcher_passes_over_what_is_for_nobody_without_a_write(cast: Cast, add: Add, receiver: Receiver):
    webhook, _ = add("voice_of_customer.responded")
    waiting_contact(cast)
    watcher = courier.Watcher(threading.Event())
    assert watcher.round(NOON)
    assert not watcher._senders
    assert watcher._looked[webhook.id].id == Entry.objects.latest("id").id
    assert receiver.taken == []


def test_without_a_webhook_nothing_is_looked_at(cast: Cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert not courier.Watcher(threading.Event()).round(NOON)


def test_what_is_too_large_is_sent_without_words(cast: Cast, add: Add, receiver: Receiver, carry: Carry, monkeypatch):
    monkeypatch.setattr(courier, "LARGEST", 1000)
    webhook, _ = add("conversations.message_added", words=True)
    contact = waiting_contact(cast)
    customer = Actor.customer(contact.customer_id, "")
    add_message(contact, "reply", "长" * 2000, client_key="k", by=customer, now=NOON)
    carry(webhook)
    assert "text" not in receiver.taken[-1].told["data"]


def test_a_name_of_a_customer_that_is_markup_stays_text(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, _ = add(words=True)
    change_webhook(webhook, {"name": "<b>x</b>\x00"}, by=actor_for(cast.admin), now=NOON)
    carry(webhook)
    assert json.loads(receiver.taken[-1].body)["data"]["name"] == "<b>x</b>"


def test_old_deliveries_are_forgotten_and_never_sent_anew(cast: Cast, add: Add, receiver: Receiver, carry: Carry):
    webhook, _ = add()
    waiting_contact(cast)
    carry(webhook)
    sent = len(receiver.taken)
    later = NOON + deliveries.KEPT_FOR + timedelta(seconds=1)
    assert deliveries.forget_deliveries(now=later) >= sent
    assert not Delivery.objects.exists()
    with time_machine.travel(later, tick=False):
        carry(webhook)
    assert len(receiver.taken) == sent


def test_no_answer_is_no_delivery(cast: Cast, add: Add, carry: Carry, monkeypatch):
    webhook, _ = add("conversations.case_opened")
    waiting_contact(cast)
    monkeypatch.setattr(wire, "post", lambda *_: wire.Answer(None, "timeout", 15000))
    carry(webhook)
    delivery = webhook.deliveries.get()
    assert (delivery.state, delivery.tries.get().problem) == ("pending", "timeout")


def test_webhooks_at_the_same_place_share_one_look_at_the_ledger(
    cast: Cast, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        add("voice_of_customer.responded")
    Webhook.objects.update(position_tx=0, position_id=0)
    looks: list[Position] = []

    def read(position: Position, limit: int) -> list[object]:
        looks.append(position)
        return list(read_after(position, limit))

    monkeypatch.setattr(courier, "read_after", read)
    assert courier.Watcher(threading.Event()).round(NOON)
    assert len(looks) == len(set(looks)) == 2, "what there is, and that nothing follows"


def test_a_running_courier_carries_what_happens_and_stops_when_told(cast: Cast, add: Add, receiver: Receiver) -> None:
    add("conversations.case_opened")
    stop = threading.Event()
    running = threading.Thread(target=courier.run, args=(stop,))
    running.start()
    waiting_contact(cast)
    until = time.perf_counter() + 30
    while not receiver.taken and time.perf_counter() < until:
        stop.wait(0.05)
    stop.set()
    running.join(10)
    assert not running.is_alive()
    assert [one.told["type"] for one in receiver.taken] == ["conversations.case_opened"]
