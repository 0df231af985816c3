"""What has not gone yet, as those see it who see its case. Customers never do."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.common.questions import first, written_once
from heartline.conversations.models import Attachment, Case, Contact, Outgoing, WritingSettings
from heartline.conversations.outgoing.rules import OPEN
from heartline.conversations.queries import sees
from heartline.people.queries import Scope

Card = dict[str, Any]


def writing_settings() -> WritingSettings:
    """Return how long replies are held in this installation."""
    return first(_settings()) or WritingSettings()


@written_once
def _settings() -> QuerySet[WritingSettings]:
    return WritingSettings.objects.order_by("id")[:1]


def hold_seconds() -> dict[str, int]:
    """Return for how long a reply is held, per channel."""
    settings = writing_settings()
    return {channel: settings.hold_for(channel) for channel, _name in Contact._meta.get_field("channel").choices or ()}


def outgoing_for(scope: Scope, outgoing_id: int) -> Outgoing:
    """Return a reply that has not gone yet, of a case the person may see, or raise NotFound."""
    related = ("contact", "case", "person", "contact__case", "contact__queue", "contact__customer")
    found = Outgoing.objects.filter(id=outgoing_id).select_related(*related).first()
    if found is None or not scope.may("message.read") or not sees(scope, found.case):
        raise NotFound(_("There is no such reply, or it is not yours to see"))
    return found


def outgoing_of(case: Case) -> dict[str, Card]:
    """Return what stands in a case and has not gone yet."""
    return {str(id): card for id, card in outgoing_cards(_still_here(case.id)).items() if card}


@written_once
def _still_here(case_id: int) -> QuerySet[Outgoing, int]:
    return Outgoing.objects.filter(case_id=case_id, state__in=sorted(OPEN)).values_list("id", flat=True)


def outgoing_cards(ids: Iterable[int]) -> dict[int, Card | None]:
    """Return the cards of replies that have not gone yet; None for those that are gone or taken back."""
    wanted = list(ids)
    rows = _with_writers(wanted) if wanted else []
    files = files_of([row.id for row in rows if row.state in OPEN])
    return {row.id: _card(row, files.get(row.id, [])) if row.state in OPEN else None for row in rows}


@written_once
def _with_writers(ids: Collection[int]) -> QuerySet[Outgoing]:
    return Outgoing.objects.filter(id__in=ids).select_related("person").order_by("id")


def files_of(outgoing_ids: list[int]) -> dict[int, list[Card]]:
    """Return the files that go with replies."""
    found: dict[int, list[Card]] = {}
    rows = Attachment.objects.filter(outgoing_id__in=outgoing_ids).order_by("id") if outgoing_ids else []
    for row in rows:
        found.setdefault(row.outgoing_id or 0, []).append(file_card(row))
    return found


def file_card(row: Attachment) -> Card:
    """Return what a page shows of a file."""
    return {"token": row.token, "name": row.name, "media_type": row.media_type, "size": row.size}


def _card(row: Outgoing, files: list[Card]) -> Card:
    return {
        "id": row.id,
        "contact_id": row.contact_id,
        "person_id": row.person_id,
        "person_name": row.person.name,
        "text": row.body,
        "attachments": files,
        "client_key": row.client_key,
        "why": row.why,
        "after": row.after,
        "stop_if_answered": row.stop_if_answered,
        "made_at": row.made_at.isoformat(),
        "due_at": row.due_at.isoformat(),
        "state": row.state,
        "problem": row.problem,
        "version": row.version,
    }
