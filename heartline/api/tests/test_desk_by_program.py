"""A desk arranged, drafts gone on with, colleagues called, rules set and the floor read by program."""

from __future__ import annotations

from collections.abc import Callable

from pytest_django import DjangoAssertNumQueries

from heartline.api.tests.helpers import Program
from heartline.conversations.models import Contact, Draft, Mention
from heartline.service.alerts.models import Rule
from heartline.service.models import InboxView
from tests.cast import Cast, waiting_contact

Programs = Callable[[str], Program]


def test_views_of_the_inbox_have_levels(cast: Cast, program: Programs) -> None:
    grace, lead = program("grace"), program("supervisor")
    made = grace.post("/inbox-views", {"name": "Mine, unread", "filters": {"owner": "me", "unread": True}}).json()
    assert (made["level"], made["filters"]["owner"], made["filters"]["unread"]) == ("own", "me", True)
    path = f"/inbox-views/{made['id']}"
    assert program("tom").send("PATCH", path, {"name": "x"}).status_code == 404
    assert grace.send("PATCH", path, {"level": "everybody"}).status_code == 422
    assert grace.send("PATCH", path, {"name": "  "}).status_code == 422
    assert grace.send("PATCH", path, {"filters": {"owner": "boss"}}).status_code == 422
    assert grace.send("PATCH", path, {"name": "Unread"}).json()["filters"] == made["filters"]
    team = lead.post("/inbox-views", {"name": "VIP", "filters": {"tag": "VIP"}, "level": str(cast.team.id)}).json()
    assert {row["name"] for row in grace.get("/inbox-views").json()["items"]} == {"Unread", "VIP"}
    assert grace.send("DELETE", f"/inbox-views/{team['id']}").status_code == 403
    assert grace.send("DELETE", path).status_code == 200
    assert InboxView.objects.count() == 1


def test_one_chooses_how_one_is_told_and_hears_what_comes_next(cast: Cast, contact: Contact, program: Programs) -> None:
    grace = program("grace")
    before = grace.get("/people/me/notices").json()
    after = grace.send("PATCH", "/people/me/notices", {"sound_team": True, "outside_yours": False}).json()
    assert after == {**before, "sound_team": True, "outside_yours": False}
    following = grace.get("/people/me/next").json()
    assert (following["case_id"], "陈雨桐" in following["why"]) == (contact.case_id, True)
    assert program("expert").get("/people/me/next").json() == {"case_id": None, "offer_id": None, "why": ""}


