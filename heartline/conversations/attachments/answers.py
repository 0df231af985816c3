"""Handing a file out so that it can do nothing but be looked at or saved."""

from __future__ import annotations

from django.http import FileResponse
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.conversations.attachments.kinds import KINDS
from heartline.conversations.attachments.names import disposition
from heartline.conversations.attachments.store import place_of
from heartline.conversations.models import Attachment

# Only pictures that we have drawn ourselves are shown in place.
_INLINE = frozenset(kind.media_type for kind in KINDS if kind.raster)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


def answer_with(attachment: Attachment) -> FileResponse:
    """Return the bytes of a file whose reader has been checked."""
    try:
        content = place_of(attachment.token).open("rb")
    except FileNotFoundError:
        raise NotFound(_("This file has gone")) from None
    response = FileResponse(content, content_type=attachment.media_type, headers=HEADERS)
    response["Content-Disposition"] = disposition(attachment.name, inline=attachment.media_type in _INLINE)
    response["Content-Length"] = str(attachment.size)
    return response
