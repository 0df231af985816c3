"""Every verb: what it changes, what it tells the ledger, and when it refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, HeartlineError, Invalid, NotFound
from heartline.conversations.actions.contacts import abandon_contact, end_contact
from heartline.conversations.models import Assignment, Contact, HandoverCard, Tried
from heartline.ledger.models import Entry
from heartline.people.models import Person, Presence
from heartline.routing.actions import (
    accept_offer,
    decline_offer,
    give_back_contact,
    make_offer,
    reassign_contact,
    take_back_offer,
    take_contact,
    transfer_contact,
)
from heartline.routing.models import Offer
from heartline.routing.tests.helpers import TEST, by, fence, free, later, offer, pending, sweep
from tests.cast import NOON, Cast, waiting_contact

CARD = {"wants": "确定的安装日期", "tried": "改约", "promised": "", "do_not_ask": "地址"}


def kinds(contact: Contact) -> list[str]:
    return list(Entry.objects.filter(contact_id=contact.id).order_by("id").values_list("kind", flat=True))


def last_event(kind: str) -> Entry:
    found = Entry.objects.filter(kind=kind).last()
    assert found
    return found


def state_of(thing: Contact | Offer) -> str:
    thing.refresh_from_db()
    return thing.state


# make_offer


def test_an_offer_is_a_lease_with_reasons(cast: Cast) -> None:
    contact = waiting_contact(cast)
    made = offer(contact, cast.grace, now=NOON, reasons=(("knows_skill", {"skill": "installation", "level": 3}),))
    assert made.expires_at == NOON + timedelta(seconds=cast.chat_zh.offer_seconds)
    assert state_of(contact) == "waiting"
    assert Presence.objects.get(person=cast.grace).last_offered_at == NOON
    body = last_event("routing.offer_made").body
    named = {"skill": "installation", "level": 3, "skill_en": "Installation", "skill_zh": "安装"}
    assert body["reasons"] == [["knows_skill", named]]
    assert (body["contact_id"], body["person_id"], body["offer_id"]) == (contact.id, cast.grace.id, made.id)


def test_a_second_offer_of_the_same_contact_is_none(cast: Cast) -> None:
    contact = waiting_contact(cast)
    offer(contact, cast.grace, now=NOON)
    free(cast.lina, now=NOON)
    assert make_offer(contact, cast.lina, (), fence=fence(), now=NOON) is None
    assert kinds(contact).count("routing.offer_made") == 1


def test_nothing_is_offered_from_behind_the_fence(cast: Cast) -> None:
    contact = waiting_contact(cast)
    free(cast.grace, now=NOON)
    assert make_offer(contact, cast.grace, (), fence=fence() - 1, now=NOON) is None
    assert make_offer(contact, cast.grace, (), fence=fence() + 1, now=NOON) is None
    assert not Offer.objects.exists()


def test_nothing_is_offered_to_who_is_not_available(cast: Cast) -> None:
    contact = waiting_contact(cast)
    assert make_offer(contact, cast.grace, (), fence=fence(), now=NOON) is None
    free(cast.grace, now=NOON)
    cast.grace.is_active = False
    cast.grace.save()
    assert make_offer(contact, cast.grace, (), fence=fence(), now=NOON) is None


def test_nothing_is_offered_beyond_capacity_and_offers_count(cast: Cast) -> None:
    cast.grace.capacities.filter(channel="webchat").update(limit=2)
    take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)
    offer(waiting_contact(cast), cast.grace, now=NOON)
    assert make_offer(waiting_contact(cast), cast.grace, (), fence=fence(), now=NOON) is None


def test_nothing_is_offered_that_no_longer_waits(cast: Cast) -> None:
    contact = waiting_contact(cast)
    free(cast.grace, now=NOON)
    abandon_contact(contact, "left", by=TEST, now=NOON)
    assert make_offer(contact, cast.grace, (), fence=fence(), now=NOON) is None


# accept


def test_accepting_gives_the_contact_and_tells_both_facts(cast: Cast) -> None:
    contact = waiting_contact(cast)
    made = offer(contact, cast.grace, now=NOON)
    taken = accept_offer(made.id, cast.grace, by=by(cast.grace), now=later(NOON, seconds=7))
    assert (taken.state, taken.assignee) == ("active", cast.grace)
    assert state_of(made) == "accepted"
    ended = last_event("routing.offer_ended").body
    assert (ended["outcome"], ended["open_ms"]) == ("accepted", 7000)
    assert last_event("conversations.contact_answered").body["waited_ms"] == 7000
    assert Assignment.objects.get(contact=contact, ended_at=None).person == cast.grace


def test_an_offer_cannot_be_accepted_at_the_instant_it_lapses(cast: Cast) -> None:
    made = offer(waiting_contact(cast), cast.grace, now=NOON)
    with pytest.raises(Conflict, match="This offer has lapsed"):
        accept_offer(made.id, cast.grace, by=by(cast.grace), now=made.expires_at)
    just_before = made.expires_at - timedelta(microseconds=1)
    assert accept_offer(made.id, cast.grace, by=by(cast.grace), now=just_before).assignee == cast.grace


def test_somebody_elses_offer_does_not_exist(cast: Cast) -> None:
    made = offer(waiting_contact(cast), cast.grace, now=NOON)
    with pytest.raises(NotFound):
        accept_offer(made.id, cast.tom, by=by(cast.tom), now=NOON)
    with pytest.raises(NotFound):
        decline_offer(made.id, cast.tom, "busy", by=by(cast.tom), now=NOON)


def test_accepting_twice_says_it_is_yours_already(cast: Cast) -> None:
    made = offer(waiting_contact(cast), cast.grace, now=NOON)
    accept_offer(made.id, cast.grace, by=by(cast.grace), now=NOON)
    with pytest.raises(Conflict) as refusal:
        accept_offer(made.id, cast.grace, by=by(cast.grace), now=NOON)
    assert refusal.value.code == "already_yours"


def test_who_is_late_hears_who_was_first(cast: Cast) -> None:
    contact = waiting_contact(cast)
    made = offer(contact, cast.grace, now=NOON)
    take_contact(contact, cast.lina, by=by(cast.lina), now=NOON)
    with pytest.raises(Conflict, match="李娜 has just taken this one"):
        accept_offer(made.id, cast.grace, by=by(cast.grace), now=NOON)


def test_a_customer_who_left_cannot_be_accepted_and_nothing_changes(cast: Cast) -> None:
    contact = waiting_contact(cast)
    made = offer(contact, cast.grace, now=NOON)
    abandon_contact(contact, "left", by=TEST, now=NOON)
    with pytest.raises(Conflict, match="The customer has left"):
        accept_offer(made.id, cast.grace, by=by(cast.grace), now=NOON)
    assert state_of(made) == "pending"  # the sweep ends it
    assert not Assignment.objects.exists()


# decline, expire, withdraw, take back


def test_declining_records_why_and_moves_on(cast: Cast) -> None:
    contact = waiting_contact(cast)
    made = offer(contact, cast.grace, now=NOON)
    decline_offer(made.id, cast.grace, "knows_customer", by=by(cast.grace), now=NOON)
    assert (state_of(made), made.end_reason) == ("declined", "knows_customer")
    assert last_event("routing.offer_ended").body["reason"] == "knows_customer"
    assert state_of(contact) == "waiting"
    assert Presence.objects.get(person=cast.grace).state == "available"


def test_declining_needs_a_reason_and_a_standing_offer(cast: Cast) -> None:
    made = offer(waiting_contact(cast), cast.grace, now=NOON)
    with pytest.raises(Invalid):
        decline_offer(made.id, cast.grace, "", by=by(cast.grace), now=NOON)
    with pytest.raises(Conflict):
        decline_offer(made.id, cast.grace, "busy", by=by(cast.grace), now=made.expires_at)


def test_an_offer_not_answered_sets_the_person_not_ready(cast: Cast) -> None:
    contact = waiting_contact(cast)
    made = offer(contact, cast.grace, now=NOON)
    assert sweep(made.expires_at - timedelta(microseconds=1)) == (0, 0)
    assert sweep(made.expires_at) == (1, 0)
    assert sweep(made.expires_at) == (0, 0)
    presence = Presence.objects.get(person=cast.grace)
    assert (presence.state, presence.reason) == ("not_ready", "missed_offer")
    assert (state_of(made), state_of(contact)) == ("expired", "waiting")


def test_who_went_on_a_break_meanwhile_stays_on_it(cast: Cast) -> None:
    made = offer(waiting_contact(cast), cast.grace, now=NOON)
    Presence.objects.filter(person=cast.grace).update(state="on_break")
    assert sweep(made.expires_at) == (1, 0)
    assert Presence.objects.get(person=cast.grace).state == "on_break"


def test_an_offer_to_somebody_no_longer_available_is_withdrawn_at_once(cast: Cast) -> None:
    made = offer(waiting_contact(cast), cast.grace, now=NOON)
    Presence.objects.filter(person=cast.grace).update(state="on_break")
    assert sweep(later(NOON, seconds=1)) == (0, 1)
    assert (state_of(made), made.end_reason) == ("withdrawn", "not_available")


def test_an_offer_from_the_future_is_withdrawn(cast: Cast) -> None:
    """The clock was set back two hours: nobody should be waited for until it catches up."""
    made = offer(waiting_contact(cast), cast.grace, now=later(NOON, hours=2))
    assert sweep(NOON) == (0, 1)
    assert (state_of(made), made.end_reason) == ("withdrawn", "clock_set_back")


def test_a_supervisor_takes_an_offer_back(cast: Cast) -> None:
    made = offer(waiting_contact(cast), cast.grace, now=NOON)
    take_back_offer(made.id, by=by(cast.supervisor), now=NOON)
    assert (state_of(made), made.end_reason) == ("withdrawn", "taken_back")
    with pytest.raises(Conflict):
        take_back_offer(made.id, by=by(cast.supervisor), now=NOON)
    with pytest.raises(NotFound):
        take_back_offer(made.id + 1, by=by(cast.supervisor), now=NOON)


# take, give back, reassign


def test_pulling_ends_the_offer_to_somebody_else(cast: Cast) -> None:
    contact = waiting_contact(cast)
    made = offer(contact, cast.grace, now=NOON)
    assert take_contact(contact, cast.lina, by=by(cast.lina), now=NOON).assignee == cast.lina
    assert (state_of(made), made.end_reason) == ("withdrawn", "taken")


def test_pulling_what_is_offered_to_you_accepts_it(cast: Cast) -> None:
    contact = waiting_contact(cast)
    made = offer(contact, cast.grace, now=NOON)
    cast.grace.capacities.filter(channel="webchat").update(limit=1)
    take_contact(contact, cast.grace, by=by(cast.grace), now=NOON)
    assert state_of(made) == "accepted"


def test_pulling_stays_within_capacity(cast: Cast) -> None:
    cast.grace.capacities.filter(channel="webchat").update(limit=1)
    take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)
    with pytest.raises(Conflict) as refusal:
        take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)
    assert refusal.value.code == "at_capacity"


def test_wrap_up_takes_up_a_place(cast: Cast) -> None:
    cast.grace.capacities.filter(channel="webchat").update(limit=1)
    contact = take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)
    end_contact(contact, ended_by="customer", by=TEST, now=NOON)
    with pytest.raises(Conflict):
        take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)


def test_giving_back_keeps_place_and_wait(cast: Cast) -> None:
    contact = waiting_contact(cast)
    take_contact(contact, cast.grace, by=by(cast.grace), now=later(NOON, minutes=1))
    give_back_contact(contact, by=by(cast.grace), now=later(NOON, minutes=5))
    contact.refresh_from_db()
    assert (contact.state, contact.assignee, contact.asked_at) == ("waiting", None, NOON)
    assert contact.transfers == 0
    assert not Tried.objects.exists()
    with pytest.raises(Conflict):
        give_back_contact(contact, by=by(cast.grace), now=later(NOON, minutes=6))


def test_a_supervisor_gives_a_waiting_contact_to_somebody(cast: Cast) -> None:
    contact = waiting_contact(cast)
    made = offer(contact, cast.grace, now=NOON)
    reassign_contact(contact, cast.lina, why="waits too long", by=by(cast.supervisor), now=NOON)
    assert Contact.objects.get(id=contact.id).assignee == cast.lina
    assert state_of(made) == "withdrawn"


def test_a_supervisor_moves_a_contact_in_hand(cast: Cast) -> None:
    contact = take_contact(waiting_contact(cast), cast.grace, by=by(cast.grace), now=NOON)
    reassign_contact(contact, cast.lina, why="end of shift", by=by(cast.supervisor), now=later(NOON, minutes=3))
    assert Contact.objects.get(id=contact.id).assignee == cast.lina
    moved = last_event("conversations.contact_moved").body
    assert (moved["from_person_id"], moved["held_ms"], moved["why"]) == (cast.grace.id, 180_000, "end of shift")


def test_nothing_is_given_to_who_does_not_serve(cast: Cast) -> None:
    with pytest.raises(Invalid):
        reassign_contact(waiting_contact(cast), cast.analyst, why="", by=by(cast.supervisor), now=NOON)


# transfer


def test_a_transfer_carries_a_card_keeps_the_place_and_remembers_the_giver(cast: Cast) -> None:
    contact = take_contact(waiting_contact(cast), cast.tom, by=by(cast.tom), now=later(NOON, minutes=1))
    now = later(NOON, minutes=9)
    transfer_contact(contact, to_queue=cast.chat_en, to_person=cast.grace, **CARD, by=by(cast.tom), now=now)
    contact.refresh_from_db()
    assert (contact.state, contact.queue, contact.preferred) == ("waiting", cast.chat_en, cast.grace)
    assert (contact.asked_at, contact.transfers) == (NOON, 1)
    card = HandoverCard.objects.get(contact=contact)
    assert (card.from_person, card.to_person, card.wants, card.do_not_ask) == (
        cast.tom,
        cast.grace,
        CARD["wants"],
        "地址",
    )
    tried = Tried.objects.get(case=contact.case)
    assert (tried.kind, tried.key, tried.label) == ("person", str(cast.tom.id), "Tom Reid")
    returned = last_event("conversations.contact_returned").body
    assert (returned["why"], returned["asked_at"], returned["held_ms"]) == ("transfer", NOON.isoformat(), 480_000)


def test_whoever_accepts_a_transfer_accepts_its_card(cast: Cast) -> None:
    contact = take_contact(waiting_contact(cast), cast.tom, by=by(cast.tom), now=NOON)
    transfer_contact(contact, to_queue=None, to_person=cast.grace, **CARD, by=by(cast.tom), now=NOON)
    accept_offer(offer(contact, cast.grace, now=NOON).id, cast.grace, by=by(cast.grace), now=NOON)
    assert HandoverCard.objects.get(contact=contact).accepted_by == cast.grace


def test_a_refused_transfer_changes_nothing(cast: Cast) -> None:
    contact = take_contact(waiting_contact(cast), cast.tom, by=by(cast.tom), now=NOON)
    empty = {**CARD, "wants": "  "}
    cases: list[tuple[dict[str, str], Person, type[HeartlineError]]] = [
        (empty, cast.grace, Invalid),
        (CARD, cast.tom, Invalid),
        (CARD, cast.analyst, Invalid),
    ]
    before = kinds(contact)
    for card, receiver, refusal in cases:
        with pytest.raises(refusal):
            transfer_contact(contact, to_queue=None, to_person=receiver, **card, by=by(cast.tom), now=NOON)
    assert kinds(contact) == before
    assert not HandoverCard.objects.exists()
    assert not Tried.objects.exists()
    assert state_of(contact) == "active"


def test_nobody_is_sent_back_to_who_had_them(cast: Cast) -> None:
    contact = take_contact(waiting_contact(cast), cast.tom, by=by(cast.tom), now=NOON)
    transfer_contact(contact, to_queue=None, to_person=cast.grace, **CARD, by=by(cast.tom), now=NOON)
    take_contact(contact, cast.grace, by=by(cast.grace), now=NOON)
    with pytest.raises(Invalid, match="Tom Reid had this case and passed it on"):
        transfer_contact(contact, to_queue=None, to_person=cast.tom, **CARD, by=by(cast.grace), now=NOON)
    reassign_contact(contact, cast.tom, why="he found the part", by=by(cast.supervisor), now=NOON)
    assert Contact.objects.get(id=contact.id).assignee == cast.tom  # a supervisor may decide otherwise


def test_only_what_is_in_hand_can_be_transferred(cast: Cast) -> None:
    contact = waiting_contact(cast)
    with pytest.raises(Conflict):
        transfer_contact(contact, to_queue=cast.chat_en, to_person=None, **CARD, by=by(cast.tom), now=NOON)


def test_a_transferred_contact_can_be_taken_back_by_its_customer_leaving(cast: Cast) -> None:
    contact = take_contact(waiting_contact(cast), cast.tom, by=by(cast.tom), now=NOON)
    transfer_contact(contact, to_queue=None, to_person=cast.grace, **CARD, by=by(cast.tom), now=NOON)
    made = offer(contact, cast.grace, now=NOON)
    customer = Actor.customer(contact.customer_id, contact.customer.name)
    abandon_contact(contact, "left", by=customer, now=later(NOON, seconds=3))
    assert sweep(later(NOON, seconds=3)) == (0, 1)
    assert made.id
    assert pending(contact) is None
