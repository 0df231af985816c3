"""What the courier writes down: whose turn it is, what is to be sent, and what became of it.

Nothing here holds a lock while the network is waited for. A worker that is killed leaves a lease that ends by
itself; what it had sent and not noted is sent again, with the same id.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from heartline.api.facts import reaches
from heartline.api.webhooks import rules
from heartline.api.webhooks.events import WebhookChanged, WebhookTested
from heartline.api.webhooks.models import Attempt, Delivery, DeliveryState, Webhook, WebhookState
from heartline.api.webhooks.wire import Answer
from heartline.common.actors import Actor
from heartline.conversations.queries import own_case_ids
from heartline.ledger.actions import one_change, record
from heartline.ledger.positions import Position
from heartline.ledger.queries import Recorded, read_after
from heartline.people.queries import scope_of, topics_of

COURIER = Actor.system("webhooks")
# Longer than one exchange with the slowest name server; renewed before each.
LEASE = timedelta(seconds=60)
BATCH = 500
# So much may wait to be sent; the rest waits in the ledger, which is the queue.
MOST_WAITING = 1000
GONE = 410
Reading = Callable[[Position, int], list[Recorded]]
KEPT_FOR = timedelta(days=30)


def claim(webhook_id: int, *, now: datetime) -> Webhook | None:
    """Return a webhook to be served, claimed, or None when it is off, resting, or in other hands."""
    ready = Q(rest_until=None) | Q(rest_until__lte=now)
    # An end further ahead than any lease reaches was written before the clock was set back.
    free = Q(lease_until=None) | Q(lease_until__lte=now) | Q(lease_until__gt=now + 2 * LEASE)
    mine = Webhook.objects.filter(ready, free, id=webhook_id, state=WebhookState.ON)
    if not mine.update(lease_until=now + LEASE, fence=F("fence") + 1):
        return None
    return Webhook.objects.select_related("person").filter(id=webhook_id).first()


def release(webhook: Webhook) -> None:
    """Let a webhook go, unless somebody else has it by now."""
    _held(webhook).update(lease_until=None)


def renew(webhook: Webhook, *, now: datetime) -> bool:
    """Hold a claim for longer; returns whether it still stands and the webhook is still on."""
    return bool(_held(webhook).filter(state=WebhookState.ON).update(lease_until=now + LEASE))


def wanted_from(webhook: Webhook, position: Position, read: Reading = read_after) -> tuple[list[Recorded], Position]:
    """Return the next events that are for a webhook, and how far the ledger was looked at."""
    batch = read(position, BATCH)
    asked = [event for event in batch if _asks_for(webhook, event)]
    if asked:
        scope = scope_of(webhook.person)
        names = topics_of(scope, own_case_ids(scope))
        asked = [event for event in asked if event.kind == WebhookTested.kind or reaches(event, names)]
    return asked, batch[-1].position if batch else position


def plan(webhook: Webhook, *, now: datetime) -> bool:
    """Turn what the ledger has for a webhook into deliveries, and move its place; returns whether it moved."""
    if webhook.deliveries.filter(state=DeliveryState.PENDING).count() >= MOST_WAITING:
        return False
    before = Position(webhook.position_tx, webhook.position_id)
    events, after = wanted_from(webhook, before)
    if after == before:
        return False
    with transaction.atomic():
        if not move(webhook, after):
            return False
        Delivery.objects.bulk_create(
            [
                Delivery(
                    webhook=webhook,
                    event_tx=event.position.tx,
                    event_id=event.position.id,
                    kind=event.kind,
                    happened_at=event.at,
                    next_at=now,
                )
                for event in events
            ],
            ignore_conflicts=True,
        )
    return True


def move(webhook: Webhook, after: Position) -> bool:
    """Move a webhook's place on, unless it moved meanwhile."""
    standing = _held(webhook).filter(position_tx=webhook.position_tx, position_id=webhook.position_id)
    if not standing.update(position_tx=after.tx, position_id=after.id):
        return False
    webhook.position_tx, webhook.position_id = after
    return True


def due(webhook: Webhook, limit: int, *, now: datetime) -> list[Delivery]:
    """Return what is to be sent now, in the order in which it happened."""
    waiting = webhook.deliveries.filter(state=DeliveryState.PENDING, next_at__lte=now)
    return list(waiting.order_by("event_tx", "event_id")[:limit])


