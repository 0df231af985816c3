"""A contact's conversation as an evaluator, or the agent it was, reads it. The caller has checked that they may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from heartline.conversations.models import Attachment, Message
from heartline.improvement.quality.models import Answer, Review
from heartline.improvement.quality.rules.card import Card, Question, Section


@dataclass(frozen=True)
class Said:
    """One message, with its files."""

    message: Message
    files: tuple[Attachment, ...]

    @property
    def is_ours(self) -> bool:
        """Whether one of us said it."""
        return self.message.author_kind != "customer"


@dataclass(frozen=True)
class Judged:
    """A question with its answer, if there is one, and the messages it points to."""

    question: Question
    answer: Answer | None
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class JudgedSection:
    """A section of a card with its answers."""

    section: Section
    questions: tuple[Judged, ...]


def conversation_of(contact_id: int) -> list[Said]:
    """Return what was said in a contact, in order."""
    files: dict[int, list[Attachment]] = {}
    for file in Attachment.objects.filter(contact=contact_id, message__isnull=False).order_by("id"):
        files.setdefault(file.message_id or 0, []).append(file)
    messages = Message.objects.filter(contact=contact_id).order_by("id")
    return [Said(message, tuple(files.get(message.pk, ()))) for message in messages]


def judged(review: Review, card: Card) -> list[JudgedSection]:
    """Return a card's sections with the answers of a review."""
    answers = {row.question: row for row in review.answers.prefetch_related("messages")}
    return [JudgedSection(section, tuple(_judged(section.questions, answers))) for section in card.sections]


def _judged(questions: Iterable[Question], answers: dict[str, Answer]) -> Iterable[Judged]:
    for question in questions:
        answer = answers.get(question.key)
        messages = sorted(answer.messages.all(), key=lambda one: one.pk) if answer else ()
        yield Judged(question, answer, tuple(messages))
