"""Customers and people do whatever they like, in any order, and nothing breaks.

HEARTLINE_STEPS=10000 runs that many steps; by default a few, so that the suite stays quick.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Max
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from heartline.common.actors import Actor
from heartline.common.errors import HeartlineError
from heartline.conversations.actions.cases import (
    Wrapping,
    change_case,
    finish_contact,
    join_contact,
    leave_contact,
    note_tried,
)
from heartline.conversations.actions.contacts import (
    ContactRequest,
    abandon_contact,
    end_contact,
    open_contact,
    resume_contact,
)
from heartline.conversations.actions.messages import add_message, mark_seen
from heartline.conversations.models import Assignment, Case, Contact, Message, Participant
from heartline.customers.actions import create_customer
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import Capacity, Person, Presence, Queue
from heartline.promises.actions import finish_follow_up, hand_over_follow_up, note_late, open_follow_up, warn_due
from heartline.promises.models import FollowUp
from heartline.routing import rules as routing_rules
from heartline.routing.actions import (
    accept_offer,
    decline_offer,
    expire_offers,
    give_back_contact,
    make_offer,
    reassign_contact,
    take_contact,
    transfer_contact,
    withdraw_stale_offers,
)
from heartline.routing.lease import claim
from heartline.routing.models import Offer
from heartline.routing.queries import in_hand, situation, situation_for_offers
from heartline.service.tests.browser_apply import apply_in_browser
from heartline.service.tests.verify import Viewer, differences, fetch, plain, visible_cases
from heartline.voice_of_customer.actions import invite, respond
from heartline.voice_of_customer.models import Invitation
from tests.cast import NOON, assemble

STEPS = int(os.environ.get("HEARTLINE_STEPS", "120"))
STEPS_AT_ONCE = min(STEPS // 3, 100)
DATA = st.data()
Data = Any

taken: dict[str, int] = {"steps": 0, "refused": 0}


class DeskMachine(RuleBasedStateMachine):
    """A company at work, seen by five desks that are kept up by events alone."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.cast = assemble(NOON)
        self.now = NOON
        self.fence = claim("tests") or 0
        cast = self.cast
        self.servers = [cast.grace, cast.tom, cast.lina, cast.outsider, cast.supervisor]
        self.queues = [cast.chat_zh, cast.chat_en, cast.other_queue]
        self.asked: dict[int, datetime] = {}
        self.forced: dict[int, int] = {}
        self.digest: Any = None
        self.last_entry = 0
        people = (cast.grace, cast.outsider, cast.expert, cast.supervisor, cast.admin)
        self.viewers = [Viewer(person).open(NOON) for person in people]
        self.in_browser: dict[str, Any] = {"view": "desk", "before": self.viewers[0].desk, "events": []}
        self.turn = 0

    def teardown(self) -> None:
        try:
            for viewer in self.viewers:
                self.look(viewer)
            self.compare_with_browser()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @initialize()
    def the_day_begins(self) -> None:
        """Three customers wait and everybody is there, so that no run is spent on an empty house."""
        for person in self.servers:
            self.act(partial(set_presence, person, "available", by=actor_for(person), now=self.now))
        for queue in self.queues:
            self.open("zh-hans", queue, "webchat", None)

    # How a step is taken

    def act(self, action: Callable[[], Any]) -> Any:
        """Do something, or be refused: both are fine, and both must leave everything in order."""
        taken["steps"] += 1
        self.now += timedelta(seconds=1)
        try:
            with transaction.atomic():
                return action()
        except HeartlineError:
            taken["refused"] += 1
            return None

    def contacts(self, *states: str) -> list[Contact]:
        related = ("case", "customer", "queue", "assignee")
        return list(Contact.objects.filter(state__in=states).select_related(*related).order_by("id"))

    def some(self, data: Data, choices: list[Any]) -> Any:
        return data.draw(st.sampled_from(choices)) if choices else None

    def say(self, contact: Contact, kind: str, by: Actor) -> None:
        key = f"said-{taken['steps']}"
        self.act(lambda: add_message(contact, kind, "好的", client_key=key, by=by, now=self.now))

    def customer(self, contact: Contact) -> Actor:
        return Actor.customer(contact.customer_id, contact.customer.name)

    # Customers

    @rule(data=DATA)
    def a_customer_asks(self, data: Data) -> None:
        case = self.some(data, [None, *Case.objects.select_related("customer").order_by("id")])
        queue = self.some(data, self.queues)
        channel = self.some(data, ["webchat", "webchat", "webform"])
        language = self.some(data, ["zh-hans", "en"])
        self.open(language, queue, channel, case)

    def open(self, language: str, queue: Queue, channel: str, case: Case | None) -> None:
        brand = self.cast.brand
        customer = (
            case.customer if case else create_customer(brand, name="林晓", language=language, by=None, now=self.now)
        )
        request = ContactRequest(
            customer=customer,
            queue=queue,
            channel=channel,
            language=language,
            text="在吗",
            client_key="first-words",
            case=case,
            needs={"language": language, "skills": {}},
        )
        by = Actor.customer(customer.id, customer.name)
        contact = self.act(lambda: open_contact(request, by=by, now=self.now))
        if contact:
            self.asked[contact.id] = contact.asked_at

    @rule(data=DATA, how=st.sampled_from(["left", "silent", "callback"]))
    def a_customer_leaves(self, data: Data, how: str) -> None:
        if contact := self.some(data, self.contacts("waiting", "active")):
            self.act(lambda: abandon_contact(contact, how, by=self.customer(contact), now=self.now))

    @rule(data=DATA)
    def a_customer_comes_back(self, data: Data) -> None:
        if contact := self.some(data, self.contacts("abandoned")):
            self.act(lambda: resume_contact(contact, by=self.customer(contact), now=self.now))

    @rule(data=DATA)
    def a_customer_writes(self, data: Data) -> None:
        if contact := self.some(data, self.contacts("waiting", "active")):
            self.say(contact, "reply", self.customer(contact))

    @rule(data=DATA, seen=st.sampled_from(["delivered", "read"]))
    def a_customer_reads(self, data: Data, seen: str) -> None:
        if contact := self.some(data, self.contacts("waiting", "active", "wrap_up")):
            last = Message.objects.filter(contact=contact).aggregate(last=Max("id"))["last"] or 0
            by = self.customer(contact)
            self.act(lambda: mark_seen(contact, last, seen=seen, side="customer", by=by, now=self.now))

    @rule(data=DATA, score=st.integers(1, 5))
    def a_customer_rates(self, data: Data, score: int) -> None:
        related = ("case__brand__site", "case__customer", "contact__customer", "contact__queue")
        asked = list(Invitation.objects.filter(response=None).select_related(*related).order_by("id"))
        if invitation := self.some(data, asked):
            by = self.customer(invitation.contact)
            self.act(lambda: respond(invitation, score, "", came_by="chat", by=by, now=self.now))

    @rule(data=DATA)
    def a_customer_asks_for_a_call(self, data: Data) -> None:
        if contact := self.some(data, self.contacts("waiting", "active", "ended")):
            due = self.now + timedelta(minutes=3)
            self.act(
                lambda: open_follow_up(
                    contact.case,
                    "callback",
                    contact=contact,
                    owner=contact.assignee,
                    what="请回电",
                    due_at=due,
                    by=self.customer(contact),
                    now=self.now,
                )
            )

    # Those who serve

    @rule(data=DATA, state=st.sampled_from(["available", "available", "available", "on_break", "offline"]))
    def presence_changes(self, data: Data, state: str) -> None:
        person = self.some(data, self.servers)
        self.act(lambda: set_presence(person, state, by=actor_for(person), now=self.now))

    @rule()
    def the_dispatcher_decides(self) -> None:
        def tick() -> None:
            expire_offers(now=self.now)
            withdraw_stale_offers(now=self.now)
            known, near = situation(), situation_for_offers()
            matches = routing_rules.decide(near.works, near.servers, self.now)
            assert matches == routing_rules.decide(known.works, known.servers, self.now), "somebody was not looked at"
            for match in matches:
                contact = Contact.objects.select_related("case", "queue").get(id=match.work_id)
                person = Person.objects.get(id=match.person_id)
                make_offer(contact, person, match.reasons, fence=self.fence, now=self.now)

        self.act(tick)

    @rule(data=DATA, answer=st.sampled_from(["accept", "accept", "decline"]))
    def an_offer_is_answered(self, data: Data, answer: str) -> None:
        offer = self.some(data, list(Offer.objects.order_by("-id").select_related("person")[:4]))
        if offer and answer == "accept":
            self.act(lambda: accept_offer(offer.id, offer.person, by=actor_for(offer.person), now=self.now))
        elif offer:
            by = actor_for(offer.person)
            self.act(lambda: decline_offer(offer.id, offer.person, "busy", by=by, now=self.now))

    @rule(data=DATA)
    def somebody_takes(self, data: Data) -> None:
        if contact := self.some(data, self.contacts("waiting", "active")):
            person = self.some(data, self.servers)
            self.act(lambda: take_contact(contact, person, by=actor_for(person), now=self.now))

    @rule(data=DATA, kind=st.sampled_from(["reply", "reply", "note"]))
    def somebody_writes(self, data: Data, kind: str) -> None:
        if contact := self.some(data, self.contacts("active", "wrap_up")):
            self.say(contact, kind, actor_for(contact.assignee or self.cast.grace))

    @rule(data=DATA)
    def somebody_reads(self, data: Data) -> None:
        if contact := self.some(data, self.contacts("active")):
            last = Message.objects.filter(contact=contact).aggregate(last=Max("id"))["last"] or 0
            by = actor_for(contact.assignee)
            self.act(lambda: mark_seen(contact, last, seen="read", side="person", by=by, now=self.now))

    @rule(data=DATA)
    def somebody_hands_over(self, data: Data) -> None:
        if contact := self.some(data, self.contacts("active", "waiting")):
            queue = self.some(data, [None, *self.queues])
            person = self.some(data, [None, *self.servers])
            card = {"wants": "安装", "tried": "", "promised": "", "do_not_ask": ""}
            by = actor_for(contact.assignee or self.cast.grace)
            self.act(lambda: transfer_contact(contact, to_queue=queue, to_person=person, by=by, now=self.now, **card))

    @rule(data=DATA)
    def somebody_gives_back(self, data: Data) -> None:
        if contact := self.some(data, self.contacts("active", "wrap_up")):
            self.act(lambda: give_back_contact(contact, by=actor_for(contact.assignee), now=self.now))

    @rule(data=DATA, ended_by=st.sampled_from(["person", "customer"]))
    def a_contact_ends(self, data: Data, ended_by: str) -> None:
        if contact := self.some(data, self.contacts("active", "wrap_up")):
            by = actor_for(contact.assignee) if ended_by == "person" else self.customer(contact)

            def end() -> None:
                end_contact(contact, ended_by=ended_by, by=by, now=self.now)
                invite(contact, by=by, now=self.now)

            self.act(end)

    @rule(data=DATA, resolution=st.sampled_from(["solved", "promised"]))
    def a_contact_is_wrapped_up(self, data: Data, resolution: str) -> None:
        if contact := self.some(data, self.contacts("wrap_up", "active")):
            wrapping = Wrapping(reason=self.cast.reason, resolution=resolution)
            by = actor_for(contact.assignee)
            self.act(lambda: finish_contact(contact, wrapping, by=by, now=self.now))

    @rule(data=DATA, subject=st.sampled_from(["冰箱", "退款"]))
    def a_case_is_put_better(self, data: Data, subject: str) -> None:
        if case := self.some(data, list(Case.objects.order_by("id"))):
            by = actor_for(self.cast.tom)
            self.act(lambda: change_case(case, {"subject": subject}, by=by, now=self.now))
            self.act(lambda: note_tried(case, "step", subject, subject, by=by, now=self.now))

    @rule(data=DATA, what=st.sampled_from(["give", "finish"]))
    def what_is_owed_is_dealt_with(self, data: Data, what: str) -> None:
        owed = list(FollowUp.objects.select_related("case__customer").order_by("id"))
        if follow_up := self.some(data, owed):
            person = self.some(data, self.servers)
            by = actor_for(person)
            if what == "finish":
                self.act(lambda: finish_follow_up(follow_up, "已回电", by=by, now=self.now))
            else:
                self.act(lambda: hand_over_follow_up(follow_up, person, why="given", by=by, now=self.now))

    # Supervisors and experts

    @rule(data=DATA)
    def a_supervisor_assigns(self, data: Data) -> None:
        if contact := self.some(data, self.contacts("waiting", "active")):
            person = self.some(data, self.servers)
            by = actor_for(self.cast.supervisor)
            if self.act(lambda: reassign_contact(contact, person, why="urgent", by=by, now=self.now)):
                self.forced[contact.id] = person.id

    @rule(data=DATA)
    def somebody_joins(self, data: Data) -> None:
        if contact := self.some(data, self.contacts("waiting", "active")):
            person = self.some(data, [self.cast.supervisor, self.cast.expert, self.cast.expert])
            role = "expert" if person == self.cast.expert else "joined"
            by = actor_for(self.cast.supervisor)
            self.act(lambda: join_contact(contact, person, role, by=by, now=self.now))

    @rule(data=DATA)
    def somebody_leaves_again(self, data: Data) -> None:
        inside = list(Participant.objects.filter(left_at=None).select_related("contact__case", "person").order_by("id"))
        if one := self.some(data, inside):
            self.act(lambda: leave_contact(one.contact, one.person, by=actor_for(one.person), now=self.now))

    @rule(seconds=st.sampled_from([5, 30, 120, 900]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.act(lambda: (warn_due(now=self.now), note_late(now=self.now), expire_offers(now=self.now)))

    @rule(data=DATA)
    def a_case_is_opened_on_a_desk(self, data: Data) -> None:
        viewer = self.viewers[data.draw(st.integers(0, len(self.viewers) - 1))]
        if case_id := self.some(data, visible_cases(viewer.person)):
            self.note(viewer, viewer.follow())
            viewer.talks = {}
            fresh = Viewer(viewer.person).open(self.now, [case_id])
            viewer.talks = fresh.talks

    # What must always hold

    @invariant()
    def every_contact_is_in_one_pair_of_hands(self) -> None:
        live = dict[int, list[int]]()
        for contact_id, person_id in Assignment.objects.filter(ended_at=None).values_list("contact_id", "person_id"):
            live.setdefault(contact_id, []).append(person_id)
        for id, state, assignee in Contact.objects.values_list("id", "state", "assignee_id"):
            expected = [assignee] if state in ("active", "wrap_up") else []
            assert live.get(id, []) == expected, (id, state, assignee, live.get(id))
            assert state not in ("waiting", "abandoned") or assignee is None

    @invariant()
    def a_wait_is_never_reset(self) -> None:
        for id, asked_at in Contact.objects.values_list("id", "asked_at"):
            assert self.asked.setdefault(id, asked_at) == asked_at

    @invariant()
    def nobody_is_over_their_limit_unless_a_supervisor_decided_so(self) -> None:
        hands = Contact.objects.filter(state__in=["active", "wrap_up"]).values_list("id", "assignee_id", "channel")
        forced = [(person, channel) for id, person, channel in hands if self.forced.get(id) == person]
        for person, channel, limit in Capacity.objects.values_list("person", "channel", "limit"):
            allowed = limit + forced.count((person, channel))
            assert in_hand(Person(id=person), channel) <= allowed, (person, channel)

    @invariant()
    def at_most_one_offer_of_a_contact_is_open(self) -> None:
        pending = list(Offer.objects.filter(state="pending").values_list("contact_id", flat=True))
        assert len(pending) == len(set(pending))

    @invariant()
    def every_change_is_in_the_ledger(self) -> None:
        contacts = Contact.objects.order_by("id").values_list("id", "state", "assignee", "queue", "turn", "preferred")
        cases = Case.objects.order_by("id").values_list("id", "state", "owner", "subject")
        presence = Presence.objects.order_by("person").values_list("person", "state", "reason")
        offers = Offer.objects.order_by("id").values_list("id", "state")
        owed = FollowUp.objects.order_by("id").values_list("id", "state", "owner")
        digest = [list(rows) for rows in (contacts, cases, presence, offers, owed)]
        last = Entry.objects.aggregate(last=Max("id"))["last"] or 0
        if self.digest is not None and digest != self.digest:
            assert last > self.last_entry, "something changed and no event tells of it"
        self.digest, self.last_entry = digest, last

    @invariant()
    def desks_follow(self) -> None:
        self.turn += 1
        viewer = self.viewers[self.turn % len(self.viewers)]
        if viewer.position.id != self.last_entry or self.turn % 7 == 0:
            self.look(viewer)

    def look(self, viewer: Viewer) -> None:
        viewer.talks = {id: talk for id, talk in viewer.talks.items() if id in visible_cases(viewer.person)}
        self.note(viewer, viewer.check(self.now))

    def note(self, viewer: Viewer, events: list[Any]) -> None:
        """Keep the first desk's events for the browser."""
        if viewer is self.viewers[0]:
            self.in_browser["events"] += events

    def compare_with_browser(self) -> None:
        """The same events through the browser's own apply.js."""
        person = self.viewers[0].person
        later = fetch(person, self.now)
        self.in_browser["day_start"] = later["day_start"]
        (applied,) = apply_in_browser([plain(self.in_browser)])
        for name in ("position", "now"):
            applied[name] = later[name]
        assert differences(applied, later) == []


@pytest.mark.django_db
def test_whatever_they_do_nothing_breaks() -> None:
    taken.update(steps=0, refused=0)
    chosen = settings(
        max_examples=1 + STEPS // STEPS_AT_ONCE,  # the first that Hypothesis tries is always a dull one
        stateful_step_count=STEPS_AT_ONCE,
        deadline=None,
        database=None,
        derandomize=STEPS < 1000,
        phases=(Phase.generate,),  # what fails is told step by step; shrinking would take an hour
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    while taken["steps"] < STEPS:
        run_state_machine_as_test(DeskMachine, settings=chosen)
        if chosen.derandomize:
            break
    with suppress(ValueError):
        print(f"steps {taken['steps']} refused {taken['refused']} broken 0")
