"""What can be chosen when handing over, wrapping up or asking an expert, filled in as far as it is known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from heartline.conversations.models import Contact, ContactReason, HandoverCard, Tried
from heartline.conversations.models.case import RESOLUTIONS, ROOT_CAUSES
from heartline.people.models import Person, Queue
from heartline.people.permissions import ROLES_WITH
from heartline.promises.models import FollowUp
from heartline.routing.waits.queries import expected_wait
from heartline.service.cases.fields import asked_at_wrap_up
from heartline.service.queries import experts, reason_name
from heartline.service.rules import ReasonChoice, as_lines, suggest_reason
from heartline.ui.formats import day_and_time

Choices = dict[str, Any]


def for_transfer(contact: Contact, person: Person, now: datetime) -> Choices:
    """Return where a contact can go, with who serves there, and the hand-over card as far as it is known.

    Who had the case already and passed it on is not offered again (guarantee 3).
    """
    case = contact.case
    tried = list(Tried.objects.filter(case=case))
    had_it = {int(row.key) for row in tried if row.kind == "person"} | {person.id, contact.assignee_id or 0}
    colon = pgettext("between a name and what follows", ": ")
    last = HandoverCard.objects.filter(contact=contact).last()
    return {
        "here": contact.queue_id,
        "queues": [_queue(queue, contact, had_it, now) for queue in _queues(contact)],
        "wants": case.wants,
        "tried": as_lines(((row.label, _outcome(row)) for row in tried if row.kind != "person"), colon),
        "promised": as_lines(_owed(contact, person, now), colon),
        "do_not_ask": last.do_not_ask if last else "",
    }


def for_wrap_up(contact: Contact) -> Choices:
    """Return the reasons, resolutions and causes to choose from, with the likely reason filled in."""
    case = contact.case
    reasons = list(ContactReason.objects.filter(is_active=True).select_related("parent").order_by("order", "id"))
    parents = {reason.parent_id for reason in reasons}
    leaves = [reason for reason in reasons if reason.id not in parents]
    choices = (ReasonChoice(reason.id, (reason.name_en, reason.name_zh)) for reason in leaves)
    return {
        "reasons": [{"id": reason.id, "name": reason_name(reason)} for reason in leaves],
        "suggested": suggest_reason(case.reason_id, f"{case.subject} {case.wants}", choices),
        "resolutions": [{"id": key, "name": str(name)} for key, name in RESOLUTIONS],
        "root_causes": [{"id": key, "name": str(name)} for key, name in ROOT_CAUSES],
        "still_owed": _owed_after(contact),
        "fields": asked_at_wrap_up(case),
    }


def _owed_after(contact: Contact) -> int:
    """Return how much is owed once this contact is wrapped up: a call keeps the call that was owed."""
    owed = FollowUp.objects.filter(case=contact.case, state="open")
    return (owed.exclude(kind="callback") if contact.channel == "callback" else owed).count()


def for_experts(contact: Contact) -> Choices:
    """Return the experts, marking who is in the contact already."""
    inside = set(contact.participants.filter(left_at=None).values_list("person_id", flat=True))
    return {"people": [{**_person(person), "inside": person.id in inside} for person in experts()]}


def _queues(contact: Contact) -> list[Queue]:
    serving = Person.objects.filter(is_active=True, role__in=ROLES_WITH["contact.serve"]).select_related("presence")
    people = Prefetch("teams__members", queryset=serving.order_by("name", "id"), to_attr="serving")
    return list(Queue.objects.filter(brand_id=contact.queue.brand_id).order_by("id").prefetch_related(people))


def _queue(queue: Queue, contact: Contact, had_it: set[int], now: datetime) -> Choices:
    people = {person.id: person for team in queue.teams.all() for person in getattr(team, "serving", ())}
    wait = expected_wait(queue, contact.channel, now, language=contact.language)
    return {
        "id": queue.id,
        "name": queue.name,
        "wait": list(wait) if wait else None,
        "people": [_person(person) for person in people.values() if person.id not in had_it],
    }


def _person(person: Person) -> Choices:
    presence = getattr(person, "presence", None)
    return {"id": person.id, "name": person.name, "state": presence.state if presence else "offline"}


def _owed(contact: Contact, person: Person, now: datetime) -> list[tuple[str, str]]:
    rows = FollowUp.objects.filter(case_id=contact.case_id, state="open").order_by("due_at")
    zone = person.site.time_zone
    return [
        (row.get_kind_display(), _by(day_and_time(row.due_at, language=get_language() or "en", zone=zone, now=now)))
        for row in rows
    ]


def _by(when: str) -> str:
    return _("by %(when)s") % {"when": when}


def _outcome(row: Tried) -> str:
    times = _("%(count)s times") % {"count": row.times} if row.times > 1 else ""
    return ", ".join(filter(None, [row.outcome, times]))
