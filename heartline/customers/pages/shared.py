"""What every page about customers starts from."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render

from heartline.common.errors import NotFound
from heartline.customers.models import Attribute, Customer
from heartline.customers.queries import customer_for, living_customer_for, now_known_as, suggestions_for
from heartline.people.requests import StaffRequest


class Moved(Exception):
    """The record that was asked for went into another one."""

    def __init__(self, customer_id: int) -> None:
        super().__init__(customer_id)
        self.customer_id = customer_id


def the_customer(request: StaffRequest, customer_id: int) -> Customer:
    """Return a customer the reader may see, or raise NotFound; raises Moved for a record that went into another."""
    try:
        return customer_for(request.scope, customer_id)
    except NotFound:
        now_known = now_known_as(request.scope, customer_id)
        if now_known is None:
            raise
        raise Moved(now_known) from None


def one_to_change(request: StaffRequest, customer_id: int) -> Customer:
    """Return a customer the reader may see who can be changed."""
    return living_customer_for(request.scope, customer_id)


def attributes_in_use() -> list[Attribute]:
    """Return the attributes that pages show."""
    return list(Attribute.objects.filter(is_active=True))


def shown(
    request: StaffRequest, template: str, context: dict[str, Any], *, here: str, status: int = 200
) -> HttpResponse:
    """Return a page of this room with its tabs."""
    counts = {"duplicates": suggestions_for(request.scope)[:100].count() if "customer.merge" in _rights(request) else 0}
    return render(request, f"customers/{template}", {"here": here, **counts, **context}, status=status)


def to_customer(customer_id: int, **query: str) -> HttpResponse:
    """Return the way to a customer's page."""
    response = redirect("customers:customer", customer_id=customer_id)
    if query:
        response["Location"] += "?" + urlencode(query)
    return response


def _rights(request: StaffRequest) -> frozenset[str]:
    return request.scope.rights
