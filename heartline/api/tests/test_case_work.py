"""Working on whole cases by API: the same actions with the same checks as at the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from heartline.api.tests.helpers import Program
from heartline.conversations.actions.contacts import ContactRequest, open_contact
from heartline.conversations.models import Case, Contact
from heartline.people.actions import actor_for
from tests.cast import NOON, Cast

Programs = Callable[[str], Program]


def another_case(cast: Cast, contact: Contact) -> Case:
    """Return another case of the same customer."""
    asked = ContactRequest(
        customer=contact.customer,
        queue=cast.chat_zh,
        channel="webform",
        language="zh-hans",
        text="还有发票",
        client_key="k",
    )
    return open_contact(asked, by=actor_for(cast.grace), now=NOON).case


def test_tags_go_on_and_off(contact: Contact, program: Programs) -> None:
    grace, path = program("grace"), f"/cases/{contact.case_id}/tags"
    assert grace.post(path, {"add": ["退款", "VIP"]}).json()["tags"] == sorted(["退款", "VIP"])
    assert grace.post(path, {"remove": ["VIP"]}).json()["tags"] == ["退款"]
    assert program("outsider").post(path, {"add": ["x"]}).status_code == 404


def test_a_case_sleeps_and_is_taken_up_again(contact: Contact, program: Programs) -> None:
    grace, path = program("grace"), f"/cases/{contact.case_id}/snooze"
    until = NOON + timedelta(days=1)
    assert grace.send("PUT", path, {"until": until.isoformat()}).status_code == 200
    assert grace.send("PUT", path, {"until": (NOON - timedelta(days=1)).isoformat()}).status_code == 422
    assert grace.send("DELETE", path).status_code == 200
    assert grace.send("DELETE", path).status_code in (404, 409, 422)


def test_cases_are_merged_and_taken_apart(cast: Cast, contact: Contact, program: Programs) -> None:
    other = another_case(cast, contact)
    grace = program("grace")
    deed = grace.post(f"/cases/{other.id}/merge", {"into_id": contact.case_id})
    assert deed.status_code == 200, deed.content
    moved = [one["id"] for one in grace.get("/contacts", case_id=contact.case_id).json()["items"]]
    assert len(moved) == 2
    assert grace.post(f"/deeds/{deed.json()['id']}/undo").status_code == 200
    assert len(grace.get("/contacts", case_id=contact.case_id).json()["items"]) == 1
    assert program("outsider").post(f"/cases/{other.id}/merge", {"into_id": contact.case_id}).status_code == 404
    assert grace.post(f"/cases/{other.id}/merge", {"into_id": 999}).status_code == 404


def test_cases_are_linked_and_followed(cast: Cast, contact: Contact, program: Programs) -> None:
    other, grace = another_case(cast, contact), program("grace")
    path = f"/cases/{contact.case_id}"
    assert grace.send("PUT", f"{path}/links", {"other_id": other.id}).json() == {"done": True}
    assert grace.send("PUT", f"{path}/links", {"other_id": other.id, "linked": False}).json() == {"done": True}
    for watching in (True, False):
        assert program("tom").send("PUT", f"{path}/watch", {"watching": watching}).json() == {"done": True}


def test_a_task_goes_to_the_back_office_and_comes_back_done(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, tom = program("grace"), program("tom")
    made = grace.post(f"/cases/{contact.case_id}/tasks", {"what": "查发票", "who": f"team:{cast.team.id}"})
    assert (made.status_code, made.json()["team_id"]) == (201, cast.team.id)
    task = made.json()["id"]
    assert tom.post(f"/tasks/{task}/act", {"act": "take"}).json()["owner_id"] == cast.tom.id
    done = tom.post(f"/tasks/{task}/act", {"act": "done", "outcome": "已补开"}).json()
    assert (done["state"], done["outcome"]) == ("done", "已补开")
    assert grace.get("/tasks", state="open").json()["items"] == []
    assert [one["id"] for one in grace.get("/tasks", case_id=contact.case_id).json()["items"]] == [task]
    assert program("outsider").post(f"/tasks/{task}/act", {"act": "take"}).status_code == 404
    assert grace.post(f"/cases/{contact.case_id}/tasks", {"what": "x", "who": "person:999"}).status_code in (404, 422)
