"""Types of cases: set up in pages, filled in at the desk, asked for at wrap-up, found, told to programs, and erased."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from heartline.api.tests.helpers import Program
from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.conversations.actions.contacts import (
    ContactRequest,
    abandon_contact,
    answer_contact,
    end_contact,
    open_contact,
)
from heartline.conversations.actions.moves import merge_cases, undo_move
from heartline.conversations.case_types import actions, rules
from heartline.conversations.models import Case, CaseField, CaseType, CaseValue, Contact
from heartline.customers.actions.erasing import erase_customer
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.queries import scope_of
from heartline.service.actions import Worker
from heartline.service.cases.fields import fill_in
from heartline.service.tests.verify import verify_action
from tests.cast import NOON, Cast, assemble, waiting_contact

BY = Actor.system("test")


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def installation(cast: Cast) -> CaseType:
    row = actions.save_type(CaseType(), {"name_en": "Installation", "name_zh": "安装"}, by=BY, now=NOON)
    broken = {"choices": rules.choices_in("Fridge | 冰箱\nOven|烤箱\n\nfridge"), "is_needed": True}
    for name, kind, more in (
        ("Device", "choice", broken),
        ("Model", "text", {}),
        ("Day", "date", {}),
        ("Floor", "number", {}),
        ("Lift", "yes_no", {}),
    ):
        actions.save_field(CaseField(type=row), {"name_en": name, "kind": kind, **more}, by=BY, now=NOON)
    return row


@pytest.fixture
def active(cast: Cast) -> Contact:
    return answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)


def at_desk(person: Person) -> Worker:
    return Worker(person=person, scope=scope_of(person), now=NOON)


def held(case: Case) -> dict[str, str]:
    return dict(CaseValue.objects.filter(case=case).values_list("field__key", "text"))


def post(person: Person, path: str, **data: Any) -> tuple[int, dict[str, Any]]:
    client = Client()
    client.force_login(person)
    answer = client.post(f"/desk/api/{path}", json.dumps(data), content_type="application/json")
    return answer.status_code, answer.json()


def test_values_are_kept_in_one_form_and_shown_in_the_readers_language(
    cast: Cast, installation: CaseType, active: Contact
) -> None:
    typed = {"device": "冰箱", "model": " QH-360 ", "day": "2026年11月30日", "floor": "１２", "lift": "是"}
    fill_in(at_desk(cast.grace), active.case, installation, typed)
    assert held(active.case) == {
        "device": "Fridge",
        "model": "QH-360",
        "day": "2026-11-30",
        "floor": "12",
        "lift": "yes",
    }
    told = Entry.objects.get(kind="conversations.case_fields_changed").body
    assert sorted(told["changed"]) == ["day", "device", "floor", "lift", "model"]
    assert "QH-360" not in str(told), "the ledger is not told the words"
    assert fill_in(at_desk(cast.grace), active.case, installation, typed) == (), "again changes nothing"
    assert fill_in(at_desk(cast.grace), active.case, installation, {"model": ""}) == ("model",)
    assert "model" not in held(active.case)


def test_what_cannot_be_read_is_refused_by_its_field_and_nothing_is_kept(
    cast: Cast, installation: CaseType, active: Contact
) -> None:
    for key, value in (
        ("device", "Toaster"),
        ("day", "tomorrow"),
        ("floor", "high"),
        ("lift", "perhaps"),
        ("colour", "x"),
    ):
        with pytest.raises(Invalid) as refused:
            fill_in(at_desk(cast.grace), active.case, installation, {"model": "QH", key: value})
        assert list(refused.value.fields) == [f"field_{key}"]
    assert held(active.case) == {}
    assert Case.objects.get(id=active.case_id).type is None


@pytest.mark.usefixtures("settled")
def test_every_desk_follows(cast: Cast, installation: CaseType, active: Contact) -> None:
    people = [cast.grace, cast.tom, cast.supervisor, cast.admin]
    verify_action(people, lambda: fill_in(at_desk(cast.grace), active.case, installation, {"device": "Oven"}), now=NOON)
    verify_action(people, lambda: fill_in(at_desk(cast.grace), active.case, None, {}), now=NOON)
    assert held(active.case) == {"device": "Oven"}, "and it is back when the case gets its type back"


def test_wrap_up_asks_for_what_is_needed(cast: Cast, installation: CaseType, active: Contact) -> None:
    fill_in(at_desk(cast.grace), active.case, installation, {"model": "QH"})
    end_contact(active, ended_by="person", by=actor_for(cast.grace), now=NOON)
    path, body = f"contacts/{active.id}/wrap-up", {"reason_id": cast.reason.id, "resolution": "solved"}
    client = Client()
    client.force_login(cast.grace)
    (asked,) = client.get(f"/desk/api/{path}").json()["fields"]
    assert (asked["key"], asked["value"], [one["name"] for one in asked["choices"]]) == (
        "device",
        "",
        ["Fridge", "Oven"],
    )
    status, answer = post(cast.grace, path, **body)
    assert (status, list(answer["fields"])) == (422, ["field_device"])
    assert post(cast.tom, path, **body, fields={"device": "Oven"})[0] == 409, "only who holds it"
    assert held(active.case) == {"model": "QH"}
    assert post(cast.grace, path, **body, fields={"device": "Oven"})[0] == 200
    assert held(active.case) == {"model": "QH", "device": "Oven"}


def test_what_needs_no_answer_is_finished_without(cast: Cast, installation: CaseType, active: Contact) -> None:
    fill_in(at_desk(cast.grace), active.case, installation, {})
    end_contact(active, ended_by="person", by=actor_for(cast.grace), now=NOON)
    body = {"reason_id": cast.reason.id, "resolution": "no_answer_needed"}
    assert post(cast.grace, f"contacts/{active.id}/wrap-up", **body)[0] == 200


def test_cases_are_found_by_type_field_and_value(cast: Cast, installation: CaseType, active: Contact) -> None:
    fill_in(at_desk(cast.grace), active.case, installation, {"device": "Oven", "model": "QH-360"})
    waiting_contact(cast)
    client = Client()
    client.force_login(cast.grace)
    device, model = (installation.fields.get(key=key).pk for key in ("device", "model"))
    for query, count in (
        (f"type={installation.pk}", 1), (f"type={installation.pk}&field={device}&value=烤箱", 0), (f"type={installation.pk}&field={device}&value=oven", 1),
        (f"type={installation.pk}&field={model}&value=360", 1), (f"type={installation.pk}&field={model}&value=9", 0), ("q=qh-36", 1), ("type=999", 0),
    ):  # fmt: skip
        actions.save_field(
            installation.fields.get(key="device"), {"choices": [{"en": "Oven", "zh": ""}]}, by=BY, now=NOON
        )
        page = client.get(f"/desk/cases/?view=queues&{query}")
        assert len(page.context["rows"]) == count, query
    assert "Installation" in client.get("/desk/cases/?view=queues").text


def test_only_who_serves_fills_in_and_only_what_they_see(cast: Cast, installation: CaseType, active: Contact) -> None:
    body = {"type_id": installation.pk, "fields": {"model": "x"}}
    assert post(cast.outsider, f"cases/{active.case_id}/fields", **body)[0] == 404
    assert post(cast.analyst, f"cases/{active.case_id}/fields", **body)[0] == 403
    assert post(cast.tom, f"cases/{active.case_id}/fields", type_id=10**17)[0] == 422
    assert post(cast.tom, f"cases/{active.case_id}/fields", type_id=installation.pk, fields={"model": 1})[0] == 422
    assert post(cast.tom, f"cases/{active.case_id}/fields", **body) == (200, {"changed": ["type", "model"]})
    actions.save_type(installation, {"is_active": False}, by=BY, now=NOON)
    other = waiting_contact(cast).case
    assert post(cast.tom, f"cases/{other.id}/fields", **body)[0] == 422, "a type out of use is chosen no more"
    assert post(cast.tom, f"cases/{active.case_id}/fields", type_id=installation.pk, fields={"model": "y"})[0] == 200


def test_types_are_set_up_in_pages_and_what_was_used_stays(cast: Cast, active: Contact) -> None:
    client = Client()
    client.force_login(cast.admin)
    base = "/setup/case-types/"
    assert "No case types yet" in client.get(base).text
    client.post(f"{base}new/", {"name_en": "Return", "name_zh": "退货", "is_active": "on"})
    row = CaseType.objects.get()
    field = {"name_en": "Why", "name_zh": "原因", "kind": "choice", "is_active": "on"}
    assert client.post(f"{base}{row.pk}/fields/new/", field).status_code == 422, "a choice needs choices"
    client.post(f"{base}{row.pk}/fields/new/", {**field, "listed": "Broken | 破损\nWrong size"})
    client.post(f"{base}{row.pk}/fields/new/", {"name_en": "Why", "kind": "text", "is_active": "on", "is_needed": "on"})
    why, second = row.fields.all()
    assert (why.choices, second.key) == ([{"en": "Broken", "zh": "破损"}, {"en": "Wrong size", "zh": ""}], "why-2")
    client.post(f"{base}{row.pk}/fields/{second.pk}/move/", {"to": "up"})
    assert list(row.fields.values_list("key", flat=True)) == ["why-2", "why"]
    fill_in(at_desk(cast.grace), active.case, row, {"why-2": "x"})
    for refuse in (
        lambda: actions.remove_type(row, by=BY, now=NOON),
        lambda: actions.remove_field(second, by=BY, now=NOON),
    ):
        with pytest.raises(Conflict):
            refuse()
    with pytest.raises(Invalid):
        actions.save_field(second, {"kind": "number"}, by=BY, now=NOON)
    assert client.post(f"{base}{row.pk}/fields/{why.pk}/remove/").status_code == 302
    assert not CaseField.objects.filter(pk=why.pk).exists()
    assert "Needed at wrap-up" in client.get(base).text
    client.force_login(cast.supervisor)
    assert client.get(base).status_code == 403


def test_fields_go_with_a_merge_and_come_back(cast: Cast, installation: CaseType, active: Contact) -> None:
    request = ContactRequest(
        customer=active.customer,
        queue=cast.chat_zh,
        channel="webform",
        language="zh-hans",
        text="发票",
        client_key="two",
    )
    target = open_contact(request, by=BY, now=NOON).case
    fill_in(at_desk(cast.grace), active.case, installation, {"model": "QH"})
    deed = merge_cases(active.case, target, by=BY, now=NOON)
    target.refresh_from_db()
    assert (target.type, held(target)) == (installation, {"model": "QH"})
    undo_move(deed, by=BY, now=NOON)
    target.refresh_from_db()
    assert (target.type, held(target), held(active.case)) == (None, {}, {"model": "QH"})


def test_values_are_erased_with_their_customer(cast: Cast, installation: CaseType) -> None:
    contact = waiting_contact(cast)
    fill_in(at_desk(cast.grace), contact.case, installation, {"model": "belongs to 陈雨桐"})
    abandon_contact(contact, "left", by=BY, now=NOON)
    erase_customer(contact.customer, by=BY, now=NOON)
    assert not CaseValue.objects.exists()
    assert Case.objects.get(id=contact.case_id).type == installation, "what is counted stays"


def test_programs_set_up_types_and_fill_in(cast: Cast, active: Contact) -> None:
    admin, grace = Program(cast.admin), Program(cast.grace)
    made = admin.post("/setup/case-types", {"name_en": "Return", "name_zh": "退货"}).json()
    why = {"name_en": "Why", "kind": "choice", "choices": [{"en": "Broken", "zh": "破损"}], "is_needed": True}
    field = admin.post(f"/setup/case-types/{made['id']}/fields", why).json()
    assert grace.post("/setup/case-types", {"name_en": "x"}).status_code == 403
    (listed,) = grace.get("/case-types").json()["items"]
    assert [one["key"] for one in listed["fields"]] == ["why"]
    path = f"/cases/{active.case_id}/fields"
    kept = grace.send("PUT", path, {"type_id": made["id"], "fields": {"why": "破损"}}).json()
    assert kept["fields"] == [{"key": "why", "kind": "choice", "value": "Broken"}]
    assert grace.get(f"/cases/{active.case_id}").json()["type_id"] == made["id"]
    assert [row["id"] for row in grace.get("/cases", type_id=made["id"]).json()["items"]] == [active.case_id]
    assert grace.send("PUT", path, {"type_id": made["id"], "fields": {"nope": "x"}}).status_code == 422
    assert admin.send("PATCH", f"/setup/case-fields/{field['id']}", {"is_needed": False}).json()["is_needed"] is False
    assert admin.send("DELETE", f"/setup/case-fields/{field['id']}").status_code == 409
    words = Program(cast.grace, rights={"desk.use"}).get(f"/cases/{active.case_id}").json()
    assert (words["subject"], words["wants"]) == ("", ""), "words are for who may read messages"
