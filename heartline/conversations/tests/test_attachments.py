"""Hostile and everyday files: what is taken, under which name, with which bytes, and how it is handed out."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from heartline.common.actors import Actor
from heartline.common.errors import Invalid, TooLarge
from heartline.conversations.actions.messages import add_message
from heartline.conversations.attachments import pictures, store_upload
from heartline.conversations.attachments.names import clean_name, disposition
from heartline.conversations.attachments.store import place_of, sweep
from heartline.conversations.models import Attachment, Contact
from heartline.ledger.models import Entry
from tests.cast import NOON, Cast, assemble, waiting_contact

GPS_JPEG_PLACE = "Wenyi Road 1"


def picture(form: str, size: tuple[int, int] = (24, 16), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#7a2a60").save(out, form, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = GPS_JPEG_PLACE
    exif[0x0112] = 6  # taken with the phone on its side
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 16.0, 30.0), 3: "E", 4: (120.0, 7.0, 12.0)})
    return picture("JPEG", exif=exif)


def animation(frames: int) -> bytes:
    out = io.BytesIO()
    first, *rest = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in range(frames)]
    first.save(out, "GIF", save_all=True, append_images=rest, duration=120)
    return out.getvalue()


def archive(*names: str, size: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.writestr(name, b"\0" * size)
    return out.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
HTML = b"<!doctype html><script>alert(1)</script>"
MP4 = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2mp41" + b"\0" * 100

TAKEN = [
    ("photo.jpg", picture("JPEG"), "image/jpeg", "photo.jpg"),
    ("photo.jpeg", picture("JPEG"), "image/jpeg", "photo.jpeg"),
    ("shot.png", picture("PNG"), "image/png", "shot.png"),
    ("moving.gif", animation(3), "image/gif", "moving.gif"),
    ("new.webp", picture("WEBP"), "image/webp", "new.webp"),
    ("发票 3月.pdf", PDF, "application/pdf", "发票 3月.pdf"),
    ("letter.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "letter.docx"),
    ("table.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "table.xlsx"),
    ("old.doc", OLE + "WordDocument".encode("utf-16-le"), "application/msword", "old.doc"),
    ("old.xls", OLE + "Workbook".encode("utf-16-le"), "application/vnd.ms-excel", "old.xls"),
    ("clip.mp4", MP4, "video/mp4", "clip.mp4"),
    # a photo under another photo's extension is an everyday thing
    ("photo.jpg", picture("PNG"), "image/png", "photo.png"),
    ("no extension", PDF, "application/pdf", "no extension.pdf"),
    # bytes of one family under a name of another: kept, opened as nothing
    ("photo.jpg", PDF, "application/octet-stream", "photo.pdf"),
    ("report.docx", PDF, "application/octet-stream", "report.pdf"),
    ("bill.pdf", picture("PNG"), "application/octet-stream", "bill.png"),
    ("run.exe", PDF, "application/octet-stream", "run.pdf"),
]
REFUSED = [
    ("page.html", HTML, "wrong_kind"),
    ("photo.jpg", HTML, "wrong_kind"),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "wrong_kind"),
    (
        "feed.xml",
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        "wrong_kind",
    ),
    ("run.exe", b"MZ\x90\0" + b"\0" * 200, "wrong_kind"),
    ("script.js", b"alert(1)", "wrong_kind"),
    ("plain.txt", b"hello", "wrong_kind"),
    ("virus.com", rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "wrong_kind"),
    ("some.zip", archive("readme.txt"), "wrong_kind"),
    ("macros.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "wrong_kind"),
    ("macros.doc", OLE + "WordDocumentVBA".encode("utf-16-le"), "wrong_kind"),
    ("installer.msi", OLE, "wrong_kind"),
    ("cut.docx", DOCX[:40], "wrong_kind"),
    ("cut.png", picture("PNG", (400, 400))[:60], "damaged_file"),
    ("empty.pdf", b"", "empty_file"),
]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def contact(cast: Cast) -> Contact:
    return waiting_contact(cast)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.ATTACHMENT_FOLDER = tmp_path / "attachments"
    return tmp_path / "attachments"


@dataclass
class Sent:
    """A file as a hostile client sends it: name and size say what the client likes (Django's class would clean them)."""

    name: str
    content: bytes
    claimed_size: int | None = None

    @property
    def size(self) -> int:
        return len(self.content) if self.claimed_size is None else self.claimed_size

    def chunks(self) -> Iterator[bytes]:
        yield from (self.content[start : start + 64] for start in range(0, len(self.content), 64))


def upload(contact: Contact, name: str, content: bytes) -> Attachment:
    by = Actor.customer(contact.customer_id, "陈雨桐")
    return store_upload(contact, Sent(name, content), by=by, now=NOON)


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("name", "content", "media_type", "label"), TAKEN, ids=lambda value: str(value)[:24])
def test_taken(contact: Contact, folder: Path, name: str, content: bytes, media_type: str, label: str) -> None:
    kept = upload(contact, name, content)
    assert (kept.media_type, kept.name) == (media_type, label)
    assert leftovers(folder) == [place_of(kept.token)]
    assert kept.size == place_of(kept.token).stat().st_size
    assert place_of(kept.token).stat().st_mode & 0o777 == 0o600
    assert Entry.objects.filter(kind="conversations.file_added", contact_id=contact.id).count() == 1


