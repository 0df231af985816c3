"""Files as staff open them; customers get theirs from their own channel."""

from __future__ import annotations

from django.http import FileResponse
from django.views.decorators.http import require_safe

from heartline.conversations.attachments.answers import answer_with
from heartline.conversations.attachments.names import looks_like_token
from heartline.conversations.queries import attachment_for
from heartline.people.requests import StaffRequest


@require_safe
def file(request: StaffRequest, token: str) -> FileResponse:
    """Hand out a file of a case that the reader may see."""
    return answer_with(attachment_for(request.scope, token if looks_like_token(token) else ""))
