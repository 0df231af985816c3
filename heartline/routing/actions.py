"""The only writers of offers, and of contacts on their way from waiting to a person and back.

Every verb first locks the contact, then the person's presence, then touches offers: always in that order, so that
two of them can wait for each other but never in a circle. On SQLite, where a lock is not needed because there is
one writer at a time, compare-and-set does the rest.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid, NotFound
from heartline.common.questions import first, written_once
from heartline.conversations.actions.cases import note_tried, write_handover
from heartline.conversations.actions.contacts import (
    answer_contact,
    hand_on_wrap_up,
    milliseconds,
    move_to_person,
    return_contact,
)
from heartline.conversations.models import Contact, Tried
from heartline.ledger.actions import one_change, record
from heartline.people.actions import set_presence
from heartline.people.models import Capacity, Person, Presence, PresenceState, Queue, Role
from heartline.people.permissions import ROLES_WITH
from heartline.routing import lease
from heartline.routing.events import LimitPassed, OfferEnded, OfferMade
from heartline.routing.hands import full_because, full_words
from heartline.routing.models import DECLINE_REASONS, Offer, OfferState
from heartline.routing.queries import in_hand, with_skill_names
from heartline.routing.rules import Reason, Reasons

DISPATCHER = Actor.system("dispatcher")
# An offer made further in the future than two clocks disagree was made before the clock was set back.
CLOCKS_DISAGREE = timedelta(seconds=5)
WRAP_UPS_AT_ONCE = 50


def make_offer(contact: Contact, person: Person, reasons: Reasons, *, fence: int, now: datetime) -> Offer | None:
    """Offer a waiting contact to a person; returns None when the world moved on or the dispatcher is deposed."""
    try:
        with one_change(may_fail=True):
            if not lease.stands(fence) or not _may_be_offered(contact, person):
                return None
            expires_at = now + timedelta(seconds=contact.queue.offer_seconds)
            told = with_skill_names(reasons)
            offer = Offer.objects.create(
                contact=contact, person=person, reasons=told, offered_at=now, expires_at=expires_at, fence=fence
            )
            Presence.objects.filter(person=person).update(last_offered_at=now)
            record(offer_made(offer), by=DISPATCHER, now=now, sample=contact.is_sample)
    except IntegrityError:  # it has a pending offer already
        return None
    return offer


def accept_offer(offer_id: int, person: Person, *, by: Actor, now: datetime) -> Contact:
    """Take the offered contact: offer, contact and assignment change together, or nothing does."""
    with one_change():
        offer = _own_offer(offer_id, person)
        _lock(offer.contact_id, person)
        standing = Offer.objects.filter(id=offer.id, expires_at__gt=now, contact__state="waiting")
        if not _end(standing, offer, OfferState.ACCEPTED, "", by=by, now=now):
            raise _too_late(offer, person)
        return answer_contact(offer.contact, person, by=by, now=now)


def decline_offer(offer_id: int, person: Person, reason: str, *, by: Actor, now: datetime) -> Offer:
    """Say no to an offer, with a reason; the contact goes to the next person at its old place."""
    if reason not in dict(DECLINE_REASONS):
        raise Invalid(_("Choose why you are not taking it"), fields={"reason": _("Choose from the list")})
    with one_change():
        offer = _own_offer(offer_id, person)
        _lock(offer.contact_id, person)
        standing = Offer.objects.filter(id=offer.id, expires_at__gt=now)
        if not _end(standing, offer, OfferState.DECLINED, reason, by=by, now=now):
            raise _too_late(offer, person)
    return offer


def settle_offers(*, now: datetime) -> int:
    """End what lapsed and take back what is stale; returns how many. One question when there is nothing to end."""
    return expire_offers(now=now) + withdraw_stale_offers(now=now) if _any_to_end(now, now + CLOCKS_DISAGREE) else 0


def expire_offers(*, now: datetime) -> int:
    """End every offer whose time is up and set its person to not ready; returns how many."""
    due = Offer.objects.filter(state=OfferState.PENDING, expires_at__lte=now).order_by("expires_at", "id")
    return sum(_expire(offer, now=now) for offer in due.select_related("contact__case", "person"))


def withdraw_stale_offers(*, now: datetime) -> int:
    """Take back offers nobody can accept any more: the customer left, the contact is served, the person is away."""
    pending = Offer.objects.filter(state=OfferState.PENDING).select_related("contact__case", "person__presence")
    return sum(_withdraw_if_stale(offer, now=now) for offer in pending.order_by("id"))


def take_back_offer(offer_id: int, *, by: Actor, now: datetime) -> Offer:
    """Take a pending offer back (a supervisor does); the contact goes to somebody else."""
    with one_change():
        offer = Offer.objects.select_related("contact__case", "person").filter(id=offer_id).first()
        if offer is None:
            raise NotFound(_("There is no such offer"))
        _lock(offer.contact_id, offer.person)
        if not _withdraw(offer, "taken_back", by=by, now=now):
            raise Conflict(_("This offer has ended already"))
    return offer


def withdraw_offer_of(contact: Contact, *, but_not_to: Person | None, reason: str, by: Actor, now: datetime) -> None:
    """Withdraw the pending offer of a contact, if there is one, unless it is to one person."""
    offer = _pending_offer(contact)
    if offer and (but_not_to is None or offer.person_id != but_not_to.id):
        _withdraw(offer, reason, by=by, now=now)


def take_contact(contact: Contact, person: Person, *, over: bool = False, by: Actor, now: datetime) -> Contact:
    """Pull a waiting contact, within the limits of an offer; an offer of it to somebody else ends.

    `over` passes the limits, which the ledger then tells; who may is asked by whoever calls this.
    """
    with one_change():
        _lock(contact.id, person)
        offer = _pending_offer(contact)
        full = None if offer and offer.person_id == person.id else full_because(person, contact)
        if full and not over:
            raise Conflict(full_words(full), code="at_capacity")
        _answer(contact, person, offer, by=by, now=now)
        if full:
            _tell_passed(contact, person, full, by=by, now=now)
    return contact


def give_back_contact(contact: Contact, *, by: Actor, now: datetime) -> Contact:
    """Put a contact in hand back into its queue, at its old place, for somebody else."""
    with one_change():
        _lock(contact.id)
        contact.refresh_from_db()
        return return_contact(contact, to_queue=contact.queue, preferred=None, why="returned", by=by, now=now)


def empty_hands(person: Person, *, by: Actor, now: datetime) -> int:
    """Put everything that a person serves back into its queue, at its old place; returns how many."""
    in_hand = Contact.objects.filter(assignee=person, state="active").select_related("queue").order_by("id")
    return sum(_put_back(contact, person, by=by, now=now) for contact in in_hand)


def take_from_the_gone(*, now: datetime) -> int:
    """Put back what is in the hands of people who may not sign in any more, however that came; returns how many.

    What they had still to wrap up goes to a supervisor of its queue: it would stand in the way of closing, merging and
    erasing for ever, and only somebody who reads it can say how it ended.
    """
    gone = Person.objects.filter(is_active=False, contacts__state="active").distinct()
    return sum(empty_hands(person, by=DISPATCHER, now=now) for person in gone) + _hand_on_wrap_ups(now)


def _hand_on_wrap_ups(now: datetime) -> int:
    cannot = Q(assignee__is_active=False) | ~Q(assignee__role__in=ROLES_WITH["contact.serve"])
    left = Contact.objects.filter(cannot, state="wrap_up").select_related("assignee", "case", "queue").order_by("id")
    return sum(_hand_on(contact, now) for contact in left[:WRAP_UPS_AT_ONCE])


def _hand_on(contact: Contact, now: datetime) -> bool:
    able = Person.objects.filter(is_active=True, role__in=ROLES_WITH["contact.reassign"]).order_by("id")
    person = able.filter(teams__queues=contact.queue_id).first() or able.filter(role=Role.ADMIN).first()
    if person is None:
        return False
    try:
        hand_on_wrap_up(contact, person, by=DISPATCHER, now=now)
    except Conflict:  # written in this moment
        return False
    return True


def transfer_contact(
    contact: Contact,
    *,
    to_queue: Queue | None,
    to_person: Person | None,
    wants: str,
    tried: str,
    promised: str,
    do_not_ask: str,
    by: Actor,
    now: datetime,
) -> Contact:
    """Hand a contact on with a card, to a queue or to a person by name; it keeps its place and its wait.

    Whoever hands it on has been tried for this case and will not be offered it again (guarantee 3).
    """
    with one_change():
        _lock(contact.id)
        contact.refresh_from_db()
        giver, queue = contact.assignee, to_queue or contact.queue
        if giver is None or contact.state != "active":
            raise Conflict(_("Nobody has this contact in hand. Look again"))
        if to_person:
            _check_receiver(contact, giver, to_person)
        write_handover(
            contact,
            from_person=giver,
            to_queue=queue,
            to_person=to_person,
            wants=wants,
            tried=tried,
            promised=promised,
            do_not_ask=do_not_ask,
            now=now,
        )
        note_tried(contact.case, "person", str(giver.id), giver.name, by=by, now=now)
        return return_contact(contact, to_queue=queue, preferred=to_person, why="transfer", by=by, now=now)


def reassign_contact(contact: Contact, person: Person, *, why: str, by: Actor, now: datetime) -> Contact:
    """Give a contact straight to a person, whether it waits or is in another's hands (a supervisor does)."""
    if not _serves(person):
        raise Invalid(_("%(name)s does not serve customers") % {"name": person.name}, fields={"person": ""})
    with one_change():
        _lock(contact.id, person)
        contact.refresh_from_db()
        if contact.state != "waiting":
            return move_to_person(contact, person, why=why, by=by, now=now)
        _answer(contact, person, _pending_offer(contact), by=by, now=now)
    return contact