def test_a_shared_draft_is_gone_on_with(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, tom, path = program("grace"), program("tom"), f"/cases/{contact.case_id}/drafts"
    kept = grace.send("PUT", f"{path}/reply", {"text": "师傅明天", "version": 0}).json()
    assert grace.send("PUT", f"{path}/reply", {"text": "别的", "version": kept["version"] + 5}).status_code == 409
    assert tom.get(path).json() == {"own": [], "shared": []}
    assert tom.post(f"{path}/reply/go-on", {"person_id": cast.grace.id}).status_code == 409
    (own,) = grace.send("PUT", f"{path}/reply/shared", {"shared": True}).json()["own"]
    assert (own["text"], own["shared"]) == ("师傅明天", True)
    assert [one["person_id"] for one in tom.get(path).json()["shared"]] == [cast.grace.id]
    (taken,) = tom.post(f"{path}/reply/go-on", {"person_id": cast.grace.id}).json()["own"]
    assert (taken["text"], Draft.objects.get(person=cast.grace).body) == ("师傅明天", "")
    assert program("outsider").get(path).status_code == 404


def test_what_can_be_chosen_is_filled_in(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, path = program("grace"), f"/contacts/{contact.id}"
    card = grace.get(f"{path}/transfer").json()
    (here,) = (one for one in card["queues"] if one["id"] == card["here"])
    assert {one["id"] for one in here["people"]} >= {cast.tom.id}
    assert cast.grace.id not in {one["id"] for one in here["people"]}, "they have it"
    (expert,) = (one for one in grace.get(f"{path}/experts").json()["items"] if one["id"] == cast.expert.id)
    assert not expert["inside"]
    assert grace.get(f"{path}/wrap-up").json()["still_owed"] == 0
    assert program("outsider").get(f"{path}/transfer").status_code == 404


def test_a_note_calls_a_colleague(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, tom = program("grace"), program("tom")
    ids = {row["id"] for row in grace.get("/mentionable-people").json()["items"]}
    assert cast.tom.id in ids
    assert cast.grace.id not in ids
    body = {"text": f"@{cast.tom.name} 请看一下", "mention_ids": [cast.tom.id]}
    path = f"/contacts/{contact.id}/notes"
    assert grace.post(path, body, key="m1").json() == grace.post(path, body, key="m1").json()
    (called,) = tom.get("/people/me/mentions").json()["items"]
    assert (called["case_id"], called["text"]) == (contact.case_id, f"@{cast.tom.name} 请看一下")
    assert tom.post(f"/cases/{contact.case_id}/mentions-read").json() == {"read": 1}
    assert tom.get("/people/me/mentions").json()["items"] == []
    assert Mention.objects.count() == 1


def test_what_was_said_from_the_floor_is_read(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, lead = program("grace"), program("supervisor")
    told = lead.post("/announcements", {"text": "十二点消防演习"}).json()
    (heard,) = grace.get("/people/me/announcements").json()["items"]
    assert (heard["id"], heard["text"]) == (told["id"], "十二点消防演习")
    (before,) = lead.get("/announcements").json()["items"]
    assert grace.post(f"/announcements/{told['id']}/read").status_code == 200
    assert grace.get("/people/me/announcements").json()["items"] == []
    (after,) = lead.get("/announcements").json()["items"]
    assert set(after["read"]) - set(before["read"]) == {cast.grace.name}
    assert grace.post(f"/announcements/{told['id']}/withdraw").status_code == 403
    assert lead.post(f"/announcements/{told['id']}/withdraw").status_code == 200
    said = lead.post(f"/contacts/{contact.id}/whisper", {"text": "问一下楼层"}).json()
    (whisper,) = grace.get("/people/me/whispers").json()["items"]
    assert whisper["text"] == "问一下楼层"
    assert program("tom").get("/people/me/whispers", case_id=contact.case_id).json()["items"] == []
    assert program("tom").post(f"/whispers/{said['id']}/read").status_code == 404
    assert grace.post(f"/whispers/{said['id']}/read").status_code == 200
    assert grace.get("/people/me/whispers").json()["items"] == []
    assert len(lead.get("/people/me/whispers", case_id=contact.case_id).json()["items"]) == 1


def test_rules_are_set_where_one_leads(cast: Cast, program: Programs) -> None:
    lead = program("supervisor")
    body = {"name": "Waits", "kind": "longest_wait", "threshold": 120, "queue_id": cast.chat_zh.id}
    assert lead.post("/alert-rules/preview", body).json() == {"times": 0}
    assert Rule.objects.count() == 0
    made = lead.post("/alert-rules", {**body, "quiet_from": "22:00", "quiet_until": "06:00"}).json()
    assert (made["queue_id"], made["quiet_from"], made["may_change"]) == (cast.chat_zh.id, "22:00", True)
    path = f"/alert-rules/{made['id']}"
    changed = lead.send("PATCH", path, {"is_on": False}).json()
    assert (changed["is_on"], changed["quiet_until"], changed["queue_id"]) == (False, "06:00", cast.chat_zh.id)
    for wrong, field in (
        ({"queue_id": cast.other_queue.id}, "queue_id"),
        ({"queue_id": None}, "team_id"),
        ({"team_id": cast.team.id}, "team_id"),
        ({"kind": "low_rating"}, "threshold"),
        ({"quiet_until": None}, "quiet_until"),
    ):
        refused = lead.send("PATCH", path, wrong)
        assert (refused.status_code, set(refused.json()["fields"])) == (422, {field}), wrong
    everywhere = program("admin").post("/alert-rules", {"name": "All", "kind": "abandoned", "threshold": 20}).json()
    assert (everywhere["queue_id"], everywhere["team_id"]) == (None, None)
    assert lead.send("DELETE", f"/alert-rules/{everywhere['id']}").status_code == 403
    assert lead.send("DELETE", path).status_code == 200
    assert lead.get("/alerts/ended").json()["items"] == []
    assert program("grace").get("/alert-rules").status_code == 403


def test_the_floor_is_read(
    cast: Cast, contact: Contact, program: Programs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    waiting, lead = waiting_contact(cast), program("supervisor")
    floor = lead.get("/floor").json()
    (line,) = (one for one in floor["lines"] if one["queue_id"] == cast.chat_zh.id and one["waiting"])
    assert (line["waiting"], [one["contact_id"] for one in floor["waiting"]]) == (1, [waiting.id])
    (grace,) = (one for one in floor["people"] if one["id"] == cast.grace.id)
    assert [hand["contact_id"] for hand in grace["hands"]] == [contact.id]
    blind = program("analyst").get("/floor").json()
    assert "陈雨桐" not in str(blind)
    assert "冰箱" not in str(blind)
    names = {one["person_id"] for one in lead.get(f"/contacts/{contact.id}/candidates").json()["items"]}
    assert cast.grace.id not in names
    assert program("grace").get(f"/cases/{contact.case_id}/online").json()["items"][0]["contact_id"] == contact.id
    for path, queries in {"/inbox-views": 3, "/alert-rules": 3, "/alerts/ended": 3, "/announcements": 5}.items():
        with django_assert_num_queries(queries):
            assert lead.get(path).status_code == 200
