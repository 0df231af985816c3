"""Which files we take, decided by what their bytes are and never by what they are called."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import BinaryIO

HEAD = 4096
# An office file is a zip archive. It is never unpacked here, but one that claims to unpack to this much is a weapon.
ARCHIVE_ENTRIES = 5000
ARCHIVE_BYTES = 400 * 1024 * 1024
OLE_SEARCH = 4 * 1024 * 1024


@dataclass(frozen=True)
class Kind:
    """A type we take: what it is called in headers, its extensions (the first is given), whether we redraw it."""

    media_type: str
    extensions: tuple[str, ...]
    raster: str = ""


JPEG = Kind("image/jpeg", ("jpg", "jpeg", "jfif"), "JPEG")
PNG = Kind("image/png", ("png",), "PNG")
GIF = Kind("image/gif", ("gif",), "GIF")
WEBP = Kind("image/webp", ("webp",), "WEBP")
PDF = Kind("application/pdf", ("pdf",))
DOCX = Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
XLSX = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
DOC = Kind("application/msword", ("doc",))
XLS = Kind("application/vnd.ms-excel", ("xls",))
MP4 = Kind("video/mp4", ("mp4", "m4v"))
MOV = Kind("video/quicktime", ("mov",))
# Its bytes are of a kind we take, its name says another: kept, and never opened as anything.
UNCERTAIN = "application/octet-stream"

KINDS = (JPEG, PNG, GIF, WEBP, PDF, DOCX, XLSX, DOC, XLS, MP4, MOV)
# What browsers' file pickers offer. Without HEIC in the list, an iPhone turns its photos into JPEG by itself.
ACCEPT = ",".join(f".{extension}" for kind in KINDS for extension in kind.extensions)
_BY_SIGNATURE = {extension: kind for kind in (JPEG, PNG, GIF, WEBP, PDF, MP4, MOV) for extension in kind.extensions}


def kind_of(file: BinaryIO) -> Kind | None:
    """Return what a file is by its bytes, or None when we do not take it."""
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(file)
    if head.startswith(bytes.fromhex("d0cf11e0a1b11ae1")):
        return _old_office_kind(file)
    return next((_BY_SIGNATURE[found] for found in _signatures(head) if found in _BY_SIGNATURE), None)


def media_type_for(kind: Kind, claimed: str) -> str:
    """Return the type a file is served as: its own, unless its extension claims to be of another family.

    A photo called .jpg that is a PNG is an everyday thing; a PDF called .jpg is not.
    """
    if not claimed or claimed in kind.extensions:
        return kind.media_type
    other = next((one for one in KINDS if claimed in one.extensions), None)
    same_family = other is not None and _family(other) == _family(kind) != "application"
    return kind.media_type if same_family else UNCERTAIN


def _family(kind: Kind) -> str:
    return kind.media_type.partition("/")[0]


def _signatures(head: bytes) -> list[str]:
    """Return the extensions that the first bytes speak for, the surest first."""
    import puremagic  # its table of signatures is loaded when the first file comes

    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return []
    surest = found[0].confidence if found else 0
    return [one.extension.lstrip(".") for one in found if one.confidence == surest]


def _office_kind(file: BinaryIO) -> Kind | None:
    """Return which office file an archive is; one with macros, or one that would burst, is none we take."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    names = {entry.filename for entry in entries}
    bursts = len(entries) > ARCHIVE_ENTRIES or sum(entry.file_size for entry in entries) > ARCHIVE_BYTES
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    if bursts or macros or "[Content_Types].xml" not in names:
        return None
    return DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else None


def _old_office_kind(file: BinaryIO) -> Kind | None:
    """Tell Word from Excel by the name of the stream inside; other things in the same wrapping are not taken."""
    file.seek(0)
    content = file.read(OLE_SEARCH)
    if "VBA".encode("utf-16-le") in content:
        return None
    if "WordDocument".encode("utf-16-le") in content:
        return DOC
    return XLS if "Workbook".encode("utf-16-le") in content else None
