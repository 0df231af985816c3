"""Safe retries: the same Idempotency-Key gets the first reply again, and the change is made once.

Key, change and reply are written in one transaction. A crash before the commit leaves nothing, and the retry
makes the change; a crash after it leaves the reply for the retry. A refusal by the operation is kept as well,
without any of its change; what was refused before the operation began (form, rights, budget) is not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from heartline.api.models import KeptReply
from heartline.api.problems import Malformed, problem
from heartline.api.requests import ApiRequest
from heartline.api.sealing import seal, unseal
from heartline.common.errors import HeartlineError, Invalid
from heartline.common.questions import written_once
from heartline.ledger.actions import one_change

HEADER = "Idempotency-Key"


class Taken(Exception):
    """Another request with this key was faster."""


def once(request: ApiRequest, work: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Do a piece of work unless its key was used before; then return the reply it had."""
    key, fingerprint = _key(request), _fingerprint(request)
    kept = _kept_under(request.user.id, key)
    if kept:
        return _replay(kept[0], fingerprint)
    reply = KeptReply(person=request.user, key=key, fingerprint=fingerprint, at=request.now)
    try:
        return _attempt(request, work, reply)
    except Taken:
        return _replay(_kept_under(request.user.id, key)[0], fingerprint)


@written_once
def _kept_under(person_id: int, key: str) -> QuerySet[KeptReply]:
    return KeptReply.objects.filter(person_id=person_id, key=key)


def each_time(request: ApiRequest, work: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Do a piece of work whose reply is too large to keep and that may be done again: only the key's form is checked."""
    _key(request)
    with one_change():
        return work()


def _attempt(request: ApiRequest, work: Callable[[], HttpResponseBase], reply: KeptReply) -> HttpResponseBase:
    try:
        with one_change():
            response = work()
            _keep(reply, request, response)
    except Malformed:
        raise
    except HeartlineError as error:  # nothing of the change stays; that it was refused does
        response = problem(request, error)
        with one_change():
            _keep(reply, request, response)
    return response


def _keep(reply: KeptReply, request: ApiRequest, response: HttpResponseBase) -> None:
    """Write a reply down as the last of its transaction; of two requests with one key only one can."""
    assert isinstance(response, HttpResponse)
    reply.status, reply.content_type = response.status_code, response.headers["Content-Type"]
    body, reply.is_sealed = response.content.decode(), getattr(request, "keep_sealed", False)
    reply.body = seal(body) if reply.is_sealed else body
    try:
        reply.save(force_insert=True)
    except IntegrityError as error:
        raise Taken from error


def _replay(kept: KeptReply, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        raise Invalid(
            _("This Idempotency-Key was used for another request. Choose a new one"), code="idempotency_key_reused"
        )
    body = unseal(kept.body) if kept.is_sealed else kept.body
    response = HttpResponse(body or "{}", status=kept.status, content_type=kept.content_type)
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _key(request: ApiRequest) -> str:
    key = request.headers.get(HEADER, "")
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        message = _("Send an Idempotency-Key of 1 to 255 visible ASCII characters, a new one for each change")
        raise Invalid(message, code="idempotency_key_missing", fields={HEADER: message})
    return key


def _fingerprint(request: ApiRequest) -> str:
    """Return what tells one request from another; of an upload its files, for boundaries differ at each try."""
    digest = hashlib.sha256(
        "\n".join([str(request.method), request.get_full_path(), request.content_type or ""]).encode()
    )
    if request.content_type != "multipart/form-data":
        digest.update(b"\n" + request.body)
        return digest.hexdigest()
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(f"\n{name}\n{file.name}\n".encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()
