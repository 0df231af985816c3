"""Permission-checked reading of cases, contacts and files. What a reader may not see does not exist for them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.common.questions import first, written_once
from heartline.conversations.models import Attachment, Case, Contact, Participant, Snooze, Task, Watcher
from heartline.conversations.rules import LIVE
from heartline.customers.models import Customer
from heartline.people.queries import Scope


def cases_for(scope: Scope) -> QuerySet[Case]:
    """Return the cases a person may see: of their queues, their own, those they were invited into.

    A case with a live contact in one of their queues, in their hands, or meant for them, is theirs to see too.
    """
    return _visible_to(scope).all()


@lru_cache(maxsize=512)
def _visible_to(scope: Scope) -> QuerySet[Case]:
    """Return the question, never asked itself: writing it down takes longer than the answer, and pages ask several times."""
    return cases_seen_by(*scope.reach, everything=scope.everything) if scope.rights else Case.objects.none()


def cases_seen_by(
    person_id: int, queue_ids: frozenset[int], team_ids: frozenset[int], *, everything: bool
) -> QuerySet[Case]:
    """Return the cases that somebody sees who has any rights: the core of what `cases_for` says, for questions written once."""
    if everything:
        return Case.objects.all()
    invited = Participant.objects.filter(person_id=person_id, left_at=None).values("contact__case_id")
    near = Q(queue_id__in=queue_ids) | Q(preferred_id=person_id) | Q(assignee_id=person_id)
    served = Contact.objects.filter(near, state__in=LIVE).values("case_id")
    mine = Q(queue_id__in=queue_ids) | Q(owner_id=person_id) | Q(id__in=invited) | Q(id__in=served)
    return Case.objects.filter(mine | Q(id__in=_open_tasks(person_id, team_ids).values("case_id")))


def open_tasks_of(scope: Scope) -> QuerySet[Task]:
    """Return the open tasks of a person and of their teams: who is to do something sees what it is for."""
    return _open_tasks(scope.person_id, scope.team_ids)


def _open_tasks(person_id: int, team_ids: frozenset[int]) -> QuerySet[Task]:
    return Task.objects.filter(Q(owner_id=person_id) | Q(team_id__in=team_ids), state="open")


def sees(scope: Scope, case: Case) -> bool:
    """Return whether a person may see a case at hand: what `cases_for` says, mostly without asking the database."""
    if not scope.rights:
        return False
    if scope.everything or scope.sees_queue(case.queue_id) or case.owner_id == scope.person_id:
        return True
    return cases_for(scope).filter(id=case.id).exists()


def case_for(scope: Scope, case_id: int) -> Case:
    """Return one case the person may see, or raise NotFound."""
    case = first(_whole_case(case_id))
    if case is None or not sees(scope, case):
        raise NotFound(_("There is no such case, or it is not yours to see"))
    return case


@written_once
def _whole_case(case_id: int) -> QuerySet[Case]:
    return Case.objects.filter(id=case_id).select_related("customer", "brand", "queue", "owner", "reason")


def readable_cases_of(scope: Scope, customer_id: int) -> list[int]:
    """Return the ids of a customer's cases that a person may see."""
    return _readable(customer_id, *scope.reach, everything=scope.everything) if scope.rights else []


@written_once
def _readable(customer_id: int, *reach: Any, everything: bool) -> QuerySet[Case, int]:
    seen = cases_seen_by(*reach, everything=everything)
    return seen.filter(customer_id=customer_id).values_list("id", flat=True)


def leads_to(case_id: int) -> int:
    """Return the number of the case that an old number leads to, after however many merges."""
    for _hop in range(20):
        (onward,) = _merged_into(case_id) or [None]
        if onward is None:
            break
        case_id = onward
    return case_id


@written_once
def _merged_into(case_id: int) -> QuerySet[Case, int | None]:
    return Case.objects.filter(id=case_id).values_list("merged_into_id", flat=True)


def contacts_for(scope: Scope) -> QuerySet[Contact]:
    """Return the contacts a person may see: those of the cases they may see."""
    return Contact.objects.filter(case__in=cases_for(scope)) if not scope.everything else Contact.objects.all()


