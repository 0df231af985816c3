"""Building scorecards: a version is written, published, and from then on left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.improvement.quality.events import CardChanged, CardPublished
from heartline.improvement.quality.models import CardVersion, Scorecard
from heartline.improvement.quality.rules.card import Card, changed, problems, written
from heartline.improvement.quality.words import problem_words
from heartline.ledger.actions import one_change, record
from heartline.people.models import Queue
from heartline.people.setup_actions.settings import write


def save_card(
    card: Scorecard, values: Mapping[str, Any], queues: Iterable[Queue], *, by: Actor, now: datetime
) -> Scorecard:
    """Add a scorecard or change its names and where it is used; a new one begins with one section to fill in."""
    is_new = card.pk is None
    if is_new:
        card.added_at = now
    with one_change():
        told = write(card, values)
        wanted = list(queues)
        if set(card.queues.all()) != set(wanted):
            card.queues.set(wanted)
            told = told if is_new else (*told, "queues")
        if is_new:
            CardVersion.objects.create(card=card, number=1, content=written(changed(Card(), "add")))
        _note(card, told, by=by, now=now)
    return card


def set_in_use(card: Scorecard, is_active: bool, *, by: Actor, now: datetime) -> None:
    """Take a scorecard out of use, or back into it; what was scored with it stays."""
    with one_change():
        _note(card, write(card, {"is_active": is_active}), by=by, now=now)


def write_version(version: CardVersion, content: Card, *, base: int, by: Actor, now: datetime) -> CardVersion:
    """Keep what a version in writing asks. `base` is the save it was made from: a later one is never written over."""
    kept = CardVersion.objects.filter(pk=version.pk, published_at=None, saved=base)
    if not kept.update(content=written(content), saved=base + 1):
        raise Conflict(_("This version was changed elsewhere, or published. Look again; what you wrote is still here"))
    version.refresh_from_db()
    return version


def publish(version: CardVersion, *, by: Actor, now: datetime) -> CardVersion:
    """Publish a version; reviews that are open keep the version they were begun with."""
    content = version.asks()
    if wrong := problems(content):
        raise Invalid(_("This card cannot be used yet"), fields={place: problem_words(code) for place, code in wrong})
    with one_change():
        waiting = CardVersion.objects.filter(pk=version.pk, published_at=None, saved=version.saved)
        if not waiting.update(published_at=now, published_by_id=by.id):
            raise Conflict(_("Somebody has just published or changed this version. Look again"))
        version.refresh_from_db()
        questions = len(list(content.questions()))
        event = CardPublished(
            card_id=version.card_id, version_id=version.pk, number=version.number, questions=questions
        )
        record(event, by=by, now=now, sample=version.card.is_sample)
    return version


def begin_version(card: Scorecard, *, by: Actor, now: datetime) -> CardVersion:
    """Return the version in writing; where there is none it begins as a copy of the last one."""
    standing = card.versions.filter(published_at=None).first()
    if standing:
        return standing
    last = card.versions.order_by("-number").first()
    number, content = (last.number + 1, last.content) if last else (1, written(changed(Card(), "add")))
    try:
        with transaction.atomic():
            return CardVersion.objects.create(card=card, number=number, content=content)
    except IntegrityError:  # begun by somebody else in this moment
        return card.versions.get(published_at=None)


def _note(card: Scorecard, told: tuple[str, ...], *, by: Actor, now: datetime) -> None:
    if told:
        event = CardChanged(card_id=card.pk, name=card.name_in("en"), changed=told)
        record(event, by=by, now=now, sample=card.is_sample)
