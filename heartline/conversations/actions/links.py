"""Saying that two cases belong together, and that they do not."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid
from heartline.conversations.case_events import CasesLinked
from heartline.conversations.models import Case, CaseLink
from heartline.ledger.actions import one_change, record


def link_cases(case: Case, other: Case, *, by: Actor, now: datetime) -> bool:
    """Link two cases; returns whether they were not linked yet."""
    if case.id == other.id:
        raise Invalid(_("Choose another case"), fields={"other": _("Choose another case")})
    with one_change():
        fresh = write_link(case, other, "related", now=now)
        if fresh:
            _record(case, other, linked=True, by=by, now=now)
    return fresh


def unlink_cases(case: Case, other: Case, *, by: Actor, now: datetime) -> bool:
    """Take a link away; returns whether there was one."""
    low, high = sorted((case.id, other.id))
    with one_change():
        gone, _rows = CaseLink.objects.filter(case_id=low, other_id=high).delete()
        if gone:
            _record(case, other, linked=False, by=by, now=now)
    return bool(gone)


def write_link(case: Case, other: Case, kind: str, *, now: datetime) -> bool:
    """Write the row of a link; for an action that tells of it in an event of its own."""
    low, high = sorted((case.id, other.id))
    _link, created = CaseLink.objects.get_or_create(case_id=low, other_id=high, defaults={"kind": kind, "at": now})
    return created


def _record(case: Case, other: Case, *, linked: bool, by: Actor, now: datetime) -> None:
    """Tell of it twice: whoever sees one case need not see the other."""
    for one, another in ((case, other), (other, case)):
        event = CasesLinked(
            case_id=one.id,
            customer_id=one.customer_id,
            queue_id=one.queue_id,
            other_id=another.id,
            linked=linked,
        )
        record(event, by=by, now=now, sample=one.is_sample)
