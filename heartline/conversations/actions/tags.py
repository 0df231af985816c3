"""Tags of a case: put on and taken off by name; a word that nobody used yet becomes a tag."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid
from heartline.common.text import clean, fold, one_line
from heartline.conversations.case_events import CaseTagged
from heartline.conversations.models import Case, Tag, Tagged
from heartline.ledger.actions import one_change, record

LONGEST = 40
MOST = 30


def change_tags(
    case: Case, *, add: Iterable[str] = (), remove: Iterable[str] = (), by: Actor, now: datetime
) -> CaseTagged | None:
    """Put tags on a case and take others off; returns what changed, None when nothing did."""
    wanted = _names(add)
    with one_change():
        Case.objects.select_for_update().get(id=case.id)
        there = {row.tag.key: row for row in Tagged.objects.filter(case=case).select_related("tag")}
        leaving = [there[key] for key in {fold(name) for name in remove} & there.keys()]
        coming = [_tag(key, name, case, now) for key, name in wanted.items() if key not in there]
        _check_room(len(there) - len(leaving) + len(coming))
        if not (leaving or coming):
            return None
        Tagged.objects.filter(id__in=[row.id for row in leaving]).delete()
        Tagged.objects.bulk_create([Tagged(case=case, tag=tag, at=now) for tag in coming])
        event = CaseTagged(
            case_id=case.id,
            customer_id=case.customer_id,
            queue_id=case.queue_id,
            added=tuple(sorted(tag.id for tag in coming)),
            removed=tuple(sorted(row.tag_id for row in leaving)),
        )
        record(event, by=by, now=now, sample=case.is_sample)
    return event


def _names(given: Iterable[str]) -> dict[str, str]:
    """Return the tags that were named, each once, by how they are compared."""
    names = [one_line(clean(name, 200), 200).lstrip("#").strip() for name in given]
    too_long = next((name for name in names if len(name) > LONGEST), None)
    if too_long:
        message = _("A tag has up to %(limit)s characters") % {"limit": LONGEST}
        raise Invalid(message, fields={"tags": message})
    return {fold(name): name for name in names if name}


def _tag(key: str, name: str, case: Case, now: datetime) -> Tag:
    with transaction.atomic():
        tag, _created = Tag.objects.get_or_create(
            key=key[:80], defaults={"name": name, "created_at": now, "is_sample": case.is_sample}
        )
    return tag


def _check_room(count: int) -> None:
    if count > MOST:
        message = _("A case carries up to %(limit)s tags") % {"limit": MOST}
        raise Invalid(message, fields={"tags": message})
