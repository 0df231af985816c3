"""A list costs the database the same number of questions however much it holds: every list there is, counted twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heartline.api.tests.helpers import Program
from heartline.api.urls import house
from heartline.conversations.models import Contact
from heartline.improvement.quality.models import CardVersion, CoachingNote
from heartline.improvement.quality.tests.stage import published, scored, served, to_score, wish
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.promises.actions import open_follow_up
from tests.cast import NOON, Cast, waiting_contact

# What is new in the ledger is read in pieces, however much of it there is.
READS_NEWS = {"/figures/over-time", "/figures/over-time.csv", "/figures/mine", "/figures/mine.csv"}
NEEDED = {"/search": {"q": "冰箱"}}
# What grows with each, made through the API itself.
MADE: dict[str, dict[str, Any]] = {
    "/quick-replies": {"name": "{n}", "text_en": "x"},
    "/macros": {"name": "{n}", "steps": [{"do": "tag", "add": ["x"]}]},
    "/inbox-views": {"name": "{n}", "filters": {"unread": True}},
    "/customer-views": {"name": "{n}", "finds": {}},
    "/organisations": {"name": "{n}"},
    "/announcements": {"text": "{n}"},
    "/alert-rules": {"name": "{n}", "kind": "abandoned", "threshold": 20},
    "/webhooks": {"name": "{n}", "url": "https://93.184.216.34/{n}"},
    "/quality/scorecards": {"name_en": "{n}"},
    "/setup/skills": {"name_en": "{n}", "key": "s{n}"},
    "/setup/case-types": {"name_en": "{n}"},
    "/setup/attributes": {"name_en": "{n}"},
    "/setup/reasons": {"name_en": "{n}"},
    "/setup/tier-rules": {"tier": "top", "conditions": []},
}


def fill(admin: Program, cast: Cast, version: CardVersion, number: int) -> None:
    """Add one of everything that lists hold."""
    for path, body in MADE.items():
        given = {name: value.format(n=number) if isinstance(value, str) else value for name, value in body.items()}
        made = admin.post(path, given)
        assert made.status_code in (200, 201), (path, made.content)
    contact, by = waiting_contact(cast), actor_for(cast.admin)
    admin.post(f"/cases/{contact.case_id}/tasks", {"what": "x", "who": "me"})
    admin.post(f"/customers/{contact.customer_id}/notes", {"text": "x"})
    open_follow_up(contact.case, "low_score", contact=contact, owner=cast.grace, what="", due_at=NOON, by=by, now=NOON)
    review = scored(served(cast), version, cast.admin)
    to_score(served(cast), version, cast.admin)
    CoachingNote.objects.create(about=cast.grace, author=cast.admin, contact=review.contact, text="x", at=NOON)
    drawn = wish(version, drawn_from=1, at=NOON)
    drawn.save()
    drawn.picks.create(contact=served(cast))


def cost(admin: Program) -> dict[str, int]:
    """Return how many questions each list asks the database."""
    found = {}
    for path, methods in house.get_openapi_schema()["paths"].items():
        address = path.removeprefix("/api/v1")
        if "get" not in methods or "{" in address or address in READS_NEWS:
            continue
        with CaptureQueriesContext(connection) as asked:
            reply = admin.get(address, **NEEDED.get(address, {}))
        assert reply.status_code == 200, (address, reply.content)
        found[address] = sum("ratecount" not in one["sql"] for one in asked)  # a budget is counted by the score
    return found


@pytest.mark.slow
def test_every_list_costs_the_same_however_long_it_is(cast: Cast, contact: Contact) -> None:
    admin, version = Program(cast.admin), published(cast)
    fill(admin, cast, version, 1)
    cost(admin)
    before, entries = cost(admin), Entry.objects.count()
    for number in range(2, 5):
        fill(admin, cast, version, number)
    assert Entry.objects.count() > entries
    after = cost(admin)
    assert {path: (before[path], n) for path, n in after.items() if n > before[path]} == {}
    assert {path: n for path, n in after.items() if n > 30} == {}
