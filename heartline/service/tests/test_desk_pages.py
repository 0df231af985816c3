"""The desk over HTTP: its page, and what its browser asks for."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from heartline.common import clock
from heartline.common.actors import Actor
from heartline.conversations.actions.cases import join_contact
from heartline.conversations.actions.contacts import answer_contact, end_contact
from heartline.conversations.consultations.actions import answering
from heartline.conversations.consultations.models import Consultation
from heartline.conversations.models import Case, Contact, HandoverCard, Message, Participant, Tried, WrapUp
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import Capacity, Person, Presence
from heartline.promises.actions import open_follow_up
from heartline.routing.actions import make_offer
from heartline.routing.lease import claim
from heartline.voice_of_customer.models import Invitation
from tests.cast import Cast, assemble, waiting_contact

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble(clock.now() - timedelta(hours=1))


@pytest.fixture
def waiting(cast: Cast) -> Contact:
    return waiting_contact(cast, now=clock.now() - timedelta(minutes=5))


@pytest.fixture
def active(cast: Cast, waiting: Contact) -> Contact:
    return answer_contact(waiting, cast.grace, by=actor_for(cast.grace), now=clock.now())


class Desk:
    """A person's browser, as far as JSON goes."""

    def __init__(self, person: Person) -> None:
        self.client = Client(headers={"accept": "application/json"})
        self.client.force_login(person)

    def post(self, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        answer = self.client.post(f"/desk/api/{path}", json.dumps(body or {}), content_type="application/json")
        return answer.status_code, answer.json()

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        answer = self.client.get(f"/desk/api/{path}")
        return answer.status_code, answer.json()


def key(number: int = 1) -> str:
    return f"client-key-{number}"


def reply(text: str = "您好", number: int = 1, **more: Any) -> dict[str, Any]:
    return {"kind": "reply", "text": text, "client_key": key(number), **more}


# The page


@pytest.mark.parametrize("who", ["grace", "expert", "supervisor", "admin"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_carries_its_first_snapshot_and_its_words(
    cast: Cast, active: Contact, who: str, language: str
) -> None:
    person = getattr(cast, who)
    Person.objects.filter(id=person.id).update(language=language)
    client = Client()
    client.force_login(person)
    page = client.get("/desk/")
    assert page.status_code == 200
    assert page.context["snapshot"]["me"]["id"] == person.id
    assert page.context["words"]["tab_reply"] == ("Needs reply" if language == "en" else "待回复")
    assert b'id="desk-snapshot"' in page.content


def test_a_case_has_an_address_of_its_own(cast: Cast, active: Contact) -> None:
    client = Client()
    client.force_login(cast.grace)
    page = client.get(f"/desk/case/{active.case_id}/")
    assert page.context["opened"]["talk"]["case"]["id"] == active.case_id
    client.force_login(cast.outsider)
    assert client.get(f"/desk/case/{active.case_id}/").status_code == 404
    assert client.get("/desk/case/99999999999999999999/").status_code == 404


def test_who_has_no_desk_is_turned_away(cast: Cast) -> None:
    client = Client()
    assert client.get("/desk/").status_code == 302
    assert Client(headers={"accept": "application/json"}).get("/desk/api/snapshot").status_code == 401
    client.force_login(cast.analyst)
    assert client.get("/desk/").status_code == 403


# Presence and offers


def test_presence_is_chosen_with_a_reason_that_fits(cast: Cast) -> None:
    desk = Desk(cast.grace)
    assert desk.post("presence", {"state": "not_ready", "reason": "training"})[0] == 200
    assert Presence.objects.get(person=cast.grace).reason == "training"
    for wrong in (
        {"state": "available", "reason": "meal"},
        {"state": "away"},
        {"state": "on_break", "reason": "missed_offer"},
    ):
        assert desk.post("presence", wrong)[0] == 422


def offer_to(person: Person, contact: Contact) -> int:
    set_presence(person, "available", by=actor_for(person), now=clock.now())
    offer = make_offer(contact, person, (("helped_last_time", {}),), fence=claim("tests") or 0, now=clock.now())
    assert offer
    return offer.id


def test_an_offer_is_accepted_by_whom_it_was_made_to(cast: Cast, waiting: Contact) -> None:
    offer = offer_to(cast.grace, waiting)
    assert Desk(cast.tom).post(f"offers/{offer}/accept")[0] == 404
    status, answer = Desk(cast.grace).post(f"offers/{offer}/accept")
    assert (status, answer["case_id"]) == (200, waiting.case_id)


def test_an_offer_is_declined_with_a_reason(cast: Cast, waiting: Contact) -> None:
    offer = offer_to(cast.grace, waiting)
    desk = Desk(cast.grace)
    assert desk.post(f"offers/{offer}/decline", {"reason": "too early"})[0] == 422
    assert desk.post(f"offers/{offer}/decline", {"reason": "busy"})[0] == 200
    assert desk.post(f"offers/{offer}/accept")[0] == 409


def test_who_is_second_hears_who_was_first(cast: Cast, waiting: Contact) -> None:
    assert Desk(cast.grace).post(f"contacts/{waiting.id}/take")[0] == 200
    status, problem = Desk(cast.tom).post(f"contacts/{waiting.id}/take")
    assert status == 409
    assert "Grace Okafor" in problem["detail"]


def test_pulling_stops_at_ones_own_limit(cast: Cast, waiting: Contact) -> None:
    Capacity.objects.filter(person=cast.grace, channel="webchat").update(limit=0)
    status, problem = Desk(cast.grace).post(f"contacts/{waiting.id}/take")
    assert (status, problem["code"], problem.get("fields", {})) == (409, "at_capacity", {})
    assert Desk(cast.grace).post(f"contacts/{waiting.id}/take", {"over": True})[0] == 403


def test_a_supervisor_may_go_beyond_it_and_that_is_told(cast: Cast, waiting: Contact) -> None:
    Capacity.objects.update_or_create(person=cast.supervisor, channel="webchat", defaults={"limit": 0})
    desk = Desk(cast.supervisor)
    status, problem = desk.post(f"contacts/{waiting.id}/take")
    assert (status, problem["fields"]) == (409, {"over": "Take it all the same"})
    assert desk.post(f"contacts/{waiting.id}/take", {"over": True})[0] == 200
    assert Entry.objects.get(kind="routing.limit_passed").body["person_id"] == cast.supervisor.id


# Words


def test_a_reply_is_said_once_however_often_it_is_sent(cast: Cast, active: Contact) -> None:
    desk = Desk(cast.grace)
    first = desk.post(f"contacts/{active.id}/messages", reply())
    again = desk.post(f"contacts/{active.id}/messages", reply())
    assert first == again
    assert Message.objects.filter(contact=active, kind="reply", author=cast.grace).count() == 1


def test_a_retry_after_the_contact_has_ended_still_finds_its_message(cast: Cast, active: Contact) -> None:
    desk = Desk(cast.grace)
    first = desk.post(f"contacts/{active.id}/messages", reply())
    end_contact(active, ended_by="customer", by=Actor.customer(active.customer_id, ""), now=clock.now())
    assert desk.post(f"contacts/{active.id}/messages", reply()) == first
    assert desk.post(f"contacts/{active.id}/messages", reply(number=2))[0] == 409


def test_only_who_serves_or_has_joined_replies(cast: Cast, active: Contact) -> None:
    status, problem = Desk(cast.tom).post(f"contacts/{active.id}/messages", reply())
    assert (status, problem["code"]) == (409, "not_yours")
    assert "Grace Okafor" in problem["detail"]
    supervisor = Desk(cast.supervisor)
    assert supervisor.post(f"contacts/{active.id}/messages", reply())[0] == 409
    assert supervisor.post(f"contacts/{active.id}/join")[0] == 200
    assert supervisor.post(f"contacts/{active.id}/messages", reply())[0] == 200
    assert supervisor.post(f"contacts/{active.id}/leave")[0] == 200
    assert supervisor.post(f"contacts/{active.id}/messages", reply(number=3))[0] == 409


def test_a_waiting_contact_is_taken_before_it_is_answered(cast: Cast, waiting: Contact) -> None:
    status, problem = Desk(cast.grace).post(f"contacts/{waiting.id}/messages", reply())
    assert (status, problem["code"]) == (409, "not_yours")


def test_an_expert_advises_by_notes(cast: Cast, active: Contact) -> None:
    expert = Desk(cast.expert)
    note = {"kind": "note", "text": "周六上午可以", "client_key": key()}
    assert expert.post(f"contacts/{active.id}/messages", note)[0] == 404
    question = {"person": cast.expert.id, "question": "周六能装吗"}
    assert Desk(cast.grace).post(f"contacts/{active.id}/experts", question)[0] == 200
    assert expert.post(f"contacts/{active.id}/messages", note)[0] == 404, "the case opens when they join"
    answering.join(Consultation.objects.get(), cast.expert, by=actor_for(cast.expert), now=clock.now())
    assert expert.post(f"contacts/{active.id}/messages", note)[0] == 200
    assert expert.post(f"contacts/{active.id}/messages", reply(number=2))[0] == 403
    notes = Message.objects.filter(contact=active, kind="note").order_by("id").values_list("body", flat=True)
    assert list(notes) == ["周六上午可以"]
    Participant.objects.update(may_reply=True)
    assert expert.post(f"contacts/{active.id}/messages", reply(number=3))[0] == 200


def test_a_note_never_changes_whose_turn_it_is(cast: Cast, active: Contact) -> None:
    note = {"kind": "note", "text": "先查库存", "client_key": key()}
    assert Desk(cast.tom).post(f"contacts/{active.id}/messages", note)[0] == 200
    active.refresh_from_db()
    assert active.turn == "ours"


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "notice", "text": "x", "client_key": key()},
        {"kind": "reply", "text": "", "client_key": key()},
        {"kind": "reply", "text": "x", "client_key": "short"},
        {"kind": "reply", "text": "x" * 8001, "client_key": key()},
        {"kind": "reply", "text": 5, "client_key": key()},
        {"kind": "reply", "text": "x", "client_key": key(), "attachments": ["no such token"]},
        {"kind": "reply", "text": "x", "client_key": key(), "attachments": [1]},
    ],
)
def test_what_cannot_be_said_is_refused(cast: Cast, active: Contact, body: dict[str, Any]) -> None:
    assert Desk(cast.grace).post(f"contacts/{active.id}/messages", body)[0] == 422
    assert not Message.objects.filter(contact=active, author=cast.grace).exists()


