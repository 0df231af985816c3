"""Making generations: all anew, or the one before with what the ledger added."""

from __future__ import annotations

from pathlib import Path

from heartline.insight.facts.columns import SPANS, TABLES
from heartline.insight.kept.engine import Pages, connect, pages, parquet, save
from heartline.insight.kept.generations import Generation, newest, publish, workshop
from heartline.insight.kept.progress import News, Progress, everything, read_on, rows_of

# So many events at a time: their customers' rows are in memory at once.
AT_ONCE = 20_000
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
        after = _add(home, kept, news)
        if after is None:  # another process has just done it
            return newest(home)
        kept, at_least = after, 1


def make_anew(home: Path) -> Generation | None:
    """Make everything from the whole ledger."""
    progress, parts = everything()
    with pages() as written:
        for table, rows in parts:
            written.write(table, rows)
        return _publish(home, progress, {name: f"SELECT * FROM {written.source(name)}" for name in TABLES})  # noqa: S608 - our own files and numbers


def _add(home: Path, kept: Generation, news: News) -> Generation | None:
    with pages() as written:
        write_news(written, news, news.progress)
        customers = ", ".join(map(str, sorted(news.customers))) or "NULL"
        queries = {}
        for name in TABLES:
            stays = "" if name == SPANS.name or not news.customers else f" WHERE customer_id NOT IN ({customers})"
            old, new = parquet(kept.file(name)), written.source(name)
            queries[name] = f"SELECT * FROM {old}{stays} UNION ALL SELECT * FROM {new}"  # noqa: S608 - our own files and numbers
        return _publish(home, news.progress, queries)


def write_news(written: Pages, news: News, progress: Progress) -> None:
    """Write the rows of all customers who are news, as the ledger stood at a place, and the spans that ended."""
    written.write(SPANS.name, (SPANS.values(span) for span in news.spans))
    for table, rows in rows_of(news.customers, progress):
        written.write(table, rows)


def _publish(home: Path, progress: Progress, queries: dict[str, str]) -> Generation | None:
    made, engine = workshop(home), connect()
    try:
        for name, query in queries.items():
            save(engine, query, made / f"{name}.parquet", ORDER[name])
    finally:
        engine.close()
    return publish(made, home, progress)
