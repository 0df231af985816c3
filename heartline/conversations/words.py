"""Adds to events, when they are delivered, the words that only the tables keep (and erasure can therefore remove)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from heartline.common.questions import written_once

Bodies = list[dict[str, Any]]

OF_FILE = ("token", "name", "media_type", "size")


def add_opening_words(bodies: Bodies) -> None:
    """Add the case's subject and the first words to contact-opened bodies."""
    contacts = _by_id("Contact", [body["contact_id"] for body in bodies], "case__subject", "last_text")
    for body in bodies:
        subject, last_text = contacts.get(body["contact_id"], ("", ""))
        body.update(subject=subject, last_text=last_text)


def add_message_words(bodies: Bodies) -> None:
    """Add text, author's names and attachments to message bodies."""
    words, files = _said([body["message_id"] for body in bodies])
    for body in bodies:
        text, author_name, public, name = words.get(body["message_id"], ("", "", "", ""))
        body.update(
            text=text,
            author_name=author_name,
            author_public_name=public or name or author_name,
            attachments=files.get(body["message_id"], []),
        )


def add_cards(bodies: Bodies) -> None:
    """Add the case (`case`), its live contacts and the contact itself (`cards`), as they are now.

    `queue_ids`, `involved_ids` and `owner_id` let everyone hear of a case who sees one of its live contacts, has
    one in hand or is asked for by name, and its owner (see `heartline.ledger.topics`).
    """
    from heartline.conversations.cards import case_cards_of

    cases = case_cards_of(body["case_id"] for body in bodies if body.get("case_id"))
    for body in bodies:
        if body.get("case_id"):
            case = body["case"] = cases.get(body["case_id"])
            body.setdefault("owner_id", case["owner_id"] if case else None)
    add_contact_cards(bodies)


def add_contact_cards(bodies: Bodies) -> None:
    """Add what `add_cards` adds except the case itself, for events that leave it as it was."""
    from heartline.conversations.cards import live_cards_of

    about = [body for body in bodies if body.get("case_id")]
    contact_ids = [body["contact_id"] for body in about if body.get("contact_id")]
    cards = live_cards_of([body["case_id"] for body in about], contact_ids)
    for body in about:
        shown = body["cards"] = cards.get(body["case_id"], [])
        body["queue_ids"] = sorted({card["queue_id"] for card in shown})
        involved = {card[name] for card in shown for name in ("assignee_id", "preferred_id")}
        body["involved_ids"] = sorted(involved - {None})
        body.setdefault("owner_id", shown[0]["owner_id"] if shown else None)


def add_handovers(bodies: Bodies) -> None:
    """Add the hand-over cards of the contact."""
    from heartline.conversations.cards import handovers_of

    found = handovers_of(body["contact_id"] for body in bodies)
    for body in bodies:
        body["handovers"] = found.get(body["contact_id"], [])


def add_tried_words(bodies: Bodies) -> None:
    """Add what was tried and how it ended, in the words of whoever wrote it down."""
    rows = _by_id("Tried", [body["tried_id"] for body in bodies], "key", "label", "outcome")
    for body in bodies:
        key, label, outcome = rows.get(body["tried_id"], ("", "", ""))
        body.update(key=key, label=label, outcome=outcome)


def add_attachments(bodies: Bodies) -> None:
    """Add file names to file-added bodies."""
    names = _by_id("Attachment", [body["attachment_id"] for body in bodies], "name")
    for body in bodies:
        (body["name"],) = names.get(body["attachment_id"], ("",))


@written_once
def _messages_with_files(message_ids: Collection[int]) -> QuerySet[Any, Any]:
    messages = apps.get_model("conversations", "Message").objects.filter(id__in=message_ids)
    return messages.order_by("attachments__id").values_list(
        *("id", "body", "author_name", "author__public_name", "author__name"),
        *(f"attachments__{name}" for name in OF_FILE),
    )


def _said(message_ids: list[int]) -> tuple[dict[int, tuple[str, ...]], dict[int, list[dict[str, Any]]]]:
    """Return the words of messages and their attachments, by message id."""
    words: dict[int, tuple[str, ...]] = {}
    files: dict[int, list[dict[str, Any]]] = {}
    for message_id, *row in _messages_with_files(message_ids):
        words[message_id] = tuple(row[:4])
        if row[4]:
            files.setdefault(message_id, []).append(dict(zip(OF_FILE, row[4:], strict=True)))
    return words, files


def attachments_of(message_ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the attachments of messages, as pages and streams show them."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in _files_of(message_ids):
        shown = {"token": row.token, "name": row.name, "media_type": row.media_type, "size": row.size}
        found.setdefault(row.message_id or 0, []).append(shown)
    return found


@written_once
def _files_of(message_ids: Collection[int]) -> QuerySet[Any]:
    return apps.get_model("conversations", "Attachment").objects.filter(message_id__in=message_ids).order_by("id")


def _by_id(model: str, ids: list[int], *fields: str) -> dict[int, tuple[Any, ...]]:
    rows = apps.get_model("conversations", model).objects.filter(id__in=ids).values_list("id", *fields)
    return {row[0]: row[1:] for row in rows}


def add_outgoing(bodies: Bodies) -> None:
    """Add the card of a reply that has not gone yet, as it is now (`outgoing`); None when it has, or was taken back."""
    from heartline.conversations.outgoing.queries import outgoing_cards

    cards = outgoing_cards(body["outgoing_id"] for body in bodies)
    for body in bodies:
        body["outgoing"] = cards.get(body["outgoing_id"])


def add_mentions(bodies: Bodies) -> None:
    """Add the card of a mention that was not read yet (`mention`)."""
    from heartline.conversations.mentions.queries import mention_cards

    cards = mention_cards(body["mention_id"] for body in bodies)
    for body in bodies:
        body["mention"] = cards.get(body["mention_id"])


def add_shared_drafts(bodies: Bodies) -> None:
    """Add what colleagues see of a shared draft, as it is now (`draft`); None when it is shared no more."""
    from heartline.conversations.actions.drafts import shared_card

    rows = apps.get_model("conversations", "Draft").objects.filter(id__in=[body["draft_id"] for body in bodies])
    cards = {row.id: shared_card(row) for row in rows.exclude(shared_at=None).select_related("person")}
    for body in bodies:
        body["draft"] = cards.get(body["draft_id"])
