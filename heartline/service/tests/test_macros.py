"""Macros: they say what they will do, do all of it or nothing, and can be taken back; each level has its writers."""

from __future__ import annotations

from typing import Any

import pytest

from heartline.conversations.actions.contacts import answer_contact, end_contact
from heartline.conversations.models import Contact, Deed, Macro, Message, Snooze
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.service.tests.test_case_work import Desk
from tests.cast import NOON, Cast, assemble, waiting_contact

STEPS: list[dict[str, Any]] = [
    {"do": "reply", "text": "{{customer.name}}您好，工单 {{case.number}} 已登记"},
    {"do": "tag", "add": ["已登记"], "remove": []},
    {"do": "owner", "owner": "me"},
    {"do": "snooze", "until": "tomorrow"},
]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def active(cast: Cast) -> Contact:
    return answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)


def form(**values: str) -> dict[str, str]:
    return {"name": "登记", "level": "own", **values}


def write(person: Person, path: str = "macros/new/", **values: str) -> Any:
    return Desk(person).client.post(f"/desk/{path}", form(**values))


def test_a_macro_says_what_it_will_do_then_does_it_and_is_taken_back(cast: Cast, active: Contact) -> None:
    macro = Macro.objects.create(name="登记", steps=STEPS)
    desk, path = Desk(cast.grace), f"cases/{active.case_id}/macros/{macro.id}"
    before = Entry.objects.count()
    told = desk.get(f"api/{path}").json()
    assert [line["undo"] for line in told["lines"]] == [False, True, True, True]
    assert told["lines"][0]["text"].endswith(f"陈雨桐您好，工单 {active.case_id} 已登记")
    assert told["refusal"] == ""
    assert (Entry.objects.count(), Message.objects.count()) == (before, 1), "showing does nothing"
    status, answer = desk.post(path)
    assert (status, answer["undo"]) == (200, True)
    assert Message.objects.latest("id").body == f"陈雨桐您好，工单 {active.case_id} 已登记"
    assert active.case.tagged.count() == 1
    assert Snooze.objects.get().person == cast.grace
    assert desk.post(f"deeds/{answer['deed_id']}/undo")[0] == 200
    assert not active.case.tagged.exists()
    assert Snooze.objects.get().state == "over"
    assert Message.objects.count() == 2, "what was said stays said"
    macro.refresh_from_db()
    assert macro.used_count == 1


def test_a_macro_does_all_of_it_or_nothing(cast: Cast, active: Contact) -> None:
    macro = Macro.objects.create(name="x", steps=[STEPS[1], {"do": "state", "state": "solved"}])
    desk, path = Desk(cast.grace), f"cases/{active.case_id}/macros/{macro.id}"
    assert desk.get(f"api/{path}").json()["refusal"]
    assert desk.post(path)[0] == 409
    assert not active.case.tagged.exists()
    assert not Deed.objects.exists()


def test_nobody_replies_by_a_macro_who_may_not_reply(cast: Cast, active: Contact) -> None:
    macro = Macro.objects.create(name="登记", steps=STEPS)
    assert Desk(cast.tom).post(f"cases/{active.case_id}/macros/{macro.id}")[0] == 409
    end_contact(active, ended_by="person", by=actor_for(cast.grace), now=NOON)
    assert Desk(cast.grace).post(f"cases/{active.case_id}/macros/{macro.id}")[0] == 409
    assert not active.case.tagged.exists()


def test_a_macro_is_written_in_a_page_and_read_back(cast: Cast) -> None:
    answer = write(cast.grace, reply="您好", add="VIP，退款", until="week", state="waiting_customer", owner="nobody")
    assert answer.status_code == 302
    macro = Macro.objects.get()
    assert [step["do"] for step in macro.steps] == ["reply", "tag", "owner", "snooze", "state"]
    shown = Desk(cast.grace).get(f"macros/{macro.id}/").context["form"].initial
    assert (shown["add"], shown["owner"], shown["until"], shown["level"]) == ("VIP, 退款", "nobody", "week", "own")
    assert "登记" in Desk(cast.grace).get("macros/").text
    assert Desk(cast.grace).get(f"macros/{macro.id}/remove/").status_code == 405
    assert Desk(cast.grace).client.post(f"/desk/macros/{macro.id}/remove/").status_code == 302
    assert not Macro.objects.exists()


@pytest.mark.parametrize(
    "values", [{}, {"add": "x", "name": ""}, {"task": "x"}, {"reply": "{{nobody.knows}}"}, {"state": "gone"}]
)
def test_a_macro_that_cannot_work_is_not_saved(cast: Cast, values: dict[str, str]) -> None:
    assert write(cast.grace, **values).status_code == 422
    assert not Macro.objects.exists()


def test_each_level_has_its_writers(cast: Cast) -> None:
    team = str(cast.team.id)
    assert write(cast.grace, add="x", level=team).status_code == 422
    assert write(cast.supervisor, add="x", level="everybody").status_code == 422
    assert write(cast.supervisor, add="x", level=team).status_code == 302
    assert write(cast.admin, add="x", level="everybody").status_code == 302
    assert write(cast.outsider, add="x").status_code == 302
    names = {row["id"] for row in Desk(cast.grace).get("api/macros").json()["macros"]}
    assert names == set(Macro.objects.filter(person=None).values_list("id", flat=True))
    of_team = Macro.objects.get(team=cast.team)
    assert Desk(cast.grace).get(f"macros/{of_team.id}/").status_code == 403
    assert Desk(cast.outsider).get(f"macros/{of_team.id}/").status_code == 404
