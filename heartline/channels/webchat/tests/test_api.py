"""The chat's API as a browser uses it, from the first word to the answer about how it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.channels.webchat.actions import abandon_silent
from heartline.channels.webchat.tests.conftest import Browser
from heartline.common.actors import Actor
from heartline.conversations.actions.cases import Wrapping, finish_contact
from heartline.conversations.actions.contacts import answer_contact, end_contact, return_contact
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Case, Contact, Message, Tried
from heartline.customers.models import Customer, Identity
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.promises.callbacks.models import Call
from heartline.promises.models import FollowUp
from heartline.routing.queries import situation
from heartline.voice_of_customer.actions import invite
from heartline.voice_of_customer.models import Response
from tests.cast import NOON, Cast

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"


def the_contact() -> Contact:
    return Contact.objects.latest("id")


def answered(cast: Cast, person: str = "grace", now=NOON) -> Contact:
    someone = getattr(cast, person)
    return answer_contact(the_contact(), someone, by=actor_for(someone), now=now)


def ended(cast: Cast, now=NOON) -> Contact:
    contact = answered(cast, now=now)
    return end_contact(contact, ended_by="person", by=actor_for(cast.grace), now=now)


def test_a_chat_starts_with_everything_that_was_told(browser: Browser, cast: Cast) -> None:
    answer = browser.start(
        want="冰箱没装上", about="no-show", tried="phone,no-show,nonsense", name="陈雨桐", reach="chen@example.com"
    )
    assert answer.status_code == 201
    contact = the_contact()
    assert (contact.queue, contact.language, contact.state) == (cast.chat_zh, "zh-hans", "waiting")
    assert contact.needs == {"language": "zh-hans", "skills": {}}
    assert (contact.case.wants, contact.case.subject, contact.case.reason) == ("冰箱没装上", "冰箱没装上", cast.reason)
    assert set(contact.case.tried.values_list("kind", "key")) == {("channel", "phone"), ("step", "reason:no-show")}
    claim = Identity.objects.get(kind="email")
    assert (claim.customer, claim.value, claim.verified_at) == (contact.customer, "chen@example.com", None)
    shown = answer.json()
    assert [message["text"] for message in shown["messages"]] == ["师傅昨天又没来"]
    assert shown["contact"]["state"] == "waiting"
    assert shown["queue"]["position"] == 1
    assert answer["Cache-Control"] == "no-store"


def test_what_was_typed_before_is_enough_to_start(browser: Browser) -> None:
    assert browser.start(text="", want="冰箱没装上").status_code == 201
    assert the_contact().case.wants == "冰箱没装上"


def test_saying_nothing_at_all_starts_nothing(browser: Browser) -> None:
    assert browser.start(text=" ").status_code == 422
    assert not Contact.objects.exists()
    assert not Customer.objects.exists()


def test_english_goes_to_the_english_queue(browser: Browser, cast: Cast) -> None:
    browser.start(text="installer did not come", language="en")
    assert the_contact().queue == cast.chat_en


def test_a_queue_s_skills_are_asked_for_as_they_are_now(browser: Browser, cast: Cast) -> None:
    """Whoever came before the house asked for less would else wait for what nobody asks for any more."""
    asked = cast.chat_zh.skills.create(skill=cast.installation, level=3)
    browser.start()
    (work,) = situation().works
    assert (work.language, work.skills) == ("zh-hans", (("installation", 3),))
    asked.delete()
    assert situation().works[0].skills == ()


def test_a_start_whose_answer_was_lost_is_not_taken_twice(browser: Browser) -> None:
    first, second = browser.start(), browser.start()
    assert first.json()["contact"] == second.json()["contact"]
    assert (Case.objects.count(), Customer.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_another_tab_joins_the_chat_that_is_open(browser: Browser) -> None:
    browser.start()
    browser.start(text="还在吗", key="secondkey1")
    assert Contact.objects.count() == 1
    assert browser.texts() == ["师傅昨天又没来", "还在吗"]


def test_when_closed_nothing_is_started_and_the_reason_is_said(browser: Browser, at_noon) -> None:
    at_noon.move_to(NOON + timedelta(hours=12))
    answer = browser.start()
    assert (answer.status_code, answer.json()["code"]) == (409, "closed")
    assert not Contact.objects.exists()


def test_a_message_sent_again_with_its_key_is_there_once(browser: Browser) -> None:
    browser.start()
    first, second = browser.say("第二句", "samekey001"), browser.say("第二句", "samekey001")
    assert first.json() == second.json()
    assert browser.texts() == ["师傅昨天又没来", "第二句"]


def test_history_is_there_after_a_reload(browser: Browser, cast: Cast) -> None:
    browser.start()
    contact = answered(cast)
    add_message(contact, "reply", "我来看看", client_key="r1", by=actor_for(cast.grace), now=NOON)
    shown = Browser(token=browser.token).get().json()
    assert [message["text"] for message in shown["messages"]] == ["师傅昨天又没来", "我来看看"]
    assert shown["agent"] == "欧嘉怡"
    assert [(one["name"], one["took_over"]) for one in shown["joined"]] == [("欧嘉怡", False)]
    assert shown["messages"][1]["name"] == "欧嘉怡"


def test_notes_never_reach_the_customer(browser: Browser, cast: Cast) -> None:
    browser.start()
    contact = answered(cast)
    add_message(contact, "note", "客户很生气，先别提退款", client_key="n1", by=actor_for(cast.grace), now=NOON)
    add_message(contact, "reply", "您好", client_key="r1", by=actor_for(cast.grace), now=NOON)
    body = browser.get().content.decode()
    assert "客户很生气" not in body
    assert "您好" in body


def test_real_names_of_colleagues_stay_inside(browser: Browser, cast: Cast) -> None:
    browser.start()
    answered(cast)
    assert "Grace Okafor" not in browser.get().content.decode()


def test_read_marks_go_both_ways(browser: Browser, cast: Cast) -> None:
    browser.start()
    contact = answered(cast)
    reply = add_message(contact, "reply", "您好", client_key="r1", by=actor_for(cast.grace), now=NOON)
    assert browser.post("seen", {"upto": reply.id, "how": "delivered"}).status_code == 204
    assert browser.post("seen", {"upto": reply.id, "how": "read"}).status_code == 204
    reply.refresh_from_db()
    assert reply.delivered_at
    assert reply.read_at
    assert browser.post("seen", {"upto": reply.id, "how": "smelled"}).status_code == 422


def test_typing_reaches_who_follows_the_contact(browser: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[set[str], dict[str, object]]] = []
    monkeypatch.setattr(
        "heartline.channels.webchat.actions.signal", lambda names, data: heard.append((set(names), data))
    )
    browser.start()
    contact = answered(cast)
    assert browser.post("typing").status_code == 204
    names, data = heard[0]
    assert f"person:{cast.grace.id}" in names
    assert f"queue:{cast.chat_zh.id}" not in names
    assert (data["kind"], data["side"], data["contact_id"]) == ("typing", "customer", contact.id)


def test_leaving_the_line_gives_the_place_up_and_is_remembered(browser: Browser) -> None:
    browser.start()
    shown = browser.post("leave").json()
    assert (shown["contact"]["state"], shown["contact"]["left"]) == ("abandoned", "left")
    assert not shown["contact"]["can_resume"]
    assert Tried.objects.get().key == "webchat"


def test_ending_a_served_chat_asks_how_it_was(browser: Browser, cast: Cast) -> None:
    browser.start()
    answered(cast)
    shown = browser.post("leave").json()
    assert (shown["contact"]["state"], shown["contact"]["ended_by"]) == ("wrap_up", "customer")
    assert shown["rating"] == {"score": None}


def test_the_question_is_answered_once_in_the_chat(browser: Browser, cast: Cast) -> None:
    browser.start()
    contact = ended(cast)
    invite(contact, by=actor_for(cast.grace), now=NOON)
    assert browser.get().json()["rating"] == {"score": None}
    assert browser.post("rating", {"score": 2, "comment": "等太久"}).json()["rating"] == {"score": 2}
    assert browser.post("rating", {"score": 5}).status_code == 409
    given = Response.objects.get()
    assert (given.score, given.comment, given.came_by) == (2, "等太久", "chat")
    assert FollowUp.objects.get().kind == "low_score"


@pytest.mark.parametrize("score", [0, 6, -1, "5", True, None, 2.5])
def test_only_the_five_answers_are_answers(browser: Browser, cast: Cast, score) -> None:
    browser.start()
    invite(ended(cast), by=actor_for(cast.grace), now=NOON)
    assert browser.post("rating", {"score": score}).status_code == 422
    assert not Response.objects.exists()


def test_writing_after_the_end_goes_on_in_the_same_case(browser: Browser, cast: Cast, at_noon) -> None:
    browser.start()
    first = ended(cast)
    finish_contact(first, Wrapping(reason=cast.reason, resolution="solved"), by=actor_for(cast.grace), now=NOON)
    at_noon.move_to(NOON + timedelta(days=29))
    browser.say("又坏了", "againkey01")
    second = the_contact()
    assert second.id != first.id
    assert second.case_id == first.case_id
    assert (second.state, second.case.state) == ("waiting", "open")
    assert browser.texts() == ["师傅昨天又没来", "又坏了"]


def test_writing_a_month_later_is_a_new_matter(browser: Browser, cast: Cast, at_noon) -> None:
    browser.start()
    first = ended(cast)
    at_noon.move_to(NOON + timedelta(days=30))
    browser.say("别的事", "otherkey01")
    assert the_contact().case_id != first.case_id
    assert the_contact().customer_id == first.customer_id


def test_who_fell_silent_has_the_place_back(browser: Browser, at_noon) -> None:
    browser.start()
    asked_at = the_contact().asked_at
    at_noon.move_to(NOON + timedelta(seconds=151))
    assert abandon_silent(now=NOON + timedelta(seconds=151)) == 1
    assert abandon_silent(now=NOON + timedelta(seconds=151)) == 0
    shown = browser.get().json()
    assert (shown["contact"]["state"], shown["contact"]["can_resume"]) == ("abandoned", True)
    assert browser.post("resume").json()["contact"]["state"] == "waiting"
    assert the_contact().asked_at == asked_at
    assert Contact.objects.count() == 1


def test_writing_takes_the_place_back_too(browser: Browser, at_noon) -> None:
    browser.start()
    abandon_silent(now=NOON + timedelta(minutes=3))
    at_noon.move_to(NOON + timedelta(minutes=10))
    browser.say("我回来了", "backkey001")
    assert Contact.objects.count() == 1
    assert the_contact().state == "waiting"


def test_after_a_quarter_of_an_hour_the_place_is_gone(browser: Browser, at_noon) -> None:
    browser.start()
    abandon_silent(now=NOON + timedelta(minutes=3))
    at_noon.move_to(NOON + timedelta(minutes=18))
    assert browser.post("resume").status_code == 409
    browser.say("我回来了", "backkey001")
    assert Contact.objects.count() == 2
    assert Case.objects.count() == 1


def test_who_is_still_there_is_not_let_go(browser: Browser, at_noon) -> None:
    browser.start()
    at_noon.move_to(NOON + timedelta(minutes=3))
    browser.get()
    assert abandon_silent(now=NOON + timedelta(minutes=4)) == 0


def test_who_was_handed_over_is_not_let_go(browser: Browser, cast: Cast) -> None:
    browser.start()
    contact = answered(cast)
    return_contact(contact, to_queue=cast.chat_en, preferred=None, why="transfer", by=actor_for(cast.grace), now=NOON)
    assert abandon_silent(now=NOON + timedelta(hours=1)) == 0


def test_a_call_instead_keeps_the_place(browser: Browser, cast: Cast, at_noon) -> None:
    browser.start()
    asked_at = the_contact().asked_at
    at_noon.move_to(NOON + timedelta(minutes=6))
    shown = browser.post("callback", {"phone": "１３８ 0013 8000"}).json()
    chat, call = Contact.objects.order_by("id")
    assert (chat.state, call.channel, call.state) == ("abandoned", "callback", "waiting")
    assert call.asked_at == asked_at
    assert call.case_id == chat.case_id
    assert shown["callback"]["phone"].endswith("8000")
    assert "0013" not in str(shown["callback"])
    owed = FollowUp.objects.get()
    assert (owed.kind, owed.phone, owed.contact_id) == ("callback", "+8613800138000", call.id)
    told = Entry.objects.filter(kind="conversations.contact_abandoned").get()
    assert told.body["how"] == "callback"
    assert "6" in Tried.objects.get(key="webchat").outcome


def test_a_call_may_be_for_a_half_hour_that_has_room(browser: Browser, cast: Cast, at_noon) -> None:
    browser.start()
    asked_at = the_contact().asked_at
    (soonest, words, holds), (first, said, _is), *_more = browser.get("times").json()["times"]
    assert (soonest, holds) == ("", True)
    assert words.startswith("轮到我就打，最晚")
    assert said.endswith("12:00")
    refused = browser.post("callback", {"phone": "13800138000", "when": "2026-11-26T03:07:00+00:00"})
    assert (refused.status_code, refused.json()["code"]) == (422, "time_gone")
    assert the_contact().state == "waiting"
    shown = browser.post("callback", {"phone": "13800138000", "when": first}).json()["callback"]
    call = Call.objects.get()
    assert call.slot_at is not None
    assert (call.slot_at.isoformat(), call.contact.asked_at) == (first, asked_at)
    assert call.contact.due_at == call.slot_at
    assert FollowUp.objects.get().due_at == call.slot_at + timedelta(minutes=15)
    assert shown["at"] in shown["said"]


def test_a_call_that_is_owed_moves_only_when_a_time_is_sent(browser: Browser, cast: Cast) -> None:
    browser.start()
    times = [at for at, _words, _is in browser.get("times").json()["times"]]
    browser.post("callback", {"phone": "13800138000", "when": times[2]})
    browser.post("callback", {"phone": "13800138001"})
    assert [at for at, _words, holds in browser.get("times").json()["times"] if holds] == [times[2]]
    browser.post("callback", {"phone": "13800138001", "when": times[1]})
    call = Call.objects.get()
    assert call.slot_at
    assert call.slot_at.isoformat() == times[1]
    browser.post("callback", {"phone": "13800138001", "when": ""})
    call.refresh_from_db()
    assert call.slot_at is None


def test_asking_for_the_call_twice_owes_one(browser: Browser) -> None:
    browser.start()
    browser.post("callback", {"phone": "13800138000"})
    assert browser.post("callback", {"phone": "13800138001"}).status_code == 200
    assert Contact.objects.filter(channel="callback").count() == 1
    assert FollowUp.objects.get().phone == "+8613800138001"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("12", "invalid"),
        ("", "invalid"),
        ("13800138", "number_invalid"),
        ("+1 900 555 0199", "number_country"),
        ("+44 20 7946 0018", "number_country"),
        ("4005550142", "number_costly"),
        ("+881 6 1234 5678", "number_country"),
    ],
)
def test_numbers_we_do_not_call(browser: Browser, number: str, code: str) -> None:
    browser.start()
    answer = browser.post("callback", {"phone": number})
    assert answer.status_code == 422
    assert answer.json()["code"] in (code, "number_invalid")
    assert "phone" in answer.json()["fields"]
    assert the_contact().state == "waiting"


def test_files_travel_and_come_back_only_to_their_owner(browser: Browser, cast: Cast) -> None:
    browser.start()
    sent = browser.upload("%E5%8F%91%E7%A5%A8.pdf", PDF)
    assert sent.status_code == 201
    assert sent.json()["name"] == "发票.pdf"
    token = sent.json()["token"]
    assert browser.say("发票", "filekey001", files=[token]).status_code == 201
    shown = browser.get().json()["messages"][-1]["attachments"]
    assert shown[0]["token"] == token
    answer = browser.get(f"files/{token}")
    assert answer.getvalue() == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert browser.say("again", "filekey002", files=[token]).status_code == 422


def test_a_file_attached_as_the_chat_ended_goes_with_the_next_one(browser: Browser, cast: Cast) -> None:
    browser.start()
    token = browser.upload("a.pdf", PDF).json()["token"]
    ended(cast)
    assert browser.say("", "filekey003", files=[token]).status_code == 201
    assert the_contact().attachments.get().token == token


def test_files_are_refused_early_and_in_words(browser: Browser, settings) -> None:
    browser.start()
    settings.ATTACHMENT_LIMIT = 100
    too_large = browser.upload("a.pdf", PDF.ljust(101))
    assert (too_large.status_code, too_large.json()["code"]) == (413, "file_too_large")
    assert browser.upload("a.exe", b"MZ" + b"\0" * 50).json()["code"] == "wrong_kind"
    many = browser.say("x", "manykey001", files=[f"t{n}" for n in range(11)])
    assert many.json()["code"] == "too_many_files"


def test_hours_and_the_next_opening_are_told(browser: Browser, at_noon) -> None:
    browser.start()
    assert browser.get().json()["hours"] == {"open": True, "opens": ""}
    at_noon.move_to(NOON + timedelta(hours=12))
    browser.client.cookies["heartline_language"] = "en"
    assert browser.get().json()["hours"] == {"open": False, "opens": "tomorrow 08:00"}


def test_what_is_thrown_at_it_is_refused_in_one_form(browser: Browser) -> None:
    browser.start()
    for body in (
        {"text": 5},
        {"text": "x", "key": "ok12345678", "kind": "note"},
        {"text": "x"},
        {"text": "x", "key": "a b"},
    ):
        answer = browser.post("messages", body)
        assert answer.status_code == 422, body
        assert answer["Content-Type"].startswith("application/problem+json")
    broken = browser.client.post("/chat/api/messages", "{", content_type="application/json", headers=browser.headers())
    assert broken.status_code == 422
    long = browser.post("messages", {"text": "好" * 9000, "key": "longkey001"})
    assert long.status_code == 422
    assert browser.texts() == ["师傅昨天又没来"]


def test_a_customer_cannot_write_as_anybody_else(browser: Browser, cast: Cast) -> None:
    browser.start()
    for extra in ({"author_kind": "person"}, {"kind": "note"}, {"contact": 1}, {"by": {"kind": "person"}}):
        assert browser.post("messages", {"text": "x", "key": "extrakey01", **extra}).status_code == 422
    message = Message.objects.get()
    assert (message.author_kind, message.kind) == ("customer", "reply")


def test_get_changes_nothing(browser: Browser) -> None:
    browser.start()
    before = Entry.objects.count()
    for path in ("start", "messages", "leave", "resume", "callback", "rating", "typing", "seen", "visitor"):
        assert browser.get(path).status_code == 405
    browser.get()
    assert Entry.objects.count() == before


def test_system_actor_is_not_the_customer(browser: Browser, at_noon) -> None:
    browser.start()
    abandon_silent(now=NOON + timedelta(minutes=3))
    entry = Entry.objects.filter(kind="conversations.contact_abandoned").get()
    assert entry.actor_kind == Actor.system("x").kind
