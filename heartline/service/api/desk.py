"""What people do at the desk, for programs: the same actions with the same checks.

Operations on addresses that a lower room reads join that room's router, so that one address has one entry.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field, model_validator

from heartline.common import clock
from heartline.common.schemas import Id, Moment, Sent
from heartline.conversations.actions.cases import Wrapping
from heartline.conversations.api.cases import (
    CaseShown,
    CaseState,
    ContactShown,
    MessageShown,
    case_shown,
    contact_shown,
    messages_shown,
)
from heartline.conversations.api.cases import router as cases
from heartline.conversations.api.customers import Language
from heartline.conversations.models import Contact
from heartline.conversations.queries import case_for, contact_for
from heartline.people.api import PresenceShown, presence_of
from heartline.people.requests import StaffRequest
from heartline.service import actions, named
from heartline.service.actions import Worker
from heartline.service.cases.changes import change_whole_case
from heartline.service.cases.fields import wrap_up_with
from heartline.service.forms import tokens
from heartline.service.intake import NewCustomer, OnBehalf, open_on_behalf
from heartline.service.writing.mentions import write_calling

router = Router(tags=["Desk"])

Text = Annotated[str, Field(max_length=1000)]


class PresenceSent(Sent):
    """The presence one chooses. Available lasts only while a desk's live stream is open."""

    state: Literal["available", "on_break", "not_ready", "offline"]
    reason: Literal["", "meal", "training", "meeting", "coaching", "case_work", "other"] = ""


class CaseSent(Sent):
    """What to change of a case; what is left out stays."""

    subject: Annotated[str, Field(min_length=1, max_length=200)] = ""
    wants: Text = ""
    state: CaseState = "open"
    owner_id: Id | None = None
    reason_id: Id | None = None


class CallerSent(Sent):
    """A customer we do not know yet. Addresses are claims until they are proved."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    language: Language
    email: Annotated[str, Field(max_length=254)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""


class ContactSent(Sent):
    """A contact on behalf of a customer; a callback also says by when we call (`due_at`)."""

    channel: Literal["webform", "callback"]
    queue_id: Id
    want: Annotated[str, Field(min_length=1, max_length=1000)]
    customer_id: Id | None = None
    new_customer: CallerSent | None = None
    case_id: Id | None = None
    due_at: Moment | None = None


Attachments = Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=10)]


class MessageSent(Sent):
    """What is said. `attachments` are tokens of files that were uploaded for this contact; with them, text may be empty."""

    text: Annotated[str, Field(max_length=8000)] = ""
    attachments: Attachments = []

    @model_validator(mode="after")
    def says_something(self) -> Self:
        """Refuse what has neither words nor files."""
        if not self.text.strip() and not self.attachments:
            raise ValueError(_("Write something, or attach a file"))
        return self


class ContactNoteSent(MessageSent):
    """An internal note; `mention_ids` are the colleagues whom its text calls with @ and their name: they are told."""

    mention_ids: Annotated[list[Id], Field(max_length=50)] = []


class HandOverSent(Sent):
    """Where to, and the card that saves the customer from telling it twice."""

    to_queue_id: Id
    to_person_id: Id | None = None
    wants: Annotated[str, Field(min_length=1, max_length=1000)]
    tried: Text = ""
    promised: Text = ""
    do_not_ask: Text = ""


class WrapUpSent(Sent):
    """What a contact was about and how it ended. Only reason and resolution are required, and what its type of case asks.

    `fields` has values by key of the fields of the case, as in PUT /cases/{id}/fields.
    """

    reason_id: Id
    resolution: Literal["solved", "partly", "promised", "unsolved", "no_answer_needed"]
    root_cause: Literal[
        "", "product", "information", "expectation", "process", "mistake", "customer_wish", "unknown"
    ] = ""
    told_to_expect: Annotated[str, Field(max_length=300)] = ""
    what_happened: Annotated[str, Field(max_length=300)] = ""
    note: Annotated[str, Field(max_length=4000)] = ""
    fields: dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=1000)]] = {}


class WrapUpShown(BaseModel):
    """A wrap-up as it was recorded."""

    contact_id: int
    case_id: int
    reason_id: int
    resolution: str
    root_cause: str
    at: datetime


@router.get("/people/me/presence", response=PresenceShown)
def read_presence(request: StaffRequest) -> PresenceShown:
    """Return one's own presence."""
    shown = presence_of(request.user)
    return shown or PresenceShown(state="offline", reason="", since=request.user.joined_at)


@router.put("/people/me/presence", response=PresenceShown)
def set_presence(request: StaffRequest, sent: PresenceSent) -> PresenceShown:
    """Set one's own presence."""
    row = actions.choose_presence(worker_of(request), sent.state, sent.reason)
    return PresenceShown(state=row.state, reason=row.reason, since=row.since)


