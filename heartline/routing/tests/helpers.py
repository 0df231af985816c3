"""Short ways to say things in tests of routing, and of rooms that stand on it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from heartline.common.actors import Actor
from heartline.common.errors import HeartlineError
from heartline.conversations.models import Contact
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import Person
from heartline.routing import lease
from heartline.routing.actions import expire_offers, make_offer, withdraw_stale_offers
from heartline.routing.dispatcher import Candidate
from heartline.routing.models import DispatcherLease, Offer, OfferState
from heartline.routing.rules import Reasons

TEST = Actor.system("test")


def fence() -> int:
    """Take the dispatcher's lease for the test, whoever has it, and return its fence."""
    DispatcherLease.objects.exclude(holder="test").delete()
    number = lease.claim("test")
    assert number is not None
    return number


def dispatch(now: datetime) -> int:
    """Do what the dispatcher does at `now`; returns how many offers it made."""
    DispatcherLease.objects.all().delete()
    return Candidate().tick(now)


def free(*people: Person, now: datetime) -> None:
    """Make people available."""
    for person in people:
        set_presence(person, "available", by=TEST, now=now)


def offer(contact: Contact, person: Person, *, now: datetime, reasons: Reasons = ()) -> Offer:
    """Make a person available and offer them a contact."""
    free(person, now=now)
    made = make_offer(contact, person, reasons, fence=fence(), now=now)
    assert made is not None
    return made


def pending(contact: Contact) -> Offer | None:
    """Return the offer of a contact that waits for an answer."""
    return Offer.objects.filter(contact=contact, state=OfferState.PENDING).select_related("person").first()


def sweep(now: datetime) -> tuple[int, int]:
    """End offers that are over; returns how many lapsed and how many were withdrawn."""
    return expire_offers(now=now), withdraw_stale_offers(now=now)


def by(person: Person) -> Actor:
    """Return a person as the actor."""
    return actor_for(person)


def later(now: datetime, **span: float) -> datetime:
    """Return a later moment."""
    return now + timedelta(**span)


def at_once(jobs: Sequence[Callable[..., Any]]) -> list[Any]:
    """Run jobs in threads that start together; returns what each returned or how it was refused."""
    gate = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[..., Any]) -> None:
        gate.wait(20)
        try:
            results[place] = job()
        except HeartlineError as refusal:
            results[place] = refusal
        except Exception as failure:
            results[place] = failure
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