def test_a_file_goes_with_the_message_that_names_it(cast: Cast, active: Contact) -> None:
    desk = Desk(cast.grace)
    picture = SimpleUploadedFile("装好了.png", PICTURE, "image/png")
    answer = desk.client.post(f"/desk/api/contacts/{active.id}/files", {"file": picture})
    assert answer.status_code == 200, answer.content
    kept = answer.json()
    assert (kept["name"], kept["media_type"]) == ("装好了.png", "image/png")
    assert desk.post(f"contacts/{active.id}/messages", reply("", attachments=[kept["token"]]))[0] == 200
    talk = desk.get(f"cases/{active.case_id}")[1]["talk"]
    assert [file["name"] for message in talk["messages"].values() for file in message["attachments"]] == ["装好了.png"]
    assert desk.client.post(f"/desk/api/contacts/{active.id}/files").status_code == 422


def test_looking_on_does_not_mark_as_read(cast: Cast, active: Contact) -> None:
    last = Message.objects.get(contact=active).id
    assert Desk(cast.tom).post(f"contacts/{active.id}/seen", {"upto_id": last})[1] == {"seen": 0}
    assert Desk(cast.grace).post(f"contacts/{active.id}/seen", {"upto_id": 2**70})[0] in (200, 422)
    assert Message.objects.get(contact=active).read_at is not None


