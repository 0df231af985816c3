"""Safe retries: one change, and the first reply again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections

from heartline.api import once as once_module
from heartline.api.actions import forget_replies
from heartline.api.models import KeptReply
from heartline.api.tests.helpers import Program
from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.models import Contact, Message
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from tests.cast import NOON, Cast, assemble, waiting_contact


def said() -> int:
    return Message.objects.filter(author_kind="person").count()


def test_the_same_key_gets_the_first_reply_and_changes_nothing_more(
    cast: Cast, contact: Contact, program: Callable[[str], Program]
) -> None:
    grace, path = program("grace"), f"/contacts/{contact.id}/replies"
    first, again = (grace.post(path, {"text": "我来查"}, key="k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert said() == 1
    assert Entry.objects.filter(kind="conversations.message_added", actor_kind="person").count() == 1


def test_another_key_is_another_change(cast: Cast, contact: Contact, program: Callable[[str], Program]) -> None:
    for key in ("k1", "k2"):
        program("grace").post(f"/contacts/{contact.id}/replies", {"text": "我来查"}, key=key)
    assert said() == 2


@pytest.mark.parametrize("what", ["body", "address"])
def test_a_key_used_for_something_else_is_refused(
    cast: Cast, contact: Contact, program: Callable[[str], Program], what: str
) -> None:
    grace = program("grace")
    grace.post(f"/contacts/{contact.id}/replies", {"text": "我来查"}, key="k1")
    path = f"/contacts/{contact.id}/{'replies' if what == 'body' else 'notes'}"
    refused = grace.post(path, {"text": "别的" if what == "body" else "我来查"}, key="k1")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert said() == 1


def test_keys_of_different_people_are_different_keys(
    cast: Cast, contact: Contact, program: Callable[[str], Program]
) -> None:
    for name in ("grace", "supervisor"):
        assert program(name).post(f"/contacts/{contact.id}/notes", {"text": "看一下"}, key="k1").status_code == 201
    assert said() == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "钥匙", "a b", "a\tb"])
def test_a_change_without_a_proper_key_is_refused(
    cast: Cast, contact: Contact, program: Callable[[str], Program], key: str
) -> None:
    refused = program("grace").post(f"/contacts/{contact.id}/replies", {"text": "我来查"}, key=key)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_missing")
    assert said() == 0


def test_a_refusal_by_the_operation_is_kept_without_any_change(
    cast: Cast, contact: Contact, program: Callable[[str], Program]
) -> None:
    tom, path = program("tom"), f"/contacts/{contact.id}/replies"
    refused = tom.post(path, {"text": "我来查"}, key="k1")
    assert refused.status_code == 409
    Contact.objects.filter(id=contact.id).update(assignee=cast.tom)
    assert tom.post(path, {"text": "我来查"}, key="k1").content == refused.content
    assert tom.post(path, {"text": "我来查"}, key="k2").status_code == 201


def test_what_was_refused_before_it_began_is_not_kept(
    cast: Cast, contact: Contact, program: Callable[[str], Program]
) -> None:
    grace, path = program("grace"), f"/contacts/{contact.id}/replies"
    assert grace.post(path, {"text": ""}, key="k1").status_code == 422
    assert not KeptReply.objects.exists()
    assert grace.post(path, {"text": "我来查"}, key="k1").status_code == 201


def test_a_crash_after_the_commit_leaves_the_reply_for_the_retry(
    cast: Cast, contact: Contact, program: Callable[[str], Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    grace, path = program("grace"), f"/contacts/{contact.id}/replies"
    whole = once_module.once

    def dies_before_replying(*parts: Any) -> Any:
        whole(*parts)
        raise SystemError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr("heartline.api.gate.once", dies_before_replying)
        assert grace.post(path, {"text": "我来查"}, key="k1").status_code == 500
    assert said() == 1
    retry = grace.post(path, {"text": "我来查"}, key="k1")
    assert (retry.status_code, retry.json()["text"]) == (201, "我来查")
    assert said() == 1


def test_a_crash_before_the_commit_leaves_nothing_and_the_retry_makes_the_change(
    cast: Cast, contact: Contact, program: Callable[[str], Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    grace, path = program("grace"), f"/contacts/{contact.id}/replies"

    def dies_while_keeping(*_: Any, **__: Any) -> None:
        raise SystemError("power cut")

    before = Entry.objects.count()
    with monkeypatch.context() as broken:
        broken.setattr(KeptReply, "save", dies_while_keeping)
        broken.setattr(KeptReply.objects, "create", _create_plain)
        assert grace.post(path, {"text": "我来查"}, key="k1").status_code == 500
    assert (said(), KeptReply.objects.count(), Entry.objects.count()) == (0, 0, before)
    assert grace.post(path, {"text": "我来查"}, key="k1").status_code == 201
    assert said() == 1


def _create_plain(**fields: Any) -> KeptReply:
    return KeptReply.objects.bulk_create([KeptReply(**fields)])[0]


def test_replies_are_kept_for_more_than_a_day_and_then_forgotten(
    cast: Cast, contact: Contact, program: Callable[[str], Program]
) -> None:
    grace, path = program("grace"), f"/contacts/{contact.id}/replies"
    first = grace.post(path, {"text": "我来查"}, key="k1")
    forget_replies(now=NOON + timedelta(hours=24))
    with time_machine.travel(NOON + timedelta(hours=24), tick=False):
        assert grace.post(path, {"text": "我来查"}, key="k1").content == first.content
    assert forget_replies(now=NOON + timedelta(hours=49)) == 1
    with time_machine.travel(NOON + timedelta(hours=49), tick=False):
        assert grace.post(path, {"text": "我来查"}, key="k1").json()["id"] == first.json()["id"]
    assert said() == 1


@pytest.mark.django_db(transaction=True)
def test_threads_with_one_key_make_one_change_and_get_one_reply() -> None:
    people = assemble()
    served = answer_contact(waiting_contact(people), people.grace, by=actor_for(people.grace), now=NOON)
    grace = Program(people.grace)

    def send(_: int) -> Any:
        try:
            return grace.post(f"/contacts/{served.id}/replies", {"text": "我来查"}, key="k1")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(send, range(8)))
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.content for reply in replies}) == 1
    assert sum("Idempotent-Replayed" not in reply.headers for reply in replies) == 1
    assert said() == 1
