"""The chat's JSON API under /chat/api/: what the widget and the contact page call. HTTP only; see `actions`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import FileResponse, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from heartline.channels.webchat import actions
from heartline.channels.webchat.doors import VisitorRequest, anybody, nothing, token_of, visitor
from heartline.channels.webchat.queries import CHANNEL, known_contact, own_file, snapshot
from heartline.channels.webchat.throttle import Bound, Throttle
from heartline.common.clock import now
from heartline.common.errors import Conflict, Invalid
from heartline.common.requests import Request
from heartline.common.text import clean
from heartline.conversations.actions.contacts import note_visitors_seen
from heartline.conversations.attachments.answers import answer_with
from heartline.conversations.attachments.store import CHUNK, FILES_PER_MESSAGE, store_upload, too_large
from heartline.conversations.models import Contact
from heartline.people.models import Brand
from heartline.reception.actions import CHATS_PER_SOURCE, Arrival, callable_number, count_arrival
from heartline.reception.queries import Errand, Hall, brand_with, errand_from, language_for
from heartline.ui.responses import json_ok, read_json

KEY_LENGTHS = range(8, 65)
WRITING = Bound(of_browser=Throttle(limit=40, seconds=60), of_source=Throttle(limit=800, seconds=60))
NAME_HEADER = "X-File-Name"


@anybody("POST")
def new_visitor(request: Request) -> JsonResponse:
    """Give a browser a secret of its own. It stands for nobody until a chat is started with it."""
    count_arrival("chat-visitor", request.client_address, CHATS_PER_SOURCE * 2, now=now())
    return json_ok({"token": actions.new_visitor_token()}, status=201)


@anybody("POST")
def start(request: Request) -> JsonResponse:
    """Start a chat with what the customer wants and their first words."""
    sent = read_json(
        request,
        brand=str,
        language=str,
        want=str,
        about=str,
        tried=str,
        text=str,
        key=str,
        name=str,
        reach=str,
        came_from=str,
        case=str,
    )
    moment = now()
    count_arrival("chat-start", request.client_address, CHATS_PER_SOURCE, now=moment)
    brand = brand_with(sent.get("brand", ""))
    language = language_for(brand, sent.get("language", ""))
    hall = Hall(brand, language, moment, errand_from(sent), sent.get("case", ""))
    if not hall.opening.is_open:
        raise Conflict(_("We are closed now. Leave a message, and it is answered first"), code="closed")
    contact = actions.start_chat(token_of(request), _arrival(hall, sent), now=moment)
    return json_ok(snapshot(contact, language=language, now=moment), status=201)


@visitor("GET")
def state(request: VisitorRequest) -> JsonResponse:
    """Return everything a chat window shows."""
    contact, moment = known_contact(request.customer), now()
    note_visitors_seen([contact.id], now=moment)
    return _snapshot(request, contact)


@visitor("POST", bound=WRITING)
def messages(request: VisitorRequest) -> JsonResponse:
    """Take a message; sent again with the same key it is there once."""
    sent = read_json(request, text=str, key=str, files=list)
    saying = actions.Saying(text=sent.get("text", ""), key=_key(sent), files=_file_tokens(sent))
    contact, moment = known_contact(request.customer), now()
    message = actions.say(contact, _hall(contact), saying, now=moment)
    return json_ok(
        {"id": message.id, "key": message.client_key, "at": message.at.isoformat(), "contact": message.contact_id},
        status=201,
    )


@visitor("POST", a_minute=20)
def files(request: VisitorRequest) -> JsonResponse:
    """Take the bytes of one file, its name in a header; it appears in the message that names its token."""
    size = request.META.get("CONTENT_LENGTH") or ""
    if not size.isdecimal():
        raise Invalid(_("Say how long the file is (Content-Length)"), code="no_length")
    if int(size) > settings.ATTACHMENT_LIMIT:
        raise too_large(int(size))
    contact = known_contact(request.customer)
    by = actions.actor_of(request.customer)
    kept = store_upload(contact, _Sent(request, int(size)), by=by, now=now())
    shown = {"token": kept.token, "name": kept.name, "media_type": kept.media_type, "size": kept.size}
    return json_ok(shown, status=201)


@visitor("GET")
def file(request: VisitorRequest, token: str) -> FileResponse:
    """Hand out a file of the browser's own conversation."""
    return answer_with(own_file(request.customer, token))


