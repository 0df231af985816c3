"""Making generations: all anew, or the one before with what the ledger added."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from heartline.insight.engine import connect, parquet
from heartline.insight.facts.columns import SPANS, TABLES
from heartline.insight.kept.courtesy import Courtesy
from heartline.insight.kept.engine import Pages, numbers, save
from heartline.insight.kept.generations import Generation, Layers, discard_unreadable, newest, publish, workshop
from heartline.insight.kept.progress import News, everything, read_on, rows_of
from heartline.ledger.queries import customer_numbers

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# So many events at a time.
AT_ONCE = 20_000
# News are a small part of all rows; at more than this share they become part of the old.
MANY_NEWS = 8
# The order in which rows lie in their file, so that a period is found without reading the rest.
ORDER = {
    "contacts": "opened_at",
    "pieces": "opened_at",
    "turns": "said_at",
    "offers": "made_at",
    "cases": "opened_at",
    "promises": "due_at",
    "spans": "started_at",
}


def keep(home: Path, *, at_least: int = 1) -> Generation | None:
    """Bring what is kept up to date when the ledger has at least so many events more; returns the newest generation."""
    kept = newest(home)
    if kept is None or not kept.progress.fits():
        return make_anew(home)
    while True:
        news = read_on(kept.progress, AT_ONCE)
        if news.events < at_least or not news.events:
            return kept
        try:
            after = _add(home, kept, news)
        except Exception:
            if discard_unreadable(kept):
                return keep(home)
            raise
        if after is None:  # another process has just done it
            return newest(home)
        kept, at_least = after, 1


def make_anew(home: Path) -> Generation | None:
    """Make everything from the whole ledger, in little memory however long it is."""
    with workshop(home) as room:
        made, courtesy = _folder_in(room), Courtesy()
        with Pages(room) as written:
            progress = everything(lambda span: written.write(SPANS.name, [SPANS.values(span)]), courtesy)
            for table, rows in rows_of(customer_numbers(), progress):
                written.write(table, rows)
                courtesy.give_way()
            with connect(room) as engine:
                for name in TABLES:
                    query = f"SELECT * FROM {written.source(name)}"  # noqa: S608 - our own files
                    save(engine, query, made.old(name), ORDER[name])
                    written.forget(name)
        return publish(made.folder, home, progress)


def _add(home: Path, kept: Generation, news: News) -> Generation | None:
    with workshop(home) as room, Pages(room) as written:
        made = _folder_in(room)
        write_news(written, news, Courtesy())
        with connect(room) as engine:
            if not _take_over(kept, made):
                return None
            _add_news(engine, kept, made, written, news.customers)
            if _size(map(made.news, TABLES)) * MANY_NEWS > _size(map(made.old, TABLES)):
                _make_one(engine, made)
        return publish(made.folder, home, news.progress)


def write_news(written: Pages, news: News, courtesy: Courtesy | None = None) -> None:
    """Write the rows of all customers who are news, as the ledger stood then, and the spans that ended."""
    written.write(SPANS.name, (SPANS.values(span) for span in news.spans))
    for table, rows in rows_of(news.customers, news.progress):
        written.write(table, rows)
        if courtesy:
            courtesy.give_way()


def _folder_in(room: Path) -> Layers:
    made = Layers(room / "made")
    made.folder.mkdir()
    return made


def _take_over(kept: Generation, made: Layers) -> bool:
    """Have the old rows under another name; returns False when they have gone, because there are newer ones."""
    for name in TABLES:
        try:
            os.link(kept.old(name), made.old(name))
        except FileNotFoundError:
            return False
        except OSError:  # not every disk knows links
            shutil.copyfile(kept.old(name), made.old(name))
    return True


def _add_news(
    engine: DuckDBPyConnection, kept: Generation, made: Layers, written: Pages, customers: frozenset[int]
) -> None:
    engine.execute(f"CREATE TABLE told AS {numbers(customers)}")
    before = f" UNION SELECT id FROM {parquet(kept.replaced)}" if kept.has_news else ""  # noqa: S608 - our own files
    save(engine, f"SELECT id FROM told{before}", made.replaced, "id")  # noqa: S608 - our own files
    for name in TABLES:
        query = f"SELECT * FROM {written.source(name)}"  # noqa: S608 - our own files
        if kept.has_news:
            gone = "" if name == SPANS.name else " ANTI JOIN told ON customer_id = told.id"
            query += f" UNION ALL SELECT * FROM {parquet(kept.news(name))}{gone}"  # noqa: S608 - our own files
        save(engine, query, made.news(name), ORDER[name])


def _make_one(engine: DuckDBPyConnection, made: Layers) -> None:
    """Let the news become part of the old."""
    for name in TABLES:
        whole = made.folder / f"{name}.whole"
        save(engine, made.rows(name), whole, ORDER[name])
        whole.replace(made.old(name))
    for file in (made.replaced, *map(made.news, TABLES)):
        file.unlink()


def _size(files: Iterable[Path]) -> int:
    return sum(file.stat().st_size for file in files)
