"""Makes the offers of one round together: one transaction, and a fixed number of questions however many they are.

A person's capacity is not judged a second time. What they had in hand when the round decided is compared, under lock,
with what they have now: where nothing has changed the decision stands, else the next round decides anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from heartline.common.questions import written_once
from heartline.conversations.models import Contact
from heartline.ledger.actions import one_change, record_all
from heartline.people.models import Presence, PresenceState
from heartline.routing import lease
from heartline.routing.actions import DISPATCHER, offer_made
from heartline.routing.models import Offer, OfferState
from heartline.routing.queries import in_hands, offered_to_them, skill_names, with_skill_names
from heartline.routing.rules import Match, Server


def make_offers(matches: Sequence[Match], servers: Iterable[Server], *, fence: int, now: datetime) -> list[Offer]:
    """Offer what was decided; leaves out what the world has moved on from, and all of it when we are deposed.

    Locks contacts, then presences, each in the order of their numbers, as every other verb locks its one of each.
    """
    if not matches:
        return []
    with one_change():
        if not lease.stands(fence):
            return []
        contacts = _still_waiting({match.work_id for match in matches})
        people = _unchanged({server.id: server for server in servers}, {match.person_id for match in matches})
        offered = set(_offered(list(contacts)))
        standing = [
            match
            for match in matches
            if match.work_id in contacts and match.person_id in people and match.work_id not in offered
        ]
        return _write(standing, contacts, fence=fence, now=now) if standing else []


def _still_waiting(ids: set[int]) -> dict[int, Contact]:
    return {contact.id: contact for contact in _lock_contacts(sorted(ids))}


@written_once
def _lock_contacts(ids: Sequence[int]) -> QuerySet[Contact]:
    locked = Contact.objects.select_for_update(no_key=True, of=("self",)).filter(id__in=ids, state="waiting")
    return locked.select_related("case", "queue").order_by("id")


def _unchanged(servers: Mapping[int, Server], ids: set[int]) -> set[int]:
    """Lock people's presences; return who is available and has in hand what they had when it was decided."""
    ready = [presence.person_id for presence in _lock_ready(sorted(ids))]
    held: dict[int, Counter[str]] = defaultdict(Counter)
    for person_id, channel, _queue, count in in_hands(ready):
        held[person_id][channel] += count
    pending: Counter[int] = Counter()
    for person_id, channel, _queue in offered_to_them(ready):
        held[person_id][channel] += 1
        pending[person_id] += 1
    return {one for one in ready if _as_decided(servers.get(one), held[one], pending[one])}


@written_once
def _lock_ready(ids: Sequence[int]) -> QuerySet[Presence]:
    here = Presence.objects.select_for_update(no_key=True, of=("self",)).filter(person_id__in=ids)
    return here.filter(state=PresenceState.AVAILABLE, person__is_active=True).order_by("person_id")


def _as_decided(server: Server | None, held: Mapping[str, int], pending: int) -> bool:
    return server is not None and Counter(server.held) == Counter(held) and server.pending == pending


@written_once
def _offered(contacts: Sequence[int]) -> QuerySet[Offer, int]:
    pending = Offer.objects.filter(contact__in=contacts, state=OfferState.PENDING)
    return pending.order_by().values_list("contact_id", flat=True)


def _write(matches: Sequence[Match], contacts: Mapping[int, Contact], *, fence: int, now: datetime) -> list[Offer]:
    named = any("skill" in values for match in matches for _code, values in match.reasons)
    names = skill_names() if named else {}
    offers = [
        Offer(
            contact=contacts[match.work_id],
            person_id=match.person_id,
            reasons=with_skill_names(match.reasons, names),
            offered_at=now,
            expires_at=now + timedelta(seconds=contacts[match.work_id].queue.offer_seconds),
            fence=fence,
        )
        for match in matches
    ]
    Offer.objects.bulk_create(offers)
    Presence.objects.filter(person_id__in=[offer.person_id for offer in offers]).update(last_offered_at=now)
    record_all([(offer_made(offer), offer.contact.is_sample) for offer in offers], by=DISPATCHER, now=now)
    return offers