@cases.patch("/cases/{case_id}", response=CaseShown)
def change_case(request: StaffRequest, case_id: Id, sent: CaseSent) -> CaseShown:
    """Change a case; experts change what it is called and what the customer wants, no more."""
    case, changes = case_for(request.scope, case_id), sent.model_dump(exclude_unset=True)
    if changes.keys() - {"subject", "wants"}:
        request.scope.require("contact.serve")
    changed = change_whole_case(worker_of(request), case, changes)
    return case_shown(changed, request.scope)


@cases.post("/contacts", response={201: ContactShown})
def open_contact(request: StaffRequest, sent: ContactSent) -> ContactShown:
    """Open a contact on behalf of a customer; it waits in its queue like any other."""
    given = sent.model_dump(exclude={"new_customer"})
    new = NewCustomer(**sent.new_customer.model_dump()) if sent.new_customer else None
    asked = OnBehalf(**given, new_customer=new, client_key=client_key_of(request))
    return contact_shown(open_on_behalf(worker_of(request), asked))


@router.post("/contacts/{contact_id}/take", response=ContactShown)
def take_contact(request: StaffRequest, contact_id: Id, over: bool = False) -> ContactShown:
    """Take a waiting contact, within the limits of an offer; with `over` a supervisor goes beyond them, which is recorded."""
    contact = contact_for(request.scope, contact_id)
    return contact_shown(actions.take(worker_of(request), contact, over=over))


@router.post("/contacts/{contact_id}/transfer", response=ContactShown)
def transfer_contact(request: StaffRequest, contact_id: Id, sent: HandOverSent) -> ContactShown:
    """Hand a contact to another queue or person; the customer keeps their place."""
    contact = contact_for(request.scope, contact_id)
    card = actions.HandOver(
        to_queue=named.queue_named(sent.to_queue_id),
        to_person=named.person_named(sent.to_person_id),
        **sent.model_dump(exclude={"to_queue_id", "to_person_id"}),
    )
    return contact_shown(actions.hand_over(worker_of(request), contact, card))


@router.post("/contacts/{contact_id}/give-back", response=ContactShown)
def give_back_contact(request: StaffRequest, contact_id: Id) -> ContactShown:
    """Put a contact back in its queue, at its old place."""
    return contact_shown(actions.give_back(worker_of(request), contact_for(request.scope, contact_id)))


@router.post("/contacts/{contact_id}/end", response=ContactShown)
def end_contact(request: StaffRequest, contact_id: Id) -> ContactShown:
    """End a contact; its customer is asked how it was, once per case."""
    contact = contact_for(request.scope, contact_id)
    actions.end(worker_of(request), contact)
    return contact_shown(contact)


@router.post("/contacts/{contact_id}/wrap-up", response=WrapUpShown)
def wrap_up_contact(request: StaffRequest, contact_id: Id, sent: WrapUpSent) -> WrapUpShown:
    """Record what a contact that has ended was about and how it ended."""
    contact = contact_for(request.scope, contact_id)
    wrapping = Wrapping(reason=named.reason_named(sent.reason_id), **sent.model_dump(exclude={"reason_id", "fields"}))
    row = wrap_up_with(worker_of(request), contact, wrapping, sent.fields)
    names = WrapUpShown.model_fields
    return WrapUpShown(**{name: getattr(row, name) for name in names})


@router.post("/contacts/{contact_id}/replies", response={201: MessageShown})
def add_reply(request: StaffRequest, contact_id: Id, sent: MessageSent) -> MessageShown:
    """Send a reply to the customer."""
    return _say(request, contact_for(request.scope, contact_id), "reply", sent)


@router.post("/contacts/{contact_id}/notes", response={201: MessageShown})
def add_note(request: StaffRequest, contact_id: Id, sent: ContactNoteSent) -> MessageShown:
    """Add an internal note; it never reaches the customer."""
    contact = contact_for(request.scope, contact_id)
    if not sent.mention_ids:
        return _say(request, contact, "note", sent)
    key, files = client_key_of(request), tokens(sent.attachments)
    worker, called = worker_of(request), sent.mention_ids
    return messages_shown([write_calling(worker, contact, sent.text, called, client_key=key, attachments=files)])[0]


def _say(request: StaffRequest, contact: Contact, kind: str, sent: MessageSent) -> MessageShown:
    key, files = client_key_of(request), tokens(sent.attachments)
    message = actions.write(worker_of(request), contact, kind, sent.text, client_key=key, attachments=files)
    return messages_shown([message])[0]


def worker_of(request: StaffRequest) -> Worker:
    """Return who acts, with what they may reach, and when."""
    return Worker(person=request.user, scope=request.scope, now=clock.now())


def client_key_of(request: StaffRequest) -> str:
    """Return the key of what is said, made from the caller's: a retry adds nothing even after replies are forgotten."""
    given = f"{request.user.id} {request.headers.get('Idempotency-Key', '')}"
    return "api-" + hashlib.sha256(given.encode()).hexdigest()[:40]
