"""Changes to a case: what the customer wants, what was tried, who is in it, how a contact was wrapped up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean
from heartline.conversations.actions.contacts import milliseconds, move
from heartline.conversations.events import (
    CaseChanged,
    ContactFinished,
    ParticipantJoined,
    ParticipantLeft,
    TriedNoted,
)
from heartline.conversations.models import (
    Assignment,
    Case,
    Contact,
    ContactReason,
    HandoverCard,
    Participant,
    Tried,
    WrapUp,
)
from heartline.conversations.models.case import RESOLUTIONS, ROOT_CAUSES
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person, Queue

# What a resolution leaves behind: whose move the case is after the contact.
CASE_AFTER = {
    "solved": "solved",
    "no_answer_needed": "solved",
    "partly": "waiting_internal",
    "promised": "waiting_internal",
    "unsolved": "waiting_internal",
}


@dataclass(frozen=True, kw_only=True)
class Wrapping:
    """What wrap-up records. Only reason and resolution are required."""

    reason: ContactReason
    resolution: str
    root_cause: str = ""
    told_to_expect: str = ""
    what_happened: str = ""
    note: str = ""


def finish_contact(contact: Contact, wrapping: Wrapping, *, by: Actor, now: datetime) -> WrapUp:
    """Record the wrap-up of a contact that has ended and set its case accordingly."""
    _check(wrapping)
    with one_change():
        person_id, ended_at = contact.assignee_id, contact.ended_at
        theirs_since = contact.assignments.filter(ended_at=None).values_list("started_at", flat=True).first()
        move(contact, "finish", now=now, closed_at=now)
        Assignment.objects.filter(contact=contact, ended_at=None).update(ended_at=now)
        wrap_up = _write_wrap_up(contact, wrapping, by=by, now=now)
        event = ContactFinished(
            contact_id=contact.id,
            case_id=contact.case_id,
            customer_id=contact.customer_id,
            queue_id=contact.queue_id,
            channel=contact.channel,
            person_id=person_id or 0,
            wrap_up_ms=milliseconds(max(ended_at or now, theirs_since or ended_at or now), now),
            reason_id=wrapping.reason.id,
            resolution=wrapping.resolution,
            root_cause=wrapping.root_cause,
            has_expectation_gap=bool(wrapping.told_to_expect and wrapping.what_happened),
        )
        record(event, by=by, now=now, sample=contact.is_sample)
        after = CASE_AFTER[wrapping.resolution]
        change_case(contact.case, {"state": after, "reason": wrapping.reason}, by=by, now=now)
    return wrap_up


def change_case(case: Case, changes: dict[str, Any], *, by: Actor, now: datetime) -> Case:
    """Change a case's subject, wishes, state, owner, queue or reason; what is already so records nothing."""
    unknown = set(changes) - {"subject", "wants", "state", "owner", "queue", "reason"}
    if unknown:
        raise Invalid(_("These fields cannot be changed: %(names)s") % {"names": ", ".join(sorted(unknown))})
    case.refresh_from_db()
    changed = tuple(sorted(name for name, value in changes.items() if getattr(case, name) != value))
    if not changed:
        return case
    from_owner_id, from_queue_id = case.owner_id, case.queue_id
    with one_change():
        for name in changed:
            setattr(case, name, changes[name])
        if "state" in changed:
            case.solved_at = now if case.state in ("solved", "closed") else None
        case.changed_at = now
        case.save(update_fields=[*changed, "solved_at", "changed_at"])
        record(_case_changed(case, changed, from_owner_id, from_queue_id), by=by, now=now, sample=case.is_sample)
    return case


def note_tried(case: Case, kind: str, key: str, label: str, *, outcome: str = "", by: Actor, now: datetime) -> Tried:
    """Remember that something was tried for a case, so that it is never offered again; again counts up."""
    with one_change():
        tried, created = Tried.objects.get_or_create(
            case=case, kind=kind, key=key[:80], defaults={"label": label[:200], "outcome": outcome[:200], "at": now}
        )
        if not created:
            Tried.objects.filter(id=tried.id).update(
                times=F("times") + 1, outcome=outcome[:200] or tried.outcome, at=now
            )
            tried.refresh_from_db()
        event = TriedNoted(
            case_id=case.id,
            customer_id=case.customer_id,
            queue_id=case.queue_id,
            tried_id=tried.id,
            tried_kind=kind,
            times=tried.times,
        )
        record(event, by=by, now=now, sample=case.is_sample)
    return tried


