"""What happens to contacts, and all that is kept of it."""

from __future__ import annotations

from datetime import timedelta

from heartline.conversations.actions.cases import Wrapping, finish_contact
from heartline.conversations.actions.contacts import answer_contact, end_contact
from heartline.conversations.actions.messages import add_message
from heartline.insight.engine import connect
from heartline.insight.facts.columns import TABLES
from heartline.insight.kept.generations import Generation
from heartline.insight.kept.reading import Reader
from heartline.people.actions import actor_for
from heartline.people.models import Queue
from tests.cast import NOON, Cast, waiting_contact

LATER = NOON + timedelta(hours=3)


def serve(cast: Cast, minute: int = 0, *, queue: Queue | None = None) -> int:
    contact = waiting_contact(cast, queue=queue, now=NOON + timedelta(minutes=minute))
    at, grace = contact.asked_at + timedelta(seconds=30), actor_for(cast.grace)
    answer_contact(contact, cast.grace, by=grace, now=at)
    add_message(contact, "reply", "你好", client_key="hello", by=grace, now=at + timedelta(seconds=9))
    end_contact(contact, ended_by="person", by=grace, now=at + timedelta(minutes=2))
    finish_contact(contact, Wrapping(reason=cast.reason, resolution="solved"), by=grace, now=at + timedelta(minutes=3))
    return contact.customer_id


def contents(kept: Generation | None) -> dict[str, list[tuple[object, ...]]]:
    assert kept
    with connect() as engine:
        return {name: engine.execute(f"SELECT * FROM ({kept.rows(name)}) ORDER BY ALL").fetchall() for name in TABLES}


def asked(reader: Reader) -> list[list[tuple[object, ...]]]:
    questions = [f"SELECT * FROM {name} ORDER BY ALL" for name in TABLES]
    answers = reader.ask(questions, {}, LATER)
    assert answers is not None
    return [answer.rows for answer in answers]
