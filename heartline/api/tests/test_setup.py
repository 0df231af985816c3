"""Setting up by API: what the pages can do, with the same checks, and no way to more rights than a key has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from heartline.api.tests.helpers import Program
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import Person
from tests.cast import NOON, Cast, waiting_contact

Programs = Callable[[str], Program]


def life(admin: Program, kind: str, sent: dict[str, Any], change: dict[str, Any]) -> None:
    """Add, read, list, change and remove one setting."""
    made = admin.post(f"/setup/{kind}s", sent)
    assert made.status_code == 201, made.content
    path = f"/setup/{kind}s/{made.json()['id']}"
    assert made.json().items() >= sent.items()
    assert admin.get(path).json() == made.json()
    assert made.json() in admin.get(f"/setup/{kind}s").json()["items"]
    changed = admin.send("PATCH", path, change).json()
    assert changed == made.json() | change
    assert admin.send("PATCH", path, {}).json() == changed
    assert admin.send("DELETE", path).json() == {"done": True}
    assert admin.get(path).status_code == 404


def test_sites_skills_queues_and_teams_from_beginning_to_end(cast: Cast, program: Programs) -> None:
    admin = program("admin")
    life(admin, "site", {"name_en": "Leeds", "time_zone": "Europe/London"}, {"name_zh": "利兹"})
    life(admin, "skill", {"name_en": "Bills", "key": "bills"}, {"name_zh": "账单"})
    queue = {"name_en": "Bills", "key": "bills", "brand_id": cast.brand.id, "levels": {"installation": 2}}
    life(admin, "queue", queue, {"answer_within_seconds": 30, "levels": {}})
    team = {"name_en": "Nights", "site_id": cast.site.id, "queue_ids": [cast.chat_en.id]}
    life(admin, "team", team, {"queue_ids": [], "name_en": "Late shift"})
    assert Entry.objects.filter(kind="people.settings_changed", actor_id=cast.admin.id).count() == 12


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("sites", {"name_en": "X", "time_zone": "Mars/Olympus"}, "time_zone"),
        ("sites", {"name_en": ""}, "name_en"),
        ("skills", {"name_en": "X", "key": "a b"}, "key"),
        ("skills", {"name_en": "X", "key": "installation"}, "key"),
        ("queues", {"name_en": "X", "key": "x", "brand_id": 999}, "brand_id"),
        ("queues", {"name_en": "X", "key": "x", "brand_id": 1, "offer_seconds": 0}, "offer_seconds"),
        ("teams", {"name_en": "X", "site_id": 999}, "site_id"),
        ("teams", {"name_en": "X", "site_id": 1, "is_sample": True}, "is_sample"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(
    cast: Cast, program: Programs, path: str, sent: dict[str, Any], field: str
) -> None:
    reply = program("admin").post(f"/setup/{path}", sent)
    assert reply.status_code == 422
    assert field in reply.json()["fields"]


def test_what_is_in_use_stays(cast: Cast, program: Programs) -> None:
    waiting_contact(cast)
    reply = program("admin").send("DELETE", f"/setup/sites/{cast.site.id}")
    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")


def test_a_person_is_given_what_they_can_do(cast: Cast, program: Programs) -> None:
    path = f"/people/{cast.tom.id}/abilities"
    before = program("admin").get(path).json()
    changed = program("admin").send(
        "PATCH", path, {"levels": {"installation": 3}, "limits": {"webchat": 2}, "team_ids": [cast.other_team.id]}
    )
    told = {"levels": {"installation": 3}, "limits": {"webchat": 2}, "team_ids": [cast.other_team.id]}
    assert changed.json() == before | told
    assert program("tom").get("/people/me").json()["team_ids"] == [cast.other_team.id]
    for wrong in ({"levels": {"none": 1}}, {"limits": {"fax": 1}}, {"team_ids": [999]}, {"role": "admin"}):
        assert program("admin").send("PATCH", path, wrong).status_code == 422


def test_a_key_makes_nobody_an_administrator_and_changes_none(cast: Cast) -> None:
    other = Person.objects.create(
        email="second@example.com", name="Second", role="admin", site=cast.site, language="en", joined_at=NOON
    )
    program = Program(cast.admin, rights={"setup.manage"})
    assert program.send("PATCH", f"/people/{other.id}/abilities", {"languages": ["en"]}).status_code == 403
    assert program.get("/audit").status_code == 403


def test_the_audit_log_is_read_a_page_at_a_time(cast: Cast, program: Programs) -> None:
    for minute in range(5):
        state = "available" if minute % 2 else "on_break"
        set_presence(cast.grace, state, by=actor_for(cast.grace), now=NOON + timedelta(minutes=minute))
    admin, seen, place = program("admin"), [], ""
    while place is not None:
        query = {"before": place} if place else {}
        page = admin.get("/audit", limit="2", kind="people.presence_changed", person_id=cast.grace.id, **query).json()
        seen += [one["position"] for one in page["items"]]
        place = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert admin.get("/audit", since="2026-11-27").json()["items"] == []
    assert admin.get("/audit", before="x").status_code == 422
    assert program("supervisor").get("/audit").status_code == 403
