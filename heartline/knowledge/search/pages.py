"""`/search/`: the page of results, and what the quick search shows while somebody types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from heartline.common import clock
from heartline.knowledge.search.marking import wanted_by
from heartline.knowledge.search.queries import Found, Near, Place, Reader, find, kinds_for, recent_cases
from heartline.knowledge.search.rules import Question, understand
from heartline.knowledge.search.shown import ICONS, WORDS, Hit, hits
from heartline.knowledge.search.sources import BY_KEY, CASES
from heartline.people.requests import StaffRequest
from heartline.ui.responses import json_ok

PAGE, GLANCE, QUICK = 20, 5, 4
LONGEST = 400


@dataclass(frozen=True)
class Group:
    """The things of one kind that were found, and where to see the rest."""

    key: str
    icon: str
    name: Any
    hits: list[Hit]
    more: str
    is_on_first_page: bool = True


@require_GET
def search(request: StaffRequest) -> HttpResponse:
    """Show a glance of every kind, or one kind page by page."""
    typed = request.GET.get("q", "").strip()[:LONGEST]
    question, reader = understand(typed), _reader(request)
    kinds = kinds_for(question, reader.scope)
    chosen = BY_KEY.get(request.GET.get("kind", ""))
    place = Place.parse(request.GET.get("after", "")) if chosen else Place()
    limit = PAGE if chosen else GLANCE
    near, wanted = Near(question), [kind for kind in kinds if chosen in (None, kind)]
    found = [find(reader, question, kind, place=place, limit=limit, near=near) for kind in wanted]
    groups = [_group(one, question, typed, place) for one in found]
    context = {
        "now": reader.now,
        "typed": typed,
        "groups": [group for group in groups if group.hits],
        "chosen": chosen.key if chosen else "",
        "kinds": [
            (kind.key, WORDS[kind.key], urlencode({"q": typed, "kind": kind.key}))
            for kind in kinds_for(Question(), reader.scope)
        ],
        "all": urlencode({"q": typed}),
        "is_empty": question.is_empty,
    }
    return render(request, "search/search.html", context)


@require_GET
def quick(request: StaffRequest) -> HttpResponse:
    """Return the best few of every kind; of nothing typed, the cases somebody served last."""
    typed = request.GET.get("q", "").strip()[:LONGEST]
    question, reader = understand(typed), _reader(request)
    if question.is_empty:
        recent = Found(CASES, recent_cases(reader.scope, QUICK + 2), None)
        found = [recent] if reader.scope.may("desk.use") else []
    else:
        near, kinds = Near(question), kinds_for(question, reader.scope)
        found = [find(reader, question, kind, place=Place(), limit=QUICK, near=near) for kind in kinds]
    groups = [
        {
            "key": one.kind.key,
            "icon": ICONS[one.kind.key],
            "name": str(WORDS[one.kind.key]),
            "hits": [hit.as_data() for hit in hits(one, wanted_by(question))],
        }
        for one in found
        if one.ids
    ]
    return json_ok({"groups": groups})


def _reader(request: StaffRequest) -> Reader:
    return Reader(request.scope, clock.now(), timezone.get_current_timezone())


def _group(found: Found, question: Question, typed: str, place: Place) -> Group:
    key = found.kind.key
    more = urlencode({"q": typed, "kind": key, **({"after": str(found.next)} if found.next else {})})
    shown = hits(found, wanted_by(question))
    return Group(key, ICONS[key], WORDS[key], shown, more if found.next else "", place == Place())
