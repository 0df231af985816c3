"""What the desk shows of questions to experts: snapshots and events show the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from heartline.common.questions import written_once
from heartline.conversations.consultations.models import Consultation
from heartline.conversations.consultations.rules import OPEN
from heartline.people.models import Person

Card = dict[str, Any]


ROWS = Consultation.objects.select_related("contact", "skill", "asked_by", "person", "answered_by").order_by("id")


def cards_by_id(ids: Iterable[int]) -> dict[int, Card]:
    """Return the cards of some consultations."""
    return {row.id: _card(row) for row in ROWS.filter(id__in=set(ids))}


def cards_in_case(case_id: int) -> dict[str, Card]:
    """Return the cards of what was asked in a case."""
    return {str(row.id): _card(row) for row in _in_case(case_id)}


def cards_for_asker(person: Person) -> dict[str, Card]:
    """Return what somebody has asked and not heard the end of."""
    return {str(row.id): _card(row) for row in _by_asker(person.id)}


@written_once
def _in_case(case_id: int) -> QuerySet[Consultation]:
    return ROWS.filter(contact__case_id=case_id)


@written_once
def _by_asker(person_id: int) -> QuerySet[Consultation]:
    waited_for = Q(state__in=OPEN) | Q(state__in=("answered", "taken_over"), seen_at=None)
    return ROWS.filter(waited_for, asked_by_id=person_id)


def _card(row: Consultation) -> Card:
    return {
        "id": row.id,
        "case_id": row.contact.case_id,
        "contact_id": row.contact_id,
        "question": row.question,
        "skill_en": row.skill.name_en if row.skill else "",
        "skill_zh": row.skill.name_in("zh-hans") if row.skill else "",
        "level": row.level,
        "asked_by_id": row.asked_by_id,
        "asked_by_name": row.asked_by.name if row.asked_by else "",
        "asked_at": row.asked_at.isoformat(),
        "state": row.state,
        "person_id": row.person_id,
        "person_name": row.person.name if row.person else "",
        "may_reply": row.may_reply,
        "due_at": row.due_at.isoformat(),
        "is_late": row.late_at is not None,
        "answer": row.answer,
        "answered_by_name": row.answered_by.name if row.answered_by else "",
        "answered_at": _moment(row.answered_at),
        "note_id": row.note_id,
        "is_seen": row.seen_at is not None,
    }


def _moment(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
