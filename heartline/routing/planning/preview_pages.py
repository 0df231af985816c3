"""Trying the draft on a day that was: who would have been served when, beside what happened and beside the plan in use."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from heartline.common import clock
from heartline.common.ids import new_token
from heartline.conversations.models import Contact
from heartline.customers.models import Tier
from heartline.people.models import Person, Queue
from heartline.people.queries import channel_words
from heartline.people.requests import StaffRequest
from heartline.routing.planning import course
from heartline.routing.planning.days import is_long
from heartline.routing.planning.trying import Group, Trial, bounds, try_day, yesterday
from heartline.routing.plans.queries import content_in_use, draft, number_in_use
from heartline.ui.responses import json_ok

KEPT = 600
KEY = re.compile(r"[\w-]{16,64}", re.ASCII)
SHOWN = 100


@require_safe
def preview(request: StaffRequest) -> HttpResponse:
    """Show a day under the draft, or under the plan in use where there is none; of a long day, first how far it has come."""
    now = clock.now()
    day, go = _day(request.GET.get("day", ""), now), request.GET.get("go", "")
    key = go if KEY.fullmatch(go) else ""
    trial = kept_trial(day)
    if trial is None and not key and is_long(*bounds(day)):
        context = {"here": "routing", "now": now, "day": day, "key": new_token()}
        return render(request, "planning/preview_running.html", context)
    trial = trial or tried(day, key)
    standing = draft()
    context = {
        "here": "routing",
        "now": now,
        "day": day,
        "latest": yesterday(now),
        "trial": trial,
        "draft": standing,
        "number": number_in_use(),
        "groups": _groups(trial),
        "rows": _rows(trial, ways=3 if standing else 2),
    }
    return render(request, "planning/preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: StaffRequest, key: str) -> JsonResponse:
    """Tell how far a trial has come, or let it stop with what it has."""
    if request.method == "POST":
        return json_ok({"stops": course.stop(key)})
    return json_ok({"share": course.how_far(key)})


def tried(day: date, key: str = "") -> Trial:
    """Return a day under the draft beside the plan in use; the same is worked out once in ten minutes.

    With a key it may take longer, and whoever knows the key sees how far it is and can stop it.
    """
    if kept := kept_trial(day):
        return kept
    standing, (start, end) = draft(), bounds(day)
    content = standing.content if standing else content_in_use()
    found = try_day(content, start, end, course.begin(key, start, end, now=clock.now()))
    if not found.was_stopped:
        cache.set(_place(day), found, KEPT)
    return found


def kept_trial(day: date) -> Trial | None:
    """Return what a day came to, when it was tried just before."""
    kept = cache.get(_place(day))
    return kept if isinstance(kept, Trial) else None


def _place(day: date) -> str:
    standing = draft()
    mark = f"{standing.number}.{standing.saved}" if standing else "0"
    return f"plan-trial:{day}:{number_in_use()}:{mark}"


def _day(asked: str, now: datetime) -> date:
    latest = yesterday(now)
    try:
        return min(date.fromisoformat(asked), latest) if asked else latest
    except ValueError:
        return latest


def _groups(trial: Trial) -> list[tuple[str, list[tuple[str, Group]]]]:
    names = {str(queue.id): queue.name for queue in Queue.objects.all()}
    tiers: dict[str, Any] = {**dict(Tier.choices), "": _("no tier")}
    return [
        ("", [(_("Everybody"), trial.total)]),
        (_("By queue"), [(names.get(one.key, one.key), one) for one in trial.queues]),
        (_("By tier"), [(str(tiers.get(one.key, one.key)), one) for one in trial.tiers]),
    ]


def _rows(trial: Trial, *, ways: int) -> list[dict[str, Any]]:
    shown = trial.rows[:SHOWN]
    rows = Contact.objects.filter(id__in=[row.contact_id for row in shown]).select_related("customer", "case")
    contacts = {contact.id: contact for contact in rows}
    ids = {fate.person_id for row in shown for fate in row.fates if fate.person_id}
    people = dict(Person.objects.filter(id__in=ids).values_list("id", "name"))
    queues = {queue.id: queue.name for queue in Queue.objects.all()}
    channels = channel_words()
    return [
        {
            "row": row,
            "contact": contacts[row.contact_id],
            "queue": queues.get(row.queue_id, ""),
            "channel": channels.get(row.channel, row.channel),
            "tier": dict(Tier.choices).get(row.tier, ""),
            "ways": [(fate, people.get(fate.person_id or 0, "")) for fate in row.fates[:ways]],
        }
        for row in shown
        if row.contact_id in contacts
    ]
