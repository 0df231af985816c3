"""What agent and evaluator say to each other about a shared review, and coaching notes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid, NotAllowed
from heartline.common.text import clean
from heartline.conversations.models import Contact, Message
from heartline.improvement.quality.actions.reviews import WORDS
from heartline.improvement.quality.events import CoachingNoted, RemarkMade
from heartline.improvement.quality.models import CoachingNote, Feedback, Remark, Review
from heartline.ledger.actions import one_change, record

BY_AGENT = ("acknowledged", "replied", "disputed")
BY_EVALUATOR = ("answered", "upheld")


def say(review: Review, kind: str, text: str, *, by: Actor, now: datetime) -> Remark:
    """Add a remark: the agent acknowledges, replies or appeals, the other side answers or lets the score stand."""
    is_agent = review.about_id == by.id
    if kind not in (BY_AGENT if is_agent else BY_EVALUATOR):
        raise NotAllowed(_("That is not yours to say about this review"))
    text = clean(text, WORDS)
    if kind != "acknowledged" and not text:
        raise Invalid(_("Write a few words"), fields={"text": _("Write a few words")})
    with one_change():
        standing = Review.objects.select_for_update().get(pk=review.pk)
        if standing.shared_at is None:
            raise Conflict(_("This review has not been shared yet"))
        standing.feedback = _after(kind, standing.feedback)
        standing.save(update_fields=["feedback"])
        remark = Remark.objects.create(review=standing, kind=kind, author_id=by.id, text=text, at=now)
        event = RemarkMade(review_id=review.pk, contact_id=review.contact_id, person_id=review.about_id, what=kind)
        record(event, by=by, now=now, sample=review.contact.is_sample)
    return remark


def write_note(
    note: CoachingNote, contact: Contact | None, message_ids: Iterable[int], *, by: Actor, now: datetime
) -> CoachingNote:
    """Write down a talk; the agent sees it at once."""
    note.text, note.next_step = clean(note.text, WORDS), clean(note.next_step, 300)
    if not note.text:
        raise Invalid(_("Write a few words"), fields={"text": _("Write a few words")})
    if note.about_id == by.id:
        raise Invalid(_("Somebody else writes down your coaching"))
    note.contact, note.author_id, note.at = contact, by.id, now
    with one_change():
        note.save()
        if contact is not None:
            note.messages.set(Message.objects.filter(contact=contact, id__in=list(message_ids)))
        _note(note, "written", by=by, now=now)
    return note


def agree(note: CoachingNote, words: str, *, by: Actor, now: datetime) -> CoachingNote:
    """The agent agrees to the next step, with words of their own if they like."""
    if note.about_id != by.id:
        raise NotAllowed(_("Only the colleague it is about can agree"))
    with one_change():
        if not CoachingNote.objects.filter(pk=note.pk, agreed_at=None).update(
            agreed_at=now, agents_words=clean(words, WORDS)
        ):
            raise Conflict(_("You have agreed already"))
        note.refresh_from_db()
        _note(note, "agreed", by=by, now=now)
    return note


def close_step(note: CoachingNote, outcome: str, *, by: Actor, now: datetime) -> CoachingNote:
    """Say what came of the next step; either of the two may."""
    outcome = clean(outcome, WORDS)
    if not outcome:
        raise Invalid(_("Say what came of it"), fields={"text": _("Say what came of it")})
    with one_change():
        if not CoachingNote.objects.filter(pk=note.pk, done_at=None).update(done_at=now, outcome=outcome):
            raise Conflict(_("This is closed already"))
        note.refresh_from_db()
        _note(note, "closed", by=by, now=now)
    return note


def _after(kind: str, before: str) -> str:
    if kind == "disputed":
        if before in (Feedback.DISPUTED, Feedback.SETTLED):
            raise Conflict(_("This appeal has been made; it is made once"))
        return Feedback.DISPUTED
    if kind == "upheld":
        if before != Feedback.DISPUTED:
            raise Conflict(_("There is no open appeal"))
        return Feedback.SETTLED
    if kind == "acknowledged" and before == Feedback.NONE:
        return Feedback.ACKNOWLEDGED
    return before


def _note(note: CoachingNote, what: str, *, by: Actor, now: datetime) -> None:
    due: date | None = note.due_on
    event = CoachingNoted(
        note_id=note.pk,
        person_id=note.about_id,
        contact_id=note.contact_id,
        what=what,
        due_on=due.isoformat() if due else None,
    )
    record(event, by=by, now=now, sample=bool(note.contact and note.contact.is_sample))
