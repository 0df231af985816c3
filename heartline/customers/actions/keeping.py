"""Retention: after so many days, the words and files of ended contacts of a channel go; what is counted stays.

What other systems told of customers has a rule of its own and goes whole.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid
from heartline.customers.actions.erasing import clear_rows, scrub_as_we_go
from heartline.customers.events import RetentionDone
from heartline.customers.models import RetentionRule, RetentionRun
from heartline.customers.models.keeping import KEPT, OUTSIDE
from heartline.customers.neighbours import NEIGHBOURS
from heartline.customers.outside.models import OutsideEvent
from heartline.ledger.actions import one_change, record
from heartline.people.setup_actions.settings import note, write

BATCH = 100
ROUNDS = 20


def set_retention(channel: str, days: int | None, *, by: Actor, now: datetime) -> None:
    """Set how long the words of a channel are kept; None keeps them."""
    if channel not in dict(KEPT):
        raise Invalid(_("Choose from the list"))
    standing = RetentionRule.objects.filter(channel=channel).first()
    with one_change():
        if days is None:
            if standing:
                note("retention", standing, ("removed",), by=by, now=now)
                standing.delete()
            return
        rule = standing or RetentionRule()
        note("retention", rule, write(rule, {"channel": channel, "days": days}), by=by, now=now)


def would_go(channel: str, days: int, *, now: datetime) -> int:
    """Return how many contacts of a channel would lose their words, or events would go, if they were kept for so long."""
    return _old(channel, now - timedelta(days=days)).count()


def keep_retention(*, now: datetime) -> int:
    """Do what the rules say, a batch at a time; returns how many contacts were cleared."""
    return sum(_sweep(rule, now=now) for rule in RetentionRule.objects.order_by("id"))


def _sweep(rule: RetentionRule, *, now: datetime) -> int:
    older_than, done = now - timedelta(days=rule.days), 0
    for _round in range(ROUNDS):
        cleared = _clear_batch(rule.channel, older_than)
        done += cleared
        if cleared < BATCH:
            break
    if done:
        with one_change():
            RetentionRun.objects.create(at=now, channel=rule.channel, contacts=done, older_than=older_than)
            event = RetentionDone(channel=rule.channel, contacts=done, days=rule.days)
            record(event, by=Actor.system("retention"), now=now, sample=False)
    return done


def _clear_batch(channel: str, older_than: datetime) -> int:
    with one_change():
        contacts = list(_old(channel, older_than).order_by("id")[:BATCH])
        if not contacts:
            return 0
        scrub_as_we_go()
        ids = [contact.pk for contact in contacts]
        if channel == OUTSIDE:
            for told in NEIGHBOURS.words_gone:
                told(OutsideEvent, ids)
            OutsideEvent.objects.filter(pk__in=ids).delete()
            return len(ids)
        clear_rows(type(contacts[0]), ids)
        if NEIGHBOURS.left_empty:
            for table, keys in NEIGHBOURS.left_empty(ids):
                clear_rows(table, keys)
        return len(ids)


def _old(channel: str, older_than: datetime) -> QuerySet[Any]:
    if channel == OUTSIDE:  # an old order that was told of lately is looked at now
        return OutsideEvent.objects.filter(happened_at__lt=older_than, told_at__lt=older_than)
    if NEIGHBOURS.old_contacts is None:
        return RetentionRun.objects.none()
    return NEIGHBOURS.old_contacts(channel, older_than)
