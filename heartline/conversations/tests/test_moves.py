"""Merging, splitting and moving: everything follows, everything comes back, and old numbers lead on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.conversations.actions.cases import Wrapping, finish_contact, note_tried
from heartline.conversations.actions.contacts import ContactRequest, answer_contact, end_contact, open_contact
from heartline.conversations.actions.drafts import save_draft
from heartline.conversations.actions.messages import add_message
from heartline.conversations.actions.moves import merge_cases, move_contacts, split_case, undo_move
from heartline.conversations.actions.snoozes import snooze_case
from heartline.conversations.actions.tags import change_tags
from heartline.conversations.models import Case, Contact, Deed, Draft, Message, Snooze, Tagged, Tried, WrapUp
from heartline.conversations.queries import leads_to
from heartline.people.actions import actor_for
from heartline.promises.actions import open_follow_up
from heartline.promises.models import FollowUp
from heartline.voice_of_customer.actions import invite, respond
from heartline.voice_of_customer.models import Response
from tests.cast import NOON, Cast, assemble, waiting_contact

LATER = NOON + timedelta(minutes=5)
OWNED = ("contacts", "messages", "wrap_ups", "follow_ups", "responses", "tried", "tagged", "drafts")


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def first(cast: Cast) -> Case:
    """A case with everything: served, rated, owed, snoozed, tagged, with a draft."""
    contact = waiting_contact(cast)
    by = actor_for(cast.grace)
    answer_contact(contact, cast.grace, by=by, now=NOON)
    add_message(contact, "reply", "马上查", client_key="a", by=by, now=NOON)
    end_contact(contact, ended_by="person", by=by, now=NOON)
    asked = invite(contact, by=by, now=NOON)
    assert asked
    respond(asked[0], 2, "又没来", came_by="link", by=customer_of(contact), now=NOON)
    finish_contact(contact, Wrapping(reason=cast.reason, resolution="promised"), by=by, now=NOON)
    note_tried(contact.case, "step", "rebook", "网上改约", by=by, now=NOON)
    change_tags(contact.case, add=["退款", "VIP"], by=by, now=NOON)
    save_draft(contact.case, cast.grace, "reply", "陈女士您好", version=0, now=NOON)
    snooze_case(contact.case, cast.grace, NOON + timedelta(days=1), by=by, now=NOON)
    return contact.case


@pytest.fixture
def second(cast: Cast, first: Case) -> Case:
    """Another case of the same customer, with some of the same."""
    contact = asks(cast, first, None, "发票还没有收到")
    by = actor_for(cast.grace)
    open_follow_up(contact.case, "low_score", contact=contact, owner=cast.tom, what="x", due_at=LATER, by=by, now=NOON)
    note_tried(contact.case, "step", "rebook", "网上改约", by=by, now=NOON)
    change_tags(contact.case, add=["VIP"], by=by, now=NOON)
    save_draft(contact.case, cast.grace, "reply", "发票的事", version=0, now=NOON)
    return contact.case


def customer_of(contact: Contact) -> Actor:
    return Actor.customer(contact.customer_id, contact.customer.name)


def asks(cast: Cast, of: Case, case: Case | None, text: str) -> Contact:
    request = ContactRequest(
        customer=of.customer,
        queue=cast.chat_zh,
        channel="webchat",
        language="zh-hans",
        text=text,
        client_key="first",
        case=case,
        needs={"language": "zh-hans", "skills": {}},
    )
    return open_contact(request, by=Actor.customer(of.customer_id, "陈雨桐"), now=NOON)


def owned(case: Case) -> dict[str, Any]:
    rows: dict[str, Any] = {name: set(getattr(case, name).values_list("id", flat=True)) for name in OWNED}
    return {**rows, "count": case.contacts_count, "state": case.state, "merged_into": case.merged_into_id}


def test_a_merge_takes_everything_along_and_the_old_number_leads_on(cast: Cast, first: Case, second: Case) -> None:
    by = actor_for(cast.grace)
    messages, follow_ups = Message.objects.count(), FollowUp.objects.count()
    merge_cases(first, second, by=by, now=LATER)
    first.refresh_from_db()
    second.refresh_from_db()
    assert leads_to(first.id) == second.id
    assert (first.state, second.state) == ("closed", "open")
    assert second.contacts_count == second.contacts.count() == 2
    assert Message.objects.filter(case=second).count() == messages
    assert FollowUp.objects.filter(case=second, state="open").count() == follow_ups == 2
    assert Response.objects.get().case == second
    assert WrapUp.objects.get().case == second
    assert set(Tagged.objects.filter(case=second).values_list("tag__name", flat=True)) == {"退款", "VIP"}
    assert Draft.objects.get(case=second).body == "发票的事\n\n陈女士您好"
    assert Snooze.objects.get(state="asleep").case == second
    assert Tried.objects.filter(case=second).exists()


def test_a_merge_is_taken_back(cast: Cast, first: Case, second: Case) -> None:
    by = actor_for(cast.grace)
    Draft.objects.all().delete()  # texts that were joined stay joined
    before = owned(first), owned(second)
    deed = merge_cases(first, second, by=by, now=LATER)
    undo_move(deed, by=by, now=LATER)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (owned(first), owned(second)) == before
    assert leads_to(first.id) == first.id
    with pytest.raises(Conflict):
        undo_move(deed, by=by, now=LATER)


def test_what_was_said_after_a_merge_stays_when_it_is_taken_back(cast: Cast, first: Case, second: Case) -> None:
    by = actor_for(cast.grace)
    deed = merge_cases(first, second, by=by, now=LATER)
    third = asks(cast, second, second, "那发票呢")
    undo_move(deed, by=by, now=LATER)
    third.refresh_from_db()
    assert third.case == second


def test_cases_of_two_customers_are_never_merged(cast: Cast, first: Case) -> None:
    other = waiting_contact(cast).case
    with pytest.raises(Conflict, match="two customers"):
        merge_cases(first, other, by=actor_for(cast.grace), now=LATER)


def test_a_case_is_not_merged_into_itself_nor_twice(cast: Cast, first: Case, second: Case) -> None:
    by = actor_for(cast.grace)
    with pytest.raises(Invalid):
        merge_cases(first, first, by=by, now=LATER)
    merge_cases(first, second, by=by, now=LATER)
    with pytest.raises(Conflict):
        merge_cases(first, second, by=by, now=LATER)


def test_a_part_becomes_a_case_of_its_own_and_comes_back(cast: Cast, first: Case) -> None:
    by = actor_for(cast.grace)
    also = asks(cast, first, first, "还有，发票没有收到")
    deed = split_case(first, [also.id], "发票", by=by, now=LATER)
    new = Case.objects.get(subject="发票")
    first.refresh_from_db()
    assert set(new.contacts.all()) == {also}
    assert (new.contacts_count, first.contacts_count, new.state) == (1, 1, "open")
    assert [message.case_id for message in also.messages.all()] == [new.id]
    assert first.links.get().other == new
    undo_move(deed, by=by, now=LATER)
    also.refresh_from_db()
    assert also.case == first
    assert leads_to(new.id) == first.id


def test_a_contact_moves_to_another_case_and_something_stays(cast: Cast, first: Case, second: Case) -> None:
    by = actor_for(cast.grace)
    also = asks(cast, first, first, "发票抬头写错了")
    move_contacts(first, second, [also.id], by=by, now=LATER)
    also.refresh_from_db()
    assert also.case == second
    with pytest.raises(Invalid, match="has to stay"):
        move_contacts(first, second, first.contacts.values_list("id", flat=True), by=by, now=LATER)
    with pytest.raises(Invalid, match="Choose what goes"):
        move_contacts(first, second, [also.id], by=by, now=LATER)
    assert Deed.objects.count() == 1
