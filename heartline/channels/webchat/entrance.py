"""How the chat appears on the contact page: its way to a person, and its panel."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from heartline.channels.webchat.queries import CHANNEL
from heartline.channels.webchat.words import words
from heartline.conversations.attachments.kinds import ACCEPT
from heartline.conversations.attachments.store import FILES_PER_MESSAGE
from heartline.reception.queries import Hall
from heartline.reception.ways import Entrance, Way, opens_words, way_name
from heartline.ui import formats

PANEL = "webchat/panel.html"


def entrance() -> Entrance:
    """Return what the chat brings to the contact page."""
    return Entrance(order=20, way=way, panel=PANEL, panel_context=panel_context)


def way(hall: Hall) -> Way:
    """Return the chat as one of the ways to a person, with its wait as it is now."""
    return Way(
        key=CHANNEL,
        icon="chat",
        name=way_name(CHANNEL),
        note=wait_note(hall),
        action=pgettext("button of a way to us", "Start"),
        address="#chat",
        quick=way_name(CHANNEL),
        is_first=True,
    )


def wait_note(hall: Hall) -> str:
    """Return what may honestly be said about the wait for a chat."""
    if not hall.opening.is_open:
        opens = opens_words(hall)
        return _("Closed until %(time)s") % {"time": opens} if opens else _("Closed for now")
    if hall.chat_pause:
        return _("Paused just now. You may wait; your place in line is kept")
    if hall.chat_wait is None:
        return _("Open now. We can’t give a fair estimate of the wait")
    low, high = hall.chat_wait
    if high <= 1:
        return _("Nobody is waiting. A person answers in about a minute")
    if low == 0:
        return _("Probably within %(high)s minutes now") % {"high": high}
    return _("About %(low)s to %(high)s minutes now") % {"low": low, "high": high}


def panel_context(hall: Hall) -> dict[str, Any]:
    """Return what the chat's panel and its script need to know."""
    key, query = hall.brand.key, hall.carried
    callback = reverse("webform:callback", args=[key]) + query
    message = reverse("webform:message", args=[key]) + query
    return {
        "styles": [reverse("webchat:asset", args=["chat.css"])],
        "scripts": [reverse("webchat:asset", args=["chat.js"])],
        "callback_address": callback,
        "message_address": message,
        "accept": ACCEPT,
        "is_open": hall.opening.is_open,
        "opens_words": opens_words(hall),
        "wait_note": wait_note(hall),
        "news": " · ".join(hall.emergencies),
        "greeting": hall.brand.greeting_in(hall.language),
        "chat_settings": {
            "api": reverse("webchat:visitor").removesuffix("visitor"),
            "live": "/live/visitor",
            "brand": key,
            "language": hall.language,
            "phone": formats.phone(hall.brand.phone),
            "want": hall.errand.want,
            "about": hall.errand.about.key if hall.errand.about else "",
            "tried": list(hall.errand.tried),
            "case": hall.case_token if hall.case else "",
            "message": message,
            "limit": settings.ATTACHMENT_LIMIT,
            "files": FILES_PER_MESSAGE,
            "words": words(),
        },
    }
