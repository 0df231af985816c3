"""What the desk reads. Each function takes one query or two, however much there is: see `snapshot.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from heartline.common.questions import first, written_once
from heartline.conversations.cards import cards_by_id, cards_in_case, cards_of, shown
from heartline.conversations.models import Case, Contact, ContactReason, Message, Participant, Tried
from heartline.conversations.rules import LIVE
from heartline.conversations.words import attachments_of
from heartline.people.models import Capacity, Person, Presence, Queue, Team
from heartline.people.queries import Scope, colleagues
from heartline.promises.cards import cards_owed_by, cards_owed_to
from heartline.routing.cards import offer_card
from heartline.routing.models import Offer
from heartline.service.apply import MESSAGES_KEPT
from heartline.voice_of_customer.models import Invitation, Response

Rows = dict[str, Any]


def presence_of(person: Person) -> Rows:
    """Return a person's presence, offline when it was never set."""
    found = first(_presence(person.id))
    if found is None:
        return {"state": "offline", "reason": "", "since": None}
    return {"state": found.state, "reason": found.reason, "since": found.since.isoformat()}


@written_once
def _presence(person_id: int) -> QuerySet[Presence]:
    return Presence.objects.filter(person_id=person_id)


def capacity_of(person: Person) -> Rows:
    """Return how many contacts of each channel a person takes at once."""
    return dict(_capacity(person.id))


@written_once
def _capacity(person_id: int) -> QuerySet[Capacity, tuple[str, int]]:
    return Capacity.objects.filter(person_id=person_id).values_list("channel", "limit")


def invitations_of(person: Person) -> Rows:
    """Return the contacts a person was asked into or joined, each with its case."""
    return {str(contact): case for contact, case in _inside(person.id)}


@written_once
def _inside(person_id: int) -> QuerySet[Participant, tuple[int, int]]:
    inside = Participant.objects.filter(person_id=person_id, left_at=None)
    return inside.values_list("contact_id", "contact__case_id")


def live_contacts(scope: Scope, invited: Rows) -> list[Rows]:
    """Return the cards of the contacts that are waiting or in hand, as far as they are the reader's to see."""
    if scope.everything:
        return cards_of(_all_live())
    return cards_of(_live_near(scope.person_id, scope.queue_ids, set(invited.values())))


@written_once
def _all_live() -> QuerySet[Contact, Any]:
    return shown(Contact.objects.filter(state__in=LIVE).order_by("id"))


@written_once
def _live_near(person_id: int, queue_ids: Collection[int], case_ids: Collection[int]) -> QuerySet[Contact, Any]:
    near = Q(queue_id__in=queue_ids) | Q(case_id__in=case_ids) | Q(case__owner_id=person_id)
    mine = Q(assignee_id=person_id) | Q(preferred_id=person_id)
    return shown(Contact.objects.filter(near | mine, state__in=LIVE).order_by("id"))


def pending_offers(person: Person) -> Rows:
    """Return what is offered to a person now, each with the card of its contact."""
    offers = _offered(person.id)
    cards = cards_by_id([offer.contact_id for offer in offers]) if offers else {}
    return {str(offer.id): offer_card(offer, cards[offer.contact_id]) for offer in offers}


@written_once
def _offered(person_id: int) -> QuerySet[Offer]:
    return Offer.objects.filter(person_id=person_id, state="pending").order_by("id")


def team_of(scope: Scope) -> Rows:
    """Return the people the reader works with and their presence."""
    return {str(person.id): _colleague(person) for person in colleagues(scope)}


def owed_by(person: Person) -> Rows:
    """Return the follow-ups a person owns that are still open."""
    return _by_id(cards_owed_by(person.id))


def done_since(person: Person, start: datetime) -> Rows:
    """Return the contacts a person finished since a moment."""
    return {str(contact.id): _done(contact) for contact in _finished(person.id, start)}


@written_once
def _finished(person_id: int, start: datetime) -> QuerySet[Contact]:
    done = Contact.objects.filter(assignee_id=person_id, state="ended", closed_at__gte=start, wrap_up__isnull=False)
    return done.select_related("customer", "wrap_up").order_by("id")


def scores_of(person: Person, done: Rows) -> Rows:
    """Return what customers said of a person's contacts: those finished, and those still to be wrapped up."""
    return {str(contact): score for contact, score in _answered(person.id, [int(key) for key in done])}


@written_once
def _answered(person_id: int, contact_ids: Collection[int]) -> QuerySet[Response, tuple[int, int]]:
    mine = Q(invitation__contact__assignee_id=person_id, invitation__contact__state__in=LIVE)
    answered = Response.objects.filter(mine | Q(invitation__contact_id__in=contact_ids))
    return answered.values_list("invitation__contact_id", "score")


