"""One dispatcher, elected, that stumbles and goes on; and what it does at a tick."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import InterfaceError, connection, connections
from django.test.utils import CaptureQueriesContext

from heartline.common import clock
from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import ContactRequest, abandon_contact, open_contact
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Contact
from heartline.ledger.actions import one_change, record
from heartline.ledger.events import KINDS
from heartline.people.actions import set_presence
from heartline.people.events import PersonChanged
from heartline.people.models import Capacity, PersonSkill, Presence, QueueSkill
from heartline.routing import dispatcher, lease
from heartline.routing.actions import (
    accept_offer,
    decline_offer,
    give_back_contact,
    make_offer,
    take_back_offer,
    take_contact,
    transfer_contact,
)
from heartline.routing.models import DispatcherLease, Offer
from heartline.routing.queries import situation, situation_for_offers
from heartline.routing.rules import PASSED_OVER_FOR, PREFERRED_WAIT
from heartline.routing.tests.helpers import TEST, by, dispatch, fence, free, later, pending, sweep
from tests.cast import NOON, Cast, waiting_contact

CARD = {"wants": "一个日期", "tried": "", "promised": "", "do_not_ask": ""}


def offered(contact: Contact) -> str | None:
    found = pending(contact)
    return found.person.name if found else None


# When it looks


@pytest.mark.usefixtures("settled")
def test_what_is_said_wakes_nobody_and_who_comes_or_goes_does(cast: Cast) -> None:
    candidate = dispatcher.Candidate()
    contact = waiting_contact(cast)
    assert candidate.moved()
    add_message(contact, "reply", "Hallo?", client_key="again-and-again", by=Actor.customer(1, ""), now=NOON)
    assert not candidate.moved()
    abandon_contact(contact, "left", by=Actor.customer(1, ""), now=NOON)
    assert candidate.moved()
    assert not candidate.moved()


def test_every_kind_that_is_listened_for_is_one() -> None:
    assert KINDS.keys() >= dispatcher.MOVES_NOBODY | dispatcher.SET_UP


@pytest.mark.usefixtures("settled")
def test_what_people_can_do_is_read_anew_when_set_up_changes_it(cast: Cast) -> None:
    QueueSkill.objects.create(queue=cast.chat_zh, skill=cast.installation, level=4)
    contact = waiting_contact(cast)
    free(cast.lina, now=NOON)
    fence()
    DispatcherLease.objects.all().delete()
    candidate = dispatcher.Candidate()
    candidate.moved()
    assert candidate.tick(NOON) == 0
    change_abilities(cast)
    assert candidate.tick(NOON) == 0  # it has not heard of it yet
    assert candidate.moved()
    assert candidate.tick(NOON) == 1
    assert offered(contact) == "李娜"


def change_abilities(cast: Cast) -> None:
    """Let Lina know what the queue asks for, as the set-up page does."""
    PersonSkill.objects.create(person=cast.lina, skill=cast.installation, level=4)
    event = PersonChanged(
        person_id=cast.lina.id,
        person_name=cast.lina.name,
        team_ids=(),
        role=cast.lina.role,
        is_active=True,
        changed=("skills",),
    )
    with one_change():
        record(event, by=TEST, now=NOON, sample=False)


# What a tick does


def test_a_waiting_contact_is_offered_to_who_fits(cast: Cast) -> None:
    contact = waiting_contact(cast)
    free(cast.tom, cast.grace, cast.outsider, now=NOON)  # Tom has no Chinese, the outsider not this queue
    assert dispatch(NOON) == 1
    made = pending(contact)
    assert made
    assert made.person == cast.grace
    assert ["speaks_language", {"language": "zh-hans"}] in made.reasons


def test_a_queues_own_skill_is_asked_for(cast: Cast) -> None:
    QueueSkill.objects.create(queue=cast.chat_zh, skill=cast.installation, level=4)
    contact = waiting_contact(cast)
    free(cast.lina, now=NOON)
    assert dispatch(NOON) == 0
    PersonSkill.objects.create(person=cast.lina, skill=cast.installation, level=4)
    assert dispatch(NOON) == 1
    assert offered(contact) == "李娜"


def test_a_lapsed_offer_goes_to_the_next_person_at_the_old_place(cast: Cast) -> None:
    contact = waiting_contact(cast)
    free(cast.grace, cast.lina, now=NOON)
    dispatch(NOON)
    assert offered(contact) == "Grace Okafor"
    dispatch(later(NOON, seconds=25))
    assert offered(contact) == "李娜"
    assert Presence.objects.get(person=cast.grace).reason == "missed_offer"
    contact.refresh_from_db()
    assert contact.asked_at == NOON


def test_who_let_it_lapse_is_asked_again_after_a_while_when_nobody_else_is_there(cast: Cast) -> None:
    contact = waiting_contact(cast)
    free(cast.grace, now=NOON)
    dispatch(NOON)
    ended = later(NOON, seconds=25)
    dispatch(ended)
    free(cast.grace, now=ended)
    assert dispatch(ended + PASSED_OVER_FOR - timedelta(seconds=1)) == 0
    assert dispatch(ended + PASSED_OVER_FOR) == 1
    assert offered(contact) == "Grace Okafor"


def test_who_was_busy_is_asked_again_after_a_while(cast: Cast) -> None:
    contact = waiting_contact(cast)
    free(cast.grace, now=NOON)
    dispatch(NOON)
    made = pending(contact)
    assert made
    decline_offer(made.id, cast.grace, "busy", by=by(cast.grace), now=NOON)
    assert dispatch(NOON + PASSED_OVER_FOR - timedelta(seconds=1)) == 0
    assert dispatch(NOON + PASSED_OVER_FOR) == 1


@pytest.mark.parametrize("reason", ["knows_customer", "not_my_skill"])
def test_who_declined_for_good_is_never_asked_again(cast: Cast, reason: str) -> None:
    contact = waiting_contact(cast)
    free(cast.grace, now=NOON)
    dispatch(NOON)
    made = pending(contact)
    assert made
    decline_offer(made.id, cast.grace, reason, by=by(cast.grace), now=NOON)
    assert dispatch(later(NOON, days=1)) == 0


def test_who_knows_a_customer_is_not_offered_their_next_contact_either(cast: Cast) -> None:
    first = waiting_contact(cast)
    free(cast.grace, now=NOON)
    dispatch(NOON)
    made = pending(first)
    assert made
    decline_offer(made.id, cast.grace, "knows_customer", by=by(cast.grace), now=NOON)
    abandon_contact(first, "left", by=TEST, now=NOON)
    request = ContactRequest(
        customer=first.customer,
        queue=cast.chat_zh,
        channel="webchat",
        language="zh-hans",
        text="再问一下",
        client_key="second",
    )
    open_contact(request, by=TEST, now=NOON)
    assert dispatch(later(NOON, days=1)) == 0


def test_what_was_taken_back_goes_to_somebody_else(cast: Cast) -> None:
    contact = waiting_contact(cast)
    free(cast.grace, now=NOON)
    dispatch(NOON)
    made = pending(contact)
    assert made
    take_back_offer(made.id, by=by(cast.supervisor), now=NOON)
    assert dispatch(later(NOON, seconds=1)) == 0
    free(cast.lina, now=NOON)
    dispatch(later(NOON, seconds=2))
    assert offered(contact) == "李娜"


def test_what_was_given_back_goes_to_somebody_else_first(cast: Cast) -> None:
    contact = take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)
    free(cast.grace, now=NOON)
    give_back_contact(contact, by=by(cast.grace), now=NOON)
    assert dispatch(later(NOON, seconds=1)) == 0
    free(cast.lina, now=NOON)
    dispatch(later(NOON, seconds=2))
    assert offered(contact) == "李娜"


def test_a_transfer_by_name_waits_for_the_person_and_then_goes_to_everybody_but_the_giver(cast: Cast) -> None:
    contact = take_contact(waiting_contact(cast), cast.lina, by=by(cast.lina), now=NOON)
    set_presence(cast.grace, "on_break", by=TEST, now=NOON)
    free(cast.lina, cast.supervisor, now=NOON)
    asked = later(NOON, minutes=7)
    transfer_contact(contact, to_queue=None, to_person=cast.grace, **CARD, by=by(cast.lina), now=asked)
    assert dispatch(asked + PREFERRED_WAIT - timedelta(seconds=1)) == 0
    assert dispatch(asked + PREFERRED_WAIT) == 1
    assert offered(contact) == "Ruth Adeyemi"


def test_whoever_handed_a_case_on_is_never_offered_it_again(cast: Cast) -> None:
    contact = take_contact(waiting_contact(cast), cast.lina, by=by(cast.lina), now=NOON)
    free(cast.lina, now=NOON)
    transfer_contact(contact, to_queue=cast.chat_zh, to_person=None, **CARD, by=by(cast.lina), now=NOON)
    assert dispatch(later(NOON, days=2)) == 0


def test_a_transfer_leaves_behind_what_only_the_old_queue_asked_for(cast: Cast) -> None:
    QueueSkill.objects.create(queue=cast.chat_zh, skill=cast.installation, level=4)
    contact = waiting_contact(cast)
    contact.needs = {"language": "zh-hans", "skills": {"installation": 4}}
    contact.save()
    take_contact(contact, cast.grace, by=by(cast.grace), now=NOON)
    transfer_contact(contact, to_queue=cast.other_queue, to_person=None, **CARD, by=by(cast.grace), now=NOON)
    assert (contact.queue, contact.needs) == (cast.other_queue, {"language": "zh-hans", "skills": {}})
    free(cast.outsider, now=NOON)  # serves there and has never installed anything
    dispatch(NOON)
    assert offered(contact) == "Ben Cole"


def test_capacity_holds_over_many_ticks(cast: Cast) -> None:
    cast.grace.capacities.filter(channel="webchat").update(limit=2)
    for _ in range(4):
        waiting_contact(cast)
    free(cast.grace, now=NOON)
    for second in range(6):
        dispatch(later(NOON, seconds=second))
        for made in Offer.objects.filter(state="pending"):
            accept_offer(made.id, cast.grace, by=by(cast.grace), now=later(NOON, seconds=second))
    assert Contact.objects.filter(assignee=cast.grace).count() == 2


def test_a_contact_that_cannot_be_offered_does_not_hold_up_the_others(cast: Cast, monkeypatch, caplog) -> None:
    sick, well = waiting_contact(cast), waiting_contact(cast)
    free(cast.grace, cast.lina, now=NOON)
    real = make_offer

    def fail_for_one(contact, *args, **kwargs):
        if contact.id == sick.id:
            raise ValueError("cannot be offered")
        return real(contact, *args, **kwargs)

    def fail_together(*args, **kwargs):
        raise ValueError("one of them cannot be offered")

    monkeypatch.setattr(dispatcher, "make_offer", fail_for_one)
    monkeypatch.setattr(dispatcher, "make_offers", fail_together)
    assert dispatch(NOON) == 1
    assert offered(well) is not None
    assert "could not be offered" in caplog.text


def test_needs_that_make_no_sense_do_not_stop_the_dispatcher(cast: Cast) -> None:
    odd, well = waiting_contact(cast), waiting_contact(cast)
    several: tuple[Any, ...] = ([], {"skills": None}, {"skills": {"installation": "four"}})
    for nonsense in several:
        Contact.objects.filter(id=odd.id).update(needs=nonsense)
        free(cast.grace, cast.lina, now=NOON)
        dispatch(NOON)
        assert offered(well) is not None
        Offer.objects.all().delete()


@pytest.mark.parametrize("read", [situation, situation_for_offers])
def test_reading_the_situation_takes_the_same_few_queries_however_many_wait(cast: Cast, read) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read()
        return len(captured)

    waiting_contact(cast)
    free(cast.grace, now=NOON)
    few = queries()
    for _ in range(10):
        waiting_contact(cast)
    free(cast.lina, cast.tom, now=NOON)
    assert queries() == few <= 17


def test_work_of_a_channel_that_nobody_takes_now_is_not_looked_at(cast: Cast) -> None:
    free(cast.grace, now=NOON)
    chat, letter = waiting_contact(cast), waiting_contact(cast)
    Contact.objects.filter(id=letter.id).update(channel="webform")
    Capacity.objects.filter(person=cast.grace).exclude(channel="webchat").delete()
    assert {work.id for work in situation_for_offers().works} == {chat.id}
    assert {work.id for work in situation().works} == {chat.id, letter.id}


def test_when_everybody_is_busy_nobody_who_waits_is_looked_at(cast: Cast) -> None:
    Capacity.objects.filter(person=cast.grace, channel="webchat").update(limit=1)
    first, second = waiting_contact(cast), waiting_contact(cast)
    free(cast.grace, now=NOON)
    assert {work.id for work in situation_for_offers().works} == {first.id, second.id}
    take_contact(first, cast.grace, by=by(cast.grace), now=NOON)
    Capacity.objects.filter(person=cast.grace).exclude(channel="webchat").update(limit=0)
    assert situation_for_offers().works == []
    assert situation().works != []


def test_an_idle_tick_asks_two_questions(cast: Cast) -> None:
    free(cast.grace, now=NOON)
    candidate = dispatcher.Candidate()
    with CaptureQueriesContext(connection) as captured:
        candidate.tick(NOON)
    assert len(captured) == 2


# The lease


def test_the_lease_is_one_candidates_and_the_fence_grows_with_each_change(cast: Cast) -> None:
    assert lease.claim("first") == 1
    assert lease.claim("second") is None
    assert lease.claim("first") == 1
    lease.release("first")
    assert lease.claim("second") == 2
    assert lease.claim("first") is None


def test_a_lease_that_is_not_renewed_falls_to_the_next(cast: Cast) -> None:
    assert lease.claim("first") == 1
    DispatcherLease.objects.update(expires_at=lease.database_now())
    assert lease.claim("second") == 2


def test_a_lease_from_before_the_clock_was_set_back_does_not_block_for_ever(cast: Cast) -> None:
    assert lease.claim("first") == 1
    DispatcherLease.objects.update(expires_at=lease.database_now() + timedelta(hours=2))
    assert lease.claim("second") == 2


def test_a_dispatcher_that_wakes_up_deposed_writes_nothing(cast: Cast) -> None:
    waiting_contact(cast)
    free(cast.grace, now=NOON)
    zombie = dispatcher.Candidate()
    assert zombie.leads()
    DispatcherLease.objects.update(expires_at=lease.database_now())
    assert lease.claim("next") is not None
    assert zombie.leads()  # it has not looked again yet: this is the dangerous moment
    assert zombie.tick(NOON) == 0
    assert not Offer.objects.exists()


# Running for real


@contextmanager
def running(count: int = 1) -> Iterator[None]:
    """Run dispatchers in threads of their own."""
    stop = threading.Event()

    def work() -> None:
        try:
            dispatcher.run(stop)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(20)
        assert not any(thread.is_alive() for thread in threads)


def soon(condition: Callable[[], object]) -> bool:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_it_offers_when_somebody_becomes_free_and_when_somebody_asks(open_cast: Cast) -> None:
    first = waiting_contact(open_cast, now=clock.now())
    with running():
        assert soon(DispatcherLease.objects.exists)
        free(open_cast.grace, now=clock.now())
        assert soon(lambda: pending(first))
        free(open_cast.lina, now=clock.now())
        second = waiting_contact(open_cast, now=clock.now())
        assert soon(lambda: pending(second))
    assert DispatcherLease.objects.get().holder == ""  # it let go when it stopped


def test_it_notices_a_lapse_without_anything_happening(open_cast: Cast) -> None:
    open_cast.chat_zh.offer_seconds = 1
    open_cast.chat_zh.save()
    with running():
        free(open_cast.grace, now=clock.now())
        waiting_contact(open_cast, now=clock.now())
        assert soon(lambda: Presence.objects.filter(person=open_cast.grace, reason="missed_offer").exists())


def test_it_takes_an_offer_back_when_the_customer_leaves(open_cast: Cast) -> None:
    with running():
        free(open_cast.grace, now=clock.now())
        contact = waiting_contact(open_cast, now=clock.now())
        assert soon(lambda: pending(contact))
        abandon_contact(contact, "left", by=TEST, now=clock.now())
        assert soon(lambda: Offer.objects.filter(contact=contact, end_reason="customer_left").exists())


def test_a_failing_tick_is_logged_and_the_next_goes_on(open_cast: Cast, monkeypatch, caplog) -> None:
    failures = iter([ValueError("one bad moment"), InterfaceError("connection already closed")])
    real = situation_for_offers

    def sometimes(crew=None):
        for failure in failures:
            raise failure
        return real(crew)

    monkeypatch.setattr(dispatcher, "situation_for_offers", sometimes)
    with caplog.at_level(logging.ERROR), running():
        free(open_cast.grace, now=clock.now())
        contact = waiting_contact(open_cast, now=clock.now())
        assert soon(lambda: pending(contact))
    assert caplog.text.count("stumbled") == 2


def test_of_two_running_one_dispatches_and_the_other_takes_over(open_cast: Cast) -> None:
    with running(2):
        free(open_cast.grace, now=clock.now())
        contact = waiting_contact(open_cast, now=clock.now())
        assert soon(lambda: pending(contact))
        before = DispatcherLease.objects.get()
        # the holder dies: nobody renews in its name any more
        DispatcherLease.objects.update(holder="died", expires_at=lease.database_now())
        assert soon(lambda: DispatcherLease.objects.get().fence > before.fence)
        free(open_cast.lina, now=clock.now())
        second = waiting_contact(open_cast, now=clock.now())
        assert soon(lambda: pending(second))
    assert Offer.objects.count() == 2


@pytest.mark.postgres
def test_it_survives_losing_its_database_connections(open_cast: Cast) -> None:
    with running():
        assert soon(DispatcherLease.objects.exists)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        free(open_cast.grace, now=clock.now())
        contact = waiting_contact(open_cast, now=clock.now())
        assert soon(lambda: pending(contact))


def test_a_sweep_by_anybody_is_safe(cast: Cast) -> None:
    """Ending what is over needs no lease: it is compare-and-set, whoever does it."""
    contact = waiting_contact(cast)
    free(cast.grace, now=NOON)
    dispatch(NOON)
    fence()
    assert sweep(later(NOON, seconds=25)) == (1, 0)
    assert pending(contact) is None