def _put_back(contact: Contact, person: Person, *, by: Actor, now: datetime) -> int:
    with one_change():
        _lock(contact.id)
        contact.refresh_from_db()
        if (contact.state, contact.assignee_id) != ("active", person.id):  # ended, or with somebody else by now
            return 0
        return_contact(contact, to_queue=contact.queue, preferred=None, why="returned", by=by, now=now)
    return 1


def _may_be_offered(contact: Contact, person: Person) -> bool:
    """Lock both and look again: what was read for the decision may be a moment old."""
    waiting = Contact.objects.select_for_update(no_key=True).filter(id=contact.id, state="waiting")
    here = Presence.objects.select_for_update(no_key=True, of=("self",)).filter(person=person)
    ready = here.filter(person__is_active=True, state=PresenceState.AVAILABLE)
    return waiting.first() is not None and ready.first() is not None and _has_place(person, contact.channel)


def _lock(contact_id: int, person: Person | None = None) -> None:
    """Lock a contact, then a person's presence, until the transaction ends."""
    _lock_contact(contact_id)
    if person:
        _lock_presence(person.id)


@written_once
def _lock_contact(contact_id: int) -> QuerySet[Contact, int]:
    return Contact.objects.select_for_update(no_key=True).filter(id=contact_id).values_list("id", flat=True)


