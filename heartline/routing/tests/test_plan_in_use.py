"""A published plan is what the dispatcher works by, from the next offer on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from heartline.conversations.consultations.models import Expertise
from heartline.conversations.models import Contact, ContactReason
from heartline.ledger.models import Entry
from heartline.people.actions import set_presence
from heartline.people.models import Person
from heartline.promises.models import FollowUp
from heartline.routing.actions import accept_offer
from heartline.routing.models import Borrowing
from heartline.routing.plans.actions import publish, save_draft
from heartline.routing.plans.queries import told_while_waiting
from heartline.routing.queries import order_reasons, situation_for_offers, why_waiting
from heartline.routing.rules.lending import Health, lent_now
from heartline.routing.rules.plan import Borrow, Plan, QueuePlan
from heartline.routing.tests.helpers import TEST, by, dispatch, free, later, pending
from tests.cast import NOON, Cast, waiting_contact


def use(cast: Cast, content: dict[str, Any]) -> None:
    """Publish a plan."""
    publish(save_draft(content, by=by(cast.admin), now=NOON), by=by(cast.admin), now=NOON)


def offered_to(contact: Contact, now: datetime) -> Person | None:
    """Return who is offered a contact once the dispatcher has looked."""
    dispatch(now)
    offer = pending(contact)
    return offer.person if offer else None


def test_need_counts_and_is_told(cast: Cast) -> None:
    contact = waiting_contact(cast)
    contact.customer.needs_care = True
    contact.customer.save()
    contact.case.reason = ContactReason.objects.create(key="complaint", name_en="Complaint")
    contact.case.save()
    due = later(NOON, hours=-2)
    FollowUp.objects.create(
        case=contact.case, kind="callback", due_at=due, warn_at=due, opened_at=due, late_at=later(NOON, hours=-1)
    )
    told = dict(order_reasons(contact, NOON))
    assert {name: told[name]["seconds"] for name in ("complaint", "broken_promise", "vulnerable")} == {
        "complaint": 300,
        "broken_promise": 300,
        "vulnerable": 180,
    }
    use(cast, {"order": {"complaint": 900, "vulnerable": 0}})
    told = dict(order_reasons(contact, NOON))
    assert told["complaint"]["seconds"] == 900
    assert "vulnerable" not in told


def test_a_contact_grows_wider_with_its_age_and_keeps_its_place(cast: Cast) -> None:
    skilled = {"until": 120, "skills": {"installation": 3}}
    use(cast, {"queues": {"chat-zh": {"steps": [skilled, {"until": 300}, {"who": "house"}]}}})
    contact = waiting_contact(cast)
    free(cast.lina, now=NOON)
    assert offered_to(contact, later(NOON, seconds=60)) is None
    ((code, _params),) = why_waiting(contact, later(NOON, seconds=60))
    assert code == "no_skill"
    assert offered_to(contact, later(NOON, seconds=121)) == cast.lina
    offer = pending(contact)
    assert offer
    accept_offer(offer.id, cast.lina, by=by(cast.lina), now=later(NOON, seconds=122))
    set_presence(cast.lina, "on_break", by=TEST, now=later(NOON, seconds=123))
    other = waiting_contact(cast, now=NOON)
    free(cast.outsider, now=NOON)
    assert offered_to(other, later(NOON, seconds=299)) is None
    assert offered_to(other, later(NOON, seconds=300)) == cast.outsider


def test_everything_in_hand_weighs(cast: Cast) -> None:
    use(cast, {"people": {"load": 3, "weights": {"webchat": 2, "callback": 3}}})
    first, second = waiting_contact(cast), waiting_contact(cast)
    free(cast.grace, now=NOON)
    assert offered_to(first, NOON) == cast.grace
    offer = pending(first)
    assert offer
    accept_offer(offer.id, cast.grace, by=by(cast.grace), now=NOON)
    assert offered_to(second, later(NOON, seconds=1)) is None  # three chats at once, but only three units
    ((code, _params),) = why_waiting(second, NOON)
    assert code == "all_busy"


def test_help_comes_and_goes_with_an_entry_in_the_ledger(cast: Cast) -> None:
    rule = {"lender": "other", "start": 120, "stop": 30, "lender_wait": 60, "lender_free": 1}
    use(cast, {"queues": {"chat-zh": {"borrow": [rule]}}})
    contact = waiting_contact(cast)
    free(cast.outsider, now=NOON)
    assert offered_to(contact, later(NOON, seconds=119)) is None
    assert offered_to(contact, later(NOON, seconds=121)) == cast.outsider
    assert Borrowing.objects.get().lender == cast.other_queue
    assert Contact.objects.get(id=contact.id).queue == cast.chat_zh
    offer = pending(contact)
    assert offer
    accept_offer(offer.id, cast.outsider, by=by(cast.outsider), now=later(NOON, seconds=122))
    waiting_contact(cast, now=later(NOON, seconds=130))
    dispatch(later(NOON, seconds=131))
    assert not Borrowing.objects.exists()
    told = Entry.objects.filter(kind="routing.borrowing_changed").order_by("id")
    assert [entry.body["is_on"] for entry in told] == [True, False]


def test_a_call_agreed_for_now_does_not_end_the_help_of_its_queue(cast: Cast) -> None:
    """It was asked for this morning, but it waits for us only from the time that was agreed."""
    use(cast, {"queues": {"chat-zh": {"borrow": [{"lender": "other", "start": 120, "stop": 30, "lender_wait": 60}]}}})
    waiting_contact(cast)
    call = waiting_contact(cast, queue=cast.other_queue, now=later(NOON, hours=-3))
    Contact.objects.filter(id=call.id).update(channel="callback", due_at=later(NOON, seconds=121))
    free(cast.outsider, now=NOON)
    dispatch(later(NOON, seconds=121))
    assert Borrowing.objects.get().lender == cast.other_queue


def test_an_expert_is_asked_only_where_a_step_says_so(cast: Cast) -> None:
    """Experts who may serve customers, wherever they sit; who only answers colleagues is asked inside the case."""
    cast.expert.capacities.create(channel="webchat", limit=1)
    Expertise.objects.create(person=cast.outsider)
    contact = waiting_contact(cast)
    free(cast.expert, cast.outsider, now=NOON)
    assert offered_to(contact, NOON) is None
    use(cast, {"queues": {"chat-zh": {"steps": [{"until": 60}, {"experts": True}]}}})
    assert offered_to(contact, later(NOON, seconds=59)) is None
    assert offered_to(contact, later(NOON, seconds=60)) == cast.outsider


def test_a_plan_costs_no_question_more(cast: Cast) -> None:
    for _ in range(3):
        waiting_contact(cast)
    free(cast.grace, cast.lina, now=NOON)
    situation_for_offers()
    with CaptureQueriesContext(connection) as built_in:
        situation_for_offers()
    use(cast, {"everywhere": {"steps": [{"until": 60}, {"language": "prefer"}]}})
    situation_for_offers()
    with CaptureQueriesContext(connection) as published:
        situation_for_offers()
    assert len(published) == len(built_in)
    set_presence(cast.grace, "on_break", by=TEST, now=NOON)
    set_presence(cast.lina, "on_break", by=TEST, now=NOON)
    with CaptureQueriesContext(connection) as nobody:
        situation_for_offers()
    assert len(nobody) < len(published)


def test_a_step_says_what_customers_are_told_from_then_on(cast: Cast) -> None:
    told = {"en": "A colleague elsewhere may help you now", "zh": "现在其他同事也可以帮您"}
    use(cast, {"queues": {"chat-zh": {"steps": [{"until": 120}, {"who": "house", "tell": told}]}}})
    assert told_while_waiting(cast.chat_zh.id, NOON, "en", later(NOON, seconds=119)) == ""
    assert told_while_waiting(cast.chat_zh.id, NOON, "en", later(NOON, seconds=120)) == told["en"]
    assert told_while_waiting(cast.chat_zh.id, NOON, "zh-hans", later(NOON, days=1)) == told["zh"]
    assert told_while_waiting(cast.other_queue.id, NOON, "en", later(NOON, days=1)) == ""


def test_a_step_that_offers_a_callback_says_so_in_our_words_where_the_plan_has_none(cast: Cast) -> None:
    use(cast, {"queues": {"chat-zh": {"steps": [{"until": 60}, {"offer_callback": True}]}}})
    assert told_while_waiting(cast.chat_zh.id, NOON, "en", NOON) == ""
    for language, words in (("en", "called"), ("zh-hans", "回电")):
        assert words in told_while_waiting(cast.chat_zh.id, NOON, language, later(NOON, seconds=60))


LENT = frozenset({(1, 2)})
BORROWS = Plan(queues={1: QueuePlan(borrow=(Borrow(lender=2, start=120, stop=30, lender_wait=60, lender_free=2),))})


@pytest.mark.parametrize(
    ("standing", "own", "lender", "expected"),
    [
        (frozenset(), Health(119), Health(0, 5), frozenset()),
        (frozenset(), Health(120), Health(0, 5), LENT),
        (frozenset(), Health(500), Health(0, 1), frozenset()),
        (frozenset(), Health(500), Health(31, 5), frozenset()),
        (LENT, Health(119), Health(60, 0), LENT),
        (LENT, Health(29), Health(0, 5), frozenset()),
        (LENT, Health(500), Health(61, 5), frozenset()),
    ],
)
def test_when_help_comes_and_goes(
    standing: frozenset[tuple[int, int]], own: Health, lender: Health, expected: frozenset[tuple[int, int]]
) -> None:
    assert lent_now(BORROWS, standing, {1: own, 2: lender}) == expected


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 100)), max_size=30))
def test_help_never_comes_and_goes_by_a_little(waits: list[tuple[int, int]]) -> None:
    """Between coming and going some wait has moved by half of what the rule names, whatever the day brings."""
    standing: frozenset[tuple[int, int]] = frozenset()
    came: tuple[int, int] | None = None
    for own, lender in waits:
        after = lent_now(BORROWS, standing, {1: Health(own), 2: Health(lender, 9)})
        if after and not standing:
            came = (own, lender)
        elif standing and not after:
            assert came
            assert came[0] - own >= 90 or lender - came[1] >= 30
        standing = after
