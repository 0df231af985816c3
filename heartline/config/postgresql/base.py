"""Django's connection to PostgreSQL, with our compiler of questions."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations

PREPARED_AT_MOST = 400


class Operations(DatabaseOperations):
    """What Django does on PostgreSQL, but for how questions are spelt out."""

    compiler_module = "heartline.config.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose questions our compiler spells out."""

    ops_class = Operations

    def get_new_connection(self, conn_params: Any) -> Any:
        """Return a connection that keeps as many prepared statements as pages and programs ask questions."""
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = PREPARED_AT_MOST
        return connection