def test_typing_is_told_and_not_recorded(cast: Cast, active: Contact) -> None:
    before = Entry.objects.count()
    for what in ("coming", "viewing", "reply", "note", "left"):
        assert Desk(cast.grace).post(f"contacts/{active.id}/typing", {"what": what})[0] == 200
    assert Desk(cast.grace).post(f"contacts/{active.id}/typing", {"what": "dreaming"})[0] == 422
    assert Entry.objects.count() == before


# Drafts


def test_a_draft_typed_in_two_windows_loses_neither_text(cast: Cast, active: Contact) -> None:
    desk = Desk(cast.grace)
    path = f"cases/{active.case_id}/draft"
    assert desk.post(path, {"mode": "reply", "body": "陈女士", "version": 0})[1]["version"] == 1
    assert desk.post(path, {"mode": "reply", "body": "陈女士，您好", "version": 1})[1]["version"] == 2
    status, problem = desk.post(path, {"mode": "reply", "body": "另一个窗口", "version": 1})
    assert (status, problem["fields"]["body"]) == (409, "陈女士，您好")
    assert desk.get(f"cases/{active.case_id}/drafts")[1]["reply"]["version"] == 2
    assert desk.post(path, {"mode": "poem", "body": "x", "version": 0})[0] == 422


# Handing over and ending


