"""What other systems know of customers: told by programs, shown on the customer's timeline."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Query, Status
from pydantic import BaseModel, Field

from heartline.api.record import router
from heartline.api.requests import ApiRequest
from heartline.common.errors import Conflict, Invalid
from heartline.common.paging import page_of
from heartline.common.schemas import Id, Moment, Page, PageAsked, Sent
from heartline.customers.actions import normalise
from heartline.customers.models import Customer, IdentityKind
from heartline.customers.outside.actions import Told, tell_event
from heartline.customers.outside.models import OutsideEvent
from heartline.customers.outside.queries import events_of
from heartline.customers.queries import customers_for, living_customer_for, not_there
from heartline.people.actions import actor_for

__all__ = ["router"]

Amount = Annotated[str, Field(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,2})?$")]
ADDRESSES = (IdentityKind.EXTERNAL, IdentityKind.EMAIL, IdentityKind.PHONE)


class CustomerMeant(Sent):
    """Which customer is meant: exactly one of these. `external` is their number in another system."""

    id: Id | None = None
    external: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    email: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    phone: Annotated[str, Field(min_length=1, max_length=40)] | None = None


class EventSent(Sent):
    """Something that happened elsewhere. `source` and `key` name it there: telling it again adds nothing."""

    customer: CustomerMeant
    source: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
    key: Annotated[str, Field(min_length=1, max_length=200)]
    what: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
    title: Annotated[str, Field(min_length=1, max_length=200, description="One line for people: Order 1021 shipped")]
    happened_at: Moment
    text: Annotated[str, Field(max_length=4000)] = ""
    url: Annotated[str, Field(max_length=500)] = ""
    amount: Amount | None = None
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""


class OutsideShown(BaseModel):
    """Something that another system told about a customer."""

    id: int
    customer_id: int
    source: str
    key: str
    what: str
    title: str
    text: str
    url: str
    amount: str | None
    currency: str
    happened_at: datetime
    told_at: datetime


@router.post("/events", response={200: OutsideShown, 201: OutsideShown})
def tell_outside_event(request: ApiRequest, sent: EventSent) -> Status[OutsideShown]:
    """Put an event on a customer's timeline: 201 when it is new, 200 when it was told before with the same words."""
    given = sent.model_dump(exclude={"customer", "amount"})
    told = Told(**given, amount=Decimal(sent.amount) if sent.amount is not None else None)
    customer = _customer(request, sent.customer)
    row, is_new = tell_event(customer, told, by=actor_for(request.user), now=request.now)
    return Status(201 if is_new else 200, _shown(row))


@router.get("/customers/{customer_id}/events", response=Page[OutsideShown])
def list_outside_events(request: ApiRequest, customer_id: Id, asked: Query[PageAsked]) -> Page[OutsideShown]:
    """Return what other systems told about a customer, newest first."""
    rows = events_of(living_customer_for(request.scope, customer_id))
    found, following = page_of(rows, asked.cursor, asked.limit)
    return Page(items=[_shown(row) for row in found], next=following)


def _customer(request: ApiRequest, meant: CustomerMeant) -> Customer:
    """Return the one customer that is meant among those the caller may see."""
    given = meant.model_dump(exclude_none=True)
    if len(given) != 1:
        message = _("Say in exactly one way which customer is meant")
        raise Invalid(message, fields={"customer": message})
    if meant.id is not None:
        return living_customer_for(request.scope, meant.id)
    ((kind, value),) = given.items()
    reached = {"identities__kind": kind, "identities__value": normalise(kind, value)}
    found = list(customers_for(request.scope).filter(**reached).distinct()[:2])
    if len(found) > 1:
        message = _("Several customers are reached there. Say the customer’s number")
        raise Conflict(message, code="customer_ambiguous", fields={"customer": message})
    if not found:
        raise not_there()
    return found[0]


def _shown(row: OutsideEvent) -> OutsideShown:
    names = [name for name in OutsideShown.model_fields if name != "amount"]
    amount = str(row.amount) if row.amount is not None else None
    return OutsideShown(amount=amount, **{name: getattr(row, name) for name in names})
