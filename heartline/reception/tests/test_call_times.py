"""When we call: only times with room are offered, another is chosen on the case's page, the place is kept."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from heartline.conversations.models import Contact
from heartline.people.actions import actor_for
from heartline.promises.callbacks.models import Call
from heartline.promises.models import FollowUp
from heartline.reception.tests.browsing import page, send
from heartline.routing.actions import take_contact
from tests.cast import NOON, Cast

FORM = "/b/qinghe/call-me"


@pytest.fixture
def case_address(cast: Cast, visitor: Client) -> str:
    answer = send(visitor, FORM, phone="13800138000", text="Where is my fridge?")
    return str(answer["Location"]).partition("?")[0]


def times(visitor: Client, address: str) -> list[str]:
    return re.findall(r'<option value="(\d{4}-[^"]+)"', page(visitor, address).text)


def test_a_time_that_is_full_is_not_offered(cast: Cast, visitor: Client) -> None:
    first, second = times(visitor, FORM)[:2]
    customers = 0
    while first in times(visitor, FORM):
        customers += 1
        assert customers < 10
        answer = send(visitor, FORM, phone=f"1380013800{customers}", text="Hello", when=first)
        assert answer.status_code == 302
    assert second in times(visitor, FORM)
    assert Call.objects.count() == customers >= 1
    refused = send(visitor, FORM, phone="13800138009", text="Hello", when=first)
    assert refused.status_code == 422
    assert "has passed or is taken" in refused.content.decode()


def test_another_time_is_chosen_on_the_cases_page_and_the_place_is_kept(
    cast: Cast, visitor: Client, case_address: str
) -> None:
    before = Contact.objects.get(channel="callback")
    at = times(visitor, case_address)[3]
    assert send(visitor, case_address, call="move", when=at).status_code == 302
    after = Contact.objects.get(channel="callback")
    assert after.due_at is not None
    assert after.due_at.isoformat() == Call.objects.get().slot_at.isoformat()  # type: ignore[union-attr]  # it has one now
    assert after.asked_at == before.asked_at
    assert FollowUp.objects.get().due_at > after.due_at
    assert f'<option value="{at}" selected>' in page(visitor, case_address).text


def test_no_call_needed_any_more(cast: Cast, visitor: Client, case_address: str) -> None:
    assert send(visitor, case_address, call="off").status_code == 302
    assert Contact.objects.get(channel="callback").state == "abandoned"
    assert FollowUp.objects.get().state == "done"
    assert "We promised" not in page(visitor, case_address).text
    assert send(visitor, case_address, call="off").status_code == 422


def test_while_somebody_rings_nothing_can_be_moved(cast: Cast, visitor: Client, case_address: str) -> None:
    form = page(visitor, case_address)
    cast.lina.capacities.update_or_create(channel="callback", defaults={"limit": 1})
    contact = Contact.objects.get(channel="callback")
    take_contact(contact, cast.lina, by=actor_for(cast.lina), now=NOON)
    answer = visitor.post(case_address, {**form.hidden, "call": "move", "when": ""}, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 422
    assert "Somebody is calling you right now" in answer.content.decode()
