"""What a supervisor does from the floor. Each checks that contact and person are theirs to move, then calls the rooms below."""

from __future__ import annotations

from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, Invalid, NotFound
from heartline.common.text import clean
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Contact
from heartline.conversations.queries import contact_for
from heartline.ledger.actions import one_change
from heartline.people.actions import BROWSER_GONE_AFTER, actor_for, set_presence
from heartline.people.models import Person, Presence, PresenceState
from heartline.people.permissions import ROLES_WITH
from heartline.people.queries import Scope, colleagues
from heartline.routing.actions import reassign_contact, take_back_offer
from heartline.routing.models import Offer
from heartline.service.actions import CHOSEN_REASONS, CHOSEN_STATES, Worker

WHY_LIMIT = 300


def give(worker: Worker, contact_id: int, person_id: int, why: str) -> Contact:
    """Give a contact to a colleague, whether it waits or is in somebody's hands; a supervisor's choice goes over capacity.

    What the supervisor says to it becomes an internal note, so that the colleague knows why.
    """
    contact = contact_for(worker.scope, contact_id)
    person = colleague_for(worker.scope, person_id)
    if person.role not in ROLES_WITH["contact.serve"]:
        message = _("%(name)s does not serve customers") % {"name": person.name}
        raise Invalid(message, fields={"person": message})
    by, words = actor_for(worker.person), clean(why, WHY_LIMIT)
    with one_change():
        given = reassign_contact(contact, person, why="reassigned", by=by, now=worker.now)
        if words:
            add_message(given, "note", words, client_key=f"given-{given.version}", by=by, now=worker.now)
    return given


def take_back(worker: Worker, offer_id: int) -> Offer:
    """Take a pending offer back, so that the contact goes to somebody else."""
    contact_id = Offer.objects.filter(id=offer_id).values_list("contact_id", flat=True).first()
    if contact_id is None:
        raise NotFound(_("There is no such offer"))
    contact_for(worker.scope, contact_id)
    return take_back_offer(offer_id, by=actor_for(worker.person), now=worker.now)


def set_presence_of(worker: Worker, person_id: int, state: str, reason: str) -> Presence:
    """Set a colleague's presence; nobody is made available who is not in front of their screen."""
    person = colleague_for(worker.scope, person_id)
    if state not in CHOSEN_STATES:
        raise Invalid(_("Choose a presence from the list"), fields={"state": _("Choose from the list")})
    if reason and (reason not in CHOSEN_REASONS or state in (PresenceState.AVAILABLE, PresenceState.OFFLINE)):
        raise Invalid(_("Choose a reason from the list"), fields={"reason": _("Choose from the list")})
    if state == PresenceState.AVAILABLE and not is_at_the_desk(worker, person):
        raise Conflict(_("%(name)s has no desk open, so nothing could be offered") % {"name": person.name})
    return set_presence(person, state, reason=reason, by=actor_for(worker.person), now=worker.now)


def colleague_for(scope: Scope, person_id: int) -> Person:
    """Return a person the reader works with, or raise NotFound."""
    found = next((person for person in colleagues(scope) if person.id == person_id), None)
    if found is None:
        raise NotFound(_("There is no such colleague, or they are not in your teams"))
    return found


def is_at_the_desk(worker: Worker, person: Person) -> bool:
    """Return whether a person's live stream is open: their browser was heard of a moment ago."""
    presence: Presence | None = getattr(person, "presence", None)
    seen = presence.seen_at if presence else None
    return seen is not None and seen >= worker.now - BROWSER_GONE_AFTER