@visitor("POST")
def typing(request: VisitorRequest) -> HttpResponse:
    """Tell who follows the contact that its customer is writing."""
    actions.tell_typing(known_contact(request.customer))
    return nothing()


@visitor("POST")
def seen(request: VisitorRequest) -> HttpResponse:
    """Remember up to which message ours were delivered to, or read in, the browser."""
    sent = read_json(request, upto=int, how=str)
    contact = known_contact(request.customer)
    actions.note_seen(contact, sent.get("upto", 0), sent.get("how", "read"), now=now())
    return nothing()


@visitor("POST", a_minute=10)
def leave(request: VisitorRequest) -> JsonResponse:
    """End the chat, or stop waiting."""
    return _snapshot(request, actions.leave(known_contact(request.customer), now=now()))


@visitor("POST", a_minute=10)
def resume(request: VisitorRequest) -> JsonResponse:
    """Wait on at the old place after the browser was gone for a while."""
    return _snapshot(request, actions.wait_on(known_contact(request.customer), now=now()))


@visitor("POST", a_minute=5)
def callback(request: VisitorRequest) -> JsonResponse:
    """Be called instead, at a time that was chosen or as soon as possible; the place in line is kept.

    A call that is owed already is moved only when `when` is sent: an empty one is as soon as possible.
    """
    sent = read_json(request, phone=str, when=str)
    contact, moment = known_contact(request.customer), now()
    hall = _hall(contact)
    number = callable_number(hall, sent.get("phone", ""), now=moment)
    actions.call_instead(contact, hall, number, sent.get("when"), now=moment)
    return _snapshot(request, known_contact(request.customer))


@visitor("GET")
def times(request: VisitorRequest) -> JsonResponse:
    """Return the times we have room to call at: each as it is sent back, in words, and whether it is the one that holds."""
    contact = known_contact(request.customer)
    return json_ok({"times": actions.call_choices(contact, _hall(contact))})


@visitor("POST", a_minute=10)
def rating(request: VisitorRequest) -> JsonResponse:
    """Take the answer to the one question about this case."""
    sent = read_json(request, score=int, comment=str)
    contact = known_contact(request.customer)
    actions.rate(contact, sent.get("score", 0), sent.get("comment", ""), now=now())
    return _snapshot(request, contact)


class _Sent:
    """The body of a request as a file that is read piece by piece."""

    def __init__(self, request: Request, size: int) -> None:
        self._request = request
        self.size = size
        self.name = unquote(request.headers.get(NAME_HEADER, ""))[:1000]

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes as they are read."""
        while chunk := self._request.read(CHUNK):
            yield chunk


def _snapshot(request: VisitorRequest, contact: Contact) -> JsonResponse:
    language = language_for(contact.case.brand, request.LANGUAGE_CODE or "")
    return json_ok(snapshot(contact, language=language, now=now()))


def _hall(contact: Contact) -> Hall:
    brand: Brand = contact.case.brand
    return Hall(brand, contact.language, now(), Errand())


def _arrival(hall: Hall, sent: dict[str, Any]) -> Arrival:
    reach = clean(sent.get("reach", ""), 254)
    return Arrival(
        hall=hall,
        channel=CHANNEL,
        text=sent.get("text", ""),
        client_key=_key(sent),
        errand=hall.errand,
        name=clean(sent.get("name", ""), 200),
        email=reach if "@" in reach else "",
        phone="" if "@" in reach else reach,
        came_from=clean(sent.get("came_from", ""), 300),
        customer=hall.case.customer if hall.case else None,
        case=hall.case,
        told_wait=hall.chat_wait,
    )


def _key(sent: dict[str, Any]) -> str:
    key = str(sent.get("key", ""))
    if len(key) not in KEY_LENGTHS or not key.isascii() or not key.isalnum():
        message = _("A message needs a key of 8 to 64 letters and digits")
        raise Invalid(message, code="no_key", fields={"key": message})
    return key


def _file_tokens(sent: dict[str, Any]) -> tuple[str, ...]:
    tokens = sent.get("files", [])
    if len(tokens) > FILES_PER_MESSAGE or not all(isinstance(token, str) and len(token) < 64 for token in tokens):
        message = _("A message takes at most %(limit)s files") % {"limit": FILES_PER_MESSAGE}
        raise Invalid(message, code="too_many_files", fields={"files": message})
    return tuple(dict.fromkeys(tokens))
