"""Working with cases over the desk's own addresses: the list, several at once, tasks, merging, and who may."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from heartline.common.actors import Actor
from heartline.conversations.actions.back_office import open_task
from heartline.conversations.actions.contacts import ContactRequest, answer_contact, end_contact, open_contact
from heartline.conversations.models import Case, Contact, Deed, Snooze, Task
from heartline.people.actions import actor_for
from heartline.people.models import Person
from tests.cast import NOON, Cast, assemble, waiting_contact


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


class Desk:
    """A person's browser at the desk."""

    def __init__(self, person: Person) -> None:
        self.client = Client()
        self.client.force_login(person)

    def get(self, path: str) -> Any:
        return self.client.get(f"/desk/{path}")

    def post(self, path: str, **data: Any) -> tuple[int, dict[str, Any]]:
        answer = self.client.post(f"/desk/api/{path}", json.dumps(data), content_type="application/json")
        return answer.status_code, answer.json()


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast.grace)


def case_of(cast: Cast, text: str = "冰箱", *, ended: bool = True) -> Case:
    contact = waiting_contact(cast, text=text)
    by = actor_for(cast.grace)
    answer_contact(contact, cast.grace, by=by, now=NOON)
    if ended:
        end_contact(contact, ended_by="person", by=by, now=NOON)
        Contact.objects.filter(id=contact.id).update(state="ended", closed_at=NOON)
    return contact.case


def another(cast: Cast, of: Case) -> Case:
    request = ContactRequest(
        customer=of.customer, queue=cast.chat_zh, channel="webform", language="zh-hans", text="发票", client_key="two"
    )
    return open_contact(request, by=Actor.customer(of.customer_id, ""), now=NOON).case


def test_the_list_filters_counts_and_finds(cast: Cast, desk: Desk) -> None:
    fridge, other = case_of(cast), waiting_contact(cast, queue=cast.other_queue).case
    desk.post(f"cases/{fridge.id}/tags", add=["VIP"])
    mine = desk.get("cases/?view=mine").context
    assert [row.id for row, _tags in mine["page"] and mine["rows"]] == [fridge.id]
    assert {name: count for _query, name, count, _here in mine["states"]}["Unsolved"] == 1
    assert other.id not in {row.id for row, _tags in desk.get("cases/?view=queues&state=any").context["rows"]}
    for query, count in (
        ("tag=vip", 1),
        ("tag=none", 0),
        (f"q={fridge.id}", 1),
        ("q=冰箱", 1),
        ("q=陈雨", 1),
        ("q=x", 0),
    ):
        assert len(desk.get(f"cases/?view=queues&{query}").context["rows"]) == count, query
    assert desk.get("cases/?view=nonsense&state=nonsense&queue=x&page=99").status_code == 200


