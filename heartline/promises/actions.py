"""The only writer of what we owe: opened once, owned by somebody always, done only with an outcome in words."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean
from heartline.conversations.models import Case, Contact
from heartline.conversations.rules import LIVE
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person
from heartline.promises.events import (
    FollowUpAddedTo,
    FollowUpDone,
    FollowUpHandedOver,
    FollowUpLate,
    FollowUpOpened,
    FollowUpWarned,
)
from heartline.promises.models import Addition, FollowUp
from heartline.promises.queries import owner_candidates
from heartline.promises.rules import choose_owner, lateness, says_something, warning_time

WORDS = 1000
BATCH = 200


def open_follow_up(
    case: Case,
    kind: str,
    *,
    contact: Contact | None,
    owner: Person | None,
    what: str,
    due_at: datetime,
    phone: str = "",
    by: Actor,
    now: datetime,
) -> FollowUp:
    """Owe a customer something from now on. Where the same is owed already, what is new is added to that.

    `owner` is a wish: somebody who cannot sign in is never given one, and there is always somebody.
    """
    with one_change():
        for _attempt in range(3):
            standing = _standing(case, kind)
            if standing:
                return _add(standing, contact, what, due_at, phone, by=by, now=now)
            with suppress(IntegrityError), one_change(may_fail=True):  # somebody else may open it as we look
                return _open(case, kind, contact, owner, what, due_at, phone, by=by, now=now)
    raise Conflict(_("Somebody has just dealt with this follow-up. Look again"), code="follow_up_changed")


def hand_over_follow_up(follow_up: FollowUp, owner: Person, *, why: str, by: Actor, now: datetime) -> FollowUp:
    """Give an open follow-up another owner. `why` is taken (by the new owner), given, or gone."""
    if not owner.is_active:
        raise Invalid(_("%(name)s can no longer sign in") % {"name": owner.name})
    return _change_owner(follow_up, owner.id, "asked", why, by=by, now=now)


def finish_follow_up(follow_up: FollowUp, outcome: str, *, by: Actor, now: datetime) -> FollowUp:
    """Close a follow-up with what came of it, in words; raises Conflict when somebody was first."""
    words = clean(outcome, WORDS)
    if not says_something(words):
        message = _("Write what came of it")
        raise Invalid(message, fields={"outcome": message})
    with one_change():
        done_by = by.id if by.kind == "person" else None
        _settle(follow_up, FollowUp.objects.all(), outcome=words, state="done", done_at=now, done_by_id=done_by)
        late = lateness(follow_up.due_at, now)
        event = FollowUpDone(
            **_subjects(follow_up), owner_id=follow_up.owner_id, late_ms=round(late.total_seconds() * 1000)
        )
        record(event, by=by, now=now, sample=follow_up.case.is_sample)
    return follow_up


def keep_callback(contact: Contact, outcome: str, *, by: Actor, now: datetime) -> FollowUp | None:
    """Close the call that was owed in a case, now that `contact` was it; None when no call is owed any more."""
    with one_change():
        others = contact.case.contacts.filter(channel="callback", state__in=LIVE).exclude(id=contact.id)
        owed = None if others.exists() else _standing(contact.case, "callback")
        return finish_follow_up(owed, outcome, by=by, now=now) if owed else None


def move_due(follow_up: FollowUp, due_at: datetime, *, by: Actor, now: datetime) -> FollowUp:
    """Owe something by another time: the customer chose it, or an attempt in time found nobody. Its owner is warned anew."""
    with one_change():
        _settle(follow_up, FollowUp.objects.all(), due_at=due_at, warn_at=warning_time(now, due_at), warned_at=None)
        event = FollowUpAddedTo(
            **_subjects(follow_up),
            owner_id=follow_up.owner_id,
            due_at=due_at.isoformat(),
            contact_id=follow_up.contact_id,
            was_moved=True,
        )
        record(event, by=by, now=now, sample=follow_up.case.is_sample)
    return follow_up


def warn_due(*, now: datetime) -> int:
    """Tell owners, once, what is nearly due; what is past its time is for `note_late`. Returns how many."""
    due = FollowUp.objects.filter(state="open", warned_at=None, warn_at__lte=now, due_at__gt=now)
    return sum(_once(follow_up, "warned_at", FollowUpWarned, now=now) for follow_up in _batch(due))


def note_late(*, now: datetime) -> int:
    """Record, once, what was not done in time; it stays open until it is done. Returns how many."""
    due = FollowUp.objects.filter(state="open", late_at=None, due_at__lte=now)
    return sum(_once(follow_up, "late_at", FollowUpLate, now=now) for follow_up in _batch(due))


def find_new_owners(*, now: datetime) -> int:
    """Give what nobody owns any more (the owner left, or may not sign in) to somebody; returns how many."""
    orphans = FollowUp.objects.filter(state="open").exclude(owner__is_active=True)
    found = 0
    for follow_up in _batch(orphans):
        chosen = choose_owner(owner_candidates(follow_up.case, None))
        if chosen is None:
            break
        with suppress(Conflict):  # done, or given to somebody, in this moment
            actor = Actor.system("follow-ups")
            _change_owner(follow_up, chosen.person_id, chosen.why, "gone", by=actor, now=now)
            found += 1
    return found


def _open(
    case: Case,
    kind: str,
    contact: Contact | None,
    owner: Person | None,
    what: str,
    due_at: datetime,
    phone: str,
    *,
    by: Actor,
    now: datetime,
) -> FollowUp:
    chosen = choose_owner(owner_candidates(case, owner))
    follow_up = FollowUp.objects.create(
        case=case,
        contact=contact,
        kind=kind,
        owner_id=chosen.person_id if chosen else None,
        owner_why=chosen.why if chosen else "",
        what=clean(what, WORDS),
        phone=phone[:40],
        due_at=due_at,
        warn_at=warning_time(now, due_at),
        opened_at=now,
    )
    event = FollowUpOpened(
        **_subjects(follow_up),
        follow_up_kind=kind,
        owner_id=follow_up.owner_id,
        owner_why=follow_up.owner_why,
        due_at=due_at.isoformat(),
        contact_id=follow_up.contact_id,
    )
    record(event, by=by, now=now, sample=case.is_sample)
    return follow_up


def _add(
    follow_up: FollowUp, contact: Contact | None, what: str, due_at: datetime, phone: str, *, by: Actor, now: datetime
) -> FollowUp:
    """Add to an open follow-up that is locked by this transaction; the earlier due time and the newer number hold."""
    words = clean(what, WORDS)
    if words:
        Addition.objects.create(follow_up=follow_up, contact=contact, what=words, at=now)
    follow_up.phone = phone[:40] or follow_up.phone
    if due_at < follow_up.due_at:
        follow_up.due_at, follow_up.warn_at = due_at, warning_time(now, due_at)
    follow_up.save(update_fields=["phone", "due_at", "warn_at"])
    event = FollowUpAddedTo(
        **_subjects(follow_up),
        owner_id=follow_up.owner_id,
        due_at=follow_up.due_at.isoformat(),
        contact_id=follow_up.contact_id,
    )
    record(event, by=by, now=now, sample=follow_up.case.is_sample)
    return follow_up


def _standing(case: Case, kind: str) -> FollowUp | None:
    """Return the open follow-up of a kind, locked until this transaction ends."""
    return FollowUp.objects.select_for_update().filter(case=case, kind=kind, state="open").first()


def _change_owner(
    follow_up: FollowUp, owner_id: int, owner_why: str, why: str, *, by: Actor, now: datetime
) -> FollowUp:
    with one_change():
        before = follow_up.owner_id
        if before == owner_id:
            return follow_up
        _settle(follow_up, FollowUp.objects.filter(owner_id=before), owner_id=owner_id, owner_why=owner_why)
        event = FollowUpHandedOver(
            **_subjects(follow_up), from_person_id=before, owner_id=owner_id, owner_why=owner_why, why=why
        )
        record(event, by=by, now=now, sample=follow_up.case.is_sample)
    return follow_up


def _settle(follow_up: FollowUp, still: QuerySet[FollowUp], **fields: Any) -> None:
    """Write to a follow-up that is open and still as we saw it, or raise Conflict."""
    changed = still.filter(id=follow_up.id, state="open").update(**fields)
    follow_up.refresh_from_db()
    if not changed:
        raise Conflict(_("Somebody has just dealt with this follow-up. Look again"), code="follow_up_changed")


def _once(follow_up: FollowUp, mark: str, event: type[FollowUpWarned | FollowUpLate], *, now: datetime) -> bool:
    """Set a mark that is not set yet and record its event; of several hosts that try, one does."""
    with one_change():
        standing = FollowUp.objects.filter(id=follow_up.id, state="open", **{f"{mark}__isnull": True})
        if not standing.update(**{mark: now}):
            return False
        told = event(**_subjects(follow_up), owner_id=follow_up.owner_id, due_at=follow_up.due_at.isoformat())
        record(told, by=Actor.system("follow-ups"), now=now, sample=follow_up.case.is_sample)
    return True


def _batch(due: Any) -> list[FollowUp]:
    return list(due.select_related("case").order_by("due_at", "id")[:BATCH])


def _subjects(follow_up: FollowUp) -> dict[str, Any]:
    case = follow_up.case
    return {
        "follow_up_id": follow_up.id,
        "case_id": case.id,
        "customer_id": case.customer_id,
        "queue_id": case.queue_id,
    }
