"""The desk at one moment: what its pages start from, and what events are then applied to.

The ledger's position is read before the tables: what happens in between is in both, and events may be applied again
(see `apply.py`). The number of queries is the same for ten contacts and for ten thousand.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from heartline.common.clock import day_bounds
from heartline.conversations.actions.drafts import drafts_of, shared_drafts_of
from heartline.conversations.cards import case_card, handovers_of
from heartline.conversations.consultations.cards import cards_for_asker, cards_in_case
from heartline.conversations.matter import matter_of, snoozed_rows
from heartline.conversations.mentions.queries import unread_mentions
from heartline.conversations.models import Case
from heartline.conversations.outgoing.queries import hold_seconds, outgoing_of
from heartline.conversations.queries import case_for, snoozed_by, watched_case_ids
from heartline.ledger.positions import Position
from heartline.ledger.queries import head
from heartline.people.models import Person
from heartline.people.queries import Scope
from heartline.service import queries
from heartline.service.apply import as_seen
from heartline.service.cases.fields import types_for_desk

Snapshot = dict[str, Any]

# What a later snapshot may have otherwise without anything having happened.
NOT_STATE = ("position", "now", "drafts")


def snapshot_for(scope: Scope, person: Person, now: datetime) -> Snapshot:
    """Return a person's desk: their presence, contacts, offers, colleagues and follow-ups, ready for JSON."""
    position = str(head())
    day_start, _ = day_bounds(now, person.site.time_zone)
    invited = queries.invitations_of(person)
    done = queries.done_since(person, day_start)
    snapshot = {
        "position": position,
        "now": now.isoformat(),
        "day_start": day_start.isoformat(),
        "me": _me(scope, person),
        "presence": queries.presence_of(person),
        "capacity": queries.capacity_of(person),
        "invited": invited,
        "contacts": {},
        "offers": queries.pending_offers(person),
        "colleagues": queries.team_of(scope),
        "follow_ups": queries.owed_by(person),
        "snoozes": snoozed_rows(snoozed_by(scope)),
        "watched": watched_case_ids(scope),
        "done": done,
        "scores": queries.scores_of(person, done),
        "names": queries.names() | {"case_types": types_for_desk()},
        "hold": hold_seconds(),
        "mentions": unread_mentions(person),
        "questions": cards_for_asker(person),
    }
    cards = queries.live_contacts(scope, invited)
    snapshot["contacts"] = {str(card["contact_id"]): as_seen(snapshot, card) for card in cards}
    return snapshot


def case_snapshot_for(scope: Scope, person: Person, case_id: int, now: datetime) -> Snapshot:
    """Return an open conversation with all that was said, tried, handed over and owed; raises NotFound."""
    position = head()
    return case_snapshot(case_for(scope, case_id), person, position, now)


def case_snapshot(case: Case, person: Person, position: Position, now: datetime) -> Snapshot:
    """Return the conversation about a case that was read after a position of the ledger: events from there bring it up to date."""
    contacts = queries.contacts_of(case)
    handovers = handovers_of(int(key) for key in contacts)
    return {
        "position": str(position),
        "now": now.isoformat(),
        "case": case_card(case),
        "matter": matter_of(case.id),
        "contacts": contacts,
        "messages": queries.messages_of(case),
        "participants": queries.participants_of(case),
        "handovers": {str(card["id"]): card for cards in handovers.values() for card in cards},
        "tried": queries.tried_for(case),
        "follow_ups": queries.owed_to(case),
        "outgoing": outgoing_of(case),
        "shared_drafts": shared_drafts_of(case),
        "consultations": cards_in_case(case.id),
        "survey": queries.survey_of(case),
        "drafts": drafts_of(case, person),
    }


def _me(scope: Scope, person: Person) -> Snapshot:
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "rights": sorted(scope.rights),
        "everything": scope.everything,
        "queue_ids": sorted(scope.queue_ids),
    }
