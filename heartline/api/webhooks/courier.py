"""Carries events to webhooks: one thread watches the ledger, a few others send, each serving one webhook at a time.

An address that is slow or gone holds up nobody but itself: its sender gives it up for a while and takes another.
What the watcher keeps in memory is only how far it has looked in vain; the webhooks' places are in their rows.
"""

from __future__ import annotations

import json
import logging
import random
import threading
import time
from datetime import datetime
from functools import cache
from typing import Any

from django.db import close_old_connections, connections

import heartline
from heartline.api.facts import MAY_READ_WORDS, bodies_of, cause_of, reaches
from heartline.api.sealing import unseal
from heartline.api.webhooks import wire
from heartline.api.webhooks.actions import deliveries
from heartline.api.webhooks.events import WebhookTested
from heartline.api.webhooks.models import Delivery, Webhook, WebhookState
from heartline.api.webhooks.rules import signatures
from heartline.common import clock
from heartline.conversations.queries import own_case_ids
from heartline.ledger.actions import cause_of_this_work
from heartline.ledger.positions import Position
from heartline.ledger.queries import Recorded, is_unsettled, read_after, read_one
from heartline.ledger.tail import Tail
from heartline.people.queries import scope_of, topics_of

log = logging.getLogger("heartline.webhooks")

SENDERS = 4
# Without a webhook that is on, the ledger is not even looked at.
IDLE = 3.0
LONGEST_WAIT = 1.0
# A burst of events is read at once.
SHORTEST_PAUSE = 0.1
RETRY_AFTER = 1.0
# A sender leaves a busy webhook after so long, that others get their turn.
TURN = 30.0
HANDFUL = 20
FINISH_WITHIN = 4.0
# How often a place is written down for which nothing was to be sent.
SAVE_EVERY = 60.0
LARGEST = 256 * 1024


def run(stop: threading.Event) -> None:
    """Carry events until `stop` is set. Whatever fails is logged and tried again."""
    cause_of_this_work.set("webhooks")
    watcher = Watcher(stop)
    while not stop.is_set():
        try:
            watcher.watch_until_stopped()
        except Exception:
            log.exception("carrying webhooks stumbled and starts again")
            connections.close_all()
            stop.wait(RETRY_AFTER)
    watcher.end()
    connections.close_all()  # those of this thread


