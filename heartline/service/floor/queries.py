"""The live floor: who waits and why, who does what, what is owed, and how the day goes, for one reader at one moment.

Read by a fixed number of queries. Figures of the day come from `insight`, so that the floor and the figures never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from heartline.conversations.models import Contact
from heartline.conversations.rules import LIVE
from heartline.insight.queries import View, day_of_work
from heartline.people.models import Queue
from heartline.people.queries import Scope
from heartline.promises.models import FollowUp
from heartline.promises.queries import follow_ups_for
from heartline.routing.controls.queries import pauses_for, standing_controls
from heartline.routing.models import Offer, OfferState
from heartline.routing.queries import explanations
from heartline.routing.words import sentences
from heartline.service.floor.needs import Need, needs_of
from heartline.service.floor.people import PersonLine, people_on
from heartline.service.floor.queues import DrawnLine, Scale, drawn, lines_of, scale_of
from heartline.service.floor.usual import HourLine, hour_lines
from heartline.service.floor.waits import Waiting, decision, waiting_of
from heartline.service.floor.words import DayFigures, Headline, day_figures, headline


@dataclass(frozen=True)
class Floor:
    """What the page shows. `names` says whether the reader may know customers by name."""

    now: datetime
    names: bool
    headline: Headline
    day: DayFigures
    queues: tuple[DrawnLine, ...]
    scale: Scale
    hours: tuple[HourLine, ...]
    waiting: tuple[Waiting, ...]
    needs: tuple[Need, ...]
    people: tuple[PersonLine, ...]
    signed_out: tuple[PersonLine, ...]
    owed: int
    owed_late: int

    @property
    def free(self) -> int:
        """How many people could take something now."""
        return sum(person.doing == "available" for person in self.people)

    @property
    def serving(self) -> int:
        """How many contacts are being served."""
        return sum(person.active for person in self.people)

    @property
    def weeks(self) -> int:
        """From how many weeks it is known what is usual, at most."""
        return max((one.weeks for one in self.hours if one.usual), default=0)

    @property
    def too_young(self) -> int:
        """Of how many lines there are not enough weeks yet to say what is usual."""
        return sum(one.usual is None for one in self.hours)

    @property
    def late(self) -> int:
        """How many customers have waited past what we told them."""
        return sum(one.is_late for one in self.waiting)


def floor_for(scope: Scope, *, now: datetime) -> Floor:
    """Return the floor as a reader may see it."""
    queues = {queue.id: queue for queue in _queues(scope)}
    contacts = _live_contacts(scope, queues)
    people = people_on(scope, contacts)
    waiting = _waiting(scope, contacts, queues, now)
    owed = list(_owed(scope))
    work = day_of_work(scope, View(), now=now)
    paused = {one.queue_id: one.until for one in pauses_for(scope, now)}
    lines = lines_of(queues, waiting, people, work, now, paused=paused)
    scale = scale_of(lines)
    here = tuple(person for person in people if person.is_here)
    return Floor(
        now=now,
        names=scope.may("personal.read"),
        headline=headline(lines, waiting, here),
        day=day_figures(work, now),
        queues=drawn(lines, scale),
        scale=scale,
        hours=hour_lines(lines, work, now),
        waiting=waiting,
        needs=needs_of(scope, waiting, here, owed, now),
        people=here,
        signed_out=tuple(person for person in people if not person.is_here),
        owed=len(owed),
        owed_late=sum(one.due_at <= now for one in owed),
    )


def _queues(scope: Scope) -> list[Queue]:
    queues = Queue.objects.all() if scope.everything else Queue.objects.filter(id__in=scope.queue_ids)
    return list(queues.select_related("brand").order_by("id"))


def _live_contacts(scope: Scope, queues: Mapping[int, Queue]) -> list[Contact]:
    """Return what waits in the reader's queues, and all that is in hand: a colleague's load counts wherever it comes from."""
    wanted = Q(queue_id__in=queues) | Q(assignee__isnull=False)
    related = ("case", "customer", "queue", "assignee")
    return list(Contact.objects.filter(wanted, state__in=LIVE).select_related(*related).order_by("asked_at", "id"))


def _waiting(scope: Scope, contacts: list[Contact], queues: Mapping[int, Queue], now: datetime) -> tuple[Waiting, ...]:
    found = [contact for contact in contacts if contact.state == "waiting" and contact.queue_id in queues]
    pending = Offer.objects.filter(state=OfferState.PENDING, contact__in=[contact.id for contact in found])
    offers = {offer.contact_id: offer for offer in pending.select_related("person")}
    told = explanations(now) if found else {}
    why = {id: sentences(one.why) for id, one in told.items()}
    codes = {id: frozenset(code for code, _params in one.why) for id, one in told.items()}
    decided = (
        {id: [decision(one, now) for one in rows] for id, rows in standing_controls(codes).items()} if told else {}
    )
    return waiting_of(found, offers, why, codes, decided, names=scope.may("personal.read"), now=now)


def _owed(scope: Scope) -> list[FollowUp]:
    open_ones = follow_ups_for(scope).filter(state="open").select_related("case", "case__customer", "owner")
    return list(open_ones.order_by("due_at", "id"))