@pytest.mark.parametrize(("name", "content", "code"), REFUSED, ids=lambda value: str(value)[:24])
def test_refused_and_nothing_left_behind(contact: Contact, folder: Path, name: str, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        upload(contact, name, content)
    assert refusal.value.code == code
    assert "file" in refusal.value.fields
    assert leftovers(folder) == []
    assert not Attachment.objects.exists()


def test_a_photo_keeps_its_picture_and_loses_its_place(contact: Contact) -> None:
    sent = photo_with_place()
    assert GPS_JPEG_PLACE.encode() in sent
    kept = place_of(upload(contact, "photo.jpg", sent).token).read_bytes()
    drawn = Image.open(io.BytesIO(kept))
    assert not drawn.getexif()
    assert GPS_JPEG_PLACE.encode() not in kept
    assert drawn.size == (16, 24)  # turned upright, as the camera meant it


def test_a_picture_loses_its_passenger(contact: Contact) -> None:
    jar = archive("META-INF/MANIFEST.MF", "Evil.class")
    kept = place_of(upload(contact, "gifar.gif", animation(2) + jar).token).read_bytes()
    assert b"Evil.class" not in kept
    assert getattr(Image.open(io.BytesIO(kept)), "n_frames", 1) == 2


def test_a_flood_of_points_is_refused_before_it_is_decoded(contact: Contact) -> None:
    wide = picture("PNG", (9000, 5000))
    assert len(wide) < 400_000
    started = time.perf_counter()
    with pytest.raises(Invalid) as refusal:
        upload(contact, "flood.png", wide)
    assert refusal.value.code == "picture_too_large"
    assert time.perf_counter() - started < 1


def test_a_flood_of_frames_is_refused(contact: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FRAMES", 5)
    with pytest.raises(Invalid) as refusal:
        upload(contact, "long.gif", animation(6))
    assert refusal.value.code == "picture_too_large"


def test_an_archive_that_would_burst_is_refused(contact: Contact) -> None:
    bomb = archive("[Content_Types].xml", "word/document.xml", *[f"x{i}" for i in range(9)], size=48 * 1024 * 1024)
    assert len(bomb) < 1_000_000
    with pytest.raises(Invalid):
        upload(contact, "bomb.docx", bomb)


def test_one_byte_over_the_limit_is_refused_by_what_it_says_and_by_what_it_is(
    contact: Contact, folder: Path, settings
) -> None:
    settings.ATTACHMENT_LIMIT = 1000
    assert upload(contact, "fits.pdf", PDF.ljust(1000)).size == 1000
    with pytest.raises(TooLarge):
        upload(contact, "over.pdf", PDF.ljust(1001))
    liar = Sent("liar.pdf", PDF.ljust(1001), claimed_size=10)
    with pytest.raises(TooLarge):
        store_upload(contact, liar, by=Actor.customer(contact.customer_id, ""), now=NOON)
    assert len(leftovers(folder)) == 1


NAMES = [
    ("\u200b.htaccess.pdf", "htaccess.pdf"),
    ("..\u2044..\u2044etc.pdf", "⁄..⁄etc.pdf"),
    ("../../etc/passwd.pdf", "passwd.pdf"),
    ("C:\\Users\\x\\bill.pdf", "bill.pdf"),
    ("gnp.exe\u202efdp.pdf", "gnp.exefdp.pdf"),
    ("nul\x00byte.pdf", "nulbyte.pdf"),
    ("CON.pdf", "_CON.pdf"),
    ("lpt1.tar.pdf", "_lpt1.tar.pdf"),
    ("  . .pdf", "file.pdf"),
    ("", "file.pdf"),
    (".pdf", "file.pdf"),
    ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
    ('say "hi".pdf', "say _hi_.pdf"),
    ("发票（三月）.PDF", "发票（三月）.pdf"),
    ("cafe\u0301.pdf", "café.pdf"),
    ("no-extension-but-a-very-long.tail-that-is-not-one", "no-extension-but-a-very-long.tail-that-is-not-one.pdf"),
]


@pytest.mark.parametrize(("given_name", "kept"), NAMES, ids=[repr(name) for name, _ in NAMES])
def test_names(given_name: str, kept: str) -> None:
    assert clean_name(given_name, ("pdf",)) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_is_safe_and_stays_as_it_is(name: str) -> None:
    kept = clean_name(name, ("pdf",))
    assert kept.endswith(".pdf")
    assert len(kept.encode()) <= 255
    assert not set(kept) & set('/\\\0\r\n"<>|:*?\u202e\u200b')
    assert not kept.startswith((".", " "))
    assert clean_name(kept, ("pdf",)) == kept
    assert os.path.basename(kept) == kept


def test_the_header_gives_old_and_new_programs_a_name() -> None:
    header = disposition("发票 \u201c3月\u201d.pdf", inline=False)
    assert header.startswith('attachment; filename="__')
    assert "filename*=UTF-8''%E5%8F%91%E7%A5%A8%20" in header
    assert "\n" not in header
    assert '"' not in header.split("filename*=")[1]


def test_too_many_unsent_files_are_refused(contact: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heartline.conversations.attachments.store.UNSENT_FOR_CONTACT", 2)
    upload(contact, "1.pdf", PDF)
    upload(contact, "2.pdf", PDF)
    with pytest.raises(Invalid):
        upload(contact, "3.pdf", PDF)


def test_a_failed_write_leaves_no_file(contact: Contact, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("heartline.conversations.attachments.store.record", full)
    with pytest.raises(OSError, match="no space"):
        upload(contact, "bill.pdf", PDF)
    assert leftovers(folder) == []
    assert not Attachment.objects.exists()


def test_sweep_takes_what_nobody_knows_and_nothing_else(contact: Contact, folder: Path) -> None:
    sent, unsent = upload(contact, "sent.pdf", PDF), upload(contact, "unsent.pdf", PDF)
    by = Actor.customer(contact.customer_id, "陈雨桐")
    add_message(contact, "reply", "", client_key="with file", attachments=(sent.token,), by=by, now=NOON)
    orphan, half = place_of("orphan"), folder / "incoming" / "half"
    for path in (orphan, half):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    now = datetime.now(UTC)
    assert sweep(now=now) == 0 if now < NOON + timedelta(days=7) else True
    later = max(now, NOON) + timedelta(days=8)
    sweep(now=later)
    assert leftovers(folder) == [place_of(sent.token)]
    assert list(Attachment.objects.all()) == [sent]
    assert not Attachment.objects.filter(id=unsent.id).exists()


def _as(client: Client, person) -> Client:
    client.force_login(person)
    return client


def test_handed_out_so_that_it_can_do_nothing(client: Client, cast: Cast, contact: Contact) -> None:
    kept = upload(contact, "发票.pdf", PDF)
    answer = _as(client, cast.lina).get(f"/files/{kept.token}")
    assert answer.status_code == 200
    assert answer.getvalue() == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_only_a_picture_we_drew_is_shown_in_place(client: Client, cast: Cast, contact: Contact) -> None:
    drawn, claimed = upload(contact, "a.png", picture("PNG")), upload(contact, "a.pdf", picture("PNG"))
    _as(client, cast.lina)
    assert client.get(f"/files/{drawn.token}")["Content-Disposition"].startswith("inline;")
    assert client.get(f"/files/{claimed.token}")["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("who", ["grace", "tom", "lina", "supervisor", "admin"])
def test_colleagues_of_the_queue_may_open_it(client: Client, cast: Cast, contact: Contact, who: str) -> None:
    kept = upload(contact, "bill.pdf", PDF)
    assert _as(client, getattr(cast, who)).get(f"/files/{kept.token}").status_code == 200


@pytest.mark.parametrize("who", ["outsider", "expert"])
def test_for_others_it_does_not_exist(client: Client, cast: Cast, contact: Contact, who: str) -> None:
    kept = upload(contact, "bill.pdf", PDF)
    assert _as(client, getattr(cast, who)).get(f"/files/{kept.token}").status_code == 404


def test_an_analyst_may_not_read_files(client: Client, cast: Cast, contact: Contact) -> None:
    kept = upload(contact, "bill.pdf", PDF)
    assert _as(client, cast.analyst).get(f"/files/{kept.token}").status_code == 403


@pytest.mark.parametrize("token", ["null", "None", "0", "-1", "%00", "%20", "..%2f..%2fsecret.key", "x" * 300])
def test_wrong_tokens_lead_nowhere(client: Client, cast: Cast, token: str) -> None:
    assert _as(client, cast.admin).get(f"/files/{token}").status_code == 404


def test_nobody_signed_in_gets_nothing(client: Client, contact: Contact) -> None:
    kept = upload(contact, "bill.pdf", PDF)
    assert client.get(f"/files/{kept.token}").status_code in (302, 401)


def test_a_file_that_was_lost_is_said_to_be_gone(client: Client, cast: Cast, contact: Contact) -> None:
    kept = upload(contact, "bill.pdf", PDF)
    place_of(kept.token).unlink()
    assert _as(client, cast.admin).get(f"/files/{kept.token}").status_code == 404
