"""What other systems tell of customers: once, on the timeline, gone with the customer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from heartline.api.tests.helpers import Program
from heartline.conversations.models import Contact
from heartline.customers.actions import add_identity
from heartline.customers.actions.erasing import erase_customer
from heartline.customers.outside.models import OutsideEvent
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.people.queries import scope_of
from heartline.service.story.queries import story_for
from tests.cast import NOON, Cast, waiting_contact

Programs = Callable[[str], Program]


def order(customer: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "customer": customer,
        "source": "shop",
        "key": "order-1021-shipped",
        "what": "order.shipped",
        "title": "订单 1021 已发货",
        "happened_at": NOON.isoformat(),
        "url": "https://shop.example.com/orders/1021",
        "amount": "3299.00",
        "currency": "CNY",
    } | changes


def test_an_order_appears_in_the_customers_story(cast: Cast, contact: Contact, program: Programs) -> None:
    told = program("grace").post("/events", order({"id": contact.customer_id}))
    assert told.status_code == 201
    assert (told.json()["amount"], told.json()["customer_id"]) == ("3299.00", contact.customer_id)
    story = story_for(scope_of(cast.grace), contact.case, NOON)
    assert "订单 1021 已发货" in [line["text"] for line in story["timeline"]]
    (shown,) = program("grace").get(f"/customers/{contact.customer_id}/events").json()["items"]
    assert shown == told.json()


def test_telling_it_again_adds_nothing_and_telling_it_otherwise_is_refused(
    cast: Cast, contact: Contact, program: Programs
) -> None:
    grace, customer = program("grace"), {"id": contact.customer_id}
    first = grace.post("/events", order(customer))
    again = grace.post("/events", order(customer))
    assert (again.status_code, again.json()) == (200, first.json())
    assert OutsideEvent.objects.count() == 1
    assert Entry.objects.filter(kind="customers.outside_event").count() == 1
    other = grace.post("/events", order(customer, title="订单 1021 已取消"))
    assert (other.status_code, other.json()["code"]) == (409, "event_differs")
    assert grace.post("/events", order(customer, source="warehouse")).status_code == 201


def test_a_customer_is_named_as_the_other_system_knows_them(cast: Cast, contact: Contact, program: Programs) -> None:
    by = actor_for(cast.grace)
    add_identity(contact.customer, "external", "C-77", verified=False, by=by, now=NOON)
    add_identity(contact.customer, "email", "Wei@Example.com", verified=False, by=by, now=NOON)
    for number, meant in enumerate(({"external": "C-77"}, {"email": " wei@example.com"}), 1):
        reply = program("grace").post("/events", order(meant, key=f"k{number}"))
        assert reply.json()["customer_id"] == contact.customer_id
    other = waiting_contact(cast).customer
    add_identity(other, "email", "wei@example.com", verified=False, by=by, now=NOON)
    reply = program("grace").post("/events", order({"email": "wei@example.com"}, key="k3"))
    assert (reply.status_code, reply.json()["code"]) == (409, "customer_ambiguous")


@pytest.mark.parametrize("meant", [{"external": "nobody"}, {"id": 999_999}, {"email": "no@example.com"}])
def test_who_is_not_there_is_not_found(cast: Cast, program: Programs, meant: dict[str, Any]) -> None:
    assert program("admin").post("/events", order(meant)).status_code == 404


def test_a_customer_of_others_is_not_found(cast: Cast, contact: Contact, program: Programs) -> None:
    outsider = program("outsider")
    assert outsider.post("/events", order({"id": contact.customer_id})).status_code == 404
    assert outsider.get(f"/customers/{contact.customer_id}/events").status_code == 404
    assert not OutsideEvent.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"customer": {}}, "customer"),
        ({"customer": {"id": 1, "external": "x"}}, "customer"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://"}, "url"),
        ({"happened_at": "2026-11-26T05:00:00Z"}, "happened_at"),
        ({"currency": ""}, "amount"),
        ({"amount": "1e9"}, "amount"),
        ({"title": " "}, "title"),
        ({"source": "My Shop"}, "source"),
        ({"told_by": 1}, "told_by"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(
    contact: Contact, program: Programs, change: dict[str, Any], field: str
) -> None:
    reply = program("grace").post("/events", order({"id": contact.customer_id}) | change)
    assert (reply.status_code, list(reply.json()["fields"])) == (422, [field])


@pytest.mark.django_db(transaction=True)  # the ledger is read as far as it is settled
def test_words_are_in_no_ledger_and_go_with_the_customer(cast: Cast, contact: Contact, program: Programs) -> None:
    customer = contact.customer
    program("grace").post("/events", order({"id": customer.id}, text="送到花园路 8 号"))
    assert "1021" not in str(list(Entry.objects.filter(kind="customers.outside_event").values("body")))
    shown = program("grace").get("/events").json()["items"]
    assert [one["body"]["text"] for one in shown if one["kind"] == "customers.outside_event"] == ["送到花园路 8 号"]
    Contact.objects.update(state="ended")
    erase_customer(customer, by=actor_for(cast.admin), now=NOON)
    left = OutsideEvent.objects.get()
    assert (left.title, left.text, left.url) == ("", "", "")
    assert "1021" not in left.key


def test_a_customer_whom_only_another_system_knows_is_added_and_told_of(cast: Cast, program: Programs) -> None:
    sent = {"name": "周敏", "language": "zh-hans", "external": "C-90", "email": "Min@Example.com", "place": "杭州"}
    grace = program("grace")
    made = grace.post("/customers", sent)
    assert (made.status_code, made.json()["place"]) == (201, "杭州")
    assert {(one["kind"], one["value"], one["verified"]) for one in made.json()["identities"]} == {
        ("external", "C-90", False),
        ("email", "min@example.com", False),
    }
    assert grace.post("/events", order({"external": "C-90"})).json()["customer_id"] == made.json()["id"]
    again = grace.post("/customers", sent)
    assert (again.status_code, again.json()["code"]) == (409, "customer_known")
    for wrong in ({"brand": "none"}, {"phone": "12"}, {"name": ""}, {"tier": "top"}):
        assert grace.post("/customers", sent | {"external": "C-91"} | wrong).status_code == 422
    assert program("analyst").post("/customers", sent).status_code == 403