def webhooks_with_something_due(*, now: datetime) -> set[int]:
    """Return the webhooks that have something to be sent and are not resting."""
    ready = Q(webhook__rest_until=None) | Q(webhook__rest_until__lte=now)
    waiting = Delivery.objects.filter(
        ready, state=DeliveryState.PENDING, next_at__lte=now, webhook__state=WebhookState.ON
    )
    return set(waiting.values_list("webhook_id", flat=True).distinct())


def withhold(delivery: Delivery, *, now: datetime) -> None:
    """Note that the webhook's person may no longer see an event, or that it is gone."""
    Delivery.objects.filter(id=delivery.id).update(state=DeliveryState.WITHHELD, ended_at=now)


def note_answer(webhook: Webhook, delivery: Delivery, answer: Answer, *, chance: float, now: datetime) -> None:
    """Write down a try and what follows from it for the delivery and for the webhook."""
    with transaction.atomic():
        Attempt.objects.create(
            delivery=delivery,
            at=now,
            status=answer.status,
            problem=answer.problem,
            milliseconds=answer.milliseconds,
            answer=answer.text,
        )
        if answer.good:
            _note_success(webhook, delivery, now)
        else:
            _note_failure(webhook, delivery, answer, chance, now)


def disable(webhook: Webhook, reason: str, *, now: datetime) -> None:
    """Switch a webhook off for its own sake; whoever runs the house is told."""
    with one_change():
        on = Webhook.objects.filter(id=webhook.id, state=WebhookState.ON)
        if not on.update(state=WebhookState.DISABLED, reason=reason, told_at=None):
            return
        event = WebhookChanged(
            webhook_id=webhook.id,
            person_id=webhook.person_id,
            name=webhook.name,
            changed=("state",),
            state=WebhookState.DISABLED,
            reason=reason,
        )
        record(event, by=COURIER, now=now, sample=False)


def forget_deliveries(*, now: datetime) -> int:
    """Remove the log of what ended long ago; returns how many rows went."""
    old = Delivery.objects.filter(ended_at__lt=now - KEPT_FOR).order_by("ended_at").values("id")[:2000]
    return Delivery.objects.filter(id__in=[row["id"] for row in old]).delete()[0]


def _asks_for(webhook: Webhook, event: Recorded) -> bool:
    """Return whether an event is of a kind that a webhook wants; a test is for the one that is tested."""
    if event.kind == WebhookTested.kind:
        return bool(event.body["webhook_id"] == webhook.id)
    return not webhook.kinds or event.kind in webhook.kinds


def _held(webhook: Webhook) -> QuerySet[Webhook]:
    return Webhook.objects.filter(id=webhook.id, fence=webhook.fence)


def _note_success(webhook: Webhook, delivery: Delivery, now: datetime) -> None:
    Delivery.objects.filter(id=delivery.id).update(
        state=DeliveryState.DELIVERED, attempts=F("attempts") + 1, ended_at=now
    )
    well = {"failures": 0, "failing_since": None, "rest_until": None, "delivered_at": now}
    Webhook.objects.filter(id=webhook.id).update(**well)


def _note_failure(webhook: Webhook, delivery: Delivery, answer: Answer, chance: float, now: datetime) -> None:
    attempts = delivery.attempts + 1
    asked = rules.retry_after(answer.retry_after) if answer.status in (429, 503) else None
    wait = rules.next_try(attempts, chance, asked)
    changes = {"attempts": attempts}
    ends = {"state": DeliveryState.FAILED, "ended_at": now} if wait is None else {"next_at": now + wait}
    Delivery.objects.filter(id=delivery.id).update(**changes, **ends)
    failures = webhook.failures + 1
    pause = max(rules.rest(failures, chance), min(asked or timedelta(), rules.LONGEST_WAIT_ASKED))
    since = webhook.failing_since or now
    Webhook.objects.filter(id=webhook.id).update(failures=failures, failing_since=since, rest_until=now + pause)
    if answer.status == GONE:
        disable(webhook, "gone", now=now)
    elif now - since >= rules.DISABLE_AFTER:
        disable(webhook, "failing", now=now)
