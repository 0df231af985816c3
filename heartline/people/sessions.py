"""Where sessions are kept: in the database, as Django keeps them; read by every request, so asked in a question written once."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from heartline.common import clock
from heartline.common.questions import first, written_once


class SessionStore(DatabaseStore):
    """Sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        found = _standing(self.session_key or "", clock.now())
        if not found:
            self._session_key = None
        return first(found)


@written_once
def _standing(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
