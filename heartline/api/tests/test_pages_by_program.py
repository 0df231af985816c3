"""What pages do, programs do too: the same actions, the same rights, the same refusals, made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from heartline.api.models import KeptReply
from heartline.api.tests.helpers import Program
from heartline.api.webhooks.models import Attempt, Delivery, Webhook
from heartline.common import clock
from heartline.conversations.actions.contacts import abandon_contact
from heartline.conversations.models import Case, Contact, Deed, Macro, Outgoing, QuickReply
from heartline.customers.actions import add_identity, create_customer
from heartline.customers.actions.duplicates import suggest_duplicates
from heartline.customers.models import Customer, Import, Note
from heartline.knowledge.search.actions import begin_anew, build_on, follow
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.people.permissions import rights_of
from tests.cast import NOON, Cast, waiting_contact

Programs = Callable[[str], Program]


def known(cast: Cast, name: str, phone: str) -> Customer:
    customer = create_customer(cast.brand, name=name, language="zh-hans", by=None, now=NOON)
    add_identity(customer, "phone", phone, verified=False, by=actor_for(cast.grace), now=NOON)
    return customer


def test_quick_replies_have_levels(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, lead = program("grace"), program("supervisor")
    made = grace.post("/quick-replies", {"name": "问候", "text_zh": "{{customer.name}}您好", "shortcut": "hi"}).json()
    assert (made["level"], made["may_change"]) == ("own", True)
    assert program("tom").get("/quick-replies").json()["items"] == []
    path = f"/quick-replies/{made['id']}"
    assert program("tom").send("PATCH", path, {"name": "x"}).status_code == 404
    for level in ("everybody", str(cast.team.id), str(cast.other_team.id)):
        assert grace.send("PATCH", path, {"level": level}).status_code == 422, level
    team = lead.post("/quick-replies", {"name": "抱歉", "text_zh": "抱歉", "level": str(cast.team.id)}).json()
    assert {row["name"] for row in grace.get("/quick-replies").json()["items"]} == {"问候", "抱歉"}
    assert grace.send("DELETE", f"/quick-replies/{team['id']}").status_code == 403
    assert grace.send("PATCH", path, {"text_en": "Hello {{nobody.knows}}"}).status_code == 422
    (filled,) = (
        row for row in grace.get(f"/contacts/{contact.id}/quick-replies").json()["replies"] if row["id"] == made["id"]
    )
    assert filled["text"] == "陈雨桐您好"
    assert program("outsider").get(f"/contacts/{contact.id}/quick-replies").status_code == 404
    assert grace.send("DELETE", path).status_code == 200
    assert QuickReply.objects.count() == 1


def test_a_macro_is_previewed_run_and_taken_back(cast: Cast, contact: Contact, program: Programs) -> None:
    grace = program("grace")
    steps = [{"do": "tag", "add": ["VIP"]}, {"do": "owner", "owner": "me"}, {"do": "reply", "text": "您好"}]
    made = grace.post("/macros", {"name": "登记", "steps": steps}).json()
    assert made["steps"][0] == {"do": "tag", "add": ["VIP"], "remove": []}
    path = f"/cases/{contact.case_id}/macros/{made['id']}"
    assert [line["can_be_undone"] for line in grace.get(path).json()["lines"]] == [True, True, False]
    assert program("tom").get(path).status_code == 404, "it is not theirs"
    done = grace.post(path).json()
    assert contact.case.tagged.count() == 1
    assert grace.post(f"/deeds/{done['deed_id']}/undo").status_code == 200
    assert contact.case.tagged.count() == 0
    assert grace.send("PUT", f"/macros/{made['id']}", {"name": "x", "steps": [{"do": "fly"}]}).status_code == 422
    assert grace.send("DELETE", f"/macros/{made['id']}").status_code == 200
    assert not Macro.objects.exists()


def test_several_cases_change_at_once(cast: Cast, contact: Contact, program: Programs) -> None:
    hidden = waiting_contact(cast, queue=cast.other_queue).case_id
    body = {"case_ids": [contact.case_id, hidden, 10**15], "steps": [{"do": "tag", "add": ["急"]}]}
    grace = program("grace")
    answer = grace.post("/case-changes", body, key="once").json()
    assert (answer["done"], {row["case_id"] for row in answer["left"]}) == (1, {hidden, 10**15})
    assert grace.post("/case-changes", body, key="once").json() == answer
    assert Deed.objects.count() == 1
    assert grace.get("/tags").json() == {"tags": ["急"]}
    assert grace.post("/case-changes", {**body, "steps": [{"do": "owner", "owner": 10**30}]}).status_code == 422


def test_a_reply_is_planned_changed_and_taken_back(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, path = program("grace"), f"/contacts/{contact.id}/planned-replies"
    due = (clock.now() + timedelta(days=1)).isoformat()
    body = {"text": "明天给您回电", "due_at": due, "stop_if_answered": True}
    assert program("tom").post(path, body).status_code == 409, "only who serves"
    assert grace.post(path, {**body, "due_at": "2020-01-01T00:00:00Z"}).status_code == 422
    made = grace.post(path, body, key="plan-1").json()
    assert grace.post(path, body, key="plan-1").json() == made
    assert Outgoing.objects.count() == 1
    one = f"/planned-replies/{made['id']}"
    assert program("outsider").send("DELETE", one).status_code == 404
    assert program("tom").send("DELETE", one).status_code == 403
    change = {"text": "后天给您回电", "due_at": due, "version": made["version"]}
    assert grace.send("PATCH", one, change).json()["text"] == "后天给您回电"
    assert grace.send("PATCH", one, change).status_code == 409, "somebody changed it meanwhile"
    (listed,) = program("tom").get(f"/cases/{contact.case_id}/planned-replies").json()["items"]
    assert listed["text"] == "后天给您回电"
    assert grace.send("DELETE", one).status_code == 200
    assert grace.post(f"{one}/send").status_code == 409


def test_search_finds_only_what_the_caller_may_see(cast: Cast, contact: Contact, program: Programs) -> None:
    begin_anew()
    while build_on():
        pass
    while follow():
        pass
    (hit,) = program("grace").get("/search", q="冰箱").json()["items"]
    assert (hit["kind"], hit["id"], hit["at"] is not None) == ("cases", contact.case_id, True)
    assert program("outsider").get("/search", q="冰箱").json()["items"] == []
    messages = program("grace").get("/search", q="师傅", kind="messages").json()["items"]
    assert [part["found"] for part in messages[0]["title"]].count(True) == 1
    few = Program(cast.grace, rights={"desk.use"}).get("/search", q="师傅", kind="messages")
    assert few.json()["items"] == [], "a key without the right to read messages finds none"
    assert program("grace").get("/search", q="冰箱", cursor="x").status_code == 422
    assert program("analyst").get("/search", q="冰箱").status_code == 403


def test_records_are_merged_and_taken_apart(cast: Cast, program: Programs) -> None:
    first, second = known(cast, "陈雨桐", "13800138000"), known(cast, "陈雨桐", "13800138000")
    suggest_duplicates(now=NOON)
    grace = program("grace")
    (pair,) = grace.get("/duplicates").json()["items"]
    assert (pair["first_id"], pair["second_id"], pair["why"]) == (first.id, second.id, "same_phone")
    assert grace.post(f"/customers/{first.id}/merge", {"other_id": first.id}).status_code == 422
    merged = grace.post(f"/customers/{first.id}/merge", {"other_id": second.id}).json()
    assert (merged["kept_id"], merged["gone_id"]) == (first.id, second.id)
    assert grace.post(f"/customers/{first.id}/merge", {"other_id": second.id}).status_code == 404
    assert [row["id"] for row in grace.get(f"/customers/{first.id}/merges").json()["items"]] == [merged["id"]]
    assert grace.post(f"/merges/{merged['id']}/undo").status_code == 200
    assert grace.post(f"/merges/{merged['id']}/undo").status_code == 409
    assert program("analyst").post(f"/customers/{first.id}/merge", {"other_id": second.id}).status_code == 403
    other = waiting_contact(cast, queue=cast.other_queue).customer_id
    assert grace.post(f"/customers/{first.id}/merge", {"other_id": other}).status_code == 404


def test_what_stands_beside_a_customer(cast: Cast, program: Programs) -> None:
    customer, grace = known(cast, "陈雨桐", "13800138000"), program("grace")
    base = f"/customers/{customer.id}"
    note = grace.post(f"{base}/notes", {"text": "上午方便"}).json()
    assert [row["text"] for row in grace.get(f"{base}/notes").json()["items"]] == ["上午方便"]
    assert program("analyst").get(f"{base}/notes").status_code == 403
    other = known(cast, "别人", "13900139000")
    assert grace.send("DELETE", f"/customers/{other.id}/notes/{note['id']}").status_code == 404
    assert grace.send("DELETE", f"{base}/notes/{note['id']}").status_code == 200
    assert not Note.objects.exists()
    refused = grace.post(f"{base}/consents", {"purpose": "surveys", "is_given": False, "how": "电话里说的"}).json()
    assert [(row["purpose"], row["is_given"]) for row in refused["items"]] == [("surveys", False)]
    added = grace.post(f"{base}/addresses", {"kind": "email", "value": "CHEN@Example.com"}).json()
    assert added["value"] == "chen@example.com"
    assert grace.post(f"{base}/addresses", {"kind": "phone", "value": "12"}).status_code == 422
    assert grace.post(f"{base}/addresses", {"kind": "external", "value": "  "}).status_code == 422
    assert grace.send("DELETE", f"/customers/{other.id}/addresses/{added['id']}").status_code == 404
    assert grace.send("DELETE", f"{base}/addresses/{added['id']}").status_code == 200
    made = grace.post("/organisations", {"name": "青禾物业"}).json()
    assert grace.post("/organisations", {"name": "青禾 物业"}).status_code in (201, 409)
    assert grace.send("PATCH", f"/organisations/{made['id']}", {"place": "杭州"}).json()["place"] == "杭州"


def test_attributes_and_organisation_are_set(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, path = program("grace"), f"/customers/{contact.customer_id}"
    changed = grace.send("PATCH", path, {"organisation": "青禾物业", "do_not_contact": True}).json()
    assert (changed["organisation_id"] is not None, changed["do_not_contact"]) == (True, True)
    assert grace.send("PATCH", path, {"attributes": {"nobody-asks": "x"}}).status_code == 422
    assert grace.send("PATCH", path, {"organisation": ""}).json()["organisation_id"] is None


def test_a_customers_data_is_told_to_who_may_read_all_of_it_and_erased_by_administrators(
    cast: Cast, program: Programs
) -> None:
    contact = waiting_contact(cast)
    abandon_contact(contact, "left", by=actor_for(cast.grace), now=NOON)
    base = f"/customers/{contact.customer_id}"
    told = program("supervisor").get(f"{base}/data").json()
    assert told["tables"]["conversations.message"][0]["body"] == "师傅昨天又没来"
    assert Entry.objects.get(kind="customers.exported").body["what"] == "everything"
    assert Program(cast.supervisor, rights={"customer.export", "customer.view"}).get(f"{base}/data").status_code == 403
    assert program("grace").get(f"{base}/data").status_code == 403
    admin = program("admin")
    assert admin.post(f"{base}/erase", {"number": 1 + contact.customer_id}).status_code == 422
    assert program("supervisor").post(f"{base}/erase", {"number": contact.customer_id}).status_code == 403
    assert "conversations.message" in admin.post(f"{base}/erase", {"number": contact.customer_id}).json()["cleared"]
    assert admin.get(f"{base}/data").status_code == 404


def test_replies_kept_for_retries_forget_who_is_erased(cast: Cast, program: Programs) -> None:
    admin = program("admin")
    made = admin.post("/customers", {"name": "kanarienvogel", "language": "en"}, key="made-once").json()
    hook = Webhook.objects.create(person=cast.admin, name="x", url="x", created_at=NOON, position_tx=0, position_id=0)
    sent = {"event_tx": 1, "event_id": 1, "kind": "x", "happened_at": NOON, "next_at": NOON}
    delivery = Delivery.objects.create(webhook=hook, **sent)
    Attempt.objects.create(delivery=delivery, at=NOON, milliseconds=1, answer="got kanarienvogel")
    admin.post(f"/customers/{made['id']}/erase", {"number": made["id"]})
    assert Attempt.objects.get().answer == ""
    assert not KeptReply.objects.filter(body__contains="kanarienvogel").exists()
    again = admin.post("/customers", {"name": "kanarienvogel", "language": "en"}, key="made-once")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert Customer.objects.count() == 1, "and the retry still changes nothing"


def test_a_file_of_customers_is_taken_in(cast: Cast, program: Programs) -> None:
    admin = program("admin")

    def upload(person: Program, key: str) -> Any:
        file = SimpleUploadedFile("list.csv", "客户号,姓名\nC-1,王小明\n".encode(), "text/csv")
        headers = person.headers() | {"idempotency-key": key}
        return person.client.post("/api/v1/imports", {"file": file}, headers=headers)

    assert upload(program("supervisor"), "a").status_code == 403
    made = upload(admin, "b").json()
    assert upload(admin, "b").json()["id"] == made["id"], "the same again is the same"
    assert Import.objects.count() == 1
    path = f"/imports/{made['id']}"
    assert admin.send("PUT", f"{path}/mapping", {"mapping": {"1": "name"}}).status_code == 422
    mapped = admin.send("PUT", f"{path}/mapping", {"mapping": {"0": "external", "1": "name"}}).json()
    assert mapped["mapping"] == {"0": "external", "1": "name"}
    assert admin.post(f"{path}/start").json()["state"] == "running"
    assert admin.post(f"{path}/start").status_code == 409
    assert admin.post(f"{path}/stop").status_code == 200
    assert admin.get(f"{path}/problems").json()["items"] == []
    assert admin.get("/imports/999999").status_code == 404


def test_words_are_for_who_may_read_them(cast: Cast, contact: Contact) -> None:
    key = Program(cast.grace, rights=set(rights_of("agent")) - {"message.read"})
    shown = key.get(f"/cases/{contact.case_id}").json()
    assert (shown["id"], shown["subject"], shown["wants"]) == (contact.case_id, "", "")
    (listed,) = key.get("/cases").json()["items"]
    assert listed["subject"] == ""
    assert Case.objects.get(id=contact.case_id).subject
