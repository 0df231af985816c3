"""Keeping files: examined in a place apart, moved whole to where they stay, swept when nobody sent them.

A file becomes known only after its bytes are safe on disk, so a crash leaves either a whole file or one that
nobody knows; those are swept.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid, TooLarge
from heartline.common.ids import new_token
from heartline.conversations.attachments.kinds import kind_of, media_type_for
from heartline.conversations.attachments.names import clean_name, extension_of
from heartline.conversations.attachments.pictures import redraw
from heartline.conversations.events import FileAdded
from heartline.conversations.models import Attachment, Contact
from heartline.ledger.actions import one_change, record

FILES_PER_MESSAGE = 10
UNSENT_FOR_CONTACT = 30
CHUNK = 64 * 1024
INCOMING = "incoming"
INCOMING_FOR = timedelta(hours=1)
UNKNOWN_FOR = timedelta(hours=24)
UNSENT_FOR = timedelta(days=7)


class Incoming(Protocol):
    """A file as it arrives: Django's uploaded files are such."""

    @property
    def name(self) -> str | None:
        """What its sender calls it."""

    @property
    def size(self) -> int | None:
        """How long it says it is."""

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""


@dataclass(frozen=True)
class Examined:
    """A file that may be kept: cleaned, measured, and waiting in a place apart."""

    path: Path
    name: str
    media_type: str
    size: int
    sha256: str

    def drop(self) -> None:
        """Let it go."""
        self.path.unlink(missing_ok=True)


def store_upload(contact: Contact, file: Incoming, *, by: Actor, now: datetime) -> Attachment:
    """Take in a file for a contact, or raise TooLarge or Invalid with what to do instead."""
    return keep(examine(file), contact, by=by, now=now)


def examine(file: Incoming) -> Examined:
    """Judge a file by its bytes and clean it; nothing is kept yet."""
    if (file.size or 0) > settings.ATTACHMENT_LIMIT:
        raise too_large(file.size or 0)
    with _apart() as received:
        _receive(file, received)
        with received.open("rb") as opened:
            kind = kind_of(opened)
        if kind is None:
            raise _wrong_kind(file.name or "")
        with _apart(kept=True) as cleaned:
            if kind.raster:
                redraw(received, cleaned, kind.raster)
            else:
                received.rename(cleaned)
            size, sha256 = _measure(cleaned)
    media_type = media_type_for(kind, extension_of(file.name or ""))
    return Examined(cleaned, clean_name(file.name or "", kind.extensions), media_type, size, sha256)


def keep(file: Examined, contact: Contact, *, by: Actor, now: datetime) -> Attachment:
    """Keep an examined file for a contact; it appears in the message that names it."""
    token = new_token()
    try:
        _check_unsent(contact)
        final = place_of(token)
        _move(file.path, final)
    except BaseException:
        file.drop()
        raise
    try:
        return _write(file, contact, token, by=by, now=now)
    except BaseException:
        final.unlink(missing_ok=True)
        raise


def carry_over(tokens: tuple[str, ...], contact: Contact, another: Contact) -> int:
    """Let files that a customer attached in a contact go with their next one; only files that were not sent yet."""
    mine = Attachment.objects.filter(contact=contact, token__in=tokens, message=None, uploaded_by_kind="customer")
    return mine.update(contact=another)


def place_of(token: str) -> Path:
    """Return where a file's bytes are; the place is made of our own token and nothing of the sender's."""
    name = hashlib.sha256(token.encode()).hexdigest()
    return Path(settings.ATTACHMENT_FOLDER) / name[:2] / token


