"""Parquet, read by DuckDB: numbers as numbers, everything else as text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from heartline.insight.answers import CannotAnswer
from heartline.insight.answers.words import _
from heartline.insight.engine import connect, parquet
from heartline.insight.files.frame import Coded, Coding, Frame, Numbers
from heartline.insight.files.heads import places

NUMBERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "FLOAT",
    "DOUBLE",
    "DECIMAL",
    "BOOLEAN",
)


def read_parquet(path: Path, columns: Sequence[str] | None) -> Frame:
    """Return the columns of a Parquet file."""
    import duckdb

    with connect() as engine:
        try:
            rows = engine.sql(f"SELECT * FROM {parquet(path)}")  # noqa: S608 - a quoted file name
            kinds = dict(zip(rows.columns, map(str, rows.types), strict=True))
            wanted = places(list(kinds), columns)
            read = {
                name: _column(engine.sql(_query(path, name, kinds[name])).fetchnumpy()["v"], kinds[name])
                for name in wanted
            }
            n = int(engine.sql(f"SELECT count(*) FROM {parquet(path)}").fetchall()[0][0])  # noqa: S608 - a quoted file name
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise CannotAnswer(
                _("{file} cannot be read as Parquet: {reason}").format(file=path.name, reason=reason)
            ) from error
    return Frame(path.name, tuple(kinds), read, n, np.arange(1, n + 1), read_as="Parquet")


def _query(path: Path, name: str, kind: str) -> str:
    column = '"' + name.replace('"', '""') + '"'
    target = "DOUBLE" if kind.startswith(NUMBERS) else "VARCHAR"
    return f"SELECT {column}::{target} AS v FROM {parquet(path)}"  # noqa: S608 - a quoted name of a file, and of a column


def _column(values: np.ndarray, kind: str) -> Coded | Numbers:
    if kind.startswith(NUMBERS):
        return np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)
    coding = Coding()
    coding.add(["" if value is None else value for value in np.ma.filled(np.ma.asarray(values, dtype=object), None)])
    return coding.coded()
