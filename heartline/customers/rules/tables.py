"""Files of rows, as programs and people write them: which encoding, which separator, what each column may be.

And as we write them: no cell is a formula.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from heartline.common.text import as_cell, fold

DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8-sig", "utf-16", "gb18030", "big5", "cp1252")
SAMPLE = 256 * 1024
CELL_LIMIT = 10_000
COLUMN_LIMIT = 250
# Numbers may have their sign, telephone numbers above all.
_NUMBERS = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?(?:; \+[0-9]+)*")

# What columns are called in other systems, folded. A column that is named like none of them is left out.
NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "full name", "fullname", "customer", "customer name", "contact", "contact name", "姓名", "客户姓名",
             "客户名称", "客户", "名称", "联系人", "名字"),
    "form_of_address": ("form of address", "salutation", "title", "称呼", "称谓"),
    "external": ("id", "customer id", "customer number", "external id", "external_id", "customer no", "account number",
                 "member id", "客户编号", "客户号", "会员号", "会员编号", "编号"),
    "email": ("email", "e-mail", "mail", "email address", "e-mail address", "邮箱", "电子邮件", "邮件", "电子邮箱"),
    "phone": ("phone", "phone number", "mobile", "mobile phone", "cell", "tel", "telephone", "手机", "手机号", "手机号码",
              "电话", "电话号码", "联系电话"),
    "language": ("language", "preferred language", "lang", "locale", "语言", "常用语言"),
    "tier": ("tier", "level", "segment", "customer tier", "等级", "客户等级", "级别", "客户级别"),
    "place": ("place", "city", "location", "address", "所在地", "城市", "地区", "地址"),
    "organisation": ("organisation", "organization", "company", "company name", "account", "客户单位", "公司", "单位",
                     "公司名称"),
    "about": ("about", "notes", "note", "remarks", "comment", "description", "备注", "说明"),
    "customer_since": ("customer since", "customer_since", "since", "signup date", "created", "成为客户的时间", "注册时间",
                       "开户日期", "注册日期"),
}  # fmt: skip


class Unreadable(Exception):
    """The file is no table of text: which of `empty`, `binary`, `encoding`, `columns` is its message."""


@dataclass(frozen=True)
class Reading:
    """How a file is read."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]


def guess_reading(start: bytes) -> Reading:
    """Return how a file that starts like this is read, or raise Unreadable."""
    if not start.strip():
        raise Unreadable("empty")
    encoding = _encoding(start)
    text = _decoded(start, encoding)
    if "\x00" in text:
        raise Unreadable("binary")
    try:
        delimiter = _delimiter(text)
        first = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:  # a cell beyond all measure: nothing separates it, or its quotes never close
        raise Unreadable("columns") from None
    columns = tuple(cell.strip()[:120] for cell in first)
    if not any(columns) or len(columns) > COLUMN_LIMIT:
        raise Unreadable("columns")
    return Reading(encoding, delimiter, columns)


def guess_mapping(columns: Sequence[str], attributes: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return which field each column (by its place) is taken for; `attributes` are known names by key."""
    known = {name: field for field, names in NAMES.items() for name in names}
    known |= {fold(name): f"attribute:{key}" for key, names in attributes.items() for name in names if name}
    found: dict[str, str] = {}
    for place, column in enumerate(columns):
        field = known.get(fold(column))
        if field and (field in ("email", "phone") or field not in found.values()):
            found[str(place)] = field
    return found


def rows_of(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row below the headings with its line in the file; rows without anything in them are stepped over."""
    reader = csv.reader(lines, delimiter=delimiter)
    next(reader, None)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell beyond all measure
            yield line, []
            continue
        if any(cell.strip() for cell in row):
            yield line, [cell[:CELL_LIMIT] for cell in row]


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet takes for text or for a number, whatever a customer is called."""
    return cell if _NUMBERS.fullmatch(cell) else as_cell(cell)


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return _old_encoding(start)
    return "utf-8-sig"


def _old_encoding(start: bytes) -> str:
    """Choose among encodings of long ago: the one in which most signs are everyday Chinese, or else Latin."""
    scores: Counter[str] = Counter()
    for encoding in ("gb18030", "big5"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(start)
        except UnicodeDecodeError:
            continue
        scores[encoding] = sum(_everyday(character, encoding) for character in text)
    if scores and max(scores.values()) > 0:
        return scores.most_common(1)[0][0]
    return "cp1252"


def _everyday(character: str, encoding: str) -> int:
    """GB 2312 and Big5 put their common signs first: those count for, rare and private signs against."""
    if character < "\x80":
        return 0
    try:
        first = character.encode("gb2312" if encoding == "gb18030" else "big5")[0]
    except UnicodeEncodeError:
        return -4
    if encoding == "gb18030":
        return 1 if 0xB0 <= first <= 0xD7 or first == 0xA3 else -1
    return 1 if 0xA4 <= first <= 0xC6 else -1


def _decoded(start: bytes, encoding: str) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeDecodeError:
        if encoding != "cp1252":
            raise Unreadable("encoding") from None
        return start.decode("latin-1")


def _delimiter(text: str) -> str:
    """Return the separator that cuts the first lines into the same number of parts, the more the better."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    if len(text) >= SAMPLE // 2 and len(lines) > 1:
        lines = lines[:-1]

    def worth(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)] or [0]
        same = sum(width == widths[0] for width in widths)
        return (same if widths[0] > 1 else 0, widths[0])

    return max(DELIMITERS, key=worth)
