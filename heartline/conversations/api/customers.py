"""Customers, for programs: whom one may see follows from the cases one may see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import Conflict, Invalid
from heartline.common.paging import page_of
from heartline.common.schemas import Asked, Day, Id, Page, PageAsked, Sent
from heartline.common.text import clean
from heartline.conversations.models import Case
from heartline.conversations.queries import cases_for, customer_for, customers_for
from heartline.customers.actions import change_customer as change
from heartline.customers.actions import create_customer, normalise
from heartline.customers.actions.attributes import read_attributes
from heartline.customers.actions.organisations import organisation_named
from heartline.customers.models import Attribute, Customer, Identity, IdentityKind
from heartline.ledger.actions import one_change
from heartline.people.actions import actor_for
from heartline.people.models import Brand
from heartline.people.queries import Scope
from heartline.people.requests import StaffRequest

router = Router(tags=["Customers"])

Tier = Literal["top", "big", "medium", "small", "inactive", "prospect"]
Language = Literal["en", "zh-hans"]


# Values by the key of an attribute; an empty one takes it away, those left out stay.
Attributes = Annotated[
    dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=500)]], Field(max_length=100)
]


class IdentityShown(BaseModel):
    """An address that reaches a customer; a claim until `verified`."""

    kind: str
    value: str
    verified: bool


class CustomerShown(BaseModel):
    """A person or organisation we serve."""

    id: int
    name: str
    form_of_address: str
    language: str
    tier: str
    place: str
    about: str
    organisation_id: int | None
    attributes: dict[str, str]
    do_not_contact: bool
    needs_care: bool
    customer_since: date | None
    created_at: datetime
    identities: list[IdentityShown]


class CustomersAsked(PageAsked):
    """Which customers are wanted; an address is compared whole, never in part."""

    tier: Tier | None = None
    language: Language | None = None
    email: Annotated[str, Field(max_length=254)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    external: Annotated[str, Field(max_length=254, description="The customer's number in another system.")] = ""


class NewCustomerSent(Sent):
    """A customer who has not reached us yet. Addresses are claims until they are proved; `brand` is a key."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    language: Language
    email: Annotated[str, Field(max_length=254)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    external: Annotated[str, Field(max_length=254, description="Their number in another system.")] = ""
    place: Annotated[str, Field(max_length=120)] = ""
    brand: Annotated[str, Field(max_length=40)] = ""


class CustomerSent(Sent):
    """What to change of a customer; what is left out stays."""

    name: Annotated[str, Field(max_length=200)] | None = None
    form_of_address: Annotated[str, Field(max_length=60)] | None = None
    language: Language | None = None
    tier: Tier | None = None
    place: Annotated[str, Field(max_length=120)] | None = None
    about: Annotated[str, Field(max_length=4000)] | None = None
    customer_since: Day | None = None
    do_not_contact: bool | None = None
    needs_care: bool | None = None
    organisation: Annotated[str, Field(max_length=200, description="By name; empty for none.")] | None = None
    attributes: Attributes | None = None


@router.get("/customers", response=Page[CustomerShown])
def list_customers(request: StaffRequest, asked: Query[CustomersAsked]) -> Page[CustomerShown]:
    """Return the customers of cases the caller may see, newest first."""
    rows = customers_for(request.scope).filter(**_given(asked, "tier", "language"))
    rows = _reached_by(rows, asked).prefetch_related("identities")
    found, following = page_of(rows, asked.cursor, asked.limit)
    return Page(items=[shown(row) for row in found], next=following)


@router.post("/customers", response={201: CustomerShown})
def add_customer(request: StaffRequest, sent: NewCustomerSent) -> CustomerShown:
    """Add a customer; a number of another system that somebody has already is refused."""
    given: dict[str, str] = {
        kind: getattr(sent, kind.value) for kind in (IdentityKind.EMAIL, IdentityKind.PHONE, IdentityKind.EXTERNAL)
    }
    number = sent.external.strip()
    if number and Identity.objects.filter(kind=IdentityKind.EXTERNAL, value=number).exists():
        message = _("A customer has this number already")
        raise Conflict(message, code="customer_known", fields={"external": message})
    by, now = actor_for(request.user), clock.now()
    with one_change():
        brand = _brand(sent.brand)
        customer = create_customer(brand, name=sent.name, language=sent.language, claims=given, by=by, now=now)
        if sent.place.strip():
            change(customer, {"place": clean(sent.place, 120)}, by=by, now=now)
    return shown(customer)


@router.get("/customers/{customer_id}", response=CustomerShown)
def read_customer(request: StaffRequest, customer_id: Id) -> CustomerShown:
    """Return one customer."""
    return shown(customer_for(request.scope, customer_id))


@router.patch("/customers/{customer_id}", response=CustomerShown)
def change_customer(request: StaffRequest, customer_id: Id, sent: CustomerSent) -> CustomerShown:
    """Change what is known about a customer; who may not read it may not change it either."""
    request.scope.require("personal.read")
    customer = customer_for(request.scope, customer_id)
    changes = {name: _cleaned(value) for name, value in sent.model_dump(exclude_unset=True).items()}
    missing = [name for name, value in changes.items() if value is None and name != "customer_since"]
    if missing:
        raise Invalid(_("This cannot be empty"), fields={name: _("This cannot be empty") for name in missing})
    case, by, now = _case_in_sight(request.scope, customer), actor_for(request.user), clock.now()
    where: dict[str, Any] = {"case_id": case.id, "queue_id": case.queue_id} if case else {}
    with one_change():
        if "organisation" in changes:
            changes["organisation"] = organisation_named(changes["organisation"], by=by, now=now)
        if "attributes" in changes:
            changes["attributes"] = _attributes(customer, changes["attributes"])
        change(customer, changes, **where, by=by, now=now)
    return shown(customer)


def _attributes(customer: Customer, typed: dict[str, str]) -> dict[str, str]:
    """Return all attributes of a customer as they are with some set; raises Invalid for those nobody asks for."""
    known = list(Attribute.objects.filter(is_active=True))
    unknown = sorted(set(typed) - {row.key for row in known})
    if unknown:
        message = _("There is no such attribute")
        raise Invalid(message, fields={f"attribute_{key}": message for key in unknown[:5]})
    whole = {**customer.attributes, **read_attributes(typed, known)}
    return {key: value for key, value in whole.items() if value}


def shown(customer: Customer) -> CustomerShown:
    """Return a customer as programs see them. A browser's identity is a secret and stays inside."""
    addresses = [row for row in customer.identities.all() if row.kind != IdentityKind.VISITOR]
    return CustomerShown(
        id=customer.id,
        name=customer.name,
        form_of_address=customer.form_of_address,
        language=customer.language,
        tier=customer.tier,
        place=customer.place,
        about=customer.about,
        organisation_id=customer.organisation_id,
        attributes=customer.attributes,
        do_not_contact=customer.do_not_contact,
        needs_care=customer.needs_care,
        customer_since=customer.customer_since,
        created_at=customer.created_at,
        identities=[IdentityShown(kind=row.kind, value=row.value, verified=bool(row.verified_at)) for row in addresses],
    )


def _brand(key: str) -> Brand:
    found = Brand.objects.filter(key=key) if key else Brand.objects.filter(is_default=True)
    brand = found.first()
    if brand is None:
        raise Invalid(_("There is no such brand"), fields={"brand": _("There is no such brand")})
    return brand


def _reached_by(rows: QuerySet[Customer], asked: CustomersAsked) -> QuerySet[Customer]:
    for kind in (IdentityKind.EMAIL, IdentityKind.PHONE, IdentityKind.EXTERNAL):
        value = getattr(asked, kind.value)
        if value:
            rows = rows.filter(identities__kind=kind, identities__value=normalise(kind, value))
    return rows


def _given(asked: Asked, *names: str) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in names if getattr(asked, name) is not None}


def _cleaned(value: Any) -> Any:
    return clean(value, len(value)) if isinstance(value, str) else value


def _case_in_sight(scope: Scope, customer: Customer) -> Case | None:
    """Return the customer's newest case that the caller may see: who follows it hears of the change."""
    return cases_for(scope).filter(customer=customer).order_by("-id").first()
