"""What the router says about waiting: why, in what place, and how long."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heartline.conversations.actions.contacts import ContactRequest, abandon_contact, open_contact
from heartline.conversations.models import Contact, Tried
from heartline.people.actions import set_presence
from heartline.routing.actions import take_contact
from heartline.routing.queries import (
    explanations,
    order_reasons,
    pending_offers_for,
    why_waiting,
)
from heartline.routing.standing import why_not_me
from heartline.routing.tests.helpers import TEST, by, dispatch, free, later, offer
from heartline.routing.waits.queries import position_of
from tests.cast import NOON, Cast, waiting_contact


def needing(cast: Cast, contact: Contact, **skills: int) -> Contact:
    contact.needs = {"language": "zh-hans", "skills": skills}
    contact.save()
    return contact


def test_why_waiting_names_what_is_missing_with_the_skills_names(cast: Cast) -> None:
    contact = needing(cast, waiting_contact(cast), installation=5)
    free(cast.grace, now=NOON)
    named = {"skill": "installation", "level": 5, "skill_en": "Installation", "skill_zh": "安装"}
    assert why_waiting(contact, NOON) == (("no_skill", named),)


def test_why_waiting_follows_what_people_do(cast: Cast) -> None:
    contact = waiting_contact(cast)
    assert why_waiting(contact, NOON) == (("nobody_here", {}),)
    set_presence(cast.grace, "on_break", by=TEST, now=NOON)
    assert why_waiting(contact, NOON) == (("none_available", {"count": 1}),)
    free(cast.grace, now=NOON)
    assert why_waiting(contact, NOON) == (("soon", {}),)
    dispatch(NOON)
    assert why_waiting(contact, NOON) == (("offered", {"name": "Grace Okafor"}),)
    other = waiting_contact(cast)
    assert why_waiting(other, NOON) == (("all_busy", {"count": 1}),)
    take_contact(contact, cast.grace, by=by(cast.grace), now=NOON)
    assert why_waiting(contact, NOON) == ()


def test_a_namesake_is_not_told_that_an_offer_is_theirs(cast: Cast) -> None:
    waiting_contact(cast)
    free(cast.grace, now=NOON)
    dispatch(NOON)
    cast.lina.name = cast.grace.name
    cast.lina.save()
    free(cast.lina, now=NOON)
    ((_id, hers),), ((_id, others),) = (why_not_me(one.id, None, NOON) for one in (cast.grace, cast.lina))
    assert (hers.comes, others.comes) == (True, False)
    assert others.reasons != hers.reasons


def test_people_who_are_away_do_not_count_as_here(cast: Cast) -> None:
    contact = waiting_contact(cast)
    set_presence(cast.grace, "away", reason="browser_gone", by=TEST, now=NOON)
    assert why_waiting(contact, NOON) == (("nobody_here", {}),)


def test_order_reasons_are_told_in_seconds(cast: Cast) -> None:
    contact = waiting_contact(cast)
    contact.customer.tier = "big"
    contact.customer.save()
    assert order_reasons(contact, later(NOON, seconds=30)) == (
        ("waited", {"seconds": 30}),
        ("live", {"seconds": 3600}),
        ("tier", {"seconds": 120, "tier": "big"}),
    )


def test_position_counts_only_those_before_in_the_same_line(cast: Cast) -> None:
    first, second = waiting_contact(cast), waiting_contact(cast, now=later(NOON, seconds=1))
    waiting_contact(cast, queue=cast.chat_en)
    assert (position_of(first, NOON), position_of(second, NOON)) == (1, 2)
    second.customer.tier = "top"
    second.customer.save()
    assert (position_of(first, NOON), position_of(second, NOON)) == (2, 1)
    abandon_contact(second, "left", by=TEST, now=later(NOON, seconds=2))
    assert position_of(first, NOON) == 1


def test_explanations_agree_with_the_single_answers_and_cost_a_fixed_number_of_queries(cast: Cast) -> None:
    contacts = [waiting_contact(cast, now=later(NOON, seconds=number)) for number in range(4)]
    now = later(NOON, minutes=1)
    found = explanations(now)
    for contact in contacts:
        assert found[contact.id].why == why_waiting(contact, now)
        assert found[contact.id].position == position_of(contact, now)
    with CaptureQueriesContext(connection) as few:
        explanations(now)
    for _ in range(6):
        waiting_contact(cast)
    with CaptureQueriesContext(connection) as many:
        explanations(now)
    assert len(few) == len(many)


def test_pending_offers_are_a_persons_own(cast: Cast) -> None:
    made = offer(waiting_contact(cast), cast.grace, now=NOON)
    assert pending_offers_for(cast.grace) == [made]
    assert pending_offers_for(cast.lina) == []


# A callback that is not due


@pytest.mark.django_db
def test_a_callback_waits_for_its_time_and_says_so(cast: Cast) -> None:
    first = waiting_contact(cast)
    request = ContactRequest(
        customer=first.customer,
        queue=cast.chat_zh,
        channel="callback",
        language="zh-hans",
        text="中午打给我",
        client_key="callback",
        due_at=later(NOON, minutes=22),
    )
    callback = open_contact(request, by=TEST, now=NOON)
    cast.lina.capacities.exclude(channel="callback").delete()
    free(cast.lina, now=NOON)
    assert dispatch(NOON) == 0
    assert why_waiting(callback, NOON) == (("not_due", {"seconds": 22 * 60}),)
    assert dispatch(later(NOON, minutes=22)) == 1


def test_people_outside_in_the_tried_ledger_do_not_confuse_the_router(cast: Cast) -> None:
    contact = waiting_contact(cast)
    Tried.objects.create(case=contact.case, kind="person", key="station-7", label="Station 7", at=NOON)
    free(cast.grace, now=NOON)
    assert dispatch(NOON) == 1
