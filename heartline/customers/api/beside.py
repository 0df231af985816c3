"""Addresses, notes, consent and organisations of customers; their data as a whole, and erasing them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import Invalid
from heartline.common.paging import page_of
from heartline.common.rows import row_of
from heartline.common.schemas import BIGGEST, Done, Id, Page, PageAsked, Sent
from heartline.customers.actions.erasing import erase_customer as erase
from heartline.customers.actions.exporting import everything_about, note_export
from heartline.customers.actions.facts import add_note, remove_note, set_consent
from heartline.customers.actions.known import add_identity, remove_identity
from heartline.customers.actions.organisations import save_organisation
from heartline.customers.models import Consent, Customer, Identity, IdentityKind, Note, Organisation
from heartline.customers.queries import living_customer_for
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Customers, more"])

Shape = TypeVar("Shape", bound=BaseModel)
Purpose = Literal["surveys", "offers", "recording"]
# Who takes everything away about somebody must be one who may read all of it.
ALL_OF_IT = ("personal.read", "message.read")


class AddressSent(Sent):
    """An address by which a customer says they are reached: a claim until it is proved."""

    kind: Literal["email", "phone", "external"]
    value: Annotated[str, Field(min_length=1, max_length=254)]


class AddressShown(BaseModel):
    """An address of a customer."""

    id: int
    kind: str
    value: str
    verified: bool


class AddressesShown(BaseModel):
    """How a customer is reached. A browser's identity is a secret and stays inside."""

    items: list[AddressShown]


class NoteSent(Sent):
    """What a colleague should know about a customer; customers never see it."""

    text: Annotated[str, Field(min_length=1, max_length=4000)]


class NoteShown(BaseModel):
    """A note about a customer."""

    id: int
    text: str
    author_id: int | None
    at: datetime


class ConsentSent(Sent):
    """That a customer agreed to something or refused it, and how we know."""

    purpose: Purpose
    is_given: bool
    how: Annotated[str, Field(max_length=200)] = ""


class ConsentShown(BaseModel):
    """What a customer said about a purpose; the newest of each holds."""

    purpose: str
    is_given: bool
    how: str
    by_id: int | None
    at: datetime


class ConsentsShown(BaseModel):
    """All that a customer said about what they agree to, newest first."""

    items: list[ConsentShown]


class OrganisationSent(Sent):
    """A company or body; two with the same name, however written, are one."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    place: Annotated[str, Field(max_length=120)] = ""
    about: Annotated[str, Field(max_length=4000)] = ""


class OrganisationChanges(Sent):
    """What to change of an organisation; what is left out stays."""

    name: Annotated[str, Field(min_length=1, max_length=200)] = "-"
    place: Annotated[str, Field(max_length=120)] = ""
    about: Annotated[str, Field(max_length=4000)] = ""


class OrganisationShown(BaseModel):
    """A company or body that customers belong to."""

    id: int
    name: str
    place: str
    about: str
    created_at: datetime


class EraseSent(Sent):
    """The customer's number once more, so that nobody is erased by a slip."""

    number: Annotated[int, Field(ge=1, le=BIGGEST)]


class ErasedShown(BaseModel):
    """Which tables lost words. What is counted stays, and names nobody."""

    cleared: list[str]


@router.get("/customers/{customer_id}/addresses", response=AddressesShown)
def list_addresses(request: StaffRequest, customer_id: Id) -> AddressesShown:
    """Return how a customer is reached."""
    rows = _addresses(living_customer_for(request.scope, customer_id)).order_by("kind", "id")
    return AddressesShown(items=[_address(row) for row in rows])


@router.post("/customers/{customer_id}/addresses", response={201: AddressShown})
def add_address(request: StaffRequest, customer_id: Id, sent: AddressSent) -> AddressShown:
    """Add an address to a customer; adding it twice changes nothing."""
    customer = living_customer_for(request.scope, customer_id)
    if not sent.value.strip():
        message = _("This cannot be empty")
        raise Invalid(message, fields={"value": message})
    by, now = actor_for(request.user), clock.now()
    return _address(add_identity(customer, sent.kind, sent.value, verified=False, by=by, now=now))


@router.delete("/customers/{customer_id}/addresses/{address_id}", response=Done)
def remove_address(request: StaffRequest, customer_id: Id, address_id: Id) -> Done:
    """Take an address away from a customer."""
    row = row_of(_addresses(living_customer_for(request.scope, customer_id)), address_id)
    remove_identity(row, by=actor_for(request.user), now=clock.now())
    return Done()


