"""What programs can do: the life of a contact by API, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from heartline.api.tests.helpers import Program
from heartline.common.actors import Actor
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Case, Contact
from heartline.customers.actions import add_identity
from heartline.customers.models import Customer
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for, set_presence
from heartline.people.permissions import rights_of
from heartline.promises.actions import open_follow_up
from heartline.promises.models import FollowUp
from heartline.routing.actions import make_offer
from heartline.routing.lease import claim
from heartline.voice_of_customer.models import Invitation
from tests.cast import NOON, Cast, waiting_contact

Programs = Callable[[str], Program]


def test_the_life_of_a_contact(cast: Cast, program: Programs) -> None:
    grace, lina = program("grace"), program("lina")
    contact = waiting_contact(cast)
    taken = grace.post(f"/contacts/{contact.id}/take")
    assert (taken.json()["state"], taken.json()["assignee_id"]) == ("active", cast.grace.id)
    assert grace.post(f"/contacts/{contact.id}/replies", {"text": "您好，我看一下"}).status_code == 201
    assert grace.post(f"/contacts/{contact.id}/notes", {"text": "安装排期有误"}).json()["kind"] == "note"
    handed = grace.post(
        f"/contacts/{contact.id}/transfer",
        {"to_queue_id": cast.chat_zh.id, "wants": "今天装上冰箱", "tried": "查过排期"},
    )
    assert (handed.json()["state"], handed.json()["transfers"], handed.json()["asked_at"]) == (
        "waiting",
        1,
        taken.json()["asked_at"],
    )
    assert lina.post(f"/contacts/{contact.id}/take").json()["assignee_id"] == cast.lina.id
    assert lina.post(f"/contacts/{contact.id}/end").json()["state"] == "wrap_up"
    assert Invitation.objects.get().about == cast.lina
    wrapped = lina.post(f"/contacts/{contact.id}/wrap-up", {"reason_id": cast.reason.id, "resolution": "solved"})
    assert wrapped.json()["resolution"] == "solved"
    assert lina.get(f"/contacts/{contact.id}").json()["state"] == "ended"
    assert lina.get(f"/cases/{contact.case_id}").json()["state"] == "solved"
    messages = lina.get(f"/cases/{contact.case_id}/messages").json()["items"]
    assert [(one["kind"], one["text"]) for one in messages] == [
        ("reply", "师傅昨天又没来"),
        ("reply", "您好，我看一下"),
        ("note", "安装排期有误"),
    ]


def test_an_offer_is_accepted_or_declined_by_whom_it_was_made_to(cast: Cast, program: Programs) -> None:
    fence = claim("test")
    assert fence is not None
    for person in (cast.grace, cast.lina):
        set_presence(person, "available", by=actor_for(person), now=NOON)
    first, second = waiting_contact(cast), waiting_contact(cast)
    offer = make_offer(first, cast.grace, (), fence=fence, now=NOON)
    other = make_offer(second, cast.lina, (), fence=fence, now=NOON)
    assert offer
    assert other
    (shown,) = program("grace").get("/offers").json()["items"]
    assert (shown["id"], shown["contact"]["id"]) == (offer.id, first.id)
    assert program("grace").post(f"/offers/{other.id}/accept").status_code == 404
    assert program("grace").post(f"/offers/{offer.id}/accept").json()["assignee_id"] == cast.grace.id
    assert program("lina").post(f"/offers/{other.id}/decline", {"reason": "busy"}).json()["state"] == "declined"
    assert program("lina").get("/offers").json()["items"] == []


def test_a_contact_goes_back_to_its_place(cast: Cast, contact: Contact, program: Programs) -> None:
    back = program("grace").post(f"/contacts/{contact.id}/give-back").json()
    assert (back["state"], back["assignee_id"]) == ("waiting", None)


@pytest.mark.parametrize("act", ["give-back", "end", "transfer", "replies", "wrap-up"])
def test_only_who_holds_a_contact_decides_about_it(cast: Cast, contact: Contact, program: Programs, act: str) -> None:
    bodies = {
        "transfer": {"to_queue_id": cast.chat_en.id, "wants": "冰箱"},
        "replies": {"text": "你好"},
        "wrap-up": {"reason_id": cast.reason.id, "resolution": "solved"},
    }
    before = Entry.objects.exclude(kind__startswith="api.").count()
    refused = program("tom").post(f"/contacts/{contact.id}/{act}", bodies.get(act))
    assert refused.status_code == 409
    assert Entry.objects.exclude(kind__startswith="api.").count() == before


def test_a_contact_is_opened_for_a_new_customer(cast: Cast, program: Programs) -> None:
    body = {
        "channel": "callback",
        "queue_id": cast.chat_zh.id,
        "want": "改约安装时间",
        "new_customer": {"name": "周敏", "language": "zh-hans", "phone": "138 0013 8000"},
        "due_at": (NOON + timedelta(hours=2)).isoformat(),
    }
    opened = program("grace").post("/contacts", body)
    assert opened.status_code == 201, opened.content
    contact = Contact.objects.get(id=opened.json()["id"])
    assert (contact.state, contact.channel, contact.case.wants) == ("waiting", "callback", "改约安装时间")
    owed = FollowUp.objects.get()
    assert (owed.kind, owed.phone, owed.due_at) == ("callback", "+8613800138000", NOON + timedelta(hours=2))
    assert contact.messages.count() == 0
    identity = contact.customer.identities.get()
    assert (identity.value, identity.verified_at) == ("+8613800138000", None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"queue_id": 999_999}, "queue_id"),
        ({"new_customer": None}, "customer_id"),
        ({"customer_id": 1}, "customer_id"),
        ({"new_customer": {"name": "周敏", "language": "zh-hans"}}, "phone"),
        ({"new_customer": {"name": "周敏", "language": "zh-hans", "phone": "12"}}, "phone"),
        ({"due_at": None}, "due_at"),
        ({"due_at": "2020-01-01T00:00:00Z"}, "due_at"),
        ({"due_at": "2026-11-27T12:00:00"}, "due_at"),
        ({"due_at": "9999-12-31T23:59:59-14:00"}, "due_at"),
        ({"due_at": 1_800_000_000}, "due_at"),
        ({"want": "   "}, "text"),
    ],
)
def test_a_contact_that_makes_no_sense_is_not_opened_and_leaves_nothing(
    cast: Cast, program: Programs, change: dict[str, object], field: str
) -> None:
    body = {
        "channel": "callback",
        "queue_id": cast.chat_zh.id,
        "want": "改约安装时间",
        "new_customer": {"name": "周敏", "language": "zh-hans", "phone": "138 0013 8000"},
        "due_at": (NOON + timedelta(hours=2)).isoformat(),
    }
    grace = program("grace")
    before = Entry.objects.count()
    refused = grace.post("/contacts", {**body, **change})
    assert refused.status_code == 422, refused.content
    assert field in refused.json()["fields"]
    assert (Customer.objects.count(), Case.objects.count(), Entry.objects.count()) == (0, 0, before)


def test_a_case_is_changed_as_a_whole_or_not_at_all(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, path = program("grace"), f"/cases/{contact.case_id}"
    changed = grace.send("PATCH", path, {"subject": "冰箱安装", "owner_id": cast.lina.id, "reason_id": cast.reason.id})
    assert (changed.json()["subject"], changed.json()["owner_id"]) == ("冰箱安装", cast.lina.id)
    refused = grace.send("PATCH", path, {"subject": "别的", "owner_id": cast.outsider.id})
    assert refused.status_code == 422
    assert grace.get(path).json()["subject"] == "冰箱安装"
    assert grace.send("PATCH", path, {}).json()["subject"] == "冰箱安装"


@pytest.mark.parametrize("never", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
@pytest.mark.parametrize(("path", "name"), [
    ("/cases", "opened_since"), ("/cases", "changed_since"), ("/contacts", "asked_since"), ("/contacts", "asked_before"),
    ("/cases/{case}/messages", "since"),
])  # fmt: skip
def test_a_moment_that_utc_does_not_have_is_refused(
    contact: Contact, program: Programs, path: str, name: str, never: str
) -> None:
    reply = program("grace").get(path.format(case=contact.case_id), **{name: never})
    assert (reply.status_code, set(reply.json()["fields"])) == (422, {name})


def test_an_expert_says_what_a_case_is_and_no_more(cast: Cast, contact: Contact, program: Programs) -> None:
    expert, path = program("expert"), f"/cases/{contact.case_id}"
    assert (
        program("grace").post(f"/contacts/{contact.id}/experts", {"person_id": cast.expert.id, "question": "?"}).json()
    )
    assert expert.send("PATCH", path, {"subject": "冰箱安装"}).json()["subject"] == "冰箱安装"
    assert expert.send("PATCH", path, {"subject": "别的", "state": "solved"}).status_code == 403
    assert expert.get(path).json()["subject"] == "冰箱安装"


@pytest.mark.parametrize(("start", "to", "status"), [
    ("open", "waiting_customer", 200), ("open", "solved", 200), ("open", "closed", 409),
    ("solved", "closed", 200), ("closed", "solved", 409), ("closed", "open", 200), ("solved", "waiting_internal", 409),
])  # fmt: skip
def test_a_case_goes_only_where_its_ways_lead(
    cast: Cast, contact: Contact, program: Programs, start: str, to: str, status: int
) -> None:
    Case.objects.update(state=start)
    assert program("grace").send("PATCH", f"/cases/{contact.case_id}", {"state": to}).status_code == status


def test_what_is_owed_keeps_a_case_from_being_closed(cast: Cast, contact: Contact, program: Programs) -> None:
    by, due = Actor.customer(contact.customer_id, ""), NOON + timedelta(days=1)
    open_follow_up(contact.case, "callback", contact=None, owner=None, what="", due_at=due, by=by, now=NOON)
    Case.objects.update(state="solved")
    refused = program("grace").send("PATCH", f"/cases/{contact.case_id}", {"state": "closed"})
    assert (refused.status_code, refused.json()["code"]) == (409, "still_owed")


def test_customers_are_found_by_their_whole_address(cast: Cast, contact: Contact, program: Programs) -> None:
    by = actor_for(cast.grace)
    add_identity(contact.customer, "phone", "138 0013 8000", verified=False, by=by, now=NOON)
    add_identity(contact.customer, "visitor", "f" * 64, verified=True, by=by, now=NOON)
    grace = program("grace")
    (found,) = grace.get("/customers", phone="0086 138-0013-8000").json()["items"]
    assert found["identities"] == [{"kind": "phone", "value": "+8613800138000", "verified": False}]
    assert grace.get("/customers", phone="13800138001").json()["items"] == []
    assert grace.get("/customers", email="8000").status_code == 422
    assert grace.get("/customers", visitor="f" * 64).status_code == 422


def test_a_customer_is_changed_and_who_follows_the_case_hears_of_it(
    cast: Cast, contact: Contact, program: Programs
) -> None:
    path = f"/customers/{contact.customer_id}"
    changed = program("grace").send(
        "PATCH", path, {"tier": "big", "customer_since": "2020-05-01", "about": "喜欢早上接电话\x07"}
    )
    assert changed.status_code == 200, changed.content
    assert (changed.json()["tier"], changed.json()["about"]) == ("big", "喜欢早上接电话")
    body = Entry.objects.get(kind="customers.customer_changed").body
    assert (body["case_id"], body["queue_id"]) == (contact.case_id, cast.chat_zh.id)
    assert program("grace").send("PATCH", path, {"name": None}).status_code == 422


def test_presence_is_ones_own(cast: Cast, program: Programs) -> None:
    grace = program("grace")
    assert grace.get("/people/me/presence").json()["state"] == "offline"
    assert grace.send("PUT", "/people/me/presence", {"state": "on_break", "reason": "meal"}).json()["reason"] == "meal"
    assert grace.send("PUT", "/people/me/presence", {"state": "available", "reason": "meal"}).status_code == 422
    assert grace.send("PUT", "/people/me/presence", {"state": "away"}).status_code == 422


def test_colleagues_and_queues_are_those_of_ones_teams(cast: Cast, program: Programs) -> None:
    assert {row["key"] for row in program("grace").get("/queues").json()["items"]} == {"chat-zh", "chat-en"}
    assert {row["key"] for row in program("admin").get("/queues").json()["items"]} == {"chat-zh", "chat-en", "other"}
    names = {row["name"] for row in program("outsider").get("/people").json()["items"]}
    assert names == {"Ben Cole"}


def test_follow_ups_are_taken_and_finished(cast: Cast, contact: Contact, program: Programs) -> None:
    by = Actor.customer(contact.customer_id, "")
    owed = open_follow_up(
        contact.case, "low_score", contact=contact, owner=None, what="不满意", due_at=NOON, by=by, now=NOON
    )
    tom = program("tom")
    (shown,) = tom.get("/follow-ups", state="open").json()["items"]
    assert (shown["owner_id"], shown["owner_why"], shown["late"]) == (cast.grace.id, "case_owner", False)
    assert tom.post(f"/follow-ups/{owed.id}/take").json()["owner_id"] == cast.tom.id
    assert tom.post(f"/follow-ups/{owed.id}/finish", {"outcome": "—"}).status_code == 422
    done = tom.post(f"/follow-ups/{owed.id}/finish", {"outcome": "已致电，约好周六"}).json()
    assert (done["state"], done["done_by_id"]) == ("done", cast.tom.id)
    assert tom.post(f"/follow-ups/{owed.id}/finish", {"outcome": "再打"}).status_code == 409


def test_lists_are_paged_by_cursor_and_new_rows_disturb_nothing(cast: Cast, program: Programs) -> None:
    made = [waiting_contact(cast).id for _ in range(5)]
    grace, seen, cursor = program("grace"), [], ""
    for _ in range(9):
        page = grace.get("/contacts", limit=2, cursor=cursor).json()
        seen += [row["id"] for row in page["items"]]
        waiting_contact(cast)
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted(made, reverse=True)


@pytest.mark.parametrize(
    "cursor", ["x", "WzFd=", "W10", "Wy0xXQ", "WzEsMl0", "WyIxIl0", "W3RydWVd", "W1s1XV0", "é", "WzFlOTk5XQ"]
)
def test_a_cursor_of_others_is_refused(cast: Cast, program: Programs, cursor: str) -> None:
    refused = program("grace").get("/contacts", cursor=cursor)
    assert (refused.status_code, refused.json()["code"]) == (422, "cursor_unknown")


def test_lists_are_narrowed(cast: Cast, contact: Contact, program: Programs) -> None:
    waiting_contact(cast)
    grace = program("grace")
    wanted: list[tuple[str, dict[str, object], int]] = [
        ("/contacts", {"state": "active"}, 1),
        ("/contacts", {"assignee_id": cast.grace.id}, 1),
        ("/contacts", {"channel": "webform"}, 0),
        ("/cases", {"customer_id": contact.customer_id}, 1),
        ("/cases", {"queue_id": cast.chat_zh.id}, 2),
        ("/cases", {"queue_id": 10**18}, 0),
        ("/customers", {"language": "en"}, 0),
    ]
    for path, query, count in wanted:
        assert len(grace.get(path, **query).json()["items"]) == count, (path, query)
    assert grace.get("/cases", queue_id=10**19).status_code == 422


@pytest.mark.django_db(transaction=True)  # the ledger is read as far as it is settled
def test_figures_open_to_their_contacts(cast: Cast, contact: Contact, program: Programs) -> None:
    supervisor = program("supervisor")
    figures = {row["metric"]: row for row in supervisor.get("/figures").json()["items"]}
    assert figures["answered"]["value"] == 1
    behind = supervisor.get("/figures/answered/contacts").json()
    assert [row["contact_id"] for row in behind["items"]] == [contact.id]
    assert behind["version"] == figures["answered"]["version"]
    assert supervisor.get("/figures/made-up/contacts").status_code == 404
    assert supervisor.get("/figures", queue_id=cast.other_queue.id).status_code == 404
    assert supervisor.get("/figures", day="yesterday").status_code == 422


@pytest.mark.django_db(transaction=True)  # the ledger is read as far as it is settled
def test_events_are_those_one_may_see_today(cast: Cast, contact: Contact, program: Programs) -> None:
    add_message(contact, "reply", "还没到", client_key="second", by=Actor.customer(contact.customer_id, "陈"), now=NOON)
    grace, seen, after = program("grace"), [], ""
    while True:
        page = grace.get("/events", after=after, limit=2).json()
        seen += page["items"]
        after = page["next"]
        if page["at_end"]:
            break
    kinds = [event["kind"] for event in seen]
    assert kinds.count("conversations.message_added") == 2
    assert "customers.customer_created" not in kinds
    texts = [event["body"]["text"] for event in seen if event["kind"] == "conversations.message_added"]
    assert texts == ["师傅昨天又没来", "还没到"]
    assert not any(name in event["body"] for event in seen for name in ("cards", "offer"))
    theirs = program("outsider").get("/events", limit=500).json()["items"]
    assert {event["kind"].partition(".")[0] for event in theirs} <= {"people", "api"}
    assert grace.get("/events", after="now").json()["items"] == []


@pytest.mark.django_db(transaction=True)  # the ledger is read as far as it is settled
def test_events_have_words_only_for_who_may_read_them(cast: Cast, contact: Contact) -> None:
    without = {"message.read", "personal.read"}
    for person in (cast.admin, cast.grace, cast.analyst):
        program = Program(person, rights=set(rights_of(person.role)) - without)
        bodies = [event["body"] for event in program.get("/events", limit=500).json()["items"]]
        assert bodies
        assert "师傅昨天又没来" not in str(bodies)
        assert "陈雨桐" not in str(bodies)


@pytest.mark.parametrize("after", ["x", "1", "-1--1", "9" * 19 + "-" + "9" * 19, "1-2-3"])
def test_a_position_of_others_is_refused(cast: Cast, program: Programs, after: str) -> None:
    assert program("grace").get("/events", after=after).status_code == 422


def test_responses_are_shown_with_whom_they_are_about(cast: Cast, program: Programs) -> None:
    from heartline.voice_of_customer.actions import respond
    from heartline.voice_of_customer.tests.helpers import customer_of, invited

    invitation, _ = invited(cast)
    respond(invitation, 2, "太慢", came_by="link", by=customer_of(invitation.contact), now=NOON)
    (shown,) = program("grace").get("/responses", score=2).json()["items"]
    assert (shown["about_id"], shown["comment"]) == (cast.grace.id, "太慢")
    assert program("outsider").get("/responses").json()["items"] == []
