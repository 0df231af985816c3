"""Snoozing a case: out of one's sight until a time. A customer's thanks wakes nothing, more than thanks does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.conversations.case_events import SnoozeChanged
from heartline.conversations.models import Case, Message, Snooze
from heartline.conversations.rules import is_just_thanks
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person, Role

FURTHEST = timedelta(days=366)
BATCH = 200
SYSTEM = Actor.system("snoozes")


def snooze_case(case: Case, person: Person, until: datetime, *, by: Actor, now: datetime) -> Snooze:
    """Put a case out of a person's sight until a time; one that sleeps already gets the new time."""
    _check_time(until, now)
    with one_change():
        Case.objects.select_for_update().get(id=case.id)
        fields: dict[str, Any] = {"until": until, "state": "asleep", "why": "", "woken_at": None}
        fields |= {"upto_id": _last_message(case), "started_at": now}
        snooze, created = Snooze.objects.exclude(state="over").get_or_create(case=case, person=person, defaults=fields)
        if not created:
            Snooze.objects.filter(id=snooze.id).update(**fields)
            snooze.refresh_from_db()
        _record(snooze, "asked", by=by, now=now)
    return snooze


def end_snooze(snooze: Snooze, why: str, *, by: Actor, now: datetime) -> Snooze:
    """Take a snooze back, or say that what it reminded of is dealt with."""
    return _turn(snooze, ("asleep", "awake"), why, by=by, now=now, state="over", ended_at=now)


def wake_due(*, now: datetime) -> int:
    """Wake what has slept until its time; returns how many."""
    due = Snooze.objects.filter(state="asleep", until__lte=now).order_by("until", "id")
    return sum(_wake(snooze, "time", now=now) for snooze in _batch(due))


def wake_spoken(*, now: datetime) -> int:
    """Wake what customers have said more than thanks about; what was only thanks is remembered as read over."""
    said = _newer("customer")
    woken = 0
    for snooze in _batch(_with_last(Snooze.objects.filter(state="asleep"), said)):
        texts = Message.objects.filter(case_id=snooze.case_id, id__gt=snooze.upto_id, author_kind="customer")
        rows = list(texts.annotate(files=Max("attachments__id")).values_list("id", "body", "files"))
        if all(is_just_thanks(body) and files is None for _id, body, files in rows):
            Snooze.objects.filter(id=snooze.id, state="asleep").update(upto_id=max(id for id, *_rest in rows))
        else:
            woken += _wake(snooze, "spoke", now=now)
    return woken


def end_answered(*, now: datetime) -> int:
    """End what is awake and was answered by its person since; returns how many."""
    replies = _newer("person").filter(author=OuterRef("person"), at__gte=OuterRef("woken_at"))
    awake = _batch(_with_last(Snooze.objects.filter(state="awake"), replies))
    for snooze in awake:
        _turn(snooze, ("awake",), "answered", by=SYSTEM, now=now, quietly=True, state="over", ended_at=now)
    return len(awake)


def _check_time(until: datetime, now: datetime) -> None:
    if until <= now:
        raise Invalid(_("This time has passed"), fields={"until": _("This time has passed")})
    if until > now + FURTHEST:
        raise Invalid(_("This is more than a year ahead"), fields={"until": _("This is more than a year ahead")})


def _last_message(case: Case) -> int:
    return Message.objects.filter(case=case).order_by("-id").values_list("id", flat=True).first() or 0


def _newer(author_kind: str) -> QuerySet[Message]:
    return Message.objects.filter(
        case_id=OuterRef("case_id"), id__gt=OuterRef("upto_id"), author_kind=author_kind, kind="reply"
    )


def _with_last(snoozes: QuerySet[Snooze], messages: QuerySet[Message]) -> QuerySet[Snooze]:
    last = Subquery(messages.order_by("-id").values("id")[:1])
    return snoozes.annotate(last_id=last).filter(last_id__isnull=False).order_by("id")


def _wake(snooze: Snooze, why: str, *, now: datetime) -> bool:
    """Wake a snooze; where its person has left, whoever has the case now is asked instead."""
    fields: dict[str, Any] = {"state": "awake", "why": why, "woken_at": now}
    with one_change():
        heir = None if snooze.person.is_active else _heir(snooze)
        woke = _turn(snooze, ("asleep",), why, by=SYSTEM, now=now, quietly=True, **fields)
        if woke.state == "awake" and heir:
            _turn(woke, ("awake",), "gone", by=SYSTEM, now=now, state="over", ended_at=now)
            given = {"until": snooze.until, "started_at": now, "upto_id": snooze.upto_id}
            new = Snooze.objects.create(case=snooze.case, person=heir, **given, **fields)
            _record(new, why, by=SYSTEM, now=now)
    return woke.state == "awake" or heir is not None


def _heir(snooze: Snooze) -> Person | None:
    """Return who is reminded in place of somebody who has left: the case's owner, else a supervisor of its queue."""
    case = snooze.case
    near = Q(id=case.owner_id) | Q(role=Role.SUPERVISOR, teams__queues=case.queue_id) | Q(role=Role.ADMIN)
    busy = Snooze.objects.filter(case=case).exclude(state="over").values("person")
    found = Person.objects.filter(near, is_active=True).exclude(id__in=busy).distinct()
    rank = {Role.SUPERVISOR: 1, Role.ADMIN: 2}
    return min(found, key=lambda one: (one.id != case.owner_id, rank.get(Role(one.role), 0), one.id), default=None)


def _turn(
    snooze: Snooze,
    sources: tuple[str, ...],
    cause: str,
    *,
    by: Actor,
    now: datetime,
    quietly: bool = False,
    **fields: Any,
) -> Snooze:
    """Move a snooze on by compare-and-set; somebody else being first is a Conflict, or nothing when `quietly`."""
    with one_change():
        changed = Snooze.objects.filter(id=snooze.id, state__in=sources).update(**fields)
        snooze.refresh_from_db()
        if changed:
            _record(snooze, cause, by=by, now=now)
        elif not quietly:
            raise Conflict(_("This case is no longer snoozed"), code="not_snoozed")
    return snooze


def _record(snooze: Snooze, why: str, *, by: Actor, now: datetime) -> None:
    case = snooze.case
    event = SnoozeChanged(
        case_id=case.id,
        customer_id=case.customer_id,
        queue_id=case.queue_id,
        person_id=snooze.person_id,
        state=snooze.state,
        why=why,
        until=snooze.until.isoformat(),
    )
    record(event, by=by, now=now, sample=case.is_sample)


def _batch(snoozes: QuerySet[Snooze]) -> list[Snooze]:
    return list(snoozes.select_related("case", "person")[:BATCH])
