"""Notes that call colleagues by name."""

from __future__ import annotations

from collections.abc import Sequence

from heartline.conversations.mentions.actions import mention_people, read_mentions
from heartline.conversations.models import Case, Contact, Message
from heartline.ledger.actions import one_change
from heartline.people.actions import actor_for
from heartline.service.actions import Worker, write


def write_calling(
    worker: Worker,
    contact: Contact,
    text: str,
    person_ids: Sequence[int],
    *,
    client_key: str,
    attachments: tuple[str, ...],
) -> Message:
    """Add a note and tell those whom it calls, both or neither."""
    with one_change():
        message = write(worker, contact, "note", text, client_key=client_key, attachments=attachments)
        mention_people(contact, message, person_ids, by=actor_for(worker.person), now=worker.now)
    return message


def read(worker: Worker, case: Case) -> int:
    """Note that the person has seen what calls them in a case."""
    return read_mentions(case, worker.person, by=actor_for(worker.person), now=worker.now)
