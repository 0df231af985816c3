"""Who waits on the floor: since when, against what they were told, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heartline.conversations.models import Contact
from heartline.routing.controls.models import Control, ControlKind
from heartline.routing.models import Offer
from heartline.ui.formats import span_of

# Waiting for somebody who is not here or cannot: only a person can mend that.
HELD_BACK = frozenset({"not_due", "paused"})
NOBODY_CAN = frozenset({"nobody_here", "no_language", "no_skill", "no_combination", "all_passed_over"})


@dataclass(frozen=True)
class Waiting:
    """One waiting customer. `limit` is when their patience was said to end: the wait told, else the queue's rule."""

    contact_id: int
    case_id: int
    queue_id: int
    channel: str
    who: str
    subject: str
    language: str
    asked_at: datetime
    due_at: datetime | None
    told_minutes: int | None
    limit: datetime
    why: tuple[str, ...]
    nobody_can: bool
    held_back: bool
    offer_id: int | None
    offered_to: str
    offered_at: datetime | None
    is_late: bool
    decided: tuple[str, ...] = ()

    def seconds(self, now: datetime) -> float:
        """Return how long they have waited."""
        return max(0.0, (now - self.asked_at).total_seconds())


def waiting_of(
    contacts: Iterable[Contact],
    offers: Mapping[int, Offer],
    why: Mapping[int, list[str]],
    codes: Mapping[int, frozenset[str]],
    decided: Mapping[int, list[str]],
    *,
    names: bool,
    now: datetime,
) -> tuple[Waiting, ...]:
    """Return the waiting customers in the order in which they asked; without the right to names, by case number."""
    return tuple(
        replace(
            _waiting(
                contact, offers.get(contact.id), why.get(contact.id, []), codes.get(contact.id, frozenset()), names, now
            ),
            decided=tuple(words for words in decided.get(contact.id, ()) if words),
        )
        for contact in contacts
    )


def decision(control: Control, now: datetime) -> str:
    """Return in a few words what a supervisor decided about a contact; empty when it holds no more."""
    if control.kind == ControlKind.PIN:
        holds = control.person is not None and control.until is not None and now < control.until
        return _("kept for %(name)s") % {"name": control.person.name} if holds and control.person else ""
    if control.kind == ControlKind.RAISE:
        return _("raised by %(span)s") % {"span": span_of(control.seconds, language=get_language() or "en")}
    return _("moved here from %(queue)s") % {"queue": control.from_queue.name} if control.from_queue else ""


def who_is(contact: Contact, names: bool) -> str:
    """Return what a customer is called for this reader."""
    return (names and contact.customer.name) or _("Case %(id)s") % {"id": contact.case_id}


def _waiting(
    contact: Contact, offer: Offer | None, why: list[str], codes: frozenset[str], names: bool, now: datetime
) -> Waiting:
    limit = _limit(contact)
    return Waiting(
        contact_id=contact.id,
        case_id=contact.case_id,
        queue_id=contact.queue_id,
        channel=contact.channel,
        who=who_is(contact, names),
        subject=contact.case.subject if names else "",
        language=contact.language,
        asked_at=contact.asked_at,
        due_at=contact.due_at,
        told_minutes=contact.told_wait_high,
        limit=limit,
        why=tuple(why),
        nobody_can=bool(codes & NOBODY_CAN),
        held_back=bool(codes & HELD_BACK),
        offer_id=offer.id if offer else None,
        offered_to=offer.person.name if offer else "",
        offered_at=offer.offered_at if offer else None,
        is_late=now > limit,
    )


def _limit(contact: Contact) -> datetime:
    if contact.due_at:
        return contact.due_at
    if contact.told_wait_high is not None:
        return contact.asked_at + timedelta(minutes=contact.told_wait_high)
    return contact.asked_at + timedelta(seconds=contact.queue.answer_within_seconds)