def too_large(size: int) -> TooLarge:
    """Return the refusal of a file that is too large."""
    values = {"size": f"{size / 1024 / 1024:.1f}", "limit": settings.ATTACHMENT_LIMIT // (1024 * 1024)}
    message = (
        _("That file is %(size)s MB and the limit is %(limit)s MB. Shrink it and send that. Your text is kept") % values
    )
    return TooLarge(message, code="file_too_large", fields={"file": message})


def sweep(*, now: datetime) -> int:
    """Remove what crashes and changed minds left behind; returns how many files."""
    old = Attachment.objects.filter(message=None, outgoing=None, at__lt=now - UNSENT_FOR)
    unsent = list(old.values_list("token", flat=True)[:500])
    for token in unsent:
        if Attachment.objects.filter(token=token, message=None, outgoing=None).delete()[0]:
            place_of(token).unlink(missing_ok=True)
    return len(unsent) + _sweep_incoming(now) + _sweep_unknown(now)


def _write(file: Examined, contact: Contact, token: str, *, by: Actor, now: datetime) -> Attachment:
    with one_change():
        attachment = Attachment.objects.create(
            token=token,
            contact=contact,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            uploaded_by_kind=by.kind,
            uploaded_by_id=by.id if by.kind == "person" else None,
            at=now,
        )
        event = FileAdded(
            contact_id=contact.id,
            case_id=contact.case_id,
            customer_id=contact.customer_id,
            queue_id=contact.queue_id,
            assignee_id=contact.assignee_id,
            attachment_id=attachment.id,
            media_type=file.media_type,
            size=file.size,
        )
        record(event, by=by, now=now, sample=contact.is_sample)
    return attachment


def _check_unsent(contact: Contact) -> None:
    if Attachment.objects.filter(contact=contact, message=None).count() >= UNSENT_FOR_CONTACT:
        message = _("Send the files you have attached before you add more")
        raise Invalid(message, code="too_many_files", fields={"file": message})


@contextmanager
def _apart(*, kept: bool = False) -> Iterator[Path]:
    """Give a new path in the place apart; what lies there afterwards is removed, unless kept and all went well."""
    folder = Path(settings.ATTACHMENT_FOLDER) / INCOMING
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / new_token()
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if not kept:
        path.unlink(missing_ok=True)


def _receive(file: Incoming, path: Path) -> None:
    size = 0
    with path.open("xb") as out:
        path.chmod(0o600)
        for chunk in file.chunks():
            size += len(chunk)
            if size > settings.ATTACHMENT_LIMIT:
                raise too_large(size)
            out.write(chunk)
    if not size:
        message = _("This file is empty")
        raise Invalid(message, code="empty_file", fields={"file": message})


def _measure(path: Path) -> tuple[int, str]:
    """Return size and hash, and see to it that the bytes are on disk."""
    path.chmod(0o600)
    digest, size = hashlib.sha256(), 0
    with path.open("r+b") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def _move(source: Path, final: Path) -> None:
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    source.rename(final)
    for folder in (final.parent, final.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep_incoming(now: datetime) -> int:
    folder = Path(settings.ATTACHMENT_FOLDER) / INCOMING
    left = [path for path in folder.glob("*") if _age(path, now) > INCOMING_FOR]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _sweep_unknown(now: datetime) -> int:
    """Remove files that no row knows of, a folder at a time."""
    removed = 0
    for folder in Path(settings.ATTACHMENT_FOLDER).glob("??"):
        old = {path.name: path for path in folder.iterdir() if _age(path, now) > UNKNOWN_FOR}
        known = set(Attachment.objects.filter(token__in=list(old)).values_list("token", flat=True))
        for name in old.keys() - known:
            old[name].unlink(missing_ok=True)
            removed += 1
    return removed


def _age(path: Path, now: datetime) -> timedelta:
    try:
        return now - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return timedelta()


def _wrong_kind(name: str) -> Invalid:
    message = _("We can’t take this kind of file. Use images, PDF, Word, Excel or MP4. Your text is kept")
    if extension := extension_of(name):
        message = _("We can’t take %(extension)s files. Use images, PDF, Word, Excel or MP4. Your text is kept") % {
            "extension": f".{extension}"
        }
    return Invalid(message, code="wrong_kind", fields={"file": message})
