"""A year of a contact centre as the ledger tells it: contacts with messages, offers, wrap-up, ratings, and who was there."""

from __future__ import annotations

import heapq
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Any

CHANNELS = ("webchat", "webchat", "webchat", "webform", "callback")
TIERS = ("top", "high", "middle", "low", "prospect")
SUBJECTS = ("brand_id", "customer_id", "case_id", "contact_id", "queue_id", "person_id")
COLUMNS = (
    "epoch_tx",
    "at",
    "kind",
    "version",
    "actor_kind",
    "actor_id",
    "actor_name",
    "cause",
    *SUBJECTS,
    "is_sample",
    "body",
)
Told = tuple[datetime, Any, int | None]


class Year:
    """The same for the same seed. `contacts` end a little before now; every event is of the real kind, with all it tells."""

    def __init__(self, contacts: int, each: int, queue_ids: list[int], person_ids: list[int], seed: int = 26) -> None:
        self.rng = random.Random(seed)
        self.contacts, self.each, self.queue_ids, self.person_ids = contacts, each, queue_ids, person_ids
        self.customers = max(contacts // 8, 1)
        self.start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=365)
        self.apart = timedelta(days=364) / contacts
        self.events = 0

    def write(self, first: int = 1, upto: int | None = None) -> None:
        """Write what happened to some contacts, all of them unless told otherwise, in the order of its time."""
        from django.db import connection, transaction

        marks = ", ".join(["%s"] * len(COLUMNS))
        insert = f"INSERT INTO ledger_entry ({', '.join(COLUMNS)}) VALUES ({marks})"
        entries = self._entries(first, upto or self.contacts)
        with transaction.atomic(), connection.cursor() as cursor:
            while some := list(islice(entries, 5000)):
                cursor.executemany(insert, some)

    def _entries(self, first: int, upto: int) -> Iterator[tuple[Any, ...]]:
        waiting: list[tuple[datetime, int, Any, int | None]] = []
        number = 0
        for contact in range(first, upto + 1):
            begin = self.start + self.apart * contact
            while waiting and waiting[0][0] < begin:
                yield self._entry(*heapq.heappop(waiting))
            for at, event, by in self._day_of_people(contact, begin):
                heapq.heappush(waiting, (at, number := number + 1, event, by))
            for at, event, by in self._contact(contact, begin):
                heapq.heappush(waiting, (at, number := number + 1, event, by))
        while waiting:
            yield self._entry(*heapq.heappop(waiting))

    def _entry(self, at: datetime, _number: int, event: Any, by: int | None) -> tuple[Any, ...]:
        self.events += 1
        actor = ("person", by, "Grace Lin") if by else ("system", None, "routing")
        about = event.subjects()
        subjects = (about[name] for name in SUBJECTS)
        return (0, self._moment(at), event.kind, event.version, *actor, "", *subjects, False, json.dumps(vars(event)))

    @cached_property
    def _moment(self) -> Callable[[datetime], Any]:
        from django.db import connection

        return connection.ops.adapt_datetimefield_value

    def _day_of_people(self, contact: int, begin: datetime) -> Iterator[Told]:
        """Everybody comes, takes two breaks and goes, once a day."""
        from heartline.people.events import PresenceChanged

        if int(begin.timestamp()) // 86_400 == int((begin - self.apart).timestamp()) // 86_400 and contact > 1:
            return
        for person in self.person_ids:
            was = "away"
            for hour, state in (
                (8, "available"),
                (10, "on_break"),
                (10.5, "available"),
                (12, "on_break"),
                (18, "away"),
            ):
                at = begin + timedelta(hours=hour, seconds=self.rng.random() * 900)
                yield (
                    at,
                    PresenceChanged(
                        person_id=person,
                        person_name="Grace Lin",
                        team_ids=(1,),
                        state=state,
                        reason="",
                        from_state=was,
                        since=at.isoformat(),
                    ),
                    person,
                )
                was = state

    def _contact(self, number: int, begin: datetime) -> Iterator[Told]:
        from heartline.conversations import events as told

        rng = self.rng
        about = {
            "contact_id": number,
            "case_id": number,
            "customer_id": rng.randint(1, self.customers),
            "queue_id": rng.choice(self.queue_ids),
        }
        channel, person = rng.choice(CHANNELS), rng.choice(self.person_ids)
        case = {name: about[name] for name in ("case_id", "customer_id", "queue_id")}
        yield begin, told.CaseOpened(**case, brand_id=1, language="en"), None
        yield (
            begin,
            told.ContactOpened(
                **about,
                brand_id=1,
                channel=channel,
                language="en",
                tier=rng.choice(TIERS),
                state="waiting",
                asked_at=begin.isoformat(),
                due_at=None,
                told_wait_low=1,
                told_wait_high=3,
                contacts_count=1,
                answer_within_seconds=60,
                short_abandon_seconds=5,
            ),
            None,
        )
        answered = begin + timedelta(seconds=rng.expovariate(1 / 40))
        if rng.random() < 0.07:
            left = told.ContactAbandoned(**about, channel=channel, how="left", waited_ms=9000)
            yield answered, left, None
        else:
            yield from self._served(about, channel, person, begin, answered)
        yield from self._talk(about, channel, person, answered)

    def _served(
        self, about: dict[str, int], channel: str, person: int, begin: datetime, answered: datetime
    ) -> Iterator[Told]:
        from heartline.conversations import events as told
        from heartline.routing.events import OfferEnded, OfferMade

        number, moment = about["contact_id"], begin.isoformat()
        offer: dict[str, Any] = {**about, "offer_id": number, "person_id": person}
        yield (
            answered,
            OfferMade(**offer, offered_at=moment, expires_at=moment, reasons=(("skill", {"name": "en"}),)),
            None,
        )
        yield answered, OfferEnded(**offer, outcome="accepted", reason="", open_ms=3000), person
        names: dict[str, Any] = {"person_id": person, "person_name": "Grace Lin", "person_public_name": "Grace"}
        yield (
            answered,
            told.ContactAnswered(**{**about, **names}, channel=channel, asked_at=moment, waited_ms=9000, first=True),
            person,
        )
        ended = answered + timedelta(seconds=60 * self.each)
        yield (
            ended,
            told.ContactEnded(
                **about, channel=channel, assignee_id=person, ended_by="person", held_ms=60_000 * self.each
            ),
            person,
        )
        done = ended + timedelta(seconds=self.rng.randint(5, 90))
        yield (
            done,
            told.ContactFinished(
                **about,
                channel=channel,
                person_id=person,
                wrap_up_ms=(done - ended) // timedelta(milliseconds=1),
                reason_id=self.rng.randint(1, 20),
                resolution="solved",
                root_cause="",
                has_expectation_gap=False,
            ),
            person,
        )
        case = {name: about[name] for name in ("case_id", "customer_id", "queue_id")}
        yield done, told.CaseChanged(**case, changed=("state",), state="solved", owner_id=person, reason_id=1), person
        yield from self._asked_how_it_was(about, channel, person, done)

    def _asked_how_it_was(self, about: dict[str, int], channel: str, person: int, done: datetime) -> Iterator[Told]:
        from heartline.voice_of_customer.events import Invited, Responded

        asked: dict[str, Any] = {**about, "invitation_id": about["contact_id"], "channel": channel, "about_id": person}
        yield done, Invited(**asked), None
        if self.rng.random() < 0.25:
            score = self.rng.choice((1, 3, 4, 5, 5))
            yield done + timedelta(minutes=9), Responded(**asked, score=score, has_comment=False, came_by="link"), None

    def _talk(self, about: dict[str, int], channel: str, person: int, answered: datetime) -> Iterator[Told]:
        from heartline.conversations.events import MessageAdded

        for place in range(self.each):
            by = person if place % 2 else None
            at = answered + timedelta(seconds=60 * place - (0 if place else 30) + self.rng.random() * 40)
            yield (
                at,
                MessageAdded(
                    **about,
                    message_id=about["contact_id"] * self.each + place,
                    channel=channel,
                    message_kind="reply",
                    author_kind="person" if by else "customer",
                    author_id=by,
                    assignee_id=person,
                    client_key=f"{about['contact_id']:08}-{place:04}",
                    at=at.isoformat(),
                    turn="us" if by else "customer",
                    turn_since=at.isoformat(),
                    first_reply=place == 1,
                ),
                by,
            )
