"""Files, working together and the floor, by API: the same actions with the same checks as on pages."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from heartline.api.budget import PER_MINUTE
from heartline.api.tests.helpers import Program
from heartline.conversations.models import Attachment, Contact, Message
from heartline.people.actions import actor_for, set_presence
from heartline.routing.actions import make_offer
from heartline.routing.lease import claim
from tests.cast import NOON, Cast, waiting_contact

Programs = Callable[[str], Program]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (12, 8), "teal").save(out, "PNG")
    return out.getvalue()


def upload(program: Program, contact: Contact, data: bytes, *, key: str = "up", name: str = "照片.png") -> Any:
    file = SimpleUploadedFile(name, data)
    headers = program.headers() | {"idempotency-key": key}
    return program.client.post(f"/api/v1/contacts/{contact.id}/files", {"file": file}, headers=headers)


def test_a_file_goes_up_with_a_reply_and_comes_down_again(contact: Contact, program: Programs) -> None:
    grace = program("grace")
    kept = upload(grace, contact, picture())
    assert (kept.status_code, kept.json()["media_type"], kept.json()["name"]) == (201, "image/png", "照片.png")
    sent = grace.post(f"/contacts/{contact.id}/replies", {"text": "", "attachments": [kept.json()["token"]]})
    assert [one["token"] for one in sent.json()["attachments"]] == [kept.json()["token"]]
    file = grace.get(f"/files/{kept.json()['token']}")
    assert (file.status_code, file.headers["Content-Type"]) == (200, "image/png")
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Image.open(io.BytesIO(b"".join(file.streaming_content))).size == (12, 8)


def test_the_same_upload_again_keeps_one_file(contact: Contact, program: Programs) -> None:
    first, again = (upload(program("grace"), contact, picture()) for _ in range(2))
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert Attachment.objects.count() == 1
    assert upload(program("grace"), contact, b"%PDF-1.4 other", name="b.pdf").status_code == 422
    assert list((Path(django_settings.ATTACHMENT_FOLDER) / "incoming").glob("*")) == []


@pytest.mark.parametrize(("data", "status"), [(b"", 422), (b"MZ\x90\x00 program", 422), (b"x" * (21 << 20), 413)])
def test_files_that_are_not_taken(contact: Contact, program: Programs, data: bytes, status: int) -> None:
    reply = upload(program("grace"), contact, data, name="a.exe")
    assert (reply.status_code, reply.headers["Content-Type"]) == (status, "application/problem+json")
    assert not Attachment.objects.exists()


def test_files_of_others_are_not_there(contact: Contact, program: Programs) -> None:
    token = upload(program("grace"), contact, picture()).json()["token"]
    assert program("outsider").get(f"/files/{token}").status_code == 404
    assert upload(program("outsider"), contact, picture()).status_code == 404
    for wrong in ("x", token[:-1], token + "a", "%00"):
        assert program("grace").get(f"/files/{wrong}").status_code == 404
    grace = program("grace")
    assert grace.post(f"/contacts/{contact.id}/files", {"file": "x"}).status_code == 422
    broken = grace.client.generic(
        "POST",
        f"/api/v1/contacts/{contact.id}/files",
        b"--x\r\nbroken",
        "multipart/form-data",
        headers=grace.headers() | {"idempotency-key": "broken"},
    )
    assert broken.status_code in (400, 422)


def test_a_message_with_neither_words_nor_files_is_none(contact: Contact, program: Programs) -> None:
    before = Message.objects.count()
    assert program("grace").post(f"/contacts/{contact.id}/notes", {"text": " "}).status_code == 422
    assert program("grace").post(
        f"/contacts/{contact.id}/notes", {"text": "x", "attachments": ["none"]}
    ).status_code in (
        404,
        422,
    )
    assert Message.objects.count() == before


def test_an_expert_is_asked_and_a_supervisor_joins_and_leaves(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, supervisor = program("grace"), program("supervisor")
    asked = grace.post(f"/contacts/{contact.id}/experts", {"person_id": cast.expert.id, "question": "保修吗？"})
    assert asked.json() == {"done": True}
    assert supervisor.post(f"/contacts/{contact.id}/join").json() == {"done": True}
    path = f"/contacts/{contact.id}/participants"
    assert {one["role"] for one in grace.get(path).json()["items"]} == {"expert", "joined"}
    assert supervisor.post(f"/contacts/{contact.id}/leave").json() == {"done": True}
    assert [one["person_id"] for one in grace.get(path).json()["items"]] == [cast.expert.id]
    assert grace.post(f"/contacts/{contact.id}/experts", {"person_id": 99, "question": "?"}).status_code == 422


def test_what_was_tried_is_written_once_and_read_by_all_who_may(contact: Contact, program: Programs) -> None:
    grace = program("grace")
    made = grace.post(f"/cases/{contact.case_id}/tried", {"label": "重启路由器", "outcome": "没有用"})
    assert made.status_code == 201
    (shown,) = grace.get(f"/cases/{contact.case_id}/tried").json()["items"]
    assert (shown["label"], shown["kind"]) == ("重启路由器", "step")
    assert program("outsider").get(f"/cases/{contact.case_id}/tried").status_code == 404


def test_the_story_is_told_as_the_desk_tells_it(contact: Contact, program: Programs) -> None:
    told = program("grace").get(f"/cases/{contact.case_id}/story").json()
    assert any("Grace Okafor" in line["text"] for line in told["items"])
    assert program("grace").get(f"/cases/{contact.case_id}/story", everything="true").json()["more"] is False


def test_messages_are_seen_by_who_serves_them(contact: Contact, program: Programs) -> None:
    last = Message.objects.latest("id").id
    assert program("tom").post(f"/contacts/{contact.id}/seen", {"upto_id": last}).json() == {"seen": 0}
    assert program("grace").post(f"/contacts/{contact.id}/seen", {"upto_id": last}).json() == {"seen": 1}


def test_a_supervisor_gives_and_takes_and_sets(cast: Cast, contact: Contact, program: Programs) -> None:
    supervisor = program("supervisor")
    given = supervisor.post(f"/contacts/{contact.id}/assign", {"person_id": cast.lina.id, "why": "她认识这位客户"})
    assert given.json()["assignee_id"] == cast.lina.id
    assert Message.objects.filter(kind="note").count() == 1
    set_presence(cast.tom, "available", by=actor_for(cast.tom), now=NOON)
    fence = claim("test")
    assert fence is not None
    offer = make_offer(waiting_contact(cast), cast.tom, (), fence=fence, now=NOON)
    assert offer
    assert supervisor.post(f"/offers/{offer.id}/take-back").json()["state"] not in ("pending", "accepted")
    assert (
        supervisor.send("PUT", f"/people/{cast.tom.id}/presence", {"state": "on_break"}).json()["state"] == "on_break"
    )
    assert supervisor.send("PUT", f"/people/{cast.outsider.id}/presence", {"state": "on_break"}).status_code == 404
    assert program("grace").post(f"/contacts/{contact.id}/assign", {"person_id": cast.tom.id}).status_code == 403


def test_reasons_are_listed_for_who_wraps_up(cast: Cast, program: Programs) -> None:
    found = program("grace").get("/reasons", is_active="true").json()["items"]
    assert cast.reason.id in [one["id"] for one in found]


def test_every_reply_says_what_is_left_of_the_minute(cast: Cast, program: Programs) -> None:
    grace = program("grace")
    first, second = grace.get("/people/me"), grace.get("/nothing-here-99/cases")
    assert first.headers["RateLimit-Limit"] == str(PER_MINUTE)
    assert int(first.headers["RateLimit-Remaining"]) == PER_MINUTE - 1
    assert 1 <= int(first.headers["RateLimit-Reset"]) <= 60
    assert "RateLimit-Limit" not in second.headers, "an address that is none costs nothing"
    assert int(grace.get("/cases/999999").headers["RateLimit-Remaining"]) == PER_MINUTE - 2


def test_lists_are_narrowed_by_time(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, after = program("grace"), (NOON + timedelta(seconds=1)).isoformat()
    for path, since, before in (
        ("/cases", "opened_since", "opened_before"),
        ("/contacts", "asked_since", "asked_before"),
    ):
        assert [one["id"] for one in grace.get(path, **{since: NOON.isoformat()}).json()["items"]]
        assert grace.get(path, **{since: after}).json()["items"] == []
        assert grace.get(path, **{before: NOON.isoformat()}).json()["items"] == []
        assert grace.get(path, **{since: "2026-11-26"}).status_code == 422
    said = f"/cases/{contact.case_id}/messages"
    assert [one["kind"] for one in grace.get(said, contact_id=contact.id, kind="reply").json()["items"]] == ["reply"]
    assert grace.get(said, since=after).json()["items"] == []
