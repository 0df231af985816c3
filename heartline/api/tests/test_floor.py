"""What supervisors do from the floor, by programs: the same acts, the same rights, the same refusals."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from django.apps import apps

from heartline.api.tests.helpers import Program
from heartline.common import clock
from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.models import Contact
from heartline.people.actions import actor_for
from heartline.people.queries import scope_of
from heartline.service.alerts.actions import save_rule
from heartline.service.alerts.models import Alert, Rule
from tests.cast import NOON, Cast

Programs = Callable[[str], Program]


def test_a_program_whispers_announces_and_takes_over(cast: Cast, contact: Contact, program: Programs) -> None:
    served = contact if contact.assignee_id else answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON)
    lead, path = program("supervisor"), f"/contacts/{contact.id}"
    assert program("grace").post(f"{path}/whisper", {"text": "x"}).status_code == 403
    said = lead.post(f"{path}/whisper", {"text": "Offer the free check-up"})
    assert (said.status_code, said.json()["person_id"]) == (201, served.assignee_id)
    assert lead.post("/announcements", {"text": "Line 2 is down", "team_ids": [cast.other_team.id]}).status_code == 404
    assert lead.post("/announcements", {"text": "Line 2 is down", "minutes": 30}).json()["everybody"] is False
    assert lead.post(f"{path}/take-over", {"wants": "A fridge that cools"}).status_code == 200
    assert Contact.objects.get(id=contact.id).assignee == cast.supervisor


def test_a_program_sees_alerts_and_says_that_it_looks(cast: Cast, program: Programs) -> None:
    now = clock.now()
    given = {"name": "Waits", "kind": "longest_wait", "threshold": 60, "queue": cast.chat_zh}
    rule = save_rule(scope_of(cast.admin), Rule(), given, by=actor_for(cast.admin), now=now)
    alert = Alert.objects.create(
        rule=rule, subject="queue:1", queue=cast.chat_zh, state="open", value=75, since=now, raised_at=now
    )
    lead = program("supervisor")
    (shown,) = lead.get("/alerts").json()["items"]
    assert (shown["id"], shown["kind"], shown["value"]) == (alert.id, "longest_wait", 75)
    assert program("outsider").get("/alerts").status_code == 403
    assert lead.post(f"/alerts/{alert.id}/acknowledge", {}).json()["acknowledged_by_id"] == cast.supervisor.id
    assert lead.post(f"/alerts/{alert.id}/acknowledge", {}).status_code == 409


def test_an_analysts_program_sees_alerts_of_figures_alone(cast: Cast, program: Programs) -> None:
    now = clock.now()
    for kind, queue in (("longest_wait", cast.chat_zh), ("figures_differ", None)):
        rule = Rule.objects.create(name=kind, kind=kind, threshold=1, queue=queue, created_at=now)
        Alert.objects.create(rule=rule, subject="one", queue=queue, state="open", value=2, since=now, raised_at=now)
    (shown,) = program("analyst").get("/alerts").json()["items"]
    assert shown["kind"] == "figures_differ"
    assert program("analyst").post(f"/alerts/{shown['id']}/acknowledge", {}).status_code == 200
    (ended,) = program("analyst").get("/alerts/ended").json()["items"]
    assert ended["id"] == shown["id"]


def test_a_key_from_before_goes_on_seeing_alerts(cast: Cast) -> None:
    own, other = Program(cast.supervisor, {"alert.handle"}), Program(cast.supervisor, {"floor.view"})
    assert own.get("/alerts").status_code == 403
    import_module("heartline.api.migrations.0004_alerts_are_seen_first").keep_seeing(apps, None)
    assert (own.get("/alerts").status_code, other.get("/alerts").status_code) == (200, 403)