class Watcher:
    """Sees which webhook has something to be sent, and gives it to a sender."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._senders: dict[int, threading.Thread] = {}
        self._began: dict[int, float] = {}
        self._looked: dict[int, Position] = {}
        self._saved: dict[int, float] = {}
        self._tail = Tail()

    def watch_until_stopped(self) -> None:
        """Go round after round; raises when a round fails."""
        while not self._stop.is_set():
            close_old_connections()
            if not self.round(clock.now()):
                self._stop.wait(IDLE)
                continue
            self._stop.wait(SHORTEST_PAUSE)
            self._tail.wait(SHORTEST_PAUSE if is_unsettled() else LONGEST_WAIT)

    def round(self, now: datetime) -> bool:
        """Give every webhook that has something to be sent to a sender; returns whether any webhook is on."""
        self._senders = {id: sender for id, sender in self._senders.items() if sender.is_alive()}
        on = list(Webhook.objects.filter(state=WebhookState.ON).select_related("person"))
        waiting = deliveries.webhooks_with_something_due(now=now) if on else set()
        read = cache(read_after)  # most webhooks stand at the same place: what follows it is read once for all
        for webhook in sorted(on, key=lambda one: self._began.get(one.id, 0.0)):  # who waited longest comes first
            if len(self._senders) >= SENDERS:
                break
            if webhook.id not in self._senders and (webhook.id in waiting or self._has_news(webhook, read)):
                self._start(webhook.id)
        return bool(on)

    def end(self) -> None:
        """Let senders finish what is in their hands, for a while; what they do not finish is sent again."""
        self._tail.close()
        until = time.monotonic() + FINISH_WITHIN
        for sender in self._senders.values():
            sender.join(max(0.0, until - time.monotonic()))

    def _start(self, webhook_id: int) -> None:
        self._began[webhook_id] = time.monotonic()
        sender = threading.Thread(target=_serve, args=(webhook_id, self._stop), name=f"webhook-{webhook_id}")
        sender.daemon = True  # a process that ends does not wait for an address that does not answer
        self._senders[webhook_id] = sender
        sender.start()

    def _has_news(self, webhook: Webhook, read: deliveries.Reading) -> bool:
        """Return whether the ledger holds something new for a webhook; what is not for it is passed over."""
        place = Position(webhook.position_tx, webhook.position_id)
        start = max(self._looked.get(webhook.id, place), place)
        while not self._stop.is_set():
            wanted, reached = deliveries.wanted_from(webhook, start, read)
            if wanted or not webhook.person.is_active:
                return True
            if reached == start:
                return False
            start = self._looked[webhook.id] = reached
            self._save_now_and_then(webhook, reached)
        return False

    def _save_now_and_then(self, webhook: Webhook, reached: Position) -> None:
        if time.monotonic() - self._saved.get(webhook.id, float("-inf")) >= SAVE_EVERY:
            self._saved[webhook.id] = time.monotonic()
            deliveries.move(webhook, reached)


def _serve(webhook_id: int, stop: threading.Event) -> None:
    cause_of_this_work.set("webhooks")
    try:
        serve(webhook_id, stop)
    except Exception:
        log.exception("serving webhook %s failed; its claim ends by itself", webhook_id)
    finally:
        connections.close_all()  # those of this thread


def serve(webhook_id: int, stop: threading.Event) -> None:
    """Send what one webhook has to get, in order, until nothing is due, it fails, or its turn is over."""
    webhook = deliveries.claim(webhook_id, now=clock.now())
    if webhook is None:
        return
    secrets = _secrets_of(webhook)
    if webhook.person.is_active and secrets:
        _send_all(webhook, secrets, stop)
    else:
        deliveries.disable(webhook, "secret" if webhook.person.is_active else "person", now=clock.now())
    deliveries.release(webhook)


def _send_all(webhook: Webhook, secrets: list[str], stop: threading.Event) -> None:
    until = time.monotonic() + TURN
    while not stop.is_set() and time.monotonic() < until:
        moved = deliveries.plan(webhook, now=clock.now())
        handful = deliveries.due(webhook, HANDFUL, now=clock.now())
        for delivery in handful:
            if stop.is_set() or not deliveries.renew(webhook, now=clock.now()):
                return
            if not _send(webhook, delivery, secrets):
                return
        if not (moved or handful):
            return


def _send(webhook: Webhook, delivery: Delivery, secrets: list[str]) -> bool:
    """Send one event; returns whether to go on with the next."""
    now = clock.now()
    body = body_for(webhook, delivery)
    if body is None:
        deliveries.withhold(delivery, now=now)
        return True
    answer = wire.post(webhook.url, body, headers_for(delivery, secrets, body, now))
    deliveries.note_answer(webhook, delivery, answer, chance=random.random(), now=clock.now())  # noqa: S311 - spreads retries, guards nothing
    return answer.good


def headers_for(delivery: Delivery, secrets: list[str], body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers of a delivery, as Standard Webhooks has them."""
    message_id, timestamp = id_of(delivery), int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Heartline/{heartline.__version__}",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures(secrets, message_id, timestamp, body),
    }


def id_of(delivery: Delivery) -> str:
    """Return the id by which a receiver knows an event again: its place in the ledger."""
    return f"evt_{Position(delivery.event_tx, delivery.event_id)}"


def body_for(webhook: Webhook, delivery: Delivery) -> bytes | None:
    """Return what is sent, read now: None when the webhook's person may not see it any more, or it is gone."""
    event = read_one(Position(delivery.event_tx, delivery.event_id))
    scope = scope_of(webhook.person)
    if event is None or not (_is_test(event) or reaches(event, topics_of(scope, own_case_ids(scope)))):
        return None
    words = webhook.words and scope.rights >= MAY_READ_WORDS
    full = _written(event, words=words)
    return full if len(full) <= LARGEST else _written(event, words=False)


def _is_test(event: Recorded) -> bool:
    """Return whether an event is a test, which goes to its webhook whatever that may see."""
    return event.kind == WebhookTested.kind


def _written(event: Recorded, *, words: bool) -> bytes:
    (data,) = bodies_of([event], words=words)
    told: dict[str, Any] = {
        "type": event.kind,
        "timestamp": event.at.isoformat(),
        "position": str(event.position),
        "by": cause_of(event, words=words),
        "data": data,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _secrets_of(webhook: Webhook) -> list[str]:
    """Return the secrets to sign with, the newest first; none when the installation's key was lost."""
    now = clock.now()
    rows = [row for row in webhook.secrets.order_by("-id") if row.ends_at is None or row.ends_at > now]
    return [secret for row in rows if (secret := unseal(row.sealed)) is not None]
