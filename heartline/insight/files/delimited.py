"""CSV: the delimiter is found, the head cleaned, and each row that does not fit is named by its line."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers import CannotAnswer
from heartline.insight.answers.words import _
from heartline.insight.files.encodings import open_text
from heartline.insight.files.frame import BadRow, Coding, Frame
from heartline.insight.files.heads import heads, places

DELIMITERS = ",;\t|"
NAMED = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
AT_ONCE = 20_000
MOST_NAMED = 1000
Row = list[str]
Tell = Callable[[int], object]


def read_delimited(path: Path, columns: Sequence[str] | None, encoding: str = "", tell: Tell | None = None) -> Frame:
    """Return the columns of a text file; `tell` hears how many rows have been read."""
    delimiter = delimiter_of(path, encoding)
    text, chosen = open_text(path, encoding)
    with text:
        reader = csv.reader(text, delimiter=delimiter, skipinitialspace=True)
        try:
            return _read(path, reader, columns, tell, f"{chosen}, {NAMED[delimiter]}")
        except UnicodeDecodeError as error:
            raise CannotAnswer(
                _(
                    "{file}: what stands after line {line} is not written in {encoding}; name the right one with --encoding"
                ).format(file=path.name, line=reader.line_num, encoding=chosen)
            ) from error
        except csv.Error as error:
            raise CannotAnswer(
                _("{file}: from line {line} on a quotation mark opens and does not close").format(
                    file=path.name, line=reader.line_num
                )
            ) from error


def delimiter_of(path: Path, encoding: str = "") -> str:
    """Return what stands between cells: what cuts the first lines into equally many parts, and the most."""
    text, _chosen = open_text(path, encoding)
    with text:
        try:
            lines = list(islice((line for line in text if line.strip()), 50))
        except UnicodeDecodeError:
            return ","
    return max(DELIMITERS, key=lambda delimiter: _regularity(lines, delimiter))


def _regularity(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if row)
    except csv.Error:
        return 0, 0
    if not widths:
        return 0, 0
    width, rows = widths.most_common(1)[0]
    return (rows / widths.total() if width > 1 else 0), width


def _read(path: Path, reader: Iterable[Row], columns: Sequence[str] | None, tell: Tell | None, read_as: str) -> Frame:
    rows = iter(reader)
    names = heads(next((row for row in rows if any(cell.strip() for cell in row)), []), path.name)
    wanted = places(names, columns)
    codings = {name: Coding() for name in wanted}
    lines: list[NDArray[np.int64]] = []
    bad: list[BadRow] = []
    bad_count = read = 0
    before = _line(reader)
    while chunk := list(islice(rows, AT_ONCE)):
        at = _lines(chunk, before, _line(reader))
        before = _line(reader)
        fit, at, misfits = _fitting(chunk, at, len(names))
        bad_count += len(misfits)
        bad.extend(misfits[: MOST_NAMED - len(bad)])
        lines.append(at)
        if fit:
            cells = list(zip(*fit, strict=True))
            for name, place in wanted.items():
                codings[name].add(cells[place])
        read += len(fit)
        if tell:
            tell(read)
    coded = {name: coding.coded() for name, coding in codings.items()}
    where = np.concatenate(lines) if lines else np.empty(0, np.int64)
    return Frame(path.name, tuple(names), coded, read, where, tuple(bad), bad_count, read_as)


def _line(reader: Iterable[Row]) -> int:
    return int(getattr(reader, "line_num", 0))


def _lines(chunk: Sequence[Row], before: int, after: int) -> NDArray[np.int64]:
    """Where each row begins. Rows usually are lines; only where cells hold line ends does it need counting."""
    if after - before == len(chunk):
        return np.arange(before + 1, after + 1)
    heights = np.fromiter((1 + sum(cell.count("\n") for cell in row) for row in chunk), np.int64, len(chunk))
    return before + 1 + np.concatenate(([0], np.cumsum(heights)[:-1]))


def _fitting(
    chunk: list[Row], lines: NDArray[np.int64], width: int
) -> tuple[list[Row], NDArray[np.int64], list[BadRow]]:
    """Part rows that have a cell for each column from those that have not; empty lines are neither."""
    if all(len(row) == width for row in chunk) and width > 1:
        return chunk, lines, []
    fit, keep, bad = [], [], []
    for at, row in enumerate(chunk):
        if not any(row):
            continue
        if len(row) > width and not any(row[width:]):
            del row[width:]
        if len(row) == width:
            fit.append(row)
            keep.append(at)
        else:
            reason = _("{found} cells where the head has {expected}").format(found=len(row), expected=width)
            bad.append(BadRow(int(lines[at]), reason))
    return fit, lines[keep], bad
