"""What a supervisor does from the floor. Each checks that contact and person are theirs to move, then calls the rooms below."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, Invalid, NotFound
from heartline.common.text import clean
from heartline.conversations.actions.cases import write_handover
from heartline.conversations.actions.messages import add_message
from heartline.conversations.events import HandoverAccepted
from heartline.conversations.models import Contact, HandoverCard
from heartline.conversations.queries import contact_for
from heartline.ledger.actions import one_change, record
from heartline.people.actions import BROWSER_GONE_AFTER, actor_for, set_presence
from heartline.people.models import Person, Presence, PresenceState, Team
from heartline.people.permissions import ROLES_WITH
from heartline.people.queries import Scope, colleagues, teams_for
from heartline.routing.actions import reassign_contact, take_back_offer
from heartline.routing.models import Offer
from heartline.service.actions import CHOSEN_REASONS, CHOSEN_STATES, Worker
from heartline.service.floor.events import (
    Announced,
    AnnouncementReadBy,
    AnnouncementWithdrawn,
    Whispered,
    WhisperRead,
)
from heartline.service.floor.models import Announcement, AnnouncementRead, Whisper

WHY_LIMIT = 300
WHISPER_LIMIT = 1000
ANNOUNCEMENT_LIMIT = 500
LONGEST_ANNOUNCED = timedelta(days=7)


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


def take_over(worker: Worker, contact_id: int, wants: str, promised: str) -> Contact:
    """Become who serves a contact that a colleague serves, in one act, with a card that says where it stands."""
    contact = contact_for(worker.scope, contact_id)
    before, by = contact.assignee, actor_for(worker.person)
    if before is None or contact.state != "active":
        raise Conflict(_("Nobody has this contact in hand. Look again"))
    if before == worker.person:
        raise Conflict(_("This contact is yours already"))
    with one_change():
        taken = reassign_contact(contact, worker.person, why="taken_over", by=by, now=worker.now)
        card = write_handover(
            taken,
            from_person=before,
            to_queue=taken.queue,
            to_person=worker.person,
            wants=wants or taken.case.wants or taken.case.subject,
            tried="",
            promised=promised,
            do_not_ask="",
            now=worker.now,
        )
        HandoverCard.objects.filter(id=card.id).update(accepted_by=worker.person, accepted_at=worker.now)
        record(_accepted(card, taken, worker.person), by=by, now=worker.now, sample=taken.is_sample)
    return taken


def whisper(worker: Worker, contact_id: int, text: str) -> Whisper:
    """Tell whoever serves a contact something that only they and those who may whisper see; never the customer."""
    contact = contact_for(worker.scope, contact_id)
    listener, words = contact.assignee, clean(text, WHISPER_LIMIT)
    if listener is None or contact.state != "active":
        raise Conflict(_("Nobody has this contact in hand. Look again"))
    if listener == worker.person:
        raise Conflict(_("This contact is yours already"))
    if not words:
        raise Invalid(_("Write something first"), fields={"text": _("Write something first")})
    person = worker.person
    with one_change():
        said = Whisper.objects.create(
            contact=contact, author=person, author_name=person.name, person=listener, body=words, at=worker.now
        )
        record(_whispered(said), by=actor_for(person), now=worker.now, sample=contact.is_sample)
    return said


def read_whisper(worker: Worker, whisper_id: int) -> None:
    """Note that a whisper was read by whom it was for; again changes nothing."""
    said = Whisper.objects.filter(id=whisper_id, person=worker.person).select_related("contact__case").first()
    if said is None:
        raise NotFound(_("There is no such whisper, or it is not for you"))
    with one_change():
        if Whisper.objects.filter(id=said.id, read_at=None).update(read_at=worker.now):
            event = WhisperRead(
                whisper_id=said.id,
                contact_id=said.contact_id,
                case_id=said.contact.case_id,
                person_id=said.person_id,
                author_id=said.author_id,
            )
            record(event, by=actor_for(worker.person), now=worker.now, sample=said.contact.is_sample)


def announce(worker: Worker, text: str, team_ids: Iterable[int], *, expires_at: datetime) -> Announcement:
    """Tell teams something; no team means everybody one leads: all teams of one's own, or the whole house."""
    words, teams = clean(text, ANNOUNCEMENT_LIMIT), own_teams(worker.scope, team_ids)
    if not words:
        raise Invalid(_("Write something first"), fields={"text": _("Write something first")})
    if not worker.now < expires_at <= worker.now + LONGEST_ANNOUNCED:
        raise Invalid(_("Choose until when from the list"), fields={"until": _("Choose from the list")})
    everybody, person = worker.scope.everything and not list(team_ids), worker.person
    with one_change():
        told = Announcement.objects.create(
            text=words,
            author=person,
            author_name=person.name,
            everybody=everybody,
            at=worker.now,
            expires_at=expires_at,
        )
        told.teams.set(teams)
        event = Announced(
            announcement_id=told.id,
            author_id=person.id,
            everybody=everybody,
            team_ids=tuple(team.id for team in teams),
            expires_at=expires_at.isoformat(),
        )
        record(event, by=actor_for(person), now=worker.now, sample=False)
    return told


def read_announcement(worker: Worker, announcement: Announcement) -> None:
    """Note that somebody has read an announcement; again changes nothing."""
    with one_change():
        _row, is_new = AnnouncementRead.objects.get_or_create(
            announcement=announcement, person=worker.person, defaults={"at": worker.now}
        )
        if is_new:
            event = AnnouncementReadBy(
                announcement_id=announcement.id, person_id=worker.person.id, author_id=announcement.author_id
            )
            record(event, by=actor_for(worker.person), now=worker.now, sample=False)


def withdraw(worker: Worker, announcement: Announcement) -> None:
    """Take an announcement off the desks."""
    with one_change():
        if Announcement.objects.filter(id=announcement.id, withdrawn_at=None).update(withdrawn_at=worker.now):
            team_ids = tuple(announcement.teams.order_by("id").values_list("id", flat=True))
            event = AnnouncementWithdrawn(
                announcement_id=announcement.id, author_id=announcement.author_id, team_ids=team_ids
            )
            record(event, by=actor_for(worker.person), now=worker.now, sample=False)


def own_teams(scope: Scope, team_ids: Iterable[int]) -> list[Team]:
    """Return the teams that are named, or all that one leads when none is; raises NotFound for others' teams."""
    teams, wanted = teams_for(scope), set(team_ids)
    found = list((teams.filter(id__in=wanted) if wanted else teams).order_by("id"))
    if (wanted and len(found) != len(wanted)) or not (found or scope.everything):
        raise NotFound(_("There is no such team, or it is not yours"))
    return found


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


def _whispered(said: Whisper) -> Whispered:
    contact = said.contact
    return Whispered(
        whisper_id=said.id,
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        person_id=said.person_id,
        author_id=said.author_id,
    )


def _accepted(card: HandoverCard, contact: Contact, person: Person) -> HandoverAccepted:
    return HandoverAccepted(
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        handover_id=card.id,
        person_id=person.id,
    )
