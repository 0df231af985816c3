"""Cases, contacts and messages, for programs that read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from ninja import Query, Router
from pydantic import BaseModel

from heartline.common.paging import page_of
from heartline.common.schemas import Asked, Id, Moment, Page, PageAsked
from heartline.conversations.models import Case, Contact, Message
from heartline.conversations.queries import case_for, cases_for, contact_for, contacts_for
from heartline.conversations.words import attachments_of
from heartline.people.queries import Scope
from heartline.people.requests import StaffRequest

router = Router(tags=["Cases, contacts, messages"])

CaseState = Literal["open", "waiting_customer", "waiting_internal", "solved", "closed"]
ContactState = Literal["waiting", "active", "wrap_up", "ended", "abandoned"]
Channel = Literal["webchat", "webform", "callback"]


class CaseShown(BaseModel):
    """One matter of one customer. `subject` and `wants` are empty for who has no right to read messages."""

    id: int
    customer_id: int
    brand: str
    queue_id: int
    owner_id: int | None
    state: str
    subject: str
    wants: str
    language: str
    reason_id: int | None
    type_id: int | None
    contacts_count: int
    opened_at: datetime
    changed_at: datetime
    solved_at: datetime | None


class ContactShown(BaseModel):
    """One interaction on one channel about a case."""

    id: int
    case_id: int
    customer_id: int
    channel: str
    queue_id: int
    language: str
    state: str
    assignee_id: int | None
    turn: str
    turn_since: datetime
    asked_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    first_reply_at: datetime | None
    ended_at: datetime | None
    closed_at: datetime | None
    ended_by: str
    transfers: int


class FileShown(BaseModel):
    """A file in a message; it is fetched at /files/ with its token."""

    token: str
    name: str
    media_type: str
    size: int


class MessageShown(BaseModel):
    """Something that was said. A `note` is internal and never reaches the customer."""

    id: int
    contact_id: int
    case_id: int
    kind: str
    author_kind: str
    author_id: int | None
    author_name: str
    text: str
    at: datetime
    delivered_at: datetime | None
    read_at: datetime | None
    attachments: list[FileShown]


class CasesAsked(PageAsked):
    """Which cases are wanted."""

    state: CaseState | None = None
    queue_id: Id | None = None
    owner_id: Id | None = None
    customer_id: Id | None = None
    reason_id: Id | None = None
    type_id: Id | None = None
    opened_since: Moment | None = None
    opened_before: Moment | None = None
    changed_since: Moment | None = None


class ContactsAsked(PageAsked):
    """Which contacts are wanted."""

    state: ContactState | None = None
    channel: Channel | None = None
    queue_id: Id | None = None
    assignee_id: Id | None = None
    case_id: Id | None = None
    customer_id: Id | None = None
    asked_since: Moment | None = None
    asked_before: Moment | None = None


class MessagesAsked(PageAsked):
    """Which messages are wanted."""

    contact_id: Id | None = None
    kind: Literal["reply", "note", "notice"] | None = None
    since: Moment | None = None


@router.get("/cases", response=Page[CaseShown])
def list_cases(request: StaffRequest, asked: Query[CasesAsked]) -> Page[CaseShown]:
    """Return the cases the caller may see, newest first; what is asked of a type of case is at /cases/{id}/fields."""
    rows = cases_for(request.scope).filter(**_given(asked)).select_related("brand")
    found, following = page_of(rows, asked.cursor, asked.limit)
    return Page(items=[case_shown(row, request.scope) for row in found], next=following)


@router.get("/cases/{case_id}", response=CaseShown)
def read_case(request: StaffRequest, case_id: Id) -> CaseShown:
    """Return one case."""
    return case_shown(case_for(request.scope, case_id), request.scope)


@router.get("/cases/{case_id}/messages", response=Page[MessageShown])
def list_messages(request: StaffRequest, case_id: Id, asked: Query[MessagesAsked]) -> Page[MessageShown]:
    """Return what was said in a case, over all its contacts, oldest first."""
    rows = Message.objects.filter(case=case_for(request.scope, case_id)).filter(**_given(asked))
    found, following = page_of(rows, asked.cursor, asked.limit, newest_first=False)
    return Page(items=messages_shown(found), next=following)


@router.get("/contacts", response=Page[ContactShown])
def list_contacts(request: StaffRequest, asked: Query[ContactsAsked]) -> Page[ContactShown]:
    """Return the contacts the caller may see, newest first."""
    rows = contacts_for(request.scope).filter(**_given(asked))
    found, following = page_of(rows, asked.cursor, asked.limit)
    return Page(items=[contact_shown(row) for row in found], next=following)


@router.get("/contacts/{contact_id}", response=ContactShown)
def read_contact(request: StaffRequest, contact_id: Id) -> ContactShown:
    """Return one contact."""
    return contact_shown(contact_for(request.scope, contact_id))


def case_shown(case: Case, scope: Scope) -> CaseShown:
    """Return a case as programs see it; what the customer wants, in their words, only to who may read those."""
    shown = _values(case, CaseShown, leave="brand")
    words = {} if scope.may("message.read") else {"subject": "", "wants": ""}
    return CaseShown(brand=case.brand.key, **shown | words)


def contact_shown(contact: Contact) -> ContactShown:
    """Return a contact as programs see it."""
    return ContactShown(**_values(contact, ContactShown))


def messages_shown(messages: Iterable[Message]) -> list[MessageShown]:
    """Return messages as programs see them, with their files in one query."""
    rows = list(messages)
    files = attachments_of([row.id for row in rows])
    return [
        MessageShown(
            **_values(row, MessageShown, leave="text attachments"),
            text=row.body,
            attachments=[FileShown(**file) for file in files.get(row.id, [])],
        )
        for row in rows
    ]


def _values(row: Any, shape: type[BaseModel], leave: str = "") -> dict[str, Any]:
    return {name: getattr(row, name) for name in shape.model_fields if name not in leave.split()}


# What a filter about time asks of which column.
MOMENTS = {
    "opened_since": "opened_at__gte",
    "opened_before": "opened_at__lt",
    "changed_since": "changed_at__gte",
    "asked_since": "asked_at__gte",
    "asked_before": "asked_at__lt",
    "since": "at__gte",
}


def _given(asked: Asked) -> dict[str, Any]:
    wanted = asked.model_dump(exclude={"limit", "cursor"})
    return {MOMENTS.get(name, name): value for name, value in wanted.items() if value is not None}
