"""Moving a question from one to the next: what every change of it is made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict
from heartline.conversations.consultations.events import ConsultationChanged, ExpertTold
from heartline.conversations.consultations.models import Asking, Consultation
from heartline.conversations.consultations.queries import answer_time, experts, need_of
from heartline.conversations.consultations.rules import CONSULTATION, Chosen, choose
from heartline.ledger.actions import record


def move(consultation: Consultation, verb: str, **fields: Any) -> None:
    """Move a question along its state machine by compare-and-set; raises Conflict when somebody was first."""
    standing = Consultation.objects.filter(
        id=consultation.id, version=consultation.version, state__in=CONSULTATION.sources(verb)
    )
    changed = standing.update(state=CONSULTATION.target(verb), version=F("version") + 1, **fields)
    consultation.refresh_from_db()
    if not changed:
        raise Conflict(said_first(consultation), code="consultation_changed")


def said_first(consultation: Consultation) -> str:
    """Return who or what was first."""
    if consultation.state == "answered" and consultation.answered_by:
        return _("%(name)s has just answered this question") % {"name": consultation.answered_by.name}
    if consultation.state == "withdrawn":
        return _("This question was withdrawn")
    return _("Somebody has just changed this question. Look again")


def give_to(
    consultation: Consultation, chosen: Chosen | None, *, by_name: bool = False, by: Actor, now: datetime
) -> None:
    """Bring a question to somebody, or let it wait for whoever can answer next.

    Who is asked by name has it until it is due; anybody else as long as one may take to look at it.
    """
    takes = timedelta(minutes=answer_time(consultation.skill).take_minutes)
    go_on_at = None if chosen is None else max(now + takes, consultation.due_at) if by_name else now + takes
    fields = {"person_id": chosen.person_id if chosen else None, "go_on_at": go_on_at, "by_name": by_name}
    Consultation.objects.filter(id=consultation.id).update(**fields, version=F("version") + 1)
    consultation.refresh_from_db()
    if chosen is None:
        return
    Asking.objects.create(
        consultation=consultation, person_id=chosen.person_id, why=[list(one) for one in chosen.why], asked_at=now
    )
    tell(consultation, chosen.person_id, "asked", by=by, now=now)


def give_to_next(consultation: Consultation, how: str, *, reason: str = "", by: Actor, now: datetime) -> None:
    """Bring a question to the next who can answer it, and record how it left the one before."""
    before = consultation.person_id
    give_to(consultation, next_for(consultation, now=now), by=by, now=now)
    note(consultation, how, from_expert_id=before, reason=reason, by=by, now=now)
    if consultation.person_id is None and how != "waits":
        note(consultation, "waits", by=by, now=now)


def next_for(consultation: Consultation, *, now: datetime) -> Chosen | None:
    """Return the fairest of those who can answer a question now and did not refuse it; whoever asked is not asked."""
    able = [expert for expert in experts().values() if expert.person_id != consultation.asked_by_id]
    return choose(able, need_of(consultation), now, consultation.id)


def end_asking(
    consultation: Consultation, state: str, *, reason: str = "", words: str = "", by: Actor, now: datetime
) -> None:
    """End the stretch of time in which a question was somebody's; unless they ended it, they hear that it is gone."""
    live = Asking.objects.filter(consultation=consultation, ended_at=None)
    for person_id in list(live.values_list("person_id", flat=True)):
        live.update(state=state, reason=reason, words=words, ended_at=now)
        tell(consultation, person_id, "gone", by=by, now=now)


def note(
    consultation: Consultation,
    how: str,
    *,
    from_expert_id: int | None = None,
    reason: str = "",
    by: Actor,
    now: datetime,
) -> None:
    """Record what happened to a question."""
    contact = consultation.contact
    event = ConsultationChanged(
        consultation_id=consultation.id,
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        how=how,
        asked_by_id=consultation.asked_by_id,
        expert_id=consultation.answered_by_id or consultation.person_id,
        from_expert_id=from_expert_id,
        skill_id=consultation.skill_id,
        due_at=consultation.due_at.isoformat(),
        after_ms=max(0, round((now - consultation.asked_at).total_seconds() * 1000)),
        reason=reason,
    )
    record(event, by=by, now=now, sample=consultation.is_sample)


def tell(consultation: Consultation, person_id: int, how: str, *, by: Actor, now: datetime) -> None:
    """Let an expert's own pages know that what is asked of them has changed."""
    event = ExpertTold(
        person_id=person_id, consultation_id=consultation.id, how=how, due_at=consultation.due_at.isoformat()
    )
    record(event, by=by, now=now, sample=consultation.is_sample)
