"""Brands, reasons, attributes, tiers, retention and lists by program, judged by the forms of their pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from heartline.api.tests.helpers import Program
from heartline.conversations.models import ContactReason
from heartline.customers.actions import add_identity
from heartline.customers.models import RetentionRule, SavedView
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from tests.cast import NOON, Cast, waiting_contact

Programs = Callable[[str], Program]


def refused(answer: Any, *fields: str) -> bool:
    return answer.status_code == 422 and set(answer.json()["fields"]) == set(fields)


def test_a_brand_is_set_up(cast: Cast, program: Programs) -> None:
    waiting_contact(cast)
    admin = program("admin")
    body = {
        "name_en": "Quiet Home", "key": "quiet", "site_id": cast.site.id, "phone": "400 800 1234",
        "languages": ["en"], "default_language": "en", "allowed_origins": ["www.example.com"],
    }  # fmt: skip
    made = admin.post("/setup/brands", body).json()
    assert (made["allowed_origins"], made["is_default"]) == (["https://www.example.com"], False)
    path = f"/setup/brands/{made['id']}"
    assert admin.send("PATCH", path, {"name_zh": "静居"}).json()["phone"] == "400 800 1234"
    assert refused(admin.send("PATCH", path, {"accent": "#ffffff"}), "accent")
    assert refused(admin.send("PATCH", path, {"default_language": "zh-hans"}), "default_language")
    assert refused(admin.send("PATCH", path, {"allowed_origins": ["ftp://x"]}), "allowed_origins")
    assert refused(admin.send("PATCH", path, {"site_id": 999}), "site_id")
    spans = [{"weekday": 0, "opens": "13:30", "closes": "00:00"}, {"weekday": 0, "opens": "08:00", "closes": "12:00"}]
    week = admin.send("PUT", f"{path}/hours", {"spans": spans}).json()["spans"]
    assert [(one["opens"], one["closes"]) for one in week] == [("08:00", "12:00"), ("13:30", "00:00")]
    overlap = [*spans, {"weekday": 0, "opens": "11:00", "closes": "14:00"}]
    assert refused(admin.send("PUT", f"{path}/hours", {"spans": overlap}), "spans")
    days = {"first": "2027-02-06", "last": "2027-02-08", "name_en": "Spring Festival"}
    assert admin.post(f"{path}/holidays", days).json() == {"days": 3}
    assert refused(admin.post(f"{path}/holidays", {**days, "last": "2027-02-01"}), "last")
    first, *_rest = admin.get(f"{path}/holidays").json()["items"]
    assert (first["date"], first["works_like_weekday"]) == ("2027-02-06", None)
    assert admin.send("DELETE", f"{path}/holidays/{first['id']}").status_code == 200
    assert len(admin.get(f"{path}/holidays").json()["items"]) == 2
    assert admin.send("PATCH", path, {"is_default": True}).json()["is_default"]
    assert admin.send("DELETE", path).status_code == 409, "it is the one shown at the first address"
    assert admin.send("DELETE", f"/setup/brands/{cast.brand.id}").status_code == 409, "work stands on it"
    assert program("supervisor").get("/setup/brands").status_code == 403


def test_the_tree_of_reasons_has_two_levels(cast: Cast, program: Programs) -> None:
    admin = program("admin")
    group = admin.post("/setup/reasons", {"name_en": "Money", "name_zh": "钱"}).json()
    made = admin.post("/setup/reasons", {"name_en": "Refund", "parent_id": group["id"]}).json()
    assert (made["key"], made["parent_id"]) == ("refund", group["id"])
    second = admin.post("/setup/reasons", {"name_en": "Bill", "parent_id": group["id"]}).json()
    assert refused(admin.post("/setup/reasons", {"name_en": "x", "parent_id": made["id"]}), "parent_id")
    path = f"/setup/reasons/{second['id']}"
    assert admin.post(f"{path}/move", {"to": "up"}, key="up").json()["order"] == 1
    assert admin.post(f"{path}/move", {"to": "up"}, key="up").json()["order"] == 1
    changed = admin.send("PATCH", path, {"is_active": False}).json()
    assert (changed["name_en"], changed["parent_id"], changed["is_active"]) == ("Bill", group["id"], False)
    assert admin.send("DELETE", path).status_code == 200
    count = ContactReason.objects.count()
    assert admin.post("/setup/usual-reasons").json() == {"reasons": count}


def test_attributes_and_tiers_are_set_up(cast: Cast, program: Programs) -> None:
    admin = program("admin")
    body = {"name_en": "Plan", "kind": "choice", "choices": ["basic", "plus"]}
    made = admin.post("/setup/attributes", body).json()
    assert (made["key"], made["choices"]) == ("plan", ["basic", "plus"])
    one = f"/setup/attributes/{made['id']}"
    assert admin.send("PATCH", one, {"name_zh": "套餐"}).json()["choices"] == ["basic", "plus"]
    assert refused(admin.post("/setup/attributes", {**body, "choices": []}), "choices")
    rule = {"tier": "top", "conditions": [{"what": "attribute:plan", "test": "is", "value": "plus"}]}
    first = admin.post("/setup/tier-rules", rule).json()
    second = admin.post("/setup/tier-rules", {"tier": "small", "conditions": []}).json()
    assert [row["id"] for row in admin.get("/setup/tier-rules").json()["items"]] == [first["id"], second["id"]]
    moved = admin.post(f"/setup/tier-rules/{second['id']}/move", {"to": "up"}).json()["items"]
    assert [row["tier"] for row in moved] == ["small", "top"]
    path = f"/setup/tier-rules/{first['id']}"
    for condition, field in (
        ({"what": "attribute:plan", "test": "at_least", "value": "1"}, "conditions.0.test"),
        ({"what": "attribute:gone", "test": "is", "value": "x"}, "conditions.0.what"),
        ({"what": "customer_since", "test": "within_days", "value": "soon"}, "conditions.0.value"),
    ):
        assert refused(admin.send("PUT", path, {"tier": "top", "conditions": [condition]}), field), condition
    assert admin.send("PUT", path, {**rule, "tier": "big"}).json()["tier"] == "big"
    assert admin.send("DELETE", path).status_code == 200
    assert admin.send("DELETE", one).status_code == 200


def test_what_is_kept_and_held(cast: Cast, program: Programs) -> None:
    admin, path = program("admin"), "/setup/retention/webchat"
    assert admin.get(f"{path}/preview", days=30).json() == {"contacts": 0}
    rows = admin.send("PUT", path, {"days": 365}).json()["items"]
    assert {"channel": "webchat", "days": 365} in rows
    assert admin.send("PUT", path, {"days": 29}).status_code == 422
    assert admin.send("PUT", "/setup/retention/fax", {"days": 365}).status_code == 404
    admin.send("PUT", path, {"days": None})
    assert not RetentionRule.objects.exists()
    before = admin.get("/setup/writing").json()
    after = admin.send("PATCH", "/setup/writing", {"hold_chat_seconds": 7}).json()
    assert after == {**before, "hold_chat_seconds": 7}
    kind = admin.post("/setup/case-types", {"name_en": "Repair"}).json()
    admin.post("/setup/case-types", {"name_en": "Return"})
    moved = admin.post(f"/setup/case-types/{kind['id']}/move", {"to": "down"}).json()["items"]
    assert [row["name_en"] for row in moved] == ["Return", "Repair"]
    assert program("grace").get("/people/me/account").json()["language"] == cast.grace.language
    mine = program("grace").send("PATCH", "/people/me/account", {"public_name": "小葛"}).json()
    assert mine == {"public_name": "小葛", "language": cast.grace.language}


@pytest.mark.parametrize("who", ["grace", "analyst"])
def test_lists_of_customers_are_kept(cast: Cast, program: Programs, who: str) -> None:
    supervisor, reader = program("supervisor"), program(who)
    body = {"name": "Chen", "finds": {"q": "陈", "tier": "top", "do_not_contact": True}, "is_shared": True}
    kept = supervisor.post("/customer-views", body).json()
    assert (kept["finds"]["q"], kept["finds"]["do_not_contact"]) == ("陈", True)
    supervisor.post("/customer-views", {"name": "Top", "finds": {"tier": "top"}, "is_shared": True})
    seen = {row["name"] for row in reader.get("/customer-views").json()["items"]}
    assert seen == ({"Chen", "Top"} if who == "grace" else {"Top"}), "words may be a name"
    assert reader.send("DELETE", f"/customer-views/{kept['id']}").status_code == 404
    assert supervisor.send("DELETE", f"/customer-views/{kept['id']}").status_code == 200
    assert SavedView.objects.count() == 1


def test_a_list_that_looks_for_what_cannot_be_leaves_the_others_readable(cast: Cast, program: Programs) -> None:
    odd = {"organisation": "-5", "tier": "none", "language": "xx"}
    SavedView.objects.create(person=cast.tom, name="Odd", query=odd, is_shared=True)
    (shown,) = program("grace").get("/customer-views").json()["items"]
    assert shown["finds"] == {"q": "", "tier": "", "language": "", "organisation": None, "do_not_contact": False}


def test_the_list_of_customers_is_masked_by_role(cast: Cast, program: Programs) -> None:
    customer = waiting_contact(cast).customer
    add_identity(customer, "phone", "138 0013 8000", verified=False, by=actor_for(cast.grace), now=NOON)
    (row,) = program("grace").get("/customer-rows", q="陈雨桐").json()["items"]
    assert (row["id"], row["name"]) == (customer.id, "陈雨桐")
    (masked,) = program("analyst").get("/customer-rows").json()["items"]
    assert "雨桐" not in masked["name"]
    assert "138001" not in "".join(row["addresses"] + masked["addresses"])
    assert program("expert").get("/customer-rows").status_code == 403


def test_a_list_leaves_as_a_file_and_that_is_recorded(cast: Cast, program: Programs) -> None:
    waiting_contact(cast)
    for _again in range(2):
        file = program("supervisor").post("/customers/export", {"q": "陈雨桐"}, key="same")
        assert "陈雨桐" in b"".join(file.streaming_content).decode("utf-8-sig")
    assert Entry.objects.filter(kind="customers.exported").count() == 2, "the file is not kept, so each is recorded"
    assert program("supervisor").post("/customers/export", {}, key="").status_code == 422
    assert program("grace").post("/customers/export", {}).status_code == 403
