"""Safe retries: the same Idempotency-Key gets the first reply again, and the change is made once.

Key, change and reply are written in one transaction. A crash before the commit leaves nothing, and the retry
makes the change; a crash after it leaves the reply for the retry. A refusal by the operation is kept as well,
without any of its change; what was refused before the operation began (form, rights, budget) is not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from heartline.api.models import KeptReply
from heartline.api.problems import Malformed, problem
from heartline.api.requests import ApiRequest
from heartline.api.sealing import seal, unseal
from heartline.common.errors import HeartlineError, Invalid

HEADER = "Idempotency-Key"


def once(request: ApiRequest, work: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Do a piece of work unless its key was used before; then return the reply it had."""
    key, fingerprint = _key(request), _fingerprint(request)
    with transaction.atomic():
        kept = _claim(request, key, fingerprint)
        if kept is None:
            return _replay(KeptReply.objects.get(person=request.user, key=key), fingerprint)
        response = _attempt(request, work)
        kept.status, kept.content_type = response.status_code, response.headers["Content-Type"]
        kept.body, kept.is_sealed = response.content.decode(), getattr(request, "keep_sealed", False)
        kept.body = seal(kept.body) if kept.is_sealed else kept.body
        kept.save(update_fields=["status", "content_type", "body", "is_sealed"])
    return response


def _claim(request: ApiRequest, key: str, fingerprint: str) -> KeptReply | None:
    """Return a new row for a key, or None when it is taken; another request with it is waited for."""
    if KeptReply.objects.filter(person=request.user, key=key).exists():
        return None
    try:
        with transaction.atomic():
            return KeptReply.objects.create(person=request.user, key=key, fingerprint=fingerprint, at=request.now)
    except IntegrityError:
        return None


def _attempt(request: ApiRequest, work: Callable[[], HttpResponseBase]) -> HttpResponse:
    try:
        with transaction.atomic():
            response = work()
    except Malformed:
        raise
    except HeartlineError as error:
        return problem(request, error)
    assert isinstance(response, HttpResponse)
    return response


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