def contact_for(scope: Scope, contact_id: int) -> Contact:
    """Return one contact the person may see, or raise NotFound."""
    contact = first(_whole_contact(contact_id))
    if contact is None or not sees(scope, contact.case):
        raise NotFound(_("There is no such contact, or it is not yours to see"))
    return contact


@written_once
def _whole_contact(contact_id: int) -> QuerySet[Contact]:
    return Contact.objects.filter(id=contact_id).select_related("case", "assignee")


def customers_for(scope: Scope) -> QuerySet[Customer]:
    """Return the customers a person may see: those of the cases they may see."""
    if scope.everything:
        return Customer.objects.filter(merged_into=None)
    return Customer.objects.filter(id__in=cases_for(scope).values("customer_id"))


def customer_for(scope: Scope, customer_id: int) -> Customer:
    """Return one customer the person may see, or raise NotFound."""
    found = customers_for(scope).filter(id=customer_id).first()
    if found is None:
        raise NotFound(_("There is no such customer, or they are not yours to see"))
    return found


def attachment_for(scope: Scope, token: str) -> Attachment:
    """Return a file of a case whose messages the person may read, or raise NotFound."""
    found = Attachment.objects.filter(token=token).select_related("contact").first() if token else None
    if found is None or not scope.may("message.read") or not contacts_for(scope).filter(id=found.contact_id).exists():
        raise NotFound(_("There is no such file"))
    return found


def own_case_ids(scope: Scope) -> frozenset[int]:
    """Return the open cases that are the person's beyond their queues: owned, or invited into."""
    if not scope.rights or scope.everything:
        return frozenset()
    found = {*_owned(scope.person_id), *_invited_into(scope.person_id), *_to_do(scope.person_id, scope.team_ids)}
    return frozenset(found.union((row.case_id for row in snoozed_by(scope)), watched_case_ids(scope)))


@written_once
def _owned(person_id: int) -> QuerySet[Case, int]:
    return Case.objects.filter(owner_id=person_id).exclude(state="closed").values_list("id", flat=True)


@written_once
def _invited_into(person_id: int) -> QuerySet[Participant, int]:
    invited = Participant.objects.filter(person_id=person_id, left_at=None)
    return invited.values_list("contact__case_id", flat=True)


@written_once
def _to_do(person_id: int, team_ids: frozenset[int]) -> QuerySet[Task, int]:
    return _open_tasks(person_id, team_ids).values_list("case_id", flat=True)


def watched_case_ids(scope: Scope) -> list[int]:
    """Return the cases a person watches and may see."""
    return _watched(*scope.reach, everything=scope.everything) if scope.rights else []


@written_once
def _watched(person_id: int, *reach: Any, everything: bool) -> QuerySet[Watcher, int]:
    seen = cases_seen_by(person_id, *reach, everything=everything)
    return (
        Watcher.objects.filter(person_id=person_id, case__in=seen).order_by("case_id").values_list("case_id", flat=True)
    )


def tasks_for(scope: Scope) -> QuerySet[Task]:
    """Return the tasks a person may see: those of the cases they may see, their own and their teams'."""
    if scope.everything:
        return Task.objects.all()
    mine = Q(owner_id=scope.person_id) | Q(team_id__in=scope.team_ids) if scope.rights else Q(pk__in=())
    return Task.objects.filter(mine | Q(case__in=cases_for(scope)))


def task_for(scope: Scope, task_id: int) -> Task:
    """Return one task the person may see, or raise NotFound."""
    related = ("case", "case__customer", "owner", "team")
    found = tasks_for(scope).filter(id=task_id).select_related(*related).first()
    if found is None:
        raise NotFound(_("There is no such task, or it is not yours to see"))
    return found


def snoozed_by(scope: Scope) -> list[Snooze]:
    """Return what a person has snoozed and not dealt with, as far as the cases are theirs to see, each with its case."""
    return _snoozed(*scope.reach, everything=scope.everything) if scope.rights else []


@written_once
def _snoozed(person_id: int, *reach: Any, everything: bool) -> QuerySet[Snooze]:
    seen = cases_seen_by(person_id, *reach, everything=everything)
    mine = Snooze.objects.filter(person_id=person_id, case__in=seen).exclude(state="over")
    return mine.select_related("case__customer").order_by("id")
