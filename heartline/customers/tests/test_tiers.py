"""The pyramid: rules in order, asked when something changes and when time passes; a tier chosen by hand stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.conversations.models import Case
from heartline.customers.actions import change_customer
from heartline.customers.actions.facts import may_be_asked, set_consent
from heartline.customers.actions.tiers import move_rule, recompute, save_rule
from heartline.customers.models import TierRule
from heartline.customers.rules.tiers import Condition, Rule, decide
from heartline.customers.tests.conftest import BY
from heartline.ledger.events import audience_of, enrich
from heartline.ledger.models import Entry
from tests.cast import NOON, waiting_contact

RICH = Condition("attribute:revenue", "at_least", "50000")
LATE = Condition("attribute:bought", "not_within_days", "365")


def rules(*rows):
    return [save_rule(TierRule(), tier, list(conditions), by=BY, now=NOON) for tier, conditions in rows]


def moves():
    return list(
        Entry.objects.filter(kind="customers.tier_changed")
        .order_by("id")
        .values_list("body__from_tier", "body__tier", "body__why")
    )


def test_a_change_moves_a_customer_at_once_and_the_ledger_tells_why(cast, known):
    rules(("top", [RICH]), ("inactive", [LATE]))
    customer = known(attributes={"revenue": "49999.99"})
    assert customer.tier == "prospect"
    change_customer(customer, {"attributes": {"revenue": "50000"}}, by=BY, now=NOON)
    assert customer.tier == "top"
    assert moves() == [("prospect", "top", "rule")]


def test_time_moves_customers_too(cast, known):
    rules(("inactive", [LATE]))
    day = (NOON - timedelta(days=364)).date().isoformat()
    customer = known(attributes={"bought": day})
    assert recompute(now=NOON) == 0
    assert recompute(now=NOON + timedelta(hours=1)) == 0
    assert recompute(now=NOON + timedelta(days=2)) == 1
    customer.refresh_from_db()
    assert customer.tier == "inactive"


def test_a_tier_chosen_by_hand_stays_until_it_is_let_go(cast, known):
    rules(("top", [RICH]))
    customer = known(attributes={"revenue": "60000"})
    change_customer(customer, {"tier": "small"}, by=BY, now=NOON)
    assert recompute(now=NOON + timedelta(days=3)) == 0
    assert (customer.tier, moves()[-1]) == ("small", ("top", "small", "hand"))
    change_customer(customer, {"tier_by_hand": False}, by=BY, now=NOON)
    assert customer.tier == "top"


def test_a_changed_rule_asks_everybody_again(cast, known):
    first, second = rules(("top", [RICH]), ("big", [Condition("attribute:revenue", "filled")]))
    customer = known(attributes={"revenue": "60000"})
    move_rule(second, up=True, by=BY, now=NOON)
    assert recompute(now=NOON) == 1
    customer.refresh_from_db()
    assert customer.tier == "big"
    assert [row.pk for row in TierRule.objects.all()] == [second.pk, first.pk]


def test_without_rules_nobody_moves(cast, known):
    known(attributes={"revenue": "1"})
    assert recompute(now=NOON) == 0
    assert moves() == []


@pytest.mark.parametrize(
    ("test", "value", "known", "holds"),
    [
        ("at_least", "10", "10", True), ("at_least", "10", "9.99", False), ("at_most", "10", "10", True),
        ("at_least", "10", "", False), ("at_least", "10", "ten", False), ("within_days", "30", "2026-11-01", True),
        ("within_days", "30", "2026-10-27", False), ("not_within_days", "30", "2026-10-27", True),
        ("not_within_days", "30", "", False), ("is", "Trade", "ｔｒａｄｅ", True), ("is_not", "Trade", "Home", True),
        ("is_not", "Trade", "", False), ("filled", "", "x", True), ("empty", "", "", True), ("empty", "", "x", False),
    ],
)  # fmt: skip
def test_conditions(test, value, known, holds):
    rule = Rule(1, "top", (Condition("fact", test, value),))
    assert bool(decide([rule], {"fact": known}, NOON.date())) is holds


def test_desks_that_show_the_customer_hear_of_it(cast):
    contact = waiting_contact(cast)
    change_customer(contact.customer, {"name": "陈女士"}, by=BY, now=NOON)
    entry = Entry.objects.get(kind="customers.customer_changed")
    bodies = [dict(entry.body)]
    enrich([(entry.kind, bodies[0])])
    assert f"queue:{cast.chat_zh.id}" in audience_of(entry.kind, bodies[0])
    assert bodies[0]["case"]["customer_name"] == "陈女士"
    assert len(bodies[0]["cards"]) == 1
    assert Case.objects.get().id == entry.case_id


def test_who_does_not_want_to_be_asked_is_not(cast, known):
    customer = known()
    assert may_be_asked(customer)
    set_consent(customer, "surveys", is_given=False, how="", by=BY, now=NOON)
    assert not may_be_asked(customer)
    set_consent(customer, "surveys", is_given=True, how="", by=BY, now=NOON)
    assert may_be_asked(customer)
    change_customer(customer, {"do_not_contact": True}, by=BY, now=NOON)
    assert not may_be_asked(customer)
