"""Calibrating: several score the same contact apart, lay the answers side by side, and agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean
from heartline.conversations.models import Contact
from heartline.improvement.quality.actions.reviews import WORDS
from heartline.improvement.quality.events import AnswerAgreed, CalibrationMoved, CalibrationOpened
from heartline.improvement.quality.models import AgreedAnswer, Calibration, CardVersion, Review
from heartline.improvement.quality.queries.samples import evaluators_for, who_had_a_hand_in
from heartline.improvement.quality.rules.scoring import Given
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person
from heartline.people.queries import Scope


def open_calibration(
    scope: Scope, contact: Contact, version: CardVersion, evaluators: Sequence[Person], *, by: Actor, now: datetime
) -> Calibration:
    """Ask at least two evaluators to score a contact, each apart."""
    if contact.state != "ended" or contact.assignee_id is None:
        raise Invalid(_("Choose a contact that was served and has ended"))
    allowed = set(evaluators_for(scope).values_list("id", flat=True))
    hands = who_had_a_hand_in([contact.id])[contact.id]
    chosen = sorted(({one.id for one in evaluators} & allowed) - hands)
    if len(chosen) < 2:
        text = _("Choose at least two who had no hand in this contact")
        raise Invalid(text, fields={"evaluators": text})
    with one_change():
        session = Calibration.objects.create(contact=contact, version=version, opened_by_id=by.id, opened_at=now)
        for person_id in chosen:
            Review.objects.create(
                contact=contact,
                about_id=contact.assignee_id,
                version=version,
                evaluator_id=person_id,
                calibration=session,
                given_at=now,
            )
        event = CalibrationOpened(
            calibration_id=session.pk, contact_id=contact.id, version_id=version.pk, evaluator_ids=tuple(chosen)
        )
        record(event, by=by, now=now, sample=contact.is_sample)
    return session


def compare(session: Calibration, *, by: Actor, now: datetime) -> Calibration:
    """Lay the answers side by side; who has not submitted yet is left out, and nobody scores any more."""
    submitted = session.reviews.filter(state="submitted").count()
    if submitted < 2:
        raise Invalid(_("At least two must have scored before there is something to compare"))
    return _move(session, "scoring", "talking", submitted, by=by, now=now)


def close(session: Calibration, *, by: Actor, now: datetime) -> Calibration:
    """Close a calibration; what was agreed stays."""
    submitted = session.reviews.filter(state="submitted").count()
    return _move(session, "talking", "closed", submitted, by=by, now=now)


def agree_on(
    session: Calibration, question_key: str, given: Given, reason: str, *, by: Actor, now: datetime
) -> AgreedAnswer:
    """Keep what was agreed for a question, and why; a better agreement replaces it."""
    question = session.version.asks().question(question_key)
    fits = given.na if given.value is None else question is not None and question.takes(given.value)
    if question is None or not fits or (given.na and not question.na):
        raise Invalid(_("Choose one of the answers"), fields={"answer": _("Choose one of the answers")})
    reason = clean(reason, WORDS)
    if not reason:
        raise Invalid(_("Say why"), fields={"reason": _("Say why")})
    with one_change():
        standing = Calibration.objects.select_for_update().get(pk=session.pk)
        if standing.state != "talking":
            raise Conflict(_("Answers are agreed while they are being compared"))
        agreed, _new = AgreedAnswer.objects.update_or_create(
            calibration=session,
            question=question_key,
            defaults={"value": given.value, "is_na": given.na, "reason": reason, "by_id": by.id, "at": now},
        )
        event = AnswerAgreed(
            calibration_id=session.pk,
            contact_id=session.contact_id,
            question=question_key,
            value=given.value,
            is_na=given.na,
        )
        record(event, by=by, now=now, sample=session.contact.is_sample)
    return agreed


def _move(session: Calibration, before: str, after: str, submitted: int, *, by: Actor, now: datetime) -> Calibration:
    with one_change():
        moved = Calibration.objects.filter(pk=session.pk, state=before)
        if not moved.update(state=after, closed_at=now if after == "closed" else None):
            raise Conflict(_("Somebody has just moved this calibration on. Look again"))
        event = CalibrationMoved(
            calibration_id=session.pk, contact_id=session.contact_id, state=after, submitted=submitted
        )
        record(event, by=by, now=now, sample=session.contact.is_sample)
    session.refresh_from_db()
    return session