def test_many_cases_are_listed_in_as_many_queries_as_few(
    cast: Cast, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    for _number in range(12):
        case_of(cast)
    with django_assert_max_num_queries(25):
        assert len(desk.get("cases/?view=mine").context["rows"]) == 12


def test_several_cases_change_at_once_and_back(cast: Cast, desk: Desk) -> None:
    one, two, served = case_of(cast), case_of(cast), case_of(cast, ended=False)
    ids = [one.id, two.id, served.id, 999]
    steps = [
        {"do": "tag", "add": ["退款"]},
        {"do": "owner", "owner": cast.tom.id},
        {"do": "state", "state": "solved"},
        {"do": "snooze", "until": "tomorrow"},
        {"do": "task", "what": "寄发票", "who": f"team:{cast.other_team.id}"},
    ]
    before = [(case.owner_id, case.state) for case in (one, two)]
    status, answer = desk.post("cases-bulk", case_ids=ids, steps=steps)
    assert (status, answer["done"]) == (200, 2)
    assert {left["case_id"] for left in answer["left"]} == {served.id, 999}
    served.refresh_from_db()
    assert served.owner == cast.grace, "what is refused is left alone as a whole"
    for case in (one, two):
        case.refresh_from_db()
        assert (case.owner, case.state, case.tagged.count()) == (cast.tom, "solved", 1)
    assert desk.post(f"deeds/{answer['deed_id']}/undo")[0] == 200
    for case, was in zip((one, two), before, strict=True):
        case.refresh_from_db()
        assert (case.owner_id, case.state) == was
        assert not case.tagged.exists()
    assert not Snooze.objects.exclude(state="over").exists()
    assert not Task.objects.filter(state="open").exists()
    assert desk.post(f"deeds/{answer['deed_id']}/undo")[0] == 409


def test_undoing_leaves_what_has_changed_since(cast: Cast, desk: Desk) -> None:
    case = case_of(cast)
    _status, answer = desk.post("cases-bulk", case_ids=[case.id], steps=[{"do": "owner", "owner": cast.tom.id}])
    Case.objects.filter(id=case.id).update(owner=cast.supervisor)
    desk.post(f"deeds/{answer['deed_id']}/undo")
    case.refresh_from_db()
    assert case.owner == cast.supervisor


def test_nobody_takes_back_what_another_did(cast: Cast, desk: Desk) -> None:
    case = case_of(cast)
    _status, answer = desk.post("cases-bulk", case_ids=[case.id], steps=[{"do": "tag", "add": ["a"]}])
    assert Desk(cast.tom).post(f"deeds/{answer['deed_id']}/undo")[0] == 404


NONSENSE: list[list[Any]] = [
    [], [{"do": "fly"}], ["tag"], [{"do": "tag", "add": "VIP"}], [{"do": ["tag"]}], [{"do": {}}], [{"do": "state", "state": []}],
    [{"do": "owner", "owner": [1]}], [{"do": "queue", "queue": "x"}], [{"do": "queue", "queue": True}], [{"do": "task", "who": 1}],
    [{"do": "snooze", "until": ["hour"]}], [{"do": "tag", "add": [], "merged_into": 1}], [{"do": "queue", "queue": 10**40}],
]  # fmt: skip


def test_nonsense_is_refused(cast: Cast, desk: Desk) -> None:
    case = case_of(cast)
    for steps in NONSENSE:
        status, answer = desk.post("cases-bulk", case_ids=[case.id], steps=steps)
        assert status == 422 or answer["done"] == 0, steps
    assert not Deed.objects.exists()


def test_a_task_opens_its_case_to_whoever_does_it_until_it_is_done(cast: Cast, desk: Desk) -> None:
    case = case_of(cast)
    outsider = Desk(cast.outsider)
    assert outsider.get(f"api/cases/{case.id}").status_code == 404
    assert desk.post(f"cases/{case.id}/tasks", what="查物流", who=f"team:{cast.other_team.id}")[0] == 200
    task = Task.objects.get()
    assert outsider.get(f"api/cases/{case.id}").status_code == 200
    page = outsider.get("tasks/?view=teams")
    assert "查物流" in page.text
    assert desk.post("cases-bulk", case_ids=[case.id], steps=[{"do": "state", "state": "solved"}])[1]["done"] == 0
    answer = outsider.client.post(f"/desk/tasks/{task.id}/", {"act": "done", "outcome": "周六到", "view": "teams"})
    assert answer.status_code == 302
    task.refresh_from_db()
    assert (task.state, task.done_by) == ("done", cast.outsider)
    assert outsider.get(f"api/cases/{case.id}").status_code == 404
    assert desk.post("cases-bulk", case_ids=[case.id], steps=[{"do": "state", "state": "solved"}])[1]["done"] == 1


def test_a_task_needs_somebody_and_says_what(cast: Cast, desk: Desk) -> None:
    case = case_of(cast)
    assert desk.post(f"cases/{case.id}/tasks", what="", who=f"person:{cast.tom.id}")[1]["fields"].keys() == {"what"}
    assert desk.post(f"cases/{case.id}/tasks", what="x", who="person:0")[1]["fields"].keys() == {"who"}
    assert desk.post(f"cases/{case.id}/tasks", what="x", who="person:1", due_at="soon")[0] == 422
    for never in ("9999-12-31T23:59-08:00", "0001-01-01T00:00+14:00", "0001-01-01T00:00"):
        assert desk.post(f"cases/{case.id}/tasks", what="x", who=f"person:{cast.tom.id}", due_at=never)[0] == 422


def test_somebody_elses_task_does_not_exist(cast: Cast, desk: Desk) -> None:
    other = waiting_contact(cast, queue=cast.other_queue).case
    by = actor_for(cast.outsider)
    task = open_task(other, "x", owner=cast.outsider, team=None, due_at=None, by=by, now=NOON)
    assert desk.post(f"tasks/{task.id}", act="done")[0] == 404
    assert desk.post(f"cases/{other.id}/watch", watching=True)[0] == 404


def test_merging_over_the_desk_leads_the_old_address_on(cast: Cast, desk: Desk) -> None:
    one = case_of(cast)
    two = another(cast, one)
    shown = desk.get(f"api/cases/{one.id}/neighbours").json()
    assert [row["id"] for row in shown["cases"]] == [two.id]
    status, answer = desk.post(f"cases/{one.id}/merge", into=two.id)
    assert (status, answer["case_id"]) == (200, two.id)
    assert desk.get(f"case/{one.id}/").headers["Location"] == f"/desk/case/{two.id}/"
    assert desk.get(f"api/cases/{one.id}").json()["talk"]["case"]["id"] == two.id
    assert desk.post(f"deeds/{answer['deed_id']}/undo") == (200, {"case_id": one.id})
    assert Deed.objects.get().undone_at


def test_a_case_is_merged_only_into_one_that_the_reader_sees(cast: Cast, desk: Desk) -> None:
    one = case_of(cast)
    hidden = another(cast, one)
    Case.objects.filter(id=hidden.id).update(queue=cast.other_queue)
    hidden.contacts.update(queue=cast.other_queue)
    assert desk.post(f"cases/{one.id}/merge", into=hidden.id)[0] == 404
    assert desk.post(f"cases/{one.id}/link", other=hidden.id, linked=True)[0] == 404


def test_snoozing_over_the_desk(cast: Cast, desk: Desk) -> None:
    case = case_of(cast)
    assert set(desk.get("api/snooze-times").json()["times"]) >= {"hour", "tomorrow", "week"}
    soon = "2099-01-01T09:00"
    assert desk.post(f"cases/{case.id}/snooze", until=soon)[0] == 422, "more than a year ahead"
    assert desk.post(f"cases/{case.id}/snooze", until="never")[0] == 422
    assert desk.post(f"cases/{case.id}/take-up")[0] == 409
    tomorrow = desk.get("api/snooze-times").json()["times"]["tomorrow"]
    assert desk.post(f"cases/{case.id}/snooze", until=tomorrow)[1]["before"] == ""
    assert Snooze.objects.get().until - Snooze.objects.get().started_at < timedelta(days=2)
    assert str(case.id) in desk.get("api/snapshot").json()["snoozes"]
    assert desk.post(f"cases/{case.id}/take-up")[0] == 200
