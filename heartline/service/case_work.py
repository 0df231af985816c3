"""What people do with a case as a whole, apart from talking: tags, snoozes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, Invalid
from heartline.conversations.actions import snoozes
from heartline.conversations.actions.tags import change_tags
from heartline.conversations.models import Case, Snooze, Tag
from heartline.conversations.queries import cases_for
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.queries import Scope
from heartline.service.actions import Worker

TAGS_SUGGESTED = 200


def tag(worker: Worker, case: Case, add: Iterable[str], remove: Iterable[str]) -> None:
    """Put tags on a case and take others off."""
    change_tags(case, add=add, remove=remove, by=actor_for(worker.person), now=worker.now)


def known_tags(scope: Scope) -> list[str]:
    """Return the tags of the cases a person may see, the most used first."""
    seen = Tag.objects.filter(tagged__case__in=cases_for(scope)).annotate(used=Count("tagged"))
    return list(seen.order_by("-used", "key").values_list("name", flat=True)[:TAGS_SUGGESTED])


def snooze(worker: Worker, case: Case, until: datetime) -> Snooze | None:
    """Put a case out of one's own sight until a time; returns how it was snoozed before."""
    before = _standing(worker, case)
    snoozes.snooze_case(case, worker.person, until, by=actor_for(worker.person), now=worker.now)
    return before


def take_up(worker: Worker, case: Case) -> Snooze:
    """Take back one's snooze, or say that what it reminded of is dealt with."""
    standing = _standing(worker, case)
    if standing is None:
        raise Conflict(_("This case is no longer snoozed"), code="not_snoozed")
    return snoozes.end_snooze(standing, "taken_back", by=actor_for(worker.person), now=worker.now)


def local_moment(text: str, person: Person) -> datetime:
    """Return a moment that was typed as the clock of a person's site shows it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = _("Choose a day and a time")
        raise Invalid(message, fields={"until": message}) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(person.site.time_zone))


def _standing(worker: Worker, case: Case) -> Snooze | None:
    return Snooze.objects.filter(case=case, person=worker.person).exclude(state="over").first()
