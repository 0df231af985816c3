"""Reading what is kept together with what came since: figures of months that are true to the moment.

Each process that is asked has one reader. It opens the newest generation, remembers the customers of whom the ledger has
told since, and lets their fresh rows stand for the kept ones.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from heartline.insight.engine import connect
from heartline.insight.facts.columns import SPANS, TABLES
from heartline.insight.kept.engine import Pages, numbers, sql_columns
from heartline.insight.kept.generations import Generation, discard_unreadable, newest, workshop
from heartline.insight.kept.keeping import make_anew, write_news
from heartline.insight.kept.progress import Progress, read_on
from heartline.ledger.positions import START
from heartline.ledger.queries import head

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# More than this is not read while somebody waits for a page: the background keeps up, the page says how far it is.
AT_MOST = 5_000
# A house with no more entries than this is counted at once when nothing is kept yet.
SMALL = 30_000
# So many answers are remembered while nothing is new, none with more rows than this.
REMEMBERED, LONG = 200, 500


@dataclass(frozen=True)
class Answer:
    """Rows that a question gave, and up to which moment the ledger was read."""

    rows: list[tuple[Any, ...]]
    upto: datetime


class Reader:
    """An engine with the kept rows and the fresh ones. Safe to use from several threads."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._lock = threading.Lock()
        self._engine: DuckDBPyConnection | None = None
        self._generation: Generation | None = None
        self._progress = Progress()
        self._has_fresh = False
        self._known: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
        self._going_on_at: datetime | None = None

    def ask(self, questions: Sequence[str], values: Mapping[str, Any], now: datetime) -> list[Answer] | None:
        """Return what questions in SQL give, all of the same moment; None while nothing has been counted yet."""
        with self._lock:
            while True:
                try:
                    return self._answers(questions, values, now)
                except BaseException:
                    asked = self._generation
                    self._close()  # what was read on and not taken in whole must be read again
                    if not discard_unreadable(asked):
                        raise

    def bring_up_to_date(self) -> bool:
        """Take in what the ledger added; returns whether there is anything to ask."""
        if not self._open():
            return False
        news = read_on(self._progress, AT_MOST)
        self._progress = news.progress
        if news.events:
            self._known.clear()
            self._going_on_at = None
            with workshop(self.home) as room, Pages(room) as written:
                write_news(written, news)
                self._take_in(written, news.customers)
        return True

    def forget(self) -> None:
        """Close the engine; the next question starts anew."""
        with self._lock:
            self._close()

    def _answers(self, questions: Sequence[str], values: Mapping[str, Any], now: datetime) -> list[Answer] | None:
        if not self.bring_up_to_date():
            return None
        assert self._engine is not None
        if any(SPANS.name in question for question in questions):
            self._tell_going_on(now.replace(second=0, microsecond=0))
        upto = now if self._progress.position == head() else self._progress.at
        return [Answer(self._rows(question, _named(question, values)), upto) for question in questions]

    def _rows(self, question: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """What a question gives, remembered until there is news: other tables of the same period ask much of it again.

        What is asked of the time people spend is remembered for its minute.
        """
        assert self._engine is not None
        asked = (question, *sorted(values.items()))
        if asked not in self._known:
            rows = self._engine.execute(question, values).fetchall()
            if len(rows) > LONG or len(self._known) >= REMEMBERED:
                return rows
            self._known[asked] = rows
        return self._known[asked]

    def _tell_going_on(self, minute: datetime) -> None:
        """Lay down what people are doing as if it ended when this minute began: so it is the same for all who ask in it."""
        assert self._engine is not None
        if self._going_on_at == minute:
            return
        _lay_down_going_on(self._engine, self._progress, minute)
        self._known = {asked: rows for asked, rows in self._known.items() if SPANS.name not in asked[0]}
        self._going_on_at = minute

    def _close(self) -> None:
        if self._engine:
            self._engine.close()
        self._known.clear()
        self._going_on_at = None
        self._engine, self._generation, self._progress = None, None, Progress()

    def _open(self) -> bool:
        found = newest(self.home)
        is_open = self._generation is not None and found is not None and found.number == self._generation.number
        if is_open and self._progress.fits():
            return True
        if found is None or not found.progress.fits():
            found = make_anew(self.home) if is_small() else None
        if found is None:
            return False
        self._close()
        self._generation, self._progress, self._has_fresh = found, found.progress, False
        self._engine = connect()
        _arrange(self._engine, found)
        return True

    def _take_in(self, written: Pages, customers: frozenset[int]) -> None:
        engine = self._engine
        assert engine is not None
        if customers:
            engine.execute(f"CREATE OR REPLACE TEMP TABLE told AS {numbers(customers)}")
            engine.execute("INSERT INTO replaced FROM told EXCEPT FROM replaced")
        for name in TABLES:
            if name != SPANS.name and customers:
                engine.execute(f"DELETE FROM fresh_{name} WHERE customer_id IN (FROM told)")  # noqa: S608 - our own tables
            engine.execute(f"INSERT INTO fresh_{name} SELECT * FROM {written.source(name)}")  # noqa: S608 - our own tables
        if customers and not self._has_fresh:
            self._has_fresh = True
            _lay_out(engine, self._generation, has_fresh=True)


def _arrange(engine: DuckDBPyConnection, kept: Generation) -> None:
    engine.execute("CREATE TABLE replaced (id BIGINT)")
    for name, table in TABLES.items():
        columns = ", ".join(f"{column} {type}" for column, type in sql_columns(table).items())
        for kind in ("fresh", "going_on")[: 2 if name == SPANS.name else 1]:
            engine.execute(f"CREATE TABLE {kind}_{name} ({columns})")
    _lay_out(engine, kept, has_fresh=False)


def _lay_out(engine: DuckDBPyConnection, kept: Generation | None, *, has_fresh: bool) -> None:
    """Have views show kept rows unless there are fresh ones about the same customer."""
    assert kept is not None
    for name in TABLES:
        rows = f"SELECT * FROM ({kept.rows(name)}) kept"  # noqa: S608 - our own tables
        if has_fresh and name != SPANS.name:
            rows += " ANTI JOIN replaced ON customer_id = replaced.id"
        rows += f" UNION ALL SELECT * FROM fresh_{name}"  # noqa: S608 - our own tables
        if name == SPANS.name:
            rows += f" UNION ALL SELECT * FROM going_on_{name}"  # noqa: S608 - our own tables
        engine.execute(f"CREATE OR REPLACE VIEW {name} AS {rows}")


def _lay_down_going_on(engine: DuckDBPyConnection, progress: Progress, now: datetime) -> None:
    engine.execute(f"DELETE FROM going_on_{SPANS.name}")  # noqa: S608 - our own tables
    if spans := [SPANS.values(span) for span in progress.doings.open_spans(now)]:
        rows = ", ".join(f"({', '.join(map(_written, span))})" for span in spans)
        engine.execute(f"INSERT INTO going_on_{SPANS.name} VALUES {rows}")  # noqa: S608 - numbers, and words in quotes


def _written(value: int | str) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _named(question: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if f"${name}" in question}


def is_small() -> bool:
    """Return whether the ledger is so short that it is counted while somebody waits."""
    place = head()
    return place == START or place.id <= SMALL


def folder() -> Path:
    """Return where rows are kept."""
    return Path(settings.DATA_FOLDER) / "figures"


READER = Reader(folder())