def test_the_hand_over_card_is_filled_in_as_far_as_it_is_known(cast: Cast, active: Contact) -> None:
    desk = Desk(cast.grace)
    assert desk.post(f"cases/{active.case_id}/tried", {"label": "网上改约", "outcome": "没有时段"})[0] == 200
    due = clock.now() + timedelta(hours=1)
    customer = Actor.customer(active.customer_id, "")
    open_follow_up(
        active.case, "callback", contact=active, owner=cast.grace, what="", due_at=due, by=customer, now=clock.now()
    )
    card = desk.get(f"contacts/{active.id}/transfer")[1]
    assert card["wants"] == "冰箱没装上"
    assert card["tried"] == "网上改约: 没有时段"
    assert card["promised"].startswith("Callback: by ")
    people = {person["name"] for queue in card["queues"] for person in queue["people"]}
    assert "Grace Okafor" not in people
    assert {"Tom Reid", "李娜"} <= people


def test_a_contact_is_handed_over_with_its_card_and_keeps_its_place(cast: Cast, active: Contact) -> None:
    asked_at = active.asked_at
    desk = Desk(cast.grace)
    card = {"to_queue": cast.chat_en.id, "to_person": cast.tom.id, "wants": "确定的日期", "do_not_ask": "地址"}
    assert desk.post(f"contacts/{active.id}/transfer", {**card, "wants": " "})[0] == 422
    assert desk.post(f"contacts/{active.id}/transfer", {**card, "to_queue": 0})[0] == 422
    assert desk.post(f"contacts/{active.id}/transfer", {**card, "to_person": cast.outsider.id})[0] == 422
    assert desk.post(f"contacts/{active.id}/transfer", card)[0] == 200
    active.refresh_from_db()
    assert (active.state, active.queue, active.preferred, active.asked_at) == (
        "waiting",
        cast.chat_en,
        cast.tom,
        asked_at,
    )
    assert HandoverCard.objects.get(contact=active).do_not_ask == "地址"
    # who passed it on is not offered it again, and is not among those it can be passed to
    assert Tried.objects.filter(case=active.case, kind="person", key=str(cast.grace.id)).exists()


def test_only_the_holder_or_a_supervisor_decides(cast: Cast, active: Contact) -> None:
    for act in ("give-back", "end"):
        assert Desk(cast.tom).post(f"contacts/{active.id}/{act}")[0] == 409
        assert Desk(cast.expert).post(f"contacts/{active.id}/{act}")[0] == 403
    assert Desk(cast.supervisor).post(f"contacts/{active.id}/give-back")[0] == 200


def test_ending_asks_the_customer_once_and_gives_the_link_once(cast: Cast, active: Contact) -> None:
    status, answer = Desk(cast.grace).post(f"contacts/{active.id}/end")
    assert status == 200
    assert Invitation.objects.filter(case=active.case).count() == 1
    path = answer["rating_link"].removeprefix("http://testserver")
    assert Client().get(path).status_code == 200
    assert Desk(cast.grace).post(f"contacts/{active.id}/end")[0] == 409


def test_wrap_up_asks_for_two_things_and_suggests_one(cast: Cast, active: Contact) -> None:
    Case.objects.filter(id=active.case_id).update(wants="师傅未上门，想改约")
    desk = Desk(cast.grace)
    desk.post(f"contacts/{active.id}/end")
    choices = desk.get(f"contacts/{active.id}/wrap-up")[1]
    assert choices["suggested"] == cast.reason.id
    assert [one["name"] for one in choices["reasons"]] == ["Installation › No-show"]
    path = f"contacts/{active.id}/wrap-up"
    status, problem = desk.post(path, {"resolution": "solved"})
    assert (status, list(problem["fields"])) == (422, ["reason_id"])
    status, problem = desk.post(path, {"reason_id": cast.reason.id})
    assert (status, list(problem["fields"])) == (422, ["resolution"])
    full = {"reason_id": cast.reason.id, "resolution": "solved", "told_to_expect": "周二", "what_happened": "没来"}
    assert desk.post(path, full)[0] == 200
    assert WrapUp.objects.get(contact=active).what_happened == "没来"
    assert desk.post(path, full)[0] == 409


