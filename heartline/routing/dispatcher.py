"""Runs the decisions live: one elected dispatcher offers waiting work to free people as soon as either appears.

It keeps nothing in memory that matters. Who waits, who is free and what is offered is read from the tables at every
tick, so a dispatcher that dies is followed by another that knows as much.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, close_old_connections, connections

from heartline.common import clock
from heartline.conversations.models import Contact
from heartline.ledger.actions import cause_of_this_work
from heartline.ledger.positions import Position
from heartline.ledger.queries import head, is_unsettled, kinds_after
from heartline.ledger.tail import Tail
from heartline.people.models import Person
from heartline.routing import lease, rules
from heartline.routing.actions import DISPATCHER, make_offer, settle_offers
from heartline.routing.crew import Crew
from heartline.routing.lending import follow_borrowing
from heartline.routing.offering import make_offers
from heartline.routing.queries import situation_for_offers

log = logging.getLogger("heartline.dispatcher")

# Time itself changes who may be offered what (offers lapse, callbacks fall due), even when nothing happens.
LONGEST_WAIT = 1.0
# What is said changes neither who waits nor who is free, nor do our own offers. On a busy day that is nine of ten events.
MOVES_NOBODY = frozenset(
    {
        "conversations.draft_shared",
        "conversations.file_added",
        "conversations.mentioned",
        "conversations.message_added",
        "conversations.messages_seen",
        "conversations.outgoing_changed",
        "routing.offer_made",
    }
)
# After these the dispatcher reads anew what people can do. What changes without an event it learns of within the time.
SET_UP = frozenset({"people.person_changed", "people.settings_changed"})
CREW_STANDS = 10.0
# A burst of changes is answered by one round. A round that follows at once waits about as long as the last one took, so
# that a rush leaves the processor to those who are served; an offer still follows a free person well within 150 ms.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.005, 0.03
# Offers written in one transaction: many enough to cost little each, few enough that nobody waits for it.
AT_ONCE = 20
# Often enough to miss two renewals and still hold the lease.
RENEW_EVERY = 0.6
# A lease of two seconds and this: a dispatcher that died is followed within three.
STAND_BY = 0.3
# A round that has not ended for so long is stuck: its lease is let go, whatever holds it up.
LONGEST_ROUND = 20.0
RETRY_AFTER = 0.5


def run(stop: threading.Event) -> None:
    """Dispatch, or stand by to, until `stop` is set. Whatever fails is logged and tried again."""
    cause_of_this_work.set("dispatcher")
    candidate = Candidate()
    keeper = threading.Thread(target=candidate.keep_lease_until, args=(stop,), name="lease", daemon=True)
    keeper.start()
    while not stop.is_set():
        try:
            candidate.work_until(stop)
        except Exception:
            log.exception("the dispatcher stumbled and starts again")
            candidate.lose_connection()
            stop.wait(RETRY_AFTER)
    keeper.join(RETRY_AFTER)
    candidate.step_down()


class Candidate:
    """One process's candidate for dispatching. It dispatches while it holds the lease, and else stands by."""

    def __init__(self) -> None:
        self.holder = f"{socket.gethostname()[:50]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._fence: int | None = None
        self._renewed = float("-inf")
        self._renewing = threading.Lock()
        self._began = float("-inf")
        self._tail = Tail()
        self._seen: Position | None = None
        self._crew: Crew | None = None
        self._crew_since = float("-inf")

    def work_until(self, stop: threading.Event) -> None:
        """Do round after round until `stop` is set; raises when a round fails."""
        while not stop.is_set():
            self._began = time.monotonic()
            close_old_connections()
            if self.leads():
                self.tick(clock.now())
                took = time.monotonic() - self._began
                rested = self._began + took + min(max(took, SHORTEST_PAUSE), LONGEST_PAUSE)
                self._wait_for_moves()
                stop.wait(max(0.0, rested - time.monotonic()))
            else:
                stop.wait(STAND_BY)

    def keep_lease_until(self, stop: threading.Event) -> None:
        """Renew the lease beside the rounds, so that a long one does not lose it; a round that is stuck does."""
        while not stop.wait(RENEW_EVERY / 2):
            if self._fence is None or time.monotonic() - self._began > LONGEST_ROUND:
                continue
            try:
                close_old_connections()
                self.leads()
            except Exception:
                log.warning("the lease could not be renewed and is tried again", exc_info=True)
                connections.close_all()  # only those of this thread
        connections.close_all()

    def leads(self) -> bool:
        """Return whether we hold the lease, renewing it or trying to get it when it is time to."""
        if self._is_time_to_claim() and self._renewing.acquire(blocking=False):
            try:
                self._claim()
            finally:
                self._renewing.release()
        return self._fence is not None

    def _is_time_to_claim(self) -> bool:
        return time.monotonic() - self._renewed >= (RENEW_EVERY if self._fence else STAND_BY)

    def _claim(self) -> None:
        before, self._fence = self._fence, lease.claim(self.holder)
        self._renewed = time.monotonic()
        if self._fence != before:
            log.info("%s %s", self.holder, "dispatches" if self._fence else "stands by")

    def tick(self, now: datetime) -> int:
        """End what is over, decide, and make the offers; returns how many were made."""
        settle_offers(now=now)
        known = situation_for_offers(self._known_crew())
        helped = follow_borrowing(known.plan, known.lent, known.servers, by=DISPATCHER, now=now)
        matches = rules.decide(known.works, known.servers, now, known.plan, helped)
        batches = (matches[start : start + AT_ONCE] for start in range(0, len(matches), AT_ONCE))
        return sum(self._offer(batch, known.servers, now) for batch in batches)

    def _known_crew(self) -> Crew:
        """Return what people can do as read lately; read anew when set-up changed anything, and now and then."""
        if self._crew is None or time.monotonic() - self._crew_since > CREW_STANDS:
            self._crew, self._crew_since = Crew(), time.monotonic()
        return self._crew

    def moved(self) -> bool:
        """Return whether anything that matters here was recorded since the last look, or may have been."""
        if self._seen is None:
            self._seen = head()
            return True
        kinds, self._seen = kinds_after(self._seen)
        if kinds & SET_UP:
            self._crew = None
        return not kinds <= MOVES_NOBODY or is_unsettled()

    def lose_connection(self) -> None:
        """Drop connections that may be broken; the next round opens new ones."""
        self._tail.close()
        self._tail = Tail()
        connections.close_all()  # only those of this thread

    def step_down(self) -> None:
        """Let the lease go, so that another takes over at once, and close what is open."""
        try:
            if self._fence is not None:
                lease.release(self.holder)
        except Exception:
            log.exception("the lease could not be released and will run out by itself")
        self.lose_connection()

    def _wait_for_moves(self) -> None:
        until = time.monotonic() + LONGEST_WAIT
        while (left := until - time.monotonic()) > 0 and self._tail.wait(left):
            if self.moved():
                return

    def _offer(self, matches: Sequence[rules.Match], servers: Sequence[rules.Server], now: datetime) -> int:
        if not self.leads():  # a long list of offers must not outlive the lease
            return 0
        assert self._fence is not None
        try:
            return len(make_offers(matches, servers, fence=self._fence, now=now))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("%s offers could not be made together and are made one by one", len(matches))
            return sum(self._offer_alone(match, self._fence, now) for match in matches)

    def _offer_alone(self, match: rules.Match, fence: int, now: datetime) -> bool:
        contact = Contact.objects.select_related("case", "queue").filter(id=match.work_id).first()
        person = Person.objects.filter(id=match.person_id).first()
        if contact is None or person is None:
            return False
        try:
            return make_offer(contact, person, match.reasons, fence=fence, now=now) is not None
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # one contact that cannot be offered must not keep the others waiting
            log.exception("contact %s could not be offered to person %s", match.work_id, match.person_id)
            return False
