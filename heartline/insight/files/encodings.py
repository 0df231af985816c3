"""In which encoding a file is written: marks first, then what can be proved, then what is likely."""

from __future__ import annotations

import codecs
import gzip
import io
from pathlib import Path
from typing import BinaryIO, cast

from heartline.insight.answers import CannotAnswer, WrongQuestion
from heartline.insight.answers.words import _

BLOCK = 1 << 20
SAMPLE = 1 << 18
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Lead bytes of the 3,755 most used Chinese characters in GB 2312; nearly every pair of a Chinese text begins with one.
COMMON_HAN = range(0xB0, 0xD8)


def open_bytes(path: Path) -> BinaryIO:
    """Open a file, unpacked when it is packed with gzip."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast("BinaryIO", gzip.open(path, "rb")) if packed else path.open("rb")


def open_text(path: Path, encoding: str = "") -> tuple[io.TextIOWrapper, str]:
    """Open a file as text and return the encoding it is read in; line ends are left to whoever reads."""
    chosen = known(encoding) if encoding else encoding_of(path)
    return io.TextIOWrapper(open_bytes(path), encoding=chosen, newline=""), chosen


def known(encoding: str) -> str:
    """Return an encoding that somebody named, or refuse it."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise WrongQuestion(_("There is no encoding “{name}”").format(name=encoding)) from None


def encoding_of(path: Path) -> str:
    """Return the encoding of a file."""
    with open_bytes(path) as file:
        sample = file.read(SAMPLE)
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    if wide := _wide(sample):
        return wide
    if b"\0" in sample:
        raise CannotAnswer(_("{file} is no table: neither text, nor Excel, nor Parquet").format(file=path.name))
    if _is_utf8(path):
        return "utf-8"
    return _likely(sample)


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: every second byte of Latin letters is nothing; read as such it is Latin or Chinese."""
    if b"\0" not in sample:
        return ""
    for name in ("utf-16-le", "utf-16-be"):
        text = sample[: len(sample) // 2 * 2].decode(name, errors="replace")
        if sum(map(_is_usual, text)) > 0.95 * len(text):
            return name
    return ""


def _is_usual(letter: str) -> bool:
    return "\t" <= letter < "\u0250" or "\u4e00" <= letter <= "\u9fff" or letter in "“”‘’—…，。、；：？！（）《》"


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_bytes(path) as file:
        try:
            while block := file.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _likely(sample: bytes) -> str:
    if _is_chinese(sample):
        return "gb18030"
    from charset_normalizer import from_bytes

    best = from_bytes(
        sample, cp_isolation=["cp1252", "cp1250", "cp1251", "big5", "shift_jis", "euc_kr", "mac_roman"]
    ).best()
    return best.encoding if best else "cp1252"


def _is_chinese(sample: bytes) -> bool:
    pairs = common = at = 0
    while at < len(sample) - 1:
        lead, trail = sample[at], sample[at + 1]
        if lead < 0x80:
            at += 1
            continue
        if lead in (0x80, 0xFF):
            return False
        if 0x30 <= trail <= 0x39:  # four bytes: a rare character
            at += 4
            continue
        if trail < 0x40 or trail in (0x7F, 0xFF):
            return False
        pairs += 1
        common += (lead in COMMON_HAN or lead in (0xA1, 0xA3)) and trail >= 0xA1
        at += 2
    return pairs > 0 and common >= 0.7 * pairs
