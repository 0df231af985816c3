"""Moving customers through the pyramid: by rules when what we know changes or time passes, and by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from heartline.common.actors import Actor
from heartline.customers.events import TierChanged
from heartline.customers.models import Customer, Tier, TierRule
from heartline.customers.rules.tiers import Condition, Rule, decide
from heartline.ledger.actions import one_change, record
from heartline.people.setup_actions.settings import note

BATCH = 500
AGAIN_AFTER = timedelta(hours=20)


def rules_now() -> tuple[Rule, ...]:
    """Return the rules in the order they are asked."""
    return tuple(
        Rule(row.pk, row.tier, tuple(Condition(**condition) for condition in row.conditions))
        for row in TierRule.objects.order_by("order", "id")
    )


def facts_of(customer: Customer) -> dict[str, str]:
    """Return what rules may ask about a customer."""
    facts = {f"attribute:{key}": str(value) for key, value in customer.attributes.items()}
    facts["customer_since"] = customer.customer_since.isoformat() if customer.customer_since else ""
    return facts


def moved_by_rule(customer: Customer, *, now: datetime, rules: Sequence[Rule] | None = None) -> TierChanged | None:
    """Set the tier that rules give a customer and return the event, or None when nothing moves. Saves nothing."""
    if customer.tier_by_hand or customer.erased_at:
        return None
    rule = decide(rules if rules is not None else rules_now(), facts_of(customer), now.date())
    if rule is None or rule.tier == customer.tier:
        return None
    before, customer.tier, customer.tier_checked_at = customer.tier, rule.tier, now
    return TierChanged(customer_id=customer.id, from_tier=before, tier=rule.tier, why="rule", rule_id=rule.id)


def moved_by_hand(customer: Customer, before: str, why: str) -> TierChanged:
    """Return the event of a tier that somebody chose."""
    return TierChanged(customer_id=customer.id, from_tier=before, tier=customer.tier, why=why, rule_id=None)


def save_rule(rule: TierRule, tier: str, conditions: list[Condition], *, by: Actor, now: datetime) -> TierRule:
    """Save a rule; every customer is asked about again soon after."""
    with one_change():
        adding = rule.pk is None
        if adding:
            rule.order = TierRule.objects.count()
        rule.tier, rule.changed_at = Tier(tier), now
        rule.conditions = [{"what": one.what, "test": one.test, "value": one.value} for one in conditions]
        rule.save()
        note("tier_rule", rule, ("added",) if adding else ("conditions", "tier"), by=by, now=now)
        _ask_everybody()
    return rule


def remove_rule(rule: TierRule, *, by: Actor, now: datetime) -> None:
    """Remove a rule."""
    with one_change():
        note("tier_rule", rule, ("removed",), by=by, now=now)
        rule.delete()
        for order, other in enumerate(TierRule.objects.order_by("order", "id")):
            TierRule.objects.filter(pk=other.pk).update(order=order)
        _ask_everybody()


def move_rule(rule: TierRule, *, up: bool, by: Actor, now: datetime) -> None:
    """Ask a rule earlier or later."""
    with one_change():
        rows = list(TierRule.objects.order_by("order", "id"))
        here = next(place for place, row in enumerate(rows) if row.pk == rule.pk)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(rows):
            return
        rows[here], rows[there] = rows[there], rows[here]
        for order, row in enumerate(rows):
            TierRule.objects.filter(pk=row.pk).update(order=order)
        rule.refresh_from_db()
        note("tier_rule", rule, ("order",), by=by, now=now)
        _ask_everybody()


def recompute(*, now: datetime, limit: int = BATCH) -> int:
    """Ask the rules about customers who were not asked for a day, or since rules changed; returns how many moved."""
    from heartline.customers.actions.known import tell_changed

    rules = rules_now()
    if not rules:
        return 0
    waiting = Customer.objects.filter(merged_into=None, erased_at=None, tier_by_hand=False)
    stale = list(waiting.filter(tier_checked_at=None)[:limit])
    stale += list(waiting.filter(tier_checked_at__lt=now - AGAIN_AFTER)[: limit - len(stale)])
    moved, by = 0, Actor.system("tiers")
    same: list[int] = []
    for customer in stale:
        event = moved_by_rule(customer, now=now, rules=rules)
        if event is None:
            same.append(customer.id)
            continue
        with one_change():
            held = Customer.objects.filter(id=customer.id, tier=event.from_tier, tier_by_hand=False)
            if held.update(tier=event.tier, tier_checked_at=now):
                record(event, by=by, now=now, sample=customer.is_sample)
                tell_changed(customer, ("tier",), by=by, now=now)
                moved += 1
    Customer.objects.filter(id__in=same).update(tier_checked_at=now)
    return moved


def _ask_everybody() -> None:
    Customer.objects.exclude(tier_checked_at=None).update(tier_checked_at=None)
