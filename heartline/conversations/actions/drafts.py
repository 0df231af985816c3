"""What is typed and not sent: text and files, saved as they grow, given back when a reply is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, Invalid
from heartline.conversations.models import Attachment, Case, Draft
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
    """Keep what a person has typed; raises Conflict when another tab saved since `version`. Not an event.

    Without `files` those that are kept already stay.
    """
    if mode not in MODES:
        raise Invalid(_("A draft is a reply or a note"))
    kept: dict[str, Any] = {"body": body[:DRAFT_LIMIT], "version": version + 1, "changed_at": now}
    if files is not None:
        kept["files"] = list(dict.fromkeys(files))[:FILES_LIMIT]
    with transaction.atomic():
        draft, created = Draft.objects.get_or_create(case=case, person=person, mode=mode, defaults={"changed_at": now})
        standing = Draft.objects.filter(id=draft.id, version=0 if created else version)
        changed = standing.update(**kept)
        draft.refresh_from_db()
        if not changed:
            raise Conflict(
                _("This draft was changed in another window. Both texts are kept"), fields={"body": draft.body}
            )
    return draft


def give_back(case: Case, person: Person, body: str, files: Sequence[str], *, now: datetime) -> Draft:
    """Put a reply that was taken back before what its writer has typed since: nothing is lost."""
    with transaction.atomic():
        draft, _created = Draft.objects.select_for_update().get_or_create(
            case=case, person=person, mode="reply", defaults={"changed_at": now}
        )
        draft.body = "\n".join(text for text in (body, draft.body) if text)[:DRAFT_LIMIT]
        draft.files = list(dict.fromkeys([*files, *draft.files]))[:FILES_LIMIT]
        draft.version += 1
        draft.changed_at = now
        draft.save()
    return draft


def drafts_of(case: Case, person: Person) -> dict[str, dict[str, Any]]:
    """Return what a person has typed about a case and not sent, each with its files that are still there."""
    drafts = list(Draft.objects.filter(case=case, person=person))
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
            "version": draft.version,
            "changed_at": draft.changed_at.isoformat(),
        }
        for draft in drafts
    }
