"""What is typed and not sent: text and files, saved as they grow, given back when a reply is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.questions import written_once
from heartline.conversations.events import DraftShared
from heartline.conversations.models import Attachment, Case, Draft
from heartline.ledger.actions import one_change, record
from heartline.people.actions import actor_for
from heartline.people.models import Person

DRAFT_LIMIT = 16000
FILES_LIMIT = 30
MODES = ("reply", "note")


def save_draft(
    case: Case,
    person: Person,
    mode: str,
    body: str,
    *,
    version: int,
    now: datetime,
    files: Sequence[str] | None = None,
) -> Draft:
    """Keep what a person has typed; raises Conflict when another tab saved since `version`. No event, unless it was shared.

    Without `files` those that are kept already stay.
    """
    if mode not in MODES:
        raise Invalid(_("A draft is a reply or a note"))
    kept: dict[str, Any] = {"body": body[:DRAFT_LIMIT], "version": version + 1, "changed_at": now}
    if not body and not files:
        kept["shared_at"] = None
    if files is not None:
        kept["files"] = list(dict.fromkeys(files))[:FILES_LIMIT]
    with transaction.atomic():
        draft, created = Draft.objects.get_or_create(case=case, person=person, mode=mode, defaults={"changed_at": now})
        was_shared = draft.shared_at is not None
        standing = Draft.objects.filter(id=draft.id, version=0 if created else version)
        changed = standing.update(**kept)
        draft.refresh_from_db()
        if not changed:
            raise Conflict(
                _("This draft was changed in another window. Both texts are kept"), fields={"body": draft.body}
            )
        if was_shared and draft.shared_at is None:
            record(_shared(draft, None), by=actor_for(person), now=now, sample=case.is_sample)
    return draft


def give_back(
    case: Case, person: Person, body: str, files: Sequence[str], *, mode: str = "reply", now: datetime
) -> Draft:
    """Put a reply that was taken back before what its writer has typed since: nothing is lost."""
    with transaction.atomic():
        draft, _created = Draft.objects.select_for_update().get_or_create(
            case=case, person=person, mode=mode, defaults={"changed_at": now}
        )
        draft.body = "\n".join(text for text in (body, draft.body) if text)[:DRAFT_LIMIT]
        draft.files = list(dict.fromkeys([*files, *draft.files]))[:FILES_LIMIT]
        draft.version += 1
        draft.changed_at = now
        draft.save()
    return draft


def share_draft(case: Case, person: Person, mode: str, *, shared: bool, by: Actor, now: datetime) -> Draft:
    """Let colleagues go on with a draft, or keep it to oneself again."""
    draft = Draft.objects.filter(case=case, person=person, mode=mode).first()
    if draft is None or (shared and not draft.body and not draft.files):
        raise Invalid(_("Write something first"))
    if (draft.shared_at is not None) != shared:
        with one_change():
            draft.shared_at = now if shared else None
            Draft.objects.filter(id=draft.id).update(shared_at=draft.shared_at)
            record(_shared(draft, None), by=by, now=now, sample=case.is_sample)
    return draft


def go_on_with(case: Case, writer: Person, mode: str, person: Person, *, by: Actor, now: datetime) -> Draft:
    """Take over a draft that a colleague shares, with its files: it is one draft and has one writer at a time."""
    with one_change():
        theirs = Draft.objects.select_for_update().filter(case=case, person=writer, mode=mode).first()
        if theirs is None or theirs.shared_at is None or writer.id == person.id:
            raise Conflict(
                _("Somebody goes on with this draft already, or it is no longer shared"), code="gone_already"
            )
        unsent = Attachment.objects.filter(token__in=theirs.files, message=None, outgoing=None)
        unsent.filter(uploaded_by_kind="person", uploaded_by=writer).update(uploaded_by=person)
        mine = give_back(case, person, theirs.body, theirs.files, mode=mode, now=now)
        theirs.body, theirs.files, theirs.shared_at, theirs.changed_at = "", [], None, now
        theirs.version += 1
        theirs.save()
        record(_shared(theirs, person), by=by, now=now, sample=case.is_sample)
    return mine


def _shared(draft: Draft, taker: Person | None) -> DraftShared:
    return DraftShared(
        draft_id=draft.id,
        case_id=draft.case_id,
        queue_id=draft.case.queue_id,
        customer_id=draft.case.customer_id,
        person_id=draft.person_id,
        mode=draft.mode,
        shared=draft.shared_at is not None,
        taken_by_id=taker.id if taker else None,
    )


def shared_drafts_of(case: Case) -> dict[str, dict[str, Any]]:
    """Return what people share of their drafts about a case."""
    return {str(row.id): shared_card(row) for row in _shared_drafts(case.id)}


@written_once
def _shared_drafts(case_id: int) -> QuerySet[Draft]:
    return Draft.objects.filter(case_id=case_id, shared_at__isnull=False).select_related("person").order_by("id")


def shared_card(row: Draft) -> dict[str, Any]:
    """Return what a colleague sees of a shared draft."""
    names = {"person_id": row.person_id, "person_name": row.person.name}
    return {"id": row.id, **names, "mode": row.mode, "text": row.body, "files": len(row.files)}


@written_once
def _typed(case_id: int, person_id: int) -> QuerySet[Draft]:
    return Draft.objects.filter(case_id=case_id, person_id=person_id)


def drafts_of(case: Case, person: Person) -> dict[str, dict[str, Any]]:
    """Return what a person has typed about a case and not sent, each with its files that are still there."""
    drafts = _typed(case.id, person.id)
    tokens = [token for draft in drafts for token in draft.files]
    unsent = (
        Attachment.objects.filter(contact__case=case, token__in=tokens, message=None, outgoing=None) if tokens else []
    )
    there = {
        row.token: {"token": row.token, "name": row.name, "media_type": row.media_type, "size": row.size}
        for row in unsent
    }
    return {
        draft.mode: {
            "body": draft.body,
            "files": [there[token] for token in draft.files if token in there],
            "shared": draft.shared_at is not None,
            "version": draft.version,
            "changed_at": draft.changed_at.isoformat(),
        }
        for draft in drafts
    }
