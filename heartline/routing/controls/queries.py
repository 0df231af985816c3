"""Reading supervisors' decisions: what may be decided by whom, what holds now, and what was decided before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.common.questions import first, written_once
from heartline.conversations.models import Contact
from heartline.people.models import Brand, Queue
from heartline.people.queries import Scope, queues_for
from heartline.routing.controls.models import Control, EmergencyMessage, QueuePause

UNDONE_WITHIN = timedelta(hours=8)
SHOWN = 50


def contact_to_control(scope: Scope, contact_id: int) -> Contact:
    """Return a contact of the supervisor's own queues, or raise NotFound."""
    contact = Contact.objects.select_related("case", "queue", "customer").filter(id=contact_id).first()
    if contact is None or not scope.sees_queue(contact.queue_id):
        raise NotFound(_("There is no such contact, or it is not yours to see"))
    return contact


def queue_to_control(scope: Scope, queue_id: int) -> Queue:
    """Return a queue of the supervisor's own teams, or raise NotFound."""
    queue = queues_for(scope).filter(id=queue_id).first()
    if queue is None:
        raise NotFound(_("There is no such queue, or it is not your teams’"))
    return queue


def any_queue(queue_id: int) -> Queue:
    """Return any queue of the house, or raise NotFound: work may be given away, not taken."""
    queue = Queue.objects.filter(id=queue_id).first()
    if queue is None:
        raise NotFound(_("There is no such queue, or it is not your teams’"))
    return queue


def control_to_undo(scope: Scope, control_id: int, *, now: datetime) -> Control:
    """Return a decision about a contact that the supervisor may take back: of their queues, or their own."""
    found = _recent(scope, now).filter(id=control_id).first()
    if found is None:
        raise NotFound(_("There is no such decision, or it is not yours to undo"))
    return found


def recent_controls(scope: Scope, *, now: datetime) -> list[Control]:
    """Return what was decided about contacts of late, the latest first."""
    return list(_recent(scope, now).order_by("-at", "-id")[:SHOWN])


def standing_controls(contact_ids: Iterable[int]) -> dict[int, list[Control]]:
    """Return by contact the decisions that hold, the earliest first."""
    found: dict[int, list[Control]] = {}
    rows = Control.objects.filter(contact__in=contact_ids, undone_at=None).select_related(
        "person", "from_queue", "to_queue"
    )
    for row in rows.order_by("at", "id"):
        found.setdefault(row.contact_id, []).append(row)
    return found


def pauses_now(now: datetime) -> QuerySet[QueuePause]:
    """Return the pauses that hold."""
    return QueuePause.objects.filter(ended_at=None, until__gt=now).select_related("queue__brand__site")


def pause_of(queue_id: int | None, now: datetime) -> QueuePause | None:
    """Return the pause of one queue, None when it is not paused."""
    return first(_pauses(queue_id, now)) if queue_id else None


@written_once
def _pauses(queue_id: int, now: datetime) -> QuerySet[QueuePause]:
    return pauses_now(now).filter(queue_id=queue_id).order_by("id")[:1]


def pauses_for(scope: Scope, now: datetime) -> list[QueuePause]:
    """Return the pauses of queues whose work a person may see."""
    return [one for one in pauses_now(now).order_by("until", "id") if scope.sees_queue(one.queue_id)]


def past_pauses_for(scope: Scope, now: datetime) -> list[QueuePause]:
    """Return the pauses that are over, the latest first."""
    over = QueuePause.objects.filter(Q(ended_at__isnull=False) | Q(until__lte=now), queue__in=queues_for(scope))
    return list(over.select_related("queue", "ended_by").order_by("-at", "-id")[:SHOWN])


def emergencies_now(now: datetime) -> QuerySet[EmergencyMessage]:
    """Return the emergency messages that are shown, the latest first."""
    return EmergencyMessage.objects.filter(ended_at=None, until__gt=now).order_by("-at", "-id")


def told_to_customers(brand: Brand, language: str, now: datetime) -> list[str]:
    """Return what a brand's customers must know at once: in their language, else as it was written."""
    return [one.told_in(language) or one.told for one in _shown_by(brand.id, now)]


@written_once
def _shown_by(brand_id: int, now: datetime) -> QuerySet[EmergencyMessage]:
    return emergencies_now(now).filter(Q(everywhere=True) | Q(brands=brand_id)).distinct()


def emergencies_for(scope: Scope, now: datetime) -> list[EmergencyMessage]:
    """Return the emergency messages that concern a person: of brands whose work they see."""
    found = emergencies_now(now)
    if not scope.everything:
        found = found.filter(Q(everywhere=True) | Q(brands__queues__in=scope.queue_ids)).distinct()
    return list(found.prefetch_related("brands"))


def emergency_to_end(scope: Scope, emergency_id: int, now: datetime) -> EmergencyMessage:
    """Return a message that a supervisor may take down: of their brands, or their own."""
    mine = [one for one in emergencies_for(scope, now) if one.id == emergency_id]
    if not mine or (mine[0].everywhere and not scope.everything and mine[0].by_id != scope.person_id):
        raise NotFound(_("There is no such message, or it is not yours to take down"))
    return mine[0]


def brands_to_tell(scope: Scope) -> list[Brand]:
    """Return the brands whose customers a supervisor may tell something: those of their queues."""
    brands = Brand.objects.order_by("-is_default", "id")
    return list(brands if scope.everything else brands.filter(queues__in=scope.queue_ids).distinct())


def _recent(scope: Scope, now: datetime) -> QuerySet[Control]:
    rows = Control.objects.filter(at__gt=now - UNDONE_WITHIN)
    if not scope.everything:
        rows = rows.filter(Q(contact__queue__in=scope.queue_ids) | Q(by_id=scope.person_id))
    return rows.select_related(
        "contact__case", "contact__customer", "contact__queue", "person", "from_queue", "to_queue", "undone_by"
    )
