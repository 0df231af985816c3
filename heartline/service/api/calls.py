"""Calls we owe, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Router
from pydantic import BaseModel

from heartline.common.errors import NotFound
from heartline.common.schemas import Id, Sent
from heartline.conversations.models import Contact
from heartline.conversations.queries import contact_for
from heartline.people.requests import StaffRequest
from heartline.promises.callbacks.queries import call_of, owed_for, tries_of
from heartline.service import calls
from heartline.service.api.desk import worker_of

router = Router(tags=["Calls"])

Outcome = Literal["reached", "no_answer", "busy", "voicemail", "wrong_number"]


class TryShown(BaseModel):
    """One attempt to reach a customer; `again_at` says from when it is tried again."""

    person_id: int | None
    outcome: str
    at: datetime
    again_at: datetime | None


class CallShown(BaseModel):
    """The call a contact stands for: `open`, `reached`, `given_up` after the last attempt, or `called_off` by the customer.

    `slot_at` is the time the customer chose, null for as soon as it is their turn. `due_at` is by when we promised it.
    """

    contact_id: int
    state: str
    phone: str
    slot_at: datetime | None
    due_at: datetime | None
    tries: list[TryShown]


class TrySent(Sent):
    """What came of ringing. Not reached: it waits again at its old place; after the last attempt the contact ends."""

    outcome: Outcome


@router.get("/contacts/{contact_id}/call", response=CallShown)
def read_call(request: StaffRequest, contact_id: Id) -> CallShown:
    """Return the call a contact stands for, with the attempts at it."""
    return _shown(contact_for(request.scope, contact_id))


@router.post("/contacts/{contact_id}/call/tries", response=CallShown)
def add_try(request: StaffRequest, contact_id: Id, sent: TrySent) -> CallShown:
    """Note an attempt to reach the customer of a call that the caller has in hand."""
    contact = contact_for(request.scope, contact_id)
    calls.note(worker_of(request), contact, sent.outcome)
    return _shown(contact)


def _shown(contact: Contact) -> CallShown:
    call, owed = call_of(contact), owed_for(contact)
    if call is None:
        raise NotFound("This contact is not a call")
    return CallShown(
        contact_id=contact.id,
        state=call.state,
        phone=owed.phone if owed else "",
        slot_at=call.slot_at,
        due_at=owed.due_at if owed else None,
        tries=[
            TryShown(person_id=one.person_id, outcome=one.outcome, at=one.at, again_at=one.again_at)
            for one in tries_of(call)
        ],
    )
