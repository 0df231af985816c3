"""Asking the inverted index of either database: which entries match, the newest first, and which words are known."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Expression, QuerySet

from heartline.common.questions import Sql, written_once
from heartline.knowledge.search.matching import Match, Row, to_fts5, to_tsquery
from heartline.knowledge.search.models import Entry, Word
from heartline.knowledge.search.rules import CORRECTABLE, corrections, forms
from heartline.knowledge.search.sources import ROOM, Kind

MOST_NEAR = 24  # known words that are tried for one that was typed
MOST_LOOKED_AT = 400
_LETTERS = re.compile(r"[a-z]{3,24}")

_SQLITE = """SELECT search_words.rowid FROM search_words
    WHERE search_words MATCH %s AND search_words.rowid > %s AND search_words.rowid < %s AND EXISTS ({allowed})
    ORDER BY search_words.rowid DESC LIMIT %s"""
# PostgreSQL cannot give what a GIN index finds in order. A usual word fills a page from the newest things alone, so those
# are looked through first; what is rarer is then taken from the index whole and sorted. Left to itself, the planner
# walks back through everything whenever it thinks that a phrase, or a reader's own cases, are more than they are.
_NEWEST = 8000
_POSTGRESQL = """SELECT search_entry.id FROM search_entry
    WHERE search_entry.words @@ %s::tsquery AND search_entry.id > %s AND search_entry.id < %s AND EXISTS ({allowed})
    ORDER BY search_entry.id DESC LIMIT %s"""
_POSTGRESQL_WHOLE = """WITH search_entry AS MATERIALIZED (SELECT found.id FROM search_entry found
        WHERE found.words @@ %s::tsquery AND found.id > %s AND found.id < %s)
    SELECT search_entry.id FROM search_entry WHERE EXISTS ({allowed}) ORDER BY search_entry.id DESC LIMIT %s"""


class ThisThing(Expression):
    """The id of the thing that the entry at hand is of, inside a query about such things."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(output_field=BigIntegerField())
        self.kind = kind

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """Return the expression for the query around it."""
        entry = "search_entry.id" if connection.vendor == "postgresql" else "search_words.rowid"
        return f"({entry} - %s)", (self.kind.base,)


def this_one(kind: Kind, things: QuerySet[Any]) -> QuerySet[Any]:
    """Return the question whether the thing that the entry at hand is of is among others."""
    return things.filter(pk=ThisThing(kind)).order_by().values("pk")


class Index:
    """The index as one reader sees one kind of things; `allowed` says whether they may see the thing at hand."""

    def __init__(self, kind: Kind, allowed: Sql) -> None:
        self.has_title = kind.has_title
        self._base = kind.base
        self._allowed = allowed
        self._top: int | None = None

    def newest(self, match: Match, *, below: int | None, limit: int) -> list[int]:
        """Return the ids of the newest things that match and are among those allowed, from below an id."""
        upper = self._base + (ROOM if below is None else below)
        if connection.vendor != "postgresql":
            return self._ask(_SQLITE, to_fts5(match), self._base, upper, limit)
        words, middle = to_tsquery(match), max(min(upper, self._newest_place() + 1) - _NEWEST, self._base)
        found = self._ask(_POSTGRESQL, words, middle - 1, upper, limit)
        if len(found) < limit and middle > self._base:
            found += self._ask(_POSTGRESQL_WHOLE, words, self._base, middle, limit - len(found))
        return found

    def _ask(self, sql: str, words: str, above: int, below: int, limit: int) -> list[int]:
        inner, params = self._allowed
        with connection.cursor() as cursor:
            cursor.execute(sql.format(allowed=inner), [words, above, below, *params, limit])
            return [place - self._base for (place,) in cursor.fetchall()]

    def _newest_place(self) -> int:
        if self._top is None:
            places = Entry.objects.filter(id__gt=self._base, id__lt=self._base + ROOM).order_by("-id")
            self._top = places.values_list("id", flat=True).first() or self._base
        return self._top


def stands_somewhere(word: str) -> bool:
    """Return whether any entry holds a word."""
    if connection.vendor == "postgresql":
        sql, asked = "SELECT 1 FROM search_entry WHERE words @@ %s::tsquery LIMIT 1", to_tsquery(Row((word,)))
    else:
        sql, asked = "SELECT 1 FROM search_words WHERE search_words MATCH %s LIMIT 1", to_fts5(Row((word,)))
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked])
        return cursor.fetchone() is not None


def words_near(words: Iterable[str]) -> dict[str, list[str]]:
    """Return, for each word, the known words that begin with it, then those it may be a slip of the fingers for."""
    return {word: _near(word) for word in words if _LETTERS.fullmatch(word)}


def _near(word: str) -> list[str]:
    longer = sorted(_beginning_with(word), key=lambda one: (len(one), one))
    if not CORRECTABLE.fullmatch(word):  # in three letters there is no telling a slip from another word
        return longer[:MOST_NEAR]
    found = [*longer[: MOST_NEAR // 2], *corrections(word, _of_forms(forms(word)))]
    return list(dict.fromkeys(found))[:MOST_NEAR]


def _beginning_with(word: str) -> list[str]:
    """Return longer words; each database has its own way that an index can answer."""
    if connection.vendor == "postgresql":
        found = Word.objects.filter(word__startswith=word, word__gt=word)
        return list(found.values_list("word", flat=True)[:MOST_LOOKED_AT])
    return _between(word, word + "\uffff")


@written_once
def _between(above: str, below: str) -> QuerySet[Word, str]:
    return Word.objects.filter(word__gt=above, word__lt=below).values_list("word", flat=True)[:MOST_LOOKED_AT]


@written_once
def _of_forms(wanted: Collection[str]) -> QuerySet[Word, str]:
    return Word.objects.filter(forms__form__in=wanted).values_list("word", flat=True).distinct()[:MOST_LOOKED_AT]
