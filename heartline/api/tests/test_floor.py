"""What supervisors do from the floor, by programs: the same acts, the same rights, the same refusals."""

from __future__ import annotations

from collections.abc import Callable

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
