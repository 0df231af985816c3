"""The threads of a process stand in line to write, instead of asking again and again.

SQLite lets one connection write at a time; the others sleep and ask anew, each time longer, up to a tenth of a second.
Under load a thread may so sleep while the database is free. Within a process nobody has to: whoever begins a
transaction takes the turn and passes it on at its end. Between processes SQLite's own waiting stays.
"""

from __future__ import annotations

import threading
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.operations import DatabaseOperations

_turn = threading.Lock()
PATIENCE = 30.0  # as long as SQLite itself waits (heartline.config.database)


class Operations(DatabaseOperations):
    """What Django does on SQLite, but for how questions are spelt out."""

    compiler_module = "heartline.config.sqlite.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes the turn when a transaction begins, and passes it on when that ends, however it ends."""

    ops_class = Operations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        if not _turn.acquire(timeout=PATIENCE):
            raise OperationalError("database is locked")
        self._has_turn = True
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave out what is private
        except BaseException:
            self._pass_on()
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # as above
        if autocommit:  # no transaction is left, whatever kept its end from being told
            self._pass_on()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # as above
        self._pass_on()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # as above
        finally:
            self._pass_on()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # as above
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        if self._has_turn:
            self._has_turn = False
            _turn.release()
