"""`/health`: whether this process answers, and whether it can do its work; for load balancers and watchers."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from heartline.common.requests import Request
from heartline.config.processes.heartbeat import pulses

log = logging.getLogger("heartline.health")


@require_safe
@never_cache
def health(request: Request) -> JsonResponse:
    """Answer 200 when pages can be served, 503 when not. Says nothing that helps an intruder."""
    database = _database_answers()
    body = {"alive": True, "ready": database, "database": database, "work": _work_is_done()}
    return JsonResponse(body, status=200 if database else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("the database does not answer")
        return False
    return True


def _work_is_done() -> bool:
    """Return whether a background process of this installation showed itself lately."""
    return any(pulse.name == "work" and pulse.fresh() for pulse in pulses(settings.DATA_FOLDER / "run"))