@router.get("/customers/{customer_id}/notes", response=Page[NoteShown])
def list_customer_notes(request: StaffRequest, customer_id: Id, asked: Query[PageAsked]) -> Page[NoteShown]:
    """Return the notes about a customer, newest first."""
    rows = Note.objects.filter(customer=living_customer_for(request.scope, customer_id))
    found, following = page_of(rows, asked.cursor, asked.limit)
    return Page(items=[_as(NoteShown, row) for row in found], next=following)


@router.post("/customers/{customer_id}/notes", response={201: NoteShown})
def add_customer_note(request: StaffRequest, customer_id: Id, sent: NoteSent) -> NoteShown:
    """Write a note about a customer."""
    customer = living_customer_for(request.scope, customer_id)
    return _as(NoteShown, add_note(customer, sent.text, by=actor_for(request.user), now=clock.now()))


@router.delete("/customers/{customer_id}/notes/{note_id}", response=Done)
def remove_customer_note(request: StaffRequest, customer_id: Id, note_id: Id) -> Done:
    """Remove a note about a customer."""
    rows = Note.objects.filter(customer=living_customer_for(request.scope, customer_id)).select_related("customer")
    remove_note(row_of(rows, note_id), by=actor_for(request.user), now=clock.now())
    return Done()


@router.get("/customers/{customer_id}/consents", response=ConsentsShown)
def list_consents(request: StaffRequest, customer_id: Id) -> ConsentsShown:
    """Return what a customer agreed to or refused, newest first."""
    rows = Consent.objects.filter(customer=living_customer_for(request.scope, customer_id))
    return ConsentsShown(items=[_as(ConsentShown, row) for row in rows])


@router.post("/customers/{customer_id}/consents", response=ConsentsShown)
def change_consent(request: StaffRequest, customer_id: Id, sent: ConsentSent) -> ConsentsShown:
    """Write down that a customer agreed or refused; the same again adds nothing."""
    customer = living_customer_for(request.scope, customer_id)
    set_consent(customer, **sent.model_dump(), by=actor_for(request.user), now=clock.now())
    return list_consents(request, customer_id)


@router.get("/organisations", response=Page[OrganisationShown])
def list_organisations(request: StaffRequest, asked: Query[PageAsked]) -> Page[OrganisationShown]:
    """Return the organisations, newest first."""
    found, following = page_of(Organisation.objects.all(), asked.cursor, asked.limit)
    return Page(items=[_as(OrganisationShown, row) for row in found], next=following)


@router.post("/organisations", response={201: OrganisationShown})
def add_organisation(request: StaffRequest, sent: OrganisationSent) -> OrganisationShown:
    """Add an organisation."""
    row = save_organisation(Organisation(), sent.model_dump(), by=actor_for(request.user), now=clock.now())
    return _as(OrganisationShown, row)


@router.patch("/organisations/{organisation_id}", response=OrganisationShown)
def change_organisation(request: StaffRequest, organisation_id: Id, sent: OrganisationChanges) -> OrganisationShown:
    """Change an organisation."""
    row = row_of(Organisation, organisation_id)
    given = sent.model_dump(exclude_unset=True)
    return _as(OrganisationShown, save_organisation(row, given, by=actor_for(request.user), now=clock.now()))


@router.get("/customers/{customer_id}/data", response=dict[str, Any])
def read_customer_data(request: StaffRequest, customer_id: Id) -> dict[str, Any]:
    """Return everything that is kept about a customer, table by table, with the ledger’s entries. It is recorded."""
    request.scope.require(*ALL_OF_IT)
    customer, now = living_customer_for(request.scope, customer_id), clock.now()
    data = everything_about(customer, now=now)
    note_export(customer, 1, "everything", by=actor_for(request.user), now=now)
    return data


@router.post("/customers/{customer_id}/erase", response=ErasedShown)
def erase_customer(request: StaffRequest, customer_id: Id, sent: EraseSent) -> ErasedShown:
    """Erase a customer for good: name, addresses, notes, what was said, files. What is counted stays."""
    customer = living_customer_for(request.scope, customer_id)
    if sent.number != customer.id:
        message = _("Type the number %(id)s to confirm") % {"id": customer.id}
        raise Invalid(message, fields={"number": message})
    return ErasedShown(cleared=list(erase(customer, by=actor_for(request.user), now=clock.now())))


def _addresses(customer: Customer) -> Any:
    return Identity.objects.filter(customer=customer).exclude(kind=IdentityKind.VISITOR).select_related("customer")


def _address(row: Identity) -> AddressShown:
    return AddressShown(id=row.pk, kind=row.kind, value=row.value, verified=bool(row.verified_at))


def _as(shape: type[Shape], row: Any) -> Shape:
    return shape(**{name: getattr(row, name) for name in shape.model_fields})
