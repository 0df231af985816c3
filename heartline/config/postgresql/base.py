"""Django's connection to PostgreSQL, with our compiler of questions."""

from __future__ import annotations

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations


class Operations(DatabaseOperations):
    """What Django does on PostgreSQL, but for how questions are spelt out."""

    compiler_module = "heartline.config.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose questions our compiler spells out."""

    ops_class = Operations
