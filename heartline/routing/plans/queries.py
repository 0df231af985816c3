"""The plan in use, its versions, and what a plan may name."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.customers.models import Tier
from heartline.people.models import Brand, OpeningHours, Queue, Site, Skill, Team
from heartline.people.models.organisation import CHANNELS
from heartline.people.queries import calendar_of
from heartline.people.rules import Calendar
from heartline.routing import rules
from heartline.routing.models import PlanState, PlanVersion
from heartline.routing.plans.reading import Names, read
from heartline.routing.rules.steps import place_of

# Hours, skills and new sites are set up elsewhere; a plan in use knows of them within this many seconds.
READ_AGAIN_AFTER = 30.0
_read: dict[str, tuple[int, float, rules.Plan]] = {}


def number_in_use() -> int:
    """Return the number of the version in use; 0 when the house lives by what is built in."""
    return in_use().values_list("number", flat=True).first() or 0


def in_use() -> QuerySet[PlanVersion]:
    """Return the version in use, as a question that can be asked within another."""
    return PlanVersion.objects.filter(state=PlanState.PUBLISHED)


def current_plan(number: int | None = None) -> rules.Plan:
    """Return the plan in use. Whoever has read its number already gives it, and then most often nothing is asked."""
    number = number_in_use() if number is None else number
    standing = _read.get("plan")
    if standing and standing[0] == number and time.monotonic() - standing[1] < READ_AGAIN_AFTER:
        return standing[2]
    plan = _compiled(number)
    _read["plan"] = (number, time.monotonic(), plan)
    return plan


def told_while_waiting(queue_id: int, asked_at: datetime, language: str, now: datetime) -> str:
    """Return what the plan says to customers at the step where a contact stands; most often nothing.

    A step that offers a callback says so itself where the plan has no words of its own for it.
    """
    way = _recent_plan().of(queue_id)
    age = max(0.0, (now - asked_at).total_seconds())
    telling = way.steps[place_of(way, age)].telling
    if telling.offer_callback and not telling.text_in(language):
        with translation.override(language):
            return _("Would you rather we called you? You keep your place")
    return telling.text_in(language)


def _recent_plan() -> rules.Plan:
    """Return the plan as it was read last, at most half a minute ago: what is only shown need not ask each time."""
    standing = _read.get("plan")
    is_fresh = standing and time.monotonic() - standing[1] < READ_AGAIN_AFTER
    return standing[2] if standing and is_fresh else current_plan()


def forget() -> None:
    """Read the plan again at the next question: another was published in this process."""
    _read.clear()


def versions() -> list[PlanVersion]:
    """Return every version, the newest first."""
    return list(PlanVersion.objects.select_related("made_by", "published_by"))


def draft() -> PlanVersion | None:
    """Return the version that is being written."""
    return PlanVersion.objects.filter(state=PlanState.DRAFT).select_related("made_by").first()


def version(number: int) -> PlanVersion:
    """Return one version; raises NotFound."""
    found = PlanVersion.objects.select_related("made_by", "published_by").filter(number=number).first()
    if found is None:
        raise NotFound(_("There is no such version of the plan"))
    return found


def content_in_use() -> dict[str, Any]:
    """Return the plan in use as it was written; empty when the house lives by what is built in."""
    return dict(in_use().values_list("content", flat=True).first() or {})


def names() -> Names:
    """Return what a plan may name."""
    sites = list(Site.objects.values_list("key", "id", "time_zone"))
    return Names(
        queues=dict(Queue.objects.values_list("key", "id")),
        teams=dict(Team.objects.values_list("key", "id")),
        sites={key: id for key, id, _zone in sites},
        zones={id: zone for _key, id, zone in sites},
        hours=_hours_of_brands(),
        skills=frozenset(Skill.objects.values_list("key", flat=True)),
        channels=channels(),
        tiers=frozenset(Tier.values),
    )


def channels() -> frozenset[str]:
    """Return the channels that work comes by."""
    return frozenset(key for key, _name in CHANNELS)


def _compiled(number: int) -> rules.Plan:
    content = PlanVersion.objects.filter(number=number).values_list("content", flat=True).first() if number else {}
    if not content:
        return rules.DEFAULT
    plan, _problems = read(content, names(), number=number)  # what was removed since counts as not written
    return plan


def _hours_of_brands() -> dict[int, Calendar]:
    """Return the hours of sites that have just one brand with hours: they are that brand's."""
    open_at = Brand.objects.filter(id__in=OpeningHours.objects.values("brand_id"))
    found: dict[int, list[Brand]] = {}
    for brand in open_at.select_related("site").prefetch_related("hours", "holidays"):
        found.setdefault(brand.site_id, []).append(brand)
    return {site: calendar_of(brands[0]) for site, brands in found.items() if len(brands) == 1}
