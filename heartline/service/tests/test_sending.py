"""Held and planned replies: exactly once or never, taken back whole, and never seen by the customer before they go."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid, NotAllowed, NotFound
from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.actions.drafts import drafts_of, save_draft
from heartline.conversations.actions.messages import add_message
from heartline.conversations.attachments import store_upload
from heartline.conversations.models import Attachment, Contact, Message, Outgoing, WritingSettings
from heartline.conversations.outgoing import actions as outgoing_actions
from heartline.conversations.outgoing.actions import Letter
from heartline.conversations.outgoing.queries import outgoing_for
from heartline.ledger.events import public_view
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.queries import scope_of
from heartline.promises.actions import open_follow_up
from heartline.service.actions import Worker
from heartline.service.tests.verify import verify_action
from heartline.service.writing import sending
from tests.cast import NOON, Cast, assemble, waiting_contact

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
LATER = NOON + timedelta(seconds=10)
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def cast(db: None) -> Cast:
    WritingSettings.objects.create(hold_chat_seconds=10)
    return assemble()


@pytest.fixture
def active(cast: Cast) -> Contact:
    return answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)


def at_desk(person: Person, now: datetime = NOON) -> Worker:
    return Worker(person=person, scope=scope_of(person), now=now)


def send(
    contact: Contact, person: Person, text: str = "明天上午师傅过去", key: str = "k" * 12, **more: Any
) -> Outgoing:
    return sending.send(at_desk(person), contact, Letter(text=text, client_key=key, **more))


def upload(contact: Contact, person: Person) -> str:
    file = SimpleUploadedFile("label.png", PICTURE, "image/png")
    return store_upload(contact, file, by=actor_for(person), now=NOON).token


def customer_says(contact: Contact, text: str = "谢谢", now: datetime = LATER) -> None:
    by = Actor.customer(contact.customer_id, contact.customer.name)
    add_message(contact, "reply", text, client_key=f"said-{now.timestamp()}", by=by, now=now)


def sent_texts(contact: Contact) -> list[str]:
    return list(
        Message.objects.filter(contact=contact, author_kind="person").order_by("id").values_list("body", flat=True)
    )


def test_a_reply_is_held_then_goes_once(cast: Cast, active: Contact) -> None:
    held = send(active, cast.grace)
    assert held.due_at == LATER
    assert sending.send_due(NOON + timedelta(seconds=9)) == 0
    assert sent_texts(active) == []
    assert sending.send_due(LATER) == 1
    assert sending.send_due(LATER) == 0
    assert sent_texts(active) == ["明天上午师傅过去"]
    assert Message.objects.get(contact=active, author_kind="person").client_key == held.client_key


def test_lists_show_the_words_without_the_signs_that_dress_them(cast: Cast, active: Contact) -> None:
    send(active, cast.grace, "**明天** 看 [这里](https://example.com)")
    assert sending.send_due(LATER) == 1
    active.refresh_from_db()
    assert active.last_text == "明天 看 这里"


def test_the_same_key_again_holds_nothing_twice(cast: Cast, active: Contact) -> None:
    assert send(active, cast.grace).id == send(active, cast.grace).id
    sending.send_due(LATER)
    assert send(active, cast.grace).state == "sent"
    sending.send_due(LATER + timedelta(minutes=1))
    assert len(sent_texts(active)) == 1


def test_without_a_hold_it_goes_at_once(cast: Cast, active: Contact) -> None:
    WritingSettings.objects.update(hold_chat_seconds=0)
    assert send(active, cast.grace).state == "sent"
    assert len(sent_texts(active)) == 1


def test_taking_back_restores_words_and_files_before_what_was_typed_since(cast: Cast, active: Contact) -> None:
    token = upload(active, cast.grace)
    held = send(active, cast.grace, files=(token,))
    save_draft(active.case, cast.grace, "reply", "还有", version=0, now=NOON)
    draft = sending.take_back(at_desk(cast.grace), held)
    assert draft.body == "明天上午师傅过去\n还有"
    found = drafts_of(active.case, cast.grace)["reply"]
    assert [file["token"] for file in found["files"]] == [token]
    assert sending.send_due(LATER) == 0
    # what was taken back is sent anew with other words, and only those
    again = send(active, cast.grace, text="后天上午师傅过去", key="another-key", files=(token,))
    sending.send_due(again.due_at)
    assert sent_texts(active) == ["后天上午师傅过去"]
    assert Attachment.objects.get(token=token).message is not None


def test_what_has_gone_cannot_be_taken_back(cast: Cast, active: Contact) -> None:
    held = send(active, cast.grace)
    sending.send_due(LATER)
    with pytest.raises(Conflict):
        sending.take_back(at_desk(cast.grace), Outgoing.objects.get(id=held.id))


def test_two_sweeps_at_once_send_it_once(cast: Cast, active: Contact) -> None:
    held = send(active, cast.grace)
    one, other = Outgoing.objects.get(id=held.id), Outgoing.objects.get(id=held.id)
    assert sending.deliver(one, LATER)
    assert not sending.deliver(other, LATER)
    assert len(sent_texts(active)) == 1


def test_a_crash_between_the_writes_leaves_it_waiting(cast: Cast, active: Contact, monkeypatch) -> None:
    held = send(active, cast.grace, after="waiting_customer")
    monkeypatch.setattr("heartline.conversations.actions.cases.change_case", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sending.send_due(LATER)
    monkeypatch.undo()
    held.refresh_from_db()
    assert (held.state, sent_texts(active)) == ("waiting", [])
    assert sending.send_due(LATER) == 1
    assert len(sent_texts(active)) == 1


def test_the_customer_hears_nothing_of_what_is_held(cast: Cast, active: Contact) -> None:
    send(active, cast.grace)
    entry = Entry.objects.get(kind="conversations.outgoing_changed")
    assert public_view(entry.kind, entry.body) is None
    assert "明天上午师傅过去" not in json.dumps(entry.body, ensure_ascii=False)


def test_every_desk_follows(cast: Cast, active: Contact) -> None:
    people = [cast.grace, cast.tom, cast.supervisor, cast.outsider, cast.admin]
    held = verify_action(people, lambda: send(active, cast.grace), now=NOON)
    verify_action(people, lambda: sending.take_back(at_desk(cast.grace), held), now=NOON)
    planned = verify_action(
        people, lambda: send(active, cast.grace, key="planned-1", planned_for=TOMORROW, after="solved"), now=NOON
    )
    verify_action(people, lambda: sending.send_now(at_desk(cast.grace, LATER), planned), now=LATER)


def test_reply_and_wait_for_the_customer(cast: Cast, active: Contact) -> None:
    send(active, cast.grace, after="waiting_customer")
    sending.send_due(LATER)
    active.case.refresh_from_db()
    assert active.case.state == "waiting_customer"


def test_reply_and_solve_ends_the_contact(cast: Cast, active: Contact) -> None:
    send(active, cast.grace, after="solved")
    active.refresh_from_db()
    assert active.state == "active"  # nothing of it before it goes
    sending.send_due(LATER)
    active.refresh_from_db()
    assert (active.state, active.case.state) == ("wrap_up", "solved")


def test_what_is_owed_keeps_the_case_open_whatever_was_pressed(cast: Cast, active: Contact) -> None:
    open_follow_up(
        active.case,
        "callback",
        contact=active,
        owner=cast.grace,
        what="回电话",
        due_at=TOMORROW,
        by=actor_for(cast.grace),
        now=NOON,
    )
    send(active, cast.grace, after="solved")
    sending.send_due(LATER)
    active.case.refresh_from_db()
    assert active.case.state == "waiting_internal"


def test_a_planned_reply_goes_at_its_time(cast: Cast, active: Contact) -> None:
    send(active, cast.grace, planned_for=TOMORROW)
    assert sending.send_due(TOMORROW - timedelta(seconds=1)) == 0
    assert sending.send_due(TOMORROW) == 1


def test_a_planned_reply_stops_when_the_customer_writes_first(cast: Cast, active: Contact) -> None:
    stays = send(active, cast.grace, key="stays-planned", planned_for=TOMORROW)
    planned = send(active, cast.grace, planned_for=TOMORROW, stop_if_answered=True)
    customer_says(active)
    assert outgoing_actions.stop_answered(now=LATER) == 1
    planned.refresh_from_db()
    stays.refresh_from_db()
    assert (planned.state, stays.state) == ("stopped", "waiting")
    assert sending.send_due(TOMORROW) == 1  # the one that was to go whatever happens
    # what stopped waits for its writer: it can be sent all the same
    sending.send_now(at_desk(cast.grace, TOMORROW), planned)
    assert len(sent_texts(active)) == 2


def test_an_answer_in_the_last_moment_still_stops_it(cast: Cast, active: Contact) -> None:
    planned = send(active, cast.grace, planned_for=TOMORROW, stop_if_answered=True)
    customer_says(active, now=TOMORROW - timedelta(seconds=1))
    assert sending.send_due(TOMORROW) == 0
    planned.refresh_from_db()
    assert planned.state == "stopped"


def test_a_plan_can_be_changed_by_one_at_a_time(cast: Cast, active: Contact) -> None:
    planned = send(active, cast.grace, planned_for=TOMORROW)
    letter = Letter(text="改一下", client_key=planned.client_key, planned_for=TOMORROW + timedelta(hours=1))
    sending.change_plan(at_desk(cast.grace), planned, letter, version=0)
    assert sending.send_due(TOMORROW) == 0
    with pytest.raises(Conflict):
        sending.change_plan(at_desk(cast.grace), planned, letter, version=0)
    assert sending.send_due(TOMORROW + timedelta(hours=1)) == 1
    assert sent_texts(active) == ["改一下"]


def test_a_planned_reply_of_somebody_who_left_waits_for_a_decision(cast: Cast, active: Contact) -> None:
    planned = send(active, cast.grace, planned_for=TOMORROW)
    Person.objects.filter(id=cast.grace.id).update(is_active=False)
    assert sending.send_due(TOMORROW) == 0
    planned.refresh_from_db()
    assert planned.state == "failed"
    assert "Grace Okafor" in planned.problem


def test_a_planned_reply_of_somebody_who_serves_no_more_waits_too(cast: Cast, active: Contact) -> None:
    planned = send(active, cast.grace, planned_for=TOMORROW)
    Person.objects.filter(id=cast.grace.id).update(role="analyst")
    assert sending.send_due(TOMORROW) == 0
    planned.refresh_from_db()
    assert (planned.state, sent_texts(active)) == ("failed", [])


def test_what_cannot_be_sent_is_refused_with_words(cast: Cast, active: Contact) -> None:
    for more in (
        {"text": " "},
        {"text": "您好 {{customer.name}}"},
        {"planned_for": NOON - timedelta(minutes=1)},
        {"planned_for": NOON + timedelta(days=400)},
        {"after": "closed"},
        {"key": "short"},
        {"files": ("no-such-file",)},
    ):
        with pytest.raises(Invalid):
            send(active, cast.grace, **more)
    with pytest.raises(Conflict):  # it is Grace's
        send(active, cast.tom)
    assert not Outgoing.objects.exists()


def test_only_its_writer_its_assignee_and_supervisors_decide(cast: Cast, active: Contact) -> None:
    held = send(active, cast.grace)
    with pytest.raises(NotAllowed):
        sending.take_back(at_desk(cast.tom), held)
    with pytest.raises(NotFound):
        outgoing_for(scope_of(cast.outsider), held.id)
    sending.take_back(at_desk(cast.supervisor), held)
    assert drafts_of(active.case, cast.grace)["reply"]["body"] == "明天上午师傅过去"


def test_files_of_planned_replies_are_not_swept(cast: Cast, active: Contact) -> None:
    from heartline.conversations.attachments.store import sweep

    token = upload(active, cast.grace)
    send(active, cast.grace, files=(token,), planned_for=NOON + timedelta(days=30))
    sweep(now=NOON + timedelta(days=20))
    assert Attachment.objects.filter(token=token).exists()
    sending.send_due(NOON + timedelta(days=30))
    assert Attachment.objects.get(token=token).message is not None


def test_over_http(cast: Cast, active: Contact) -> None:
    client = Client(headers={"accept": "application/json"})
    client.force_login(cast.grace)

    def post(path: str, body: dict[str, Any]) -> tuple[int, Any]:
        answer = client.post(f"/desk/api/{path}", json.dumps(body), content_type="application/json")
        return answer.status_code, answer.json()

    body = {"kind": "reply", "text": "好的", "client_key": "over-http-1", "attachments": [], "after": ""}
    status, sent = post(f"contacts/{active.id}/outgoing", body)
    assert (status, sent["state"]) == (200, "waiting")
    status, back = post(f"outgoing/{sent['outgoing_id']}/take-back", {})
    assert (status, back["drafts"]["reply"]["body"]) == (200, "好的")
    assert post(f"outgoing/{sent['outgoing_id']}/take-back", {})[0] == 409
    assert post(f"contacts/{active.id}/outgoing", {**body, "client_key": "x" * 9, "due_at": "tomorrow"})[0] == 422
