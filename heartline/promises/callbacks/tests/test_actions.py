"""A call is tried again at its old place, never dropped, moved by its customer, and told of when it is late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.conversations.models import Contact, Message
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.promises.actions import note_late
from heartline.promises.callbacks import actions
from heartline.promises.callbacks.actions import LASTS, call_off, move_call, note_try, tell_late
from heartline.promises.callbacks.models import Call
from heartline.promises.callbacks.queries import rooms
from heartline.promises.callbacks.tests.conftest import DUE, asks
from heartline.promises.models import FollowUp
from heartline.routing.actions import take_contact
from heartline.routing.plans.actions import publish, save_draft
from heartline.routing.rules.plan import Calls
from heartline.routing.tests.helpers import dispatch, free, pending
from tests.cast import NOON, Cast

HALF_HOUR = timedelta(minutes=30)
GAPS = (timedelta(seconds=Calls().first_gap), timedelta(seconds=Calls().later_gap))


def owed(contact: Contact) -> FollowUp:
    return FollowUp.objects.get(case=contact.case, kind="callback", state="open")


def notices(contact: Contact) -> list[str]:
    return list(Message.objects.filter(contact=contact, kind="notice").order_by("id").values_list("body", flat=True))


def tried(contact: Contact, cast: Cast, outcome: str, now: datetime = NOON) -> Contact:
    note_try(contact, outcome, by=actor_for(cast.lina), now=now)
    contact.refresh_from_db()
    return contact


def test_somebody_who_is_reached_stays_in_hand(cast: Cast, ringing: Contact) -> None:
    tried(ringing, cast, "reached")
    assert (ringing.state, ringing.assignee) == ("active", cast.lina)
    assert Call.objects.get().state == "reached"
    assert notices(ringing) == []
    with pytest.raises(Conflict):
        note_try(ringing, "no_answer", by=actor_for(cast.lina), now=NOON)


def test_nobody_answers_and_it_waits_again_at_its_old_place(cast: Cast, ringing: Contact) -> None:
    asked_at = ringing.asked_at
    tried(ringing, cast, "no_answer")
    again = NOON + GAPS[0]
    assert (ringing.state, ringing.assignee, ringing.due_at) == ("waiting", None, again)
    assert ringing.asked_at == asked_at
    assert owed(ringing).due_at == again + LASTS
    assert "未能接通" in notices(ringing)[0]
    told = Entry.objects.get(kind="promises.call_tried")
    assert (told.body["outcome"], told.body["number"]) == ("no_answer", 1)


def test_it_is_offered_again_only_when_the_gap_is_over(cast: Cast, ringing: Contact) -> None:
    tried(ringing, cast, "no_answer")
    free(cast.lina, now=NOON)
    dispatch(NOON + GAPS[0] - timedelta(seconds=1))
    assert pending(ringing) is None
    dispatch(NOON + GAPS[0])
    assert pending(ringing) is not None


def test_who_is_engaged_is_rung_again_soon(cast: Cast, ringing: Contact) -> None:
    assert tried(ringing, cast, "busy").due_at == NOON + timedelta(minutes=5)


def test_after_the_last_attempt_the_customer_is_told_and_the_contact_ends(cast: Cast, ringing: Contact) -> None:
    now = NOON
    for gap in GAPS:
        tried(ringing, cast, "no_answer", now)
        now += gap
        take_contact(ringing, cast.lina, by=actor_for(cast.lina), now=now)
    tried(ringing, cast, "voicemail", now)
    assert (ringing.state, ringing.assignee) == ("wrap_up", cast.lina)
    assert Call.objects.get().state == "given_up"
    assert len(notices(ringing)) == 3
    assert owed(ringing).state == "open"  # what is owed is closed by the wrap-up, with an outcome in words


def test_attempts_and_gaps_are_those_of_the_plan_in_use(cast: Cast, ringing: Contact) -> None:
    admin = actor_for(cast.admin)
    publish(save_draft({"calls": {"attempts": 2, "first_gap": 600}}, by=admin, now=NOON), by=admin, now=NOON)
    again = NOON + timedelta(minutes=10)
    assert tried(ringing, cast, "no_answer").due_at == again
    take_contact(ringing, cast.lina, by=actor_for(cast.lina), now=again)
    assert tried(ringing, cast, "no_answer", again).state == "wrap_up"


def test_a_wrong_number_is_not_rung_again(cast: Cast, ringing: Contact) -> None:
    assert tried(ringing, cast, "wrong_number").state == "wrap_up"


def test_only_who_has_it_in_hand_rings(cast: Cast, ringing: Contact) -> None:
    with pytest.raises(Conflict):
        note_try(ringing, "no_answer", by=actor_for(cast.grace), now=NOON)
    with pytest.raises(Invalid):
        note_try(ringing, "sleeping", by=actor_for(cast.lina), now=NOON)
    assert Call.objects.get().tries == 0


def test_the_same_attempt_sent_twice_counts_once(cast: Cast, ringing: Contact) -> None:
    tried(ringing, cast, "no_answer")
    with pytest.raises(Conflict):
        note_try(ringing, "no_answer", by=actor_for(cast.lina), now=NOON)
    assert Call.objects.get().tries == 1


def test_a_call_opened_before_calls_were_kept_is_kept_now(cast: Cast, ringing: Contact) -> None:
    Call.objects.all().delete()
    assert tried(ringing, cast, "no_answer").state == "waiting"


# What the customer chooses


def by_customer(contact: Contact) -> Actor:
    return Actor.customer(contact.customer_id, "")


def test_another_time_moves_the_promise_and_not_the_place(cast: Cast) -> None:
    contact = asks(cast)
    at = NOON + timedelta(hours=3)
    move_call(Call.objects.get(), at, at + LASTS, by=by_customer(contact), now=NOON)
    asked_at = contact.asked_at
    contact.refresh_from_db()
    assert (contact.due_at, contact.asked_at) == (at, asked_at)
    assert owed(contact).due_at == at + LASTS


def test_no_call_needed_any_more_means_nothing_is_owed(cast: Cast) -> None:
    contact = asks(cast)
    call_off(Call.objects.get(), by=by_customer(contact), now=NOON)
    contact.refresh_from_db()
    assert contact.state == "abandoned"
    assert FollowUp.objects.get(case=contact.case).state == "done"


def test_a_call_that_is_being_made_is_neither_moved_nor_called_off(cast: Cast, ringing: Contact) -> None:
    call = Call.objects.get()
    with pytest.raises(Conflict):
        move_call(call, None, NOON, by=by_customer(ringing), now=NOON)
    with pytest.raises(Conflict):
        call_off(call, by=by_customer(ringing), now=NOON)
    assert owed(ringing).state == "open"


# Room


def test_a_full_half_hour_takes_nobody_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    start = NOON.replace(minute=0) + timedelta(hours=2)
    free_at_first = rooms(cast.chat_zh, [start], NOON)[start]
    assert free_at_first >= 1
    for _ in range(free_at_first):
        asks(cast, slot_at=start)
    assert rooms(cast.chat_zh, [start, start + HALF_HOUR], NOON) == {start: 0, start + HALF_HOUR: free_at_first}
    with pytest.raises(Invalid, match=r"."):
        asks(cast, slot_at=start)
    contact = asks(cast)
    with pytest.raises(Invalid):
        move_call(contact.call, start, start + LASTS, by=by_customer(contact), now=NOON)
    Contact.objects.filter(call__slot_at=start).order_by("id")[0].delete()
    move_call(contact.call, start, start + LASTS, by=by_customer(contact), now=NOON)


# Late


def test_a_late_call_is_told_once_and_keeps_its_place(cast: Cast) -> None:
    contact = asks(cast)
    assert tell_late(now=DUE - timedelta(seconds=1)) == 0
    note_late(now=DUE)
    assert tell_late(now=DUE) == 1
    assert tell_late(now=DUE + timedelta(minutes=1)) == 0
    assert len(notices(contact)) == 1
    contact.refresh_from_db()
    assert contact.state == "waiting"
    assert Entry.objects.filter(kind="promises.call_told_late").count() == 1


def test_no_expiry_drops_a_call(cast: Cast) -> None:
    contact = asks(cast)
    month_later = NOON + timedelta(days=30)
    actions.tell_late(now=month_later)
    free(cast.lina, now=month_later)
    dispatch(month_later)
    assert pending(contact) is not None