@written_once
def _lock_presence(person_id: int) -> QuerySet[Presence, int]:
    locked = Presence.objects.select_for_update(no_key=True).filter(person_id=person_id)
    return locked.values_list("person_id", flat=True)


def _has_place(person: Person, channel: str) -> bool:
    limit = Capacity.objects.filter(person=person, channel=channel).values_list("limit", flat=True).first()
    return in_hand(person, channel) < (limit or 0)


def _serves(person: Person) -> bool:
    return person.is_active and person.role in ROLES_WITH["contact.serve"]


def _check_receiver(contact: Contact, giver: Person, receiver: Person) -> None:
    if receiver == giver:
        message = _("It is with you already. Choose somebody else")
    elif not _serves(receiver):
        message = _("%(name)s does not serve customers") % {"name": receiver.name}
    elif Tried.objects.filter(case=contact.case_id, kind="person", key=str(receiver.id)).exists():
        message = _("%(name)s had this case and passed it on. Choose somebody else") % {"name": receiver.name}
    else:
        return
    raise Invalid(message, fields={"to_person": message})


def _own_offer(offer_id: int, person: Person) -> Offer:
    offer = first(_offer_of(offer_id, person.id))
    if offer is None:
        raise NotFound(_("There is no such offer"))
    return offer


@written_once
def _offer_of(offer_id: int, person_id: int) -> QuerySet[Offer]:
    related = ("contact__case", "contact__queue", "contact__customer", "person")
    return Offer.objects.select_related(*related).filter(id=offer_id, person_id=person_id)


def _pending_offer(contact: Contact) -> Offer | None:
    pending = Offer.objects.filter(contact=contact, state=OfferState.PENDING)
    return pending.select_related("contact__case", "person").first()


def _answer(contact: Contact, person: Person, offer: Offer | None, *, by: Actor, now: datetime) -> None:
    """Give a waiting contact to a person without their accepting an offer; a pending one ends with it."""
    if offer and offer.person_id == person.id:
        _end(Offer.objects.filter(id=offer.id), offer, OfferState.ACCEPTED, "", by=by, now=now)
    elif offer:
        _withdraw(offer, "taken", by=by, now=now)
    answer_contact(contact, person, by=by, now=now)