def test_thanks_does_not_hide_what_is_still_owed(cast: Cast, active: Contact) -> None:
    due = clock.now() + timedelta(hours=1)
    customer = Actor.customer(active.customer_id, "")
    open_follow_up(
        active.case, "callback", contact=active, owner=cast.grace, what="", due_at=due, by=customer, now=clock.now()
    )
    desk = Desk(cast.grace)
    desk.post(f"contacts/{active.id}/end")
    assert desk.get(f"contacts/{active.id}/wrap-up")[1]["still_owed"] == 1
    desk.post(f"contacts/{active.id}/wrap-up", {"reason_id": cast.reason.id, "resolution": "solved"})
    assert Case.objects.get(id=active.case_id).state == "waiting_internal"


# The case


def test_what_the_customer_wants_can_be_put_better(cast: Cast, active: Contact) -> None:
    desk = Desk(cast.tom)
    assert desk.post(f"cases/{active.case_id}/edit", {"subject": "冰箱", "wants": "周六安装"})[0] == 200
    case = Case.objects.get(id=active.case_id)
    assert (case.subject, case.wants) == ("冰箱", "周六安装")
    assert desk.post(f"cases/{active.case_id}/edit", {"subject": ""})[0] == 422
    late = {"wants": "周日安装", "seen_wants": "确定的日期"}
    status, problem = Desk(cast.grace).post(f"cases/{active.case_id}/edit", late)
    assert (status, problem["code"], problem["fields"]) == (409, "edited_meanwhile", {"wants": "周六安装"})
    assert "Tom Reid" in problem["detail"]
    assert Case.objects.get(id=active.case_id).wants == "周六安装"
    assert desk.post(f"cases/{active.case_id}/edit", {"state": "closed"})[0] == 422


def test_a_follow_up_is_closed_with_what_came_of_it(cast: Cast, active: Contact) -> None:
    due = clock.now() + timedelta(hours=1)
    customer = Actor.customer(active.customer_id, "")
    owed = open_follow_up(
        active.case, "callback", contact=active, owner=cast.grace, what="", due_at=due, by=customer, now=clock.now()
    )
    desk = Desk(cast.grace)
    assert str(owed.id) in desk.get("snapshot")[1]["follow_ups"]
    assert desk.post(f"follow-ups/{owed.id}/finish", {"outcome": ""})[0] == 422
    assert Desk(cast.outsider).post(f"follow-ups/{owed.id}/finish", {"outcome": "x"})[0] == 404
    assert desk.post(f"follow-ups/{owed.id}/finish", {"outcome": "已回电，周六安装"})[0] == 200
    assert desk.get("snapshot")[1]["follow_ups"] == {}


def test_the_story_tells_what_happened_in_the_readers_language(cast: Cast, active: Contact) -> None:
    story = Desk(cast.grace).get(f"cases/{active.case_id}/story")[1]
    assert story["lines"][-1]["text"].startswith("Grace Okafor took it after 5 min")
    Person.objects.filter(id=cast.lina.id).update(language="zh-hans")
    story = Desk(cast.lina).get(f"cases/{active.case_id}/story")[1]
    assert story["lines"][-1]["text"] == "等了 5 分钟后，Grace Okafor接入"
    assert [line["text"] for line in story["timeline"]][-1] == "第一次联络我们"


def test_whether_the_customer_is_there_can_be_asked(cast: Cast, active: Contact) -> None:
    Contact.objects.filter(id=active.id).update(visitor_seen_at=clock.now())
    status, answer = Desk(cast.grace).get(f"cases/{active.case_id}/online")
    assert (status, list(answer["online"])) == (200, [str(active.id)])


def test_a_waiting_contact_says_why_it_waits(cast: Cast, waiting: Contact) -> None:
    told = Desk(cast.grace).get(f"cases/{waiting.case_id}/story")[1]["waiting"]
    assert told["position"] == 1
    assert told["why"]


def test_nothing_of_another_teams_case_is_found(cast: Cast, active: Contact) -> None:
    outsider = Desk(cast.outsider)
    for path in (f"cases/{active.case_id}", f"cases/{active.case_id}/story", f"contacts/{active.id}/transfer"):
        assert outsider.get(path)[0] == 404
    for path in ("messages", "seen", "typing", "take", "end", "give-back", "wrap-up", "experts"):
        assert outsider.post(f"contacts/{active.id}/{path}")[0] == 404
    join_contact(active, cast.outsider, "joined", by=actor_for(cast.supervisor), now=clock.now())
    assert outsider.get(f"cases/{active.case_id}")[0] == 200
    assert Participant.objects.filter(person=cast.outsider).count() == 1
