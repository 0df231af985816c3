"""Customers who need particular care are marked by colleagues, and the mark goes with everything else when they are erased."""

from __future__ import annotations

from heartline.customers.actions import change_customer, create_customer
from heartline.customers.actions.erasing import erase_customer
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from tests.cast import NOON


def test_care_is_marked_told_and_erased(cast):
    by = actor_for(cast.grace)
    customer = create_customer(cast.brand, name="陈雨桐", language="zh-hans", by=by, now=NOON)
    assert not customer.needs_care
    change_customer(customer, {"needs_care": True}, by=by, now=NOON)
    customer.refresh_from_db()
    assert customer.needs_care
    told = Entry.objects.filter(kind="customers.customer_changed").latest("id")
    assert told.body["changed"] == ["needs_care"]
    erase_customer(customer, by=actor_for(cast.admin), now=NOON)
    customer.refresh_from_db()
    assert not customer.needs_care