def _expire(offer: Offer, *, now: datetime) -> int:
    with one_change():
        _lock(offer.contact_id, offer.person)
        if not _end(Offer.objects.filter(id=offer.id), offer, OfferState.EXPIRED, "", by=DISPATCHER, now=now):
            return 0
        # Whoever left in the meantime (a break, a closed browser) has said more than we could.
        if Presence.objects.filter(person=offer.person, state=PresenceState.AVAILABLE).exists():
            set_presence(offer.person, PresenceState.NOT_READY, reason="missed_offer", by=DISPATCHER, now=now)
    return 1


@written_once
def _any_to_end(now: datetime, from_later: datetime) -> QuerySet[Offer, int]:
    over = Q(expires_at__lte=now) | Q(offered_at__gt=from_later) | ~Q(contact__state="waiting")
    away = Q(person__is_active=False) | ~Q(person__presence__state=PresenceState.AVAILABLE)
    return Offer.objects.filter(over | away, state=OfferState.PENDING).values_list("id", flat=True)[:1]


def _withdraw_if_stale(offer: Offer, *, now: datetime) -> int:
    reason = _stale(offer, now)
    if not reason:
        return 0
    with one_change():
        _lock(offer.contact_id, offer.person)
        return _withdraw(offer, reason, by=DISPATCHER, now=now)


def _stale(offer: Offer, now: datetime) -> str:
    """Return why nobody should accept an offer any more, or an empty string."""
    if offer.contact.state == "abandoned":
        return "customer_left"
    if offer.contact.state != "waiting":
        return "taken"
    presence = getattr(offer.person, "presence", None)
    if not offer.person.is_active or presence is None or presence.state != PresenceState.AVAILABLE:
        return "not_available"
    return "clock_set_back" if offer.offered_at > now + CLOCKS_DISAGREE else ""


def _withdraw(offer: Offer, reason: str, *, by: Actor, now: datetime) -> int:
    return _end(Offer.objects.filter(id=offer.id), offer, OfferState.WITHDRAWN, reason, by=by, now=now)


def _end(standing: Any, offer: Offer, state: OfferState, reason: str, *, by: Actor, now: datetime) -> int:
    """End a pending offer by compare-and-set and tell the ledger; returns 0 when it had ended already."""
    if not standing.filter(state=OfferState.PENDING).update(state=state, end_reason=reason, ended_at=now):
        return 0
    offer.state, offer.end_reason, offer.ended_at = state, reason, now
    _tell_ended(offer, state, reason, by=by, now=now)
    return 1


def _too_late(offer: Offer, person: Person) -> Conflict:
    """Say who or what was first."""
    offer.refresh_from_db()
    contact = Contact.objects.select_related("assignee").get(id=offer.contact_id)
    if contact.assignee == person and contact.state == "active":
        return Conflict(_("You have taken this one already"), code="already_yours")
    if contact.assignee:
        return Conflict(_("%(name)s has just taken this one") % {"name": contact.assignee.name}, code="taken")
    if contact.state == "abandoned":
        return Conflict(_("The customer has left"), code="customer_left")
    return Conflict(_("This offer has lapsed"), code="offer_lapsed")


def offer_made(offer: Offer) -> OfferMade:
    """Return what the ledger keeps of an offer that was made."""
    contact = offer.contact
    return OfferMade(
        offer_id=offer.id,
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        person_id=offer.person_id,
        offered_at=offer.offered_at.isoformat(),
        expires_at=offer.expires_at.isoformat(),
        reasons=tuple(offer.reasons),
    )


def _tell_passed(contact: Contact, person: Person, full: Reason, *, by: Actor, now: datetime) -> None:
    event = LimitPassed(
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        person_id=person.id,
        person_name=person.name,
        limit=full[0],
        values=full[1],
    )
    record(event, by=by, now=now, sample=contact.is_sample)


def _tell_ended(offer: Offer, outcome: str, reason: str, *, by: Actor, now: datetime) -> None:
    contact = offer.contact
    event = OfferEnded(
        offer_id=offer.id,
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        person_id=offer.person_id,
        outcome=outcome,
        reason=reason,
        open_ms=milliseconds(offer.offered_at, now),
    )
    record(event, by=by, now=now, sample=contact.is_sample)
