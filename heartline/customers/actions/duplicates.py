"""Finding records that may be one person: the same address, or near names and the same end of a phone number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from heartline.customers.models import Customer, Identity, IdentityKind, Suggestion
from heartline.customers.rules.likeness import NEAR, likeness

BATCH = 200
SHARED_BY_MANY = 20  # an address that more records share is a switchboard or a test, not a person


def suggest_duplicates(*, now: datetime, limit: int = BATCH) -> int:
    """Compare records that are new or changed with all others; returns how many pairs are newly suggested.

    All is read first and written in one short transaction: on SQLite each of its own would keep everybody waiting.
    """
    waiting = Customer.objects.filter(duplicates_checked_at=None, merged_into=None, erased_at=None)
    looked_at = list(waiting.order_by("id").prefetch_related("identities")[:limit])
    pairs = [(customer.id, *alike) for customer in looked_at for alike in _alike(customer)]
    if not looked_at:
        return 0
    with transaction.atomic():
        checked = Customer.objects.filter(id__in=[customer.id for customer in looked_at])
        checked.update(duplicates_checked_at=now)
        return sum(_suggest(*pair, now=now) for pair in pairs)


def _alike(customer: Customer) -> Iterator[tuple[int, str, int]]:
    for identity in customer.identities.all():
        if identity.kind == IdentityKind.VISITOR:
            continue
        others = _others(customer).filter(kind=identity.kind, value=identity.value)
        same = list(others.values_list("customer_id", flat=True).distinct()[: SHARED_BY_MANY + 1])
        if len(same) <= SHARED_BY_MANY:
            yield from ((other, f"same_{identity.kind}", 100) for other in same)
        if identity.kind == IdentityKind.PHONE and customer.name:
            yield from _near(customer, identity)


def _near(customer: Customer, identity: Identity) -> Iterator[tuple[int, str, int]]:
    others = _others(customer).filter(kind=IdentityKind.PHONE, tail=identity.tail).exclude(value=identity.value)
    for other, name in others.exclude(customer__name="").values_list("customer_id", "customer__name")[:500]:
        like = likeness(customer.name, name)
        if like >= NEAR:
            yield other, "near_name", like


def _others(customer: Customer) -> QuerySet[Identity]:
    standing = Identity.objects.filter(customer__merged_into=None, customer__erased_at=None)
    return standing.exclude(customer_id=customer.id)


def _suggest(one: int, other: int, why: str, like: int, *, now: datetime) -> bool:
    pair = {"first_id": min(one, other), "second_id": max(one, other)}
    values = {"why": why, "likeness": like, "found_at": now}
    suggestion, created = Suggestion.objects.get_or_create(**pair, defaults=values)
    if not created and suggestion.state == "open" and suggestion.likeness < like:
        Suggestion.objects.filter(pk=suggestion.pk).update(why=why, likeness=like)
    return created
