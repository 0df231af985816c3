"""What people do on both sides of a chat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from heartline.common.clock import now
from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Contact, Message
from heartline.people.actions import actor_for
from tests.cast import Cast

Visit = Callable[..., Page]


def write(page: Any, text: str) -> None:
    page.locator("[data-text]").fill(text)
    page.locator("[data-text]").press("Enter")


def marks(page: Any) -> str:
    return str(page.locator(".chat-me .chat-mark").last.inner_text())


def answered(cast: Cast) -> Contact:
    return answer_contact(Contact.objects.latest("id"), cast.grace, by=actor_for(cast.grace), now=now())


def reply(cast: Cast, text: str, key: str) -> Message:
    contact = Contact.objects.latest("id")
    return add_message(contact, "reply", text, client_key=key, by=actor_for(cast.grace), now=now())