def join_contact(contact: Contact, person: Person, role: str, *, by: Actor, now: datetime) -> Participant:
    """Let a supervisor or an expert into a contact; joining twice changes nothing. Who was only mentioned comes in."""
    with one_change():
        participant, created = Participant.objects.get_or_create(
            contact=contact, person=person, left_at=None, defaults={"role": role, "joined_at": now}
        )
        if not created and participant.role == "mentioned" != role:
            participant.role, participant.joined_at = role, now
            participant.save(update_fields=["role", "joined_at"])
            created = True
        if created:
            event = ParticipantJoined(
                contact_id=contact.id,
                case_id=contact.case_id,
                customer_id=contact.customer_id,
                queue_id=contact.queue_id,
                person_id=person.id,
                person_name=person.name,
                role=role,
            )
            record(event, by=by, now=now, sample=contact.is_sample)
    return participant


def leave_contact(contact: Contact, person: Person, *, by: Actor, now: datetime) -> None:
    """Let a participant leave a contact; leaving twice changes nothing."""
    with one_change():
        left = Participant.objects.filter(contact=contact, person=person, left_at=None).update(left_at=now)
        if left:
            event = ParticipantLeft(
                contact_id=contact.id,
                case_id=contact.case_id,
                customer_id=contact.customer_id,
                queue_id=contact.queue_id,
                person_id=person.id,
            )
            record(event, by=by, now=now, sample=contact.is_sample)


def write_handover(
    contact: Contact,
    *,
    from_person: Person,
    to_queue: Queue,
    to_person: Person | None,
    wants: str,
    tried: str,
    promised: str,
    do_not_ask: str,
    now: datetime,
) -> HandoverCard:
    """Write the card that travels with a transfer; it must say what the customer wants."""
    if not wants.strip():
        message = _("Add what the customer wants, or they will be asked again")
        raise Invalid(message, fields={"wants": message})
    return HandoverCard.objects.create(
        contact=contact,
        from_person=from_person,
        to_person=to_person,
        to_queue=to_queue,
        wants=clean(wants, 1000),
        tried=clean(tried, 1000),
        promised=clean(promised, 1000),
        do_not_ask=clean(do_not_ask, 1000),
        at=now,
    )


def _check(wrapping: Wrapping) -> None:
    if wrapping.resolution not in dict(RESOLUTIONS):
        raise Invalid(_("Choose how it ended"), fields={"resolution": _("Choose how it ended")})
    if wrapping.root_cause and wrapping.root_cause not in dict(ROOT_CAUSES):
        raise Invalid(_("Choose a root cause from the list"), fields={"root_cause": _("Choose from the list")})
    if not wrapping.reason.is_active:
        raise Conflict(_("This reason is no longer used. Choose another"), fields={"reason": _("Choose another")})


def _write_wrap_up(contact: Contact, wrapping: Wrapping, *, by: Actor, now: datetime) -> WrapUp:
    return WrapUp.objects.create(
        contact=contact,
        case_id=contact.case_id,
        reason=wrapping.reason,
        resolution=wrapping.resolution,
        root_cause=wrapping.root_cause,
        told_to_expect=clean(wrapping.told_to_expect, 300),
        what_happened=clean(wrapping.what_happened, 300),
        note=clean(wrapping.note, 4000),
        by_id=by.id if by.kind == "person" else None,
        at=now,
    )


def _case_changed(case: Case, changed: tuple[str, ...], from_owner_id: int | None, from_queue_id: int) -> CaseChanged:
    return CaseChanged(
        case_id=case.id,
        customer_id=case.customer_id,
        queue_id=case.queue_id,
        changed=changed,
        state=case.state,
        owner_id=case.owner_id,
        reason_id=case.reason_id,
        from_owner_id=from_owner_id,
        from_queue_id=from_queue_id if "queue" in changed else None,
    )
