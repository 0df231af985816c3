"""What people do with a contact at the desk, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from heartline.common.errors import Invalid
from heartline.conversations.attachments import store_upload
from heartline.conversations.models import Contact
from heartline.ledger import topics
from heartline.ledger.live import signal
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest
from heartline.routing.actions import accept_offer, decline_offer
from heartline.service import actions, choices, forms
from heartline.service.cases.fields import wrap_up_with
from heartline.service.pages.shared import the_contact, worker_of
from heartline.service.writing.mentions import write_calling
from heartline.ui.responses import json_ok, read_json

# What colleagues are told of somebody at a case; whoever has just come asks who else is there.
SIGNS = {"coming": "viewing", "viewing": "viewing", "reply": "typing", "note": "typing", "left": "left"}


@require_POST
def presence(request: StaffRequest) -> JsonResponse:
    """Set one's own presence."""
    data = read_json(request, state=str, reason=str)
    found = actions.choose_presence(worker_of(request), data.get("state", ""), data.get("reason", ""))
    return json_ok({"state": found.state, "reason": found.reason, "since": found.since.isoformat()})


@require_POST
def accept(request: StaffRequest, offer_id: int) -> JsonResponse:
    """Take what was offered."""
    worker = worker_of(request)
    contact = accept_offer(offer_id, worker.person, by=actor_for(worker.person), now=worker.now)
    return json_ok({"contact_id": contact.id, "case_id": contact.case_id})


@require_POST
def decline(request: StaffRequest, offer_id: int) -> JsonResponse:
    """Say no to an offer, with a reason."""
    worker, data = worker_of(request), read_json(request, reason=str)
    decline_offer(offer_id, worker.person, data.get("reason", ""), by=actor_for(worker.person), now=worker.now)
    return json_ok()


@require_POST
def take(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Pull a waiting contact."""
    data, contact = read_json(request, over=bool), the_contact(request, contact_id)
    actions.take(worker_of(request), contact, over=data.get("over", False))
    return json_ok({"contact_id": contact.id, "case_id": contact.case_id})


@require_POST
def messages(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Send a reply or add a note."""
    data = read_json(request, kind=str, text=str, client_key=str, attachments=list, mentions=list)
    worker, contact, text = worker_of(request), the_contact(request, contact_id), data.get("text", "")
    rest = {"client_key": data.get("client_key", ""), "attachments": forms.tokens(data.get("attachments", []))}
    if data.get("kind") == "note" and data.get("mentions"):
        called = [id for id in data["mentions"] if isinstance(id, int)]
        message = write_calling(worker, contact, text, called, **rest)
    else:
        message = actions.write(worker, contact, data.get("kind", ""), text, **rest)
    return json_ok({"message_id": message.id, "at": message.at.isoformat()})


@require_POST
def seen(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Mark what the customer wrote as read."""
    data = read_json(request, upto_id=int)
    count = actions.see(worker_of(request), the_contact(request, contact_id), data.get("upto_id", 0))
    return json_ok({"seen": count})


@require_POST
def typing(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Let others know that the person is looking, typing or gone again; the customer hears of replies only."""
    data = read_json(request, what=str)
    worker, contact = worker_of(request), the_contact(request, contact_id)
    what = data.get("what", "")
    if what not in SIGNS:
        raise Invalid(_("Part of what was sent could not be read. Nothing was changed"))
    about = {"contact_id": contact.id, "case_id": contact.case_id, "side": "person"}
    said = {"kind": SIGNS[what], **about, "person_id": worker.person.id}
    signal(_followers(contact), {**said, "name": worker.person.name, "what": what})
    if what == "reply" and actions.standing_of(worker, contact).may_reply:
        name = worker.person.customer_sees
        signal([topics.contact(contact.id)], {"kind": "typing", "side": "person", "name": name})
    return json_ok()


@require_POST
def files(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Keep a file for a message that is still being written."""
    worker, contact = worker_of(request), the_contact(request, contact_id)
    found = store_upload(contact, _file(request), by=actor_for(worker.person), now=worker.now)
    return json_ok({"token": found.token, "name": found.name, "media_type": found.media_type, "size": found.size})


@require_http_methods(["GET", "POST"])
def transfer(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Show where a contact can be handed to, with the card filled in as far as it is known; or hand it over."""
    worker, contact = worker_of(request), the_contact(request, contact_id)
    if request.method == "GET":
        return json_ok(choices.for_transfer(contact, worker.person, worker.now))
    actions.hand_over(worker, contact, forms.hand_over(request))
    return json_ok()


@require_POST
def give_back(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Put a contact back in its queue."""
    actions.give_back(worker_of(request), the_contact(request, contact_id))
    return json_ok()


@require_POST
def end(request: StaffRequest, contact_id: int) -> JsonResponse:
    """End a contact; `rating_link` is given once, for customers who are not in the chat."""
    token = actions.end(worker_of(request), the_contact(request, contact_id))
    return json_ok({"rating_link": _rating_link(request, token) if token else ""})


@require_http_methods(["GET", "POST"])
def wrap_up(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Show what a contact can be wrapped up as, with a suggestion; or wrap it up."""
    worker, contact = worker_of(request), the_contact(request, contact_id)
    if request.method == "GET":
        return json_ok(choices.for_wrap_up(contact))
    wrap_up_with(worker, contact, forms.wrapping(request), forms.case_fields(request))
    return json_ok()


@require_POST
def join(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Join a contact that somebody else serves."""
    actions.join(worker_of(request), the_contact(request, contact_id))
    return json_ok()


@require_POST
def leave(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Leave a contact one had joined."""
    actions.leave(worker_of(request), the_contact(request, contact_id))
    return json_ok()


def _followers(contact: Contact) -> Iterator[str]:
    where = {"case_id": contact.case_id, "queue_id": contact.queue_id, "assignee_id": contact.assignee_id}
    return topics.of_talk(where)


def _file(request: HttpRequest) -> UploadedFile[Any]:
    found = request.FILES.get("file")
    if not isinstance(found, UploadedFile):
        raise Invalid(_("Choose a file first"), fields={"file": _("Choose a file first")})
    return found


def _rating_link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("voice_of_customer:question", args=[token]))
