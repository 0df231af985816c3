"""Reading what other systems told."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from heartline.customers.models import Customer
from heartline.customers.outside.models import OutsideEvent


def events_of(customer: Customer) -> QuerySet[OutsideEvent]:
    """Return what other systems told about a customer whom the reader may see."""
    return OutsideEvent.objects.filter(customer=customer)


def titles_of(ids: Iterable[int]) -> dict[int, str]:
    """Return the titles of events, for readers who may see their customers; none for erased ones."""
    wanted = list(ids)
    return dict(OutsideEvent.objects.filter(id__in=wanted).values_list("id", "title")) if wanted else {}
