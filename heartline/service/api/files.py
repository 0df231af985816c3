"""Files in conversations, for programs: kept for a message that is to be sent, and fetched again."""

from __future__ import annotations

from django.http import FileResponse
from django.utils.translation import gettext as _
from ninja import File, Router, UploadedFile

from heartline.common import clock
from heartline.common.errors import Invalid
from heartline.common.schemas import Id
from heartline.conversations.api.cases import FileShown
from heartline.conversations.attachments.answers import answer_with
from heartline.conversations.attachments.names import looks_like_token
from heartline.conversations.attachments.store import Examined, examine, keep
from heartline.conversations.queries import attachment_for, contact_for
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Files"])
ANY_FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def examine_upload(request: StaffRequest) -> Examined:
    """Judge and clean what is uploaded, before a transaction is begun: pictures are redrawn, which takes time."""
    found = request.FILES.get("file")
    if found is None:
        raise Invalid(_("Choose a file first"), fields={"file": _("Choose a file first")})
    return examine(found)


@router.post("/contacts/{contact_id}/files", response={201: FileShown})
def upload_file(request: StaffRequest, contact_id: Id, file: File[UploadedFile]) -> FileShown:
    """Keep a file for a message of this contact; name its token in `attachments`. Unsent files go after 7 days."""
    contact = contact_for(request.scope, contact_id)
    examined: Examined = request.prepared  # type: ignore[attr-defined]  # the gate puts there what `prepare` returned
    kept = keep(examined, contact, by=actor_for(request.user), now=clock.now())
    return FileShown(token=kept.token, name=kept.name, media_type=kept.media_type, size=kept.size)


upload_file.prepare = examine_upload  # type: ignore[attr-defined]  # read by the API's gate


@router.get("/files/{token}", openapi_extra={"responses": {200: {"description": "The file.", "content": ANY_FILE}}})
def download_file(request: StaffRequest, token: str) -> FileResponse:
    """Return a file of a case the caller may see, as it was cleaned and kept."""
    return answer_with(attachment_for(request.scope, token if looks_like_token(token) else ""))
