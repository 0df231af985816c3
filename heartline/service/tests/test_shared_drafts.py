"""Drafts that colleagues finish for each other: one draft, one writer at a time, nothing lost."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from heartline.common.errors import Conflict, Invalid
from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.actions.drafts import drafts_of, go_on_with, save_draft, share_draft, shared_drafts_of
from heartline.conversations.actions.messages import add_message
from heartline.conversations.attachments import store_upload
from heartline.conversations.models import Attachment, Contact
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.service.tests.test_sending import PICTURE
from heartline.service.tests.verify import verify_action
from tests.cast import NOON, Cast, assemble, waiting_contact

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def active(cast: Cast) -> Contact:
    return answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)


def share(cast: Cast, contact: Contact, body: str = "陈女士，师傅明天", files: tuple[str, ...] = ()) -> None:
    save_draft(contact.case, cast.grace, "reply", body, version=0, files=files, now=NOON)
    share_draft(contact.case, cast.grace, "reply", shared=True, by=actor_for(cast.grace), now=NOON)


def go_on(cast: Cast, contact: Contact, person: Person) -> None:
    go_on_with(contact.case, cast.grace, "reply", person, by=actor_for(person), now=LATER)


def test_a_colleague_goes_on_with_words_and_files(cast: Cast, active: Contact) -> None:
    file = store_upload(active, SimpleUploadedFile("a.png", PICTURE), by=actor_for(cast.grace), now=NOON)
    share(cast, active, files=(file.token,))
    go_on(cast, active, cast.lina)
    assert drafts_of(active.case, cast.grace)["reply"]["body"] == ""
    mine = drafts_of(active.case, cast.lina)["reply"]
    assert mine["body"] == "陈女士，师傅明天"
    assert [one["token"] for one in mine["files"]] == [file.token]
    by = actor_for(cast.lina)
    add_message(active, "reply", mine["body"], client_key="sent-by-lina", attachments=(file.token,), by=by, now=LATER)
    assert Attachment.objects.get(token=file.token).message is not None


def test_only_one_goes_on(cast: Cast, active: Contact) -> None:
    share(cast, active)
    go_on(cast, active, cast.lina)
    with pytest.raises(Conflict):
        go_on(cast, active, cast.tom)


def test_what_was_not_shared_stays_ones_own(cast: Cast, active: Contact) -> None:
    save_draft(active.case, cast.grace, "reply", "还没想好", version=0, now=NOON)
    with pytest.raises(Conflict):
        go_on(cast, active, cast.lina)
    share_draft(active.case, cast.grace, "reply", shared=True, by=actor_for(cast.grace), now=NOON)
    share_draft(active.case, cast.grace, "reply", shared=False, by=actor_for(cast.grace), now=NOON)
    with pytest.raises(Conflict):
        go_on(cast, active, cast.lina)
    with pytest.raises(Invalid):
        share_draft(active.case, cast.tom, "reply", shared=True, by=actor_for(cast.tom), now=NOON)


def test_a_draft_that_was_sent_is_shared_no_more(cast: Cast, active: Contact) -> None:
    share(cast, active)
    people = [cast.grace, cast.lina]
    verify_action(
        people, lambda: save_draft(active.case, cast.grace, "reply", "", version=1, files=(), now=LATER), now=LATER
    )
    assert shared_drafts_of(active.case) == {}


def test_every_desk_follows(cast: Cast, active: Contact) -> None:
    people = [cast.grace, cast.tom, cast.lina, cast.supervisor, cast.outsider, cast.admin]
    verify_action(people, lambda: share(cast, active), now=NOON)
    verify_action(people, lambda: go_on(cast, active, cast.lina), now=LATER)


def test_over_http(cast: Cast, active: Contact) -> None:
    share(cast, active)
    client = Client(headers={"accept": "application/json"})

    def post(person: Person, path: str, body: dict[str, object]) -> int:
        client.force_login(person)
        path = f"/desk/api/cases/{active.case_id}/draft/{path}"
        return client.post(path, json.dumps(body), content_type="application/json").status_code

    assert post(cast.outsider, "go-on", {"mode": "reply", "person_id": cast.grace.id}) == 404
    assert post(cast.lina, "go-on", {"mode": "reply", "person_id": cast.grace.id}) == 200
    assert post(cast.lina, "go-on", {"mode": "reply", "person_id": cast.grace.id}) == 409
    assert post(cast.lina, "share", {"mode": "reply", "shared": True}) == 200
