"""What the tests of quality reviews share: a published card, contacts that were served, reviews that were scored."""

from __future__ import annotations

from datetime import timedelta

from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Contact
from heartline.improvement.quality.actions.cards import publish, save_card, write_version
from heartline.improvement.quality.actions.reviews import save_answer, submit_review
from heartline.improvement.quality.models import CardVersion, Draw, Review, Scorecard
from heartline.improvement.quality.rules.card import Card, Question, Section
from heartline.improvement.quality.rules.scoring import Given
from heartline.people.actions import actor_for
from heartline.people.queries import scope_of
from tests.cast import NOON, Cast, waiting_contact

YESTERDAY = NOON - timedelta(days=1)
CARD = Card(
    (
        Section(
            key="s1",
            name_en="Listening",
            name_zh="倾听",
            questions=(
                Question(
                    key="q1", text_en="Did they let the customer finish?", text_zh="有没有让客户把话说完？", weight=2
                ),
                Question(
                    key="q2",
                    text_en="Did they name the next step and when?",
                    kind="scale",
                    top=3,
                    steps_en=("No", "A step", "A step and a day", "Step, day and who"),
                ),
            ),
        ),
        Section(
            key="s2",
            name_en="Care",
            questions=(Question(key="q3", text_en="Was the identity checked?", critical=True),),
        ),
    ),
    5,
)


def published(cast: Cast, content: Card = CARD) -> CardVersion:
    """Return a published version of a new card."""
    by = actor_for(cast.supervisor)
    card = save_card(Scorecard(), {"name_en": "Chat", "name_zh": "会话", "channels": []}, (), by=by, now=NOON)
    version = write_version(card.versions.get(), content, base=0, by=by, now=NOON)
    return publish(version, by=by, now=NOON)


def served(cast: Cast, agent=None, *, ended=YESTERDAY, seconds=600, text="师傅昨天又没来") -> Contact:
    """Return a contact that an agent served, and that has ended."""
    agent = agent or cast.grace
    contact = waiting_contact(cast, text=text)
    contact.assignments.create(person=agent, started_at=ended - timedelta(seconds=seconds), ended_at=ended)
    Contact.objects.filter(pk=contact.pk).update(
        state="active", assignee=agent, answered_at=ended - timedelta(seconds=seconds)
    )
    contact.refresh_from_db()
    add_message(contact, "reply", "今天 12:00 前给您回电", client_key="a1", by=actor_for(agent), now=NOON)
    Contact.objects.filter(pk=contact.pk).update(state="ended", ended_at=ended, closed_at=ended)
    contact.refresh_from_db()
    return contact


def wish(version: CardVersion, **fields) -> Draw:
    """Return a sample that is wished for: all of yesterday's, unless said otherwise."""
    day = YESTERDAY.date()
    given = {"kind": "random", "count": 5, "first_day": day, "last_day": day, "seed": "plum", "double_percent": 0}
    return Draw(version=version, **{**given, **fields})


def to_score(contact, version, evaluator, **fields):
    """Return a review that somebody is to score."""
    return Review.objects.create(
        contact=contact, about=contact.assignee, version=version, evaluator=evaluator, given_at=NOON, **fields
    )


def answer(review, **values):
    """Answer questions: a number, or "na"."""
    for key, value in values.items():
        given = Given(na=True) if value == "na" else Given(value)
        standing = review.answers.filter(question=key).first()
        save_answer(
            review, key, given, "", (), base=standing.saved if standing else 0, by=actor_for(review.evaluator), now=NOON
        )
    return review


def scored(contact, version, evaluator, q1=1, q2=3, q3=1, **fields):
    """Return a review that somebody submitted."""
    review = answer(to_score(contact, version, evaluator, **fields), q1=q1, q2=q2, q3=q3)
    submit_review(review, by=actor_for(evaluator), now=NOON)
    return review


__all__ = ["CARD", "YESTERDAY", "answer", "published", "scope_of", "scored", "served", "to_score", "wish"]
