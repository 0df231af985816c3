"""The index: one row for each thing that can be found, the words it knows, and how far it has read."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class TokensField(models.Field):  # type: ignore[type-arg]  # Django has no generic fields when it runs
    """Tokens in their order: a tsvector on PostgreSQL, text that triggers hand to FTS5 on SQLite."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the column's type."""
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Write a list of tokens as the database keeps it. Tokens hold letters, digits and our marks only."""
        if not isinstance(value, list):
            return value
        if connection.vendor != "postgresql":
            return " ".join(value)
        places: dict[str, list[int]] = {}
        for place, token in enumerate(value, 1):
            places.setdefault(token, []).append(place)
        return " ".join(f"'{token}':{','.join(map(str, found[:255]))}" for token, found in places.items())

    def get_placeholder(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> str:
        """Tell PostgreSQL what the text is."""
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"


class Entry(models.Model):
    """What is found of one thing. Its id says which: the number of its kind, then its own id (see `places`).

    Ids of one kind lie together in the order in which the things arose, so that both databases can give the newest
    first without sorting, and a page can go on where the last one ended.
    """

    id = models.BigIntegerField(primary_key=True)
    words = TokensField()
    fingerprint = models.BigIntegerField()
    """Of the tokens, so that a change which leaves the words alone costs nothing."""


class Word(models.Model):
    """A word in Latin letters that stands in something indexed, so that a misspelt one can be put right."""

    id = models.BigAutoField(primary_key=True)
    word = models.CharField(max_length=24, unique=True)


class WordForm(models.Model):
    """A word with a letter missing: two words one slip apart have such a form in common."""

    id = models.BigAutoField(primary_key=True)
    form = models.CharField(max_length=8, db_index=True)
    word = models.ForeignKey(Word, on_delete=models.CASCADE, related_name="forms")


class Progress(models.Model):
    """How far the index has come: its place in the ledger, and in the tables while it is built anew.

    Both are written in the transaction that writes the entries, so that a process killed at any moment neither
    misses nor forgets anything.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    rules = models.PositiveSmallIntegerField(default=0)
    """By which version of our rules the index was built; another one has it built anew."""
    tx = models.BigIntegerField(null=True)
    """Where reading of the ledger goes on; null before the first time."""
    entry = models.BigIntegerField(default=0)
    rebuild_kind = models.PositiveSmallIntegerField(null=True)
    """The kind of things being indexed anew; null when the index is whole."""
    rebuild_after = models.BigIntegerField(default=0)