def names() -> Rows:
    """Return what queues and contact reasons are called in the reader's language, and how soon a queue answers."""
    return {
        "queues": {
            str(queue.id): {"name": queue.name, "answer_within": queue.answer_within_seconds}
            for queue in queues_by_id()
        },
        "teams": {str(team.id): team.name for team in _teams()},
        "reasons": {str(reason.id): reason_name(reason) for reason in contact_reasons()},
    }


@written_once
def queues_by_id() -> QuerySet[Queue]:
    """Return all queues, in the order in which they were set up."""
    return Queue.objects.order_by("id")


@written_once
def _teams() -> QuerySet[Team]:
    return Team.objects.order_by("id")


@written_once
def contact_reasons() -> QuerySet[ContactReason]:
    """Return all contact reasons, each with the branch it grows on."""
    return ContactReason.objects.select_related("parent")


def reason_name(reason: ContactReason) -> str:
    """Return a reason with the branch it grows on: Installation › No-show."""
    return f"{reason.parent.name} › {reason.name}" if reason.parent else reason.name


# An open conversation


def contacts_of(case: Case) -> Rows:
    """Return the cards of all contacts of a case."""
    return {str(card["contact_id"]): card for card in cards_in_case(case.id)}


def messages_of(case: Case) -> Rows:
    """Return the newest messages of a case with their files."""
    return messages_shown(_said(case.id)[::-1])


@written_once
def _said(case_id: int) -> QuerySet[Message]:
    return Message.objects.filter(case_id=case_id).order_by("-id")[:MESSAGES_KEPT]


def messages_shown(messages: Sequence[Message]) -> Rows:
    """Return messages as the desk shows them, by number, with their files."""
    files = attachments_of([message.id for message in messages])
    return {str(message.id): _message(message, files.get(message.id, [])) for message in messages}


def participants_of(case: Case) -> Rows:
    """Return who is in the contacts of a case besides their assignees."""
    return {f"{row.contact_id}:{row.person_id}": _participant(row) for row in _inside_case(case.id)}


@written_once
def _inside_case(case_id: int) -> QuerySet[Participant]:
    inside = Participant.objects.filter(contact__case_id=case_id, left_at=None)
    return inside.select_related("person").order_by("id")


def tried_for(case: Case) -> Rows:
    """Return what was tried for a case already."""
    return {f"{row['kind']}:{row['key']}": {**row, "at": row["at"].isoformat()} for row in _tried(case.id)}


@written_once
def _tried(case_id: int) -> QuerySet[Tried, Any]:
    return Tried.objects.filter(case_id=case_id).values("kind", "key", "label", "outcome", "times", "at")


def owed_to(case: Case) -> Rows:
    """Return the open follow-ups of a case."""
    return _by_id(cards_owed_to(case.id))


def survey_of(case: Case) -> Rows | None:
    """Return whether and when the customer was asked how it was, and what they answered."""
    asked = first(_last_asked(case.id))
    if asked is None:
        return None
    answer: Response | None = getattr(asked, "response", None)
    return {
        "asked_at": asked.asked_at.isoformat(),
        "score": answer.score if answer else None,
        "at": answer.at.isoformat() if answer else None,
    }


@written_once
def _last_asked(case_id: int) -> QuerySet[Invitation]:
    about = Invitation.objects.filter(contact__case_id=case_id).select_related("response")
    return about.order_by(F("response__at").desc(nulls_last=True), "-asked_at")[:1]


def experts() -> QuerySet[Person]:
    """Return the experts who can be asked in."""
    found = Person.objects.filter(role="expert", is_active=True).select_related("presence", "site")
    return found.order_by("name", "id")


def _by_id(cards: list[Rows]) -> Rows:
    return {str(card["id"]): card for card in cards}


def _colleague(person: Person) -> Rows:
    presence: Presence | None = getattr(person, "presence", None)
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "state": presence.state if presence else "offline",
        "reason": presence.reason if presence else "",
        "since": presence.since.isoformat() if presence else None,
    }


def _done(contact: Contact) -> Rows:
    return {
        "contact_id": contact.id,
        "case_id": contact.case_id,
        "channel": contact.channel,
        "reason_id": contact.wrap_up.reason_id,
        "resolution": contact.wrap_up.resolution,
        "customer_name": contact.customer.name,
        "at": contact.closed_at.isoformat() if contact.closed_at else "",
    }


def _message(message: Message, files: list[Rows]) -> Rows:
    return {
        "id": message.id,
        "contact_id": message.contact_id,
        "kind": message.kind,
        "author_kind": message.author_kind,
        "author_id": message.author_id,
        "author_name": message.author_name,
        "text": message.body,
        "at": message.at.isoformat(),
        "client_key": message.client_key,
        "attachments": files,
        "delivered_at": message.delivered_at.isoformat() if message.delivered_at else None,
        "read_at": message.read_at.isoformat() if message.read_at else None,
    }


def _participant(row: Participant) -> Rows:
    return {
        "contact_id": row.contact_id,
        "person_id": row.person_id,
        "name": row.person.name,
        "role": row.role,
        "joined_at": row.joined_at.isoformat(),
    }
