"""What time does to questions: nobody took them, they are nearly due, they are late, somebody has room again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet

from heartline.common.actors import Actor
from heartline.common.errors import Conflict
from heartline.conversations.consultations.actions.moving import (
    end_asking,
    give_to,
    give_to_next,
    move,
    next_for,
    note,
    tell,
)
from heartline.conversations.consultations.models import Consultation
from heartline.conversations.consultations.queries import answer_time
from heartline.conversations.consultations.rules import OPEN, Chosen
from heartline.ledger.actions import one_change

BATCH = 100
BY = Actor.system("experts")


def sweep(*, now: datetime) -> int:
    """Do what is due; returns how many questions were touched. Safe to repeat, and by several hosts at once."""
    return give_on_unanswered(now=now) + give_to_waiting(now=now) + warn_due(now=now) + note_late(now=now)


def give_on_unanswered(*, now: datetime) -> int:
    """Bring questions that nobody took in time to the next who can answer; where nobody else can, they stay."""
    return _each(Consultation.objects.filter(state="asked", go_on_at__lte=now), _give_on, now)


def give_to_waiting(*, now: datetime) -> int:
    """Bring questions that wait for somebody, or whose expert is gone, to whoever can answer now."""
    gone = Consultation.objects.filter(state__in=OPEN, person__is_active=False)
    return _each(Consultation.objects.filter(state="asked", person=None), _give_to_somebody, now) + _each(
        gone, _give_on, now
    )


def warn_due(*, now: datetime) -> int:
    """Tell, once, that a question is nearly due."""
    due = Consultation.objects.filter(state__in=OPEN, warned_at=None, warn_at__lte=now, due_at__gt=now)
    return _each(due, lambda one, at: _mark(one, "warned", at), now)


def note_late(*, now: datetime) -> int:
    """Record, once, that a question was not answered in time; it stays open and is listed as late."""
    late = Consultation.objects.filter(state__in=OPEN, late_at=None, due_at__lte=now)
    return _each(late, lambda one, at: _mark(one, "late", at), now)


def _give_on(consultation: Consultation, now: datetime) -> bool:
    chosen = next_for(consultation, now=now) if consultation.skill_id else None
    is_gone = consultation.person is not None and not consultation.person.is_active
    if not is_gone and (chosen is None or chosen.person_id == consultation.person_id):
        later = now + timedelta(minutes=answer_time(consultation.skill).take_minutes)
        still = Consultation.objects.filter(id=consultation.id, version=consultation.version)
        still.update(go_on_at=later, version=F("version") + 1)  # nobody else can: it stays, and we look again
        return False
    with one_change():
        move(consultation, "give_on")
        end_asking(consultation, "unanswered", by=BY, now=now)
        give_to_next(consultation, "unanswered", by=BY, now=now)
    return True


def _give_to_somebody(consultation: Consultation, now: datetime) -> bool:
    chosen: Chosen | None = next_for(consultation, now=now)
    if chosen is None:
        return False
    with one_change():
        move(consultation, "give_on")
        give_to(consultation, chosen, by=BY, now=now)
        note(consultation, "given_on", by=BY, now=now)
    return True


def _mark(consultation: Consultation, how: str, now: datetime) -> bool:
    mark = f"{how}_at"
    with one_change():
        standing: QuerySet[Consultation] = Consultation.objects.filter(id=consultation.id, state__in=OPEN)
        unmarked: dict[str, Any] = {f"{mark}__isnull": True}
        if not standing.filter(**unmarked).update(**{mark: now}):
            return False
        consultation.refresh_from_db()
        note(consultation, how, by=BY, now=now)
        if consultation.person_id:
            tell(consultation, consultation.person_id, how, by=BY, now=now)
    return True


def _each(rows: QuerySet[Consultation], act: Callable[[Consultation, datetime], bool], now: datetime) -> int:
    done = 0
    related = ("contact__case", "contact__queue", "skill", "person")
    for consultation in rows.select_related(*related).order_by("due_at", "id")[:BATCH]:
        with suppress(Conflict):  # answered, or given on by another host, in this moment
            done += act(consultation, now)
    return done
