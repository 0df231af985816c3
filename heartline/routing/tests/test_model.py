"""The router and its leases against a model: crashes, decisions written late, deliveries repeated and out of order.

The model knows of each offer and contact only what the rules promise, and says beforehand whether an act will hold. Two
dispatchers decide; what one has decided is written later, by whoever still may, or never. HEARTLINE_STEPS=10000 runs longer.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from heartline.common.errors import HeartlineError
from heartline.conversations.actions.contacts import abandon_contact
from heartline.conversations.models import Assignment, Contact
from heartline.ledger.models import Entry
from heartline.people.actions import set_presence
from heartline.people.models import Capacity, Person, Presence
from heartline.routing import lease, rules
from heartline.routing.actions import accept_offer, decline_offer, give_back_contact, settle_offers, take_contact
from heartline.routing.models import DispatcherLease, Offer
from heartline.routing.offering import make_offers
from heartline.routing.queries import situation_for_offers
from heartline.routing.tests.helpers import TEST, by
from tests.cast import NOON, assemble, waiting_contact

STEPS = int(os.environ.get("HEARTLINE_STEPS", "150"))
AT_ONCE = 50
LIMITS = (1, 2, 2)
DATA = st.data()
Data = Any


@dataclass
class Known:
    """What the model knows of an offer."""

    contact: int
    person: int
    expires: datetime
    state: str = "pending"


@dataclass(frozen=True)
class Decision:
    """What a dispatcher decided and has not written yet."""

    holder: str
    fence: int
    known: Any
    matches: list[rules.Match]


class Router(RuleBasedStateMachine):
    """A small floor: three people who take two at once, and whoever comes."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.cast = assemble(NOON)
        self.now = NOON
        self.people = [self.cast.grace, self.cast.lina, self.cast.supervisor]
        self.limits = dict(zip([person.id for person in self.people], LIMITS, strict=True))
        for person_id, limit in self.limits.items():
            Capacity.objects.filter(person=person_id, channel="webchat").update(limit=limit)
        self.fences: dict[str, int] = {}
        self.decisions: list[Decision] = []
        self.offers: dict[int, Known] = {}
        self.contacts: dict[int, str] = {}
        self.asked: dict[int, datetime] = {}
        self.holds: dict[int, int] = {}
        for person in self.people:
            self.here(person, "available")
        self.ask()

    def teardown(self) -> None:
        try:
            self.in_the_end_nobody_is_forgotten()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def in_the_end_nobody_is_forgotten(self) -> None:
        """When everybody is back with empty hands, everybody who still waits is offered to somebody."""
        self.decisions.clear()
        for contact in Contact.objects.filter(state="active"):
            give_back_contact(contact, by=TEST, now=self.now)
            self.contacts[contact.id] = "waiting"
        self.holds.clear()
        for _round in range(len(self.contacts) + 2):
            for offer in Offer.objects.filter(state="pending", expires_at__gt=self.now).select_related("person"):
                if offer.contact.state == "waiting":
                    self.serve(offer)
            self.now += rules.PASSED_OVER_FOR + timedelta(seconds=1)
            settle_offers(now=self.now)
            for person in self.people:
                set_presence(person, "available", by=TEST, now=self.now)
            DispatcherLease.objects.update(expires_at=lease.database_now())
            self.decide("late")
            self.write(self.decisions.pop())
        assert not Contact.objects.filter(state="waiting").exclude(offers__state="pending").exists()

    def serve(self, offer: Offer) -> None:
        """Accept and be done at once."""
        contact = accept_offer(offer.id, offer.person, by=by(offer.person), now=self.now)
        self.holds[contact.id] = offer.person_id
        self.done_with(contact.id)

    # What happens

    @rule()
    def ask(self) -> None:
        contact = waiting_contact(self.cast, now=self.now)
        self.contacts[contact.id], self.asked[contact.id] = "waiting", contact.asked_at

    @rule(data=DATA)
    def leave(self, data: Data) -> None:
        contact = self.some(data, [id for id, state in self.contacts.items() if state == "waiting"])
        if contact:
            abandon_contact(Contact.objects.get(id=contact), "left", by=TEST, now=self.now)
            self.contacts[contact] = "abandoned"

    @rule(data=DATA, state=st.sampled_from(["available", "available", "on_break"]))
    def come_or_go(self, data: Data, state: str) -> None:
        self.here(self.some(data, self.people), state)

    @rule(seconds=st.sampled_from([1, 5, 24, 30, 130]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(holder=st.sampled_from(["first", "second"]))
    def decide(self, holder: str) -> None:
        """A dispatcher reads and decides; who does not hold the lease stands by."""
        fence = lease.claim(holder)
        if fence is None:
            return
        before = max(self.fences.values(), default=0)
        assert fence >= before, "the fence went back"
        self.fences[holder] = fence
        known = situation_for_offers()
        matches = rules.decide(known.works, known.servers, self.now, known.plan, known.lent)
        self.decisions.append(Decision(holder, fence, known, matches))

    @rule(data=DATA)
    def write_one(self, data: Data) -> None:
        """A decision is written: at once or long after, once or again, in the order of the decisions or not."""
        decision = self.some(data, self.decisions)
        if decision:
            self.write(decision)

    @rule(data=DATA)
    def asleep(self, data: Data) -> None:
        """A dispatcher decides and falls asleep; another takes over, and both write, in any order."""
        mine = self.somebody_decides("first")
        self.freeze()
        theirs = self.somebody_decides("second")
        for decision in data.draw(st.permutations([mine, theirs])):
            self.write(decision)

    @rule(data=DATA, what=st.sampled_from(["take", "leave", "go", "twice"]))
    def between(self, data: Data, what: str) -> None:
        """Something happens between what a dispatcher decides and what it writes."""
        decision = self.somebody_decides("first")
        match = self.some(data, decision.matches)
        if match is None:
            return
        person = next(one for one in self.people if one.id == match.person_id)
        if what == "take":
            others = [id for id, state in self.contacts.items() if state == "waiting" and id != match.work_id]
            self.pull(self.some(data, others or [match.work_id]), person)
        elif what == "leave":
            abandon_contact(Contact.objects.get(id=match.work_id), "left", by=TEST, now=self.now)
            self.contacts[match.work_id] = "abandoned"
        elif what == "go":
            self.here(person, "on_break")
        else:
            self.write(decision)
        self.write(decision)

    @rule(data=DATA)
    def finish(self, data: Data) -> None:
        contact = self.some(data, sorted(self.holds))
        if contact:
            self.done_with(contact)

    def done_with(self, contact: int) -> None:
        Contact.objects.filter(id=contact).update(state="ended")
        Assignment.objects.filter(contact=contact, ended_at=None).update(ended_at=self.now)
        self.contacts[contact] = "ended"
        del self.holds[contact]

    def somebody_decides(self, holder: str) -> Decision:
        """Let everybody be there with empty hands, somebody ask, and a dispatcher decide that leads from now on."""
        for contact in list(self.holds):
            self.done_with(contact)
        for person in self.people:
            if self.state_of(person.id) != "available":
                self.here(person, "available")
        self.ask()
        self.freeze()
        self.decide(holder)
        return self.decisions.pop()

    @rule()
    def crash(self) -> None:
        """The dispatcher dies with all that it had not written; its lease runs out by itself."""
        self.decisions.clear()
        DispatcherLease.objects.update(expires_at=lease.database_now())

    @rule()
    def freeze(self) -> None:
        """The dispatcher sleeps beyond its lease; what it had decided is written when it wakes up."""
        DispatcherLease.objects.update(expires_at=lease.database_now())

    @rule(data=DATA, how=st.sampled_from(["accept", "accept", "busy", "not_my_skill"]))
    def answer(self, data: Data, how: str) -> None:
        """Somebody answers an offer, any that ever was: in time, too late, or once more."""
        offer_id = self.some(data, sorted(self.offers))
        if offer_id is None:
            return
        offer = self.offers[offer_id]
        person = next(one for one in self.people if one.id == offer.person)
        in_time = offer.state == "pending" and self.now < offer.expires
        if how == "accept":
            holds = in_time and self.contacts[offer.contact] == "waiting"
            self.must(holds, lambda: accept_offer(offer_id, person, by=by(person), now=self.now))
        else:
            holds = in_time
            self.must(holds, lambda: decline_offer(offer_id, person, how, by=by(person), now=self.now))
        if holds and how == "accept":
            offer.state, self.contacts[offer.contact], self.holds[offer.contact] = "accepted", "active", person.id
        elif holds:
            offer.state = "declined"

    @rule(data=DATA)
    def take(self, data: Data) -> None:
        """Somebody takes what waits, without an offer; an offer of it ends."""
        self.pull(self.some(data, sorted(self.contacts)), self.some(data, self.people))

    def pull(self, contact: int, person: Person) -> None:
        """Take a contact by hand, if the model says that this holds."""
        pending = next((one for one in self.offers.values() if one.contact == contact and one.state == "pending"), None)
        mine = pending is not None and pending.person == person.id
        holds = self.contacts[contact] == "waiting" and (mine or self.load(person) < self.limits[person.id])
        self.must(holds, lambda: take_contact(Contact.objects.get(id=contact), person, by=by(person), now=self.now))
        if holds:
            self.contacts[contact], self.holds[contact] = "active", person.id
            if pending:
                pending.state = "accepted" if mine else "withdrawn"

    @rule(data=DATA)
    def give_back(self, data: Data) -> None:
        contact = self.some(data, [id for id, state in self.contacts.items() if state == "active"])
        if contact:
            give_back_contact(Contact.objects.get(id=contact), by=TEST, now=self.now)
            self.contacts[contact] = "waiting"
            del self.holds[contact]

    @rule()
    @precondition(lambda self: self.offers)
    def sweep(self) -> None:
        """Whoever does it, and however often: what is over ends, and who did not answer is not ready, visibly."""
        missed = set()
        for offer in self.offers.values():
            if offer.state == "pending" and offer.expires <= self.now:
                offer.state = "expired"
                missed |= {offer.person} if self.state_of(offer.person) == "available" else set()
            elif offer.state == "pending" and (
                self.contacts[offer.contact] != "waiting" or self.state_of(offer.person) != "available"
            ):
                offer.state = "withdrawn"
        # who missed one is not ready from then on: what else they are offered is withdrawn by the same sweep
        for offer in self.offers.values():
            if offer.state == "pending" and offer.person in missed:
                offer.state = "withdrawn"
        settle_offers(now=self.now)
        for person in missed:
            assert Presence.objects.get(person=person).reason == "missed_offer"

    # What always holds

    @invariant()
    def the_tables_are_as_the_model(self) -> None:
        offers = dict(Offer.objects.values_list("id", "state"))
        assert offers == {id: offer.state for id, offer in self.offers.items()}
        assert dict(Contact.objects.values_list("id", "state")) == self.contacts
        live = dict(Assignment.objects.filter(ended_at=None).values_list("contact_id", "person_id"))
        assert live == self.holds

    @invariant()
    def nobody_loses_their_place_or_has_too_much(self) -> None:
        assert dict(Contact.objects.values_list("id", "asked_at")) == self.asked
        pending = [offer for offer in self.offers.values() if offer.state == "pending"]
        assert len(pending) == len({offer.contact for offer in pending}), "offered to two at once"
        assert len(pending) == len({offer.person for offer in pending}), "two offers at once"
        assert all(self.load(person) <= self.limits[person.id] for person in self.people)

    @invariant()
    def each_offer_is_told_once_when_made_and_once_when_over(self) -> None:
        made = Entry.objects.filter(kind="routing.offer_made").count()
        ended = Entry.objects.filter(kind="routing.offer_ended").count()
        assert (made, ended) == (len(self.offers), sum(one.state != "pending" for one in self.offers.values()))

    # How the model looks

    def write(self, decision: Decision) -> None:
        newest = DispatcherLease.objects.get().fence
        with transaction.atomic():
            made = make_offers(decision.matches, decision.known.servers, fence=decision.fence, now=self.now)
        assert decision.fence == newest or not made, "a dispatcher that was deposed has written"
        for offer in made:
            assert self.contacts[offer.contact_id] == "waiting"
            assert self.state_of(offer.person_id) == "available"
            assert offer.fence == newest
            self.offers[offer.id] = Known(offer.contact_id, offer.person_id, offer.expires_at)

    def must(self, holds: bool, act: Callable[[], Any]) -> None:
        refusal = None
        try:
            with transaction.atomic():
                act()
        except HeartlineError as refused:
            refusal = refused
        assert holds == (refusal is None), f"the model says {holds}; {refusal or 'it held'}"

    def here(self, person: Person, state: str) -> None:
        set_presence(person, state, by=by(person), now=self.now)

    def state_of(self, person_id: int) -> str:
        return Presence.objects.get(person=person_id).state

    def load(self, person: Person) -> int:
        offered = sum(one.person == person.id and one.state == "pending" for one in self.offers.values())
        return offered + sum(holder == person.id for holder in self.holds.values())

    def some(self, data: Data, choices: list[Any]) -> Any:
        return data.draw(st.sampled_from(choices)) if choices else None


@pytest.mark.django_db
def test_the_router_does_what_the_model_says() -> None:
    chosen = settings(
        max_examples=1 + STEPS // AT_ONCE,
        stateful_step_count=AT_ONCE,
        deadline=None,
        database=None,
        derandomize=STEPS < 1000,
        phases=(Phase.generate,),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Router, settings=chosen)
