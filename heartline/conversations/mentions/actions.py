"""Calling colleagues in a note, and noting that they have read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from heartline.common.actors import Actor
from heartline.conversations.actions.cases import join_contact
from heartline.conversations.events import Mentioned, MentionsRead
from heartline.conversations.mentions.queries import can_be_mentioned
from heartline.conversations.mentions.rules import called_in
from heartline.conversations.models import Case, Contact, Mention, Message
from heartline.conversations.queries import sees
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person
from heartline.people.queries import scope_of


def mention_people(
    contact: Contact, message: Message, person_ids: Iterable[int], *, by: Actor, now: datetime
) -> list[Mention]:
    """Tell colleagues that a note calls them by name; who could not see the case takes part in it from now on."""
    if message.kind != "note":
        return []
    people = {person.id: person for person in can_be_mentioned().filter(id__in=list(person_ids))}
    called = called_in(message.body, {person.id: person.name for person in people.values()})
    with one_change():
        return [_mention(contact, message, people[id], by=by, now=now) for id in called if id != by.id]


def read_mentions(case: Case, person: Person, *, by: Actor, now: datetime) -> int:
    """Note that a person has seen the notes of a case that call them; returns how many were new."""
    with one_change():
        unread = Mention.objects.filter(case=case, person=person, read_at=None)
        ids = tuple(unread.values_list("id", flat=True))
        if ids and Mention.objects.filter(id__in=ids, read_at=None).update(read_at=now):
            event = MentionsRead(case_id=case.id, person_id=person.id, mention_ids=ids)
            record(event, by=by, now=now, sample=case.is_sample)
    return len(ids)


def _mention(contact: Contact, message: Message, person: Person, *, by: Actor, now: datetime) -> Mention:
    mention, created = Mention.objects.get_or_create(
        message=message, person=person, defaults={"case_id": contact.case_id, "at": now}
    )
    if created:
        if not sees(scope_of(person), contact.case):
            join_contact(contact, person, "mentioned", by=by, now=now)
        event = Mentioned(
            mention_id=mention.id,
            message_id=message.id,
            contact_id=contact.id,
            case_id=contact.case_id,
            customer_id=contact.customer_id,
            person_id=person.id,
        )
        record(event, by=by, now=now, sample=contact.is_sample)
    return mention
