"""Permission-checked reading of what we owe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.conversations.models import Case
from heartline.conversations.queries import cases_for
from heartline.people.models import Person, Role
from heartline.people.queries import Scope
from heartline.promises.models import FollowUp
from heartline.promises.rules import WARN_BEFORE, Candidate

OWNING_ROLES = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN)


def follow_ups_for(scope: Scope) -> QuerySet[FollowUp]:
    """Return what is owed as far as a person may see it: their own, and that of the cases they may see."""
    if not scope.rights:
        return FollowUp.objects.none()
    if scope.everything:
        return FollowUp.objects.all()
    return FollowUp.objects.filter(Q(owner_id=scope.person_id) | Q(case__in=cases_for(scope)))


def follow_up_for(scope: Scope, follow_up_id: int) -> FollowUp:
    """Return one follow-up the person may see, or raise NotFound."""
    found = follow_ups_for(scope).filter(id=follow_up_id).select_related("case", "case__customer", "owner").first()
    if found is None:
        raise NotFound(_("There is no such follow-up, or it is not yours to see"))
    return found


def due_soon(scope: Scope, *, now: datetime, within: timedelta = WARN_BEFORE) -> QuerySet[FollowUp]:
    """Return the person's own open follow-ups that are late or due shortly, the most urgent first."""
    mine = follow_ups_for(scope).filter(owner_id=scope.person_id, state="open", due_at__lte=now + within)
    return mine.select_related("case", "case__customer").order_by("due_at", "id")


def open_low_score(case: Case) -> FollowUp | None:
    """Return the open follow-up of a case's low score."""
    return FollowUp.objects.filter(case=case, kind="low_score", state="open").select_related("owner").first()


def owner_candidates(case: Case, wished: Person | None) -> Iterator[Candidate]:
    """Yield everybody active who could own a follow-up of a case, and why; the wider circles only when needed."""
    people = Person.objects.filter(is_active=True).annotate(
        owned=Count("follow_ups", filter=Q(follow_ups__state="open"), distinct=True)
    )
    near = {"asked": wished.id if wished else None, "case_owner": case.owner_id}
    for why, person_id in near.items():
        found = people.filter(id=person_id).first() if person_id else None
        if found:
            yield Candidate(found.id, why, found.owned)
            return
    circles = {
        "supervisor": Q(role=Role.SUPERVISOR, teams__queues=case.queue_id),
        "admin": Q(role=Role.ADMIN),
        "team": Q(role__in=OWNING_ROLES, teams__queues=case.queue_id),
        "anybody": Q(),
    }
    for why, circle in circles.items():
        found_here = list(people.filter(circle).distinct().order_by("id"))
        yield from (Candidate(person.id, why, person.owned) for person in found_here)
        if found_here:
            return


def is_kept_waiting() -> Exists:
    """Return, for a query about contacts, whether the customer of each is owed something that is late."""
    late = FollowUp.objects.filter(case__customer=OuterRef("customer_id"), state="open", late_at__isnull=False)
    return Exists(late)
