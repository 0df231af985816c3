"""The class of every field that belongs to a customer, from which erasure and the export of one's data are made.

A column is `internal` when it says nothing about who somebody is (numbers, moments, choices, keys between tables)
and `personal` otherwise. The rule errs on the safe side: a text that is not named here is personal, so that a table
added later is erased without a word in this file; what is text and yet no person's is named in INTERNAL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models

INTERNAL = frozenset(
    """
    conversations.case.language conversations.contact.language conversations.contact.needs
    conversations.contact.ended_by conversations.message.kind conversations.message.author_kind
    conversations.message.client_key customers.customer.language conversations.draft.mode
    promises.followup.owner_why routing.offer.reasons routing.offer.end_reason
    voice_of_customer.invitation.token_hash voice_of_customer.response.came_by
    voice_of_customer.response.receipt_hash customers.merge.moved customers.merge.filled customers.suggestion.why
    customers.suggestion.state quality.answer.question quality.agreedanswer.question
    """.split()
)
# Rows that are nothing but somebody's words, files or addresses: they go whole, and nothing counts them.
REMOVED = frozenset(
    """
    customers.identity customers.note customers.consent customers.suggestion conversations.attachment
    conversations.draft conversations.outgoing floor.whisper conversations.casevalue
    """.split()
)


def personal_fields(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """Yield the columns of a table that may say who somebody is."""
    for column in model._meta.concrete_fields:
        if is_personal(model, column):
            yield column


def is_personal(model: type[models.Model], column: models.Field[Any, Any]) -> bool:
    """Return whether a column may say who somebody is."""
    if f"{model._meta.label_lower}.{column.name}" in INTERNAL or column.primary_key or column.choices:
        return False
    return isinstance(column, models.CharField | models.TextField | models.JSONField | models.FileField)


def is_removed(model: type[models.Model]) -> bool:
    """Return whether rows of a table go whole."""
    return model._meta.label_lower in REMOVED


def owned_by(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Yield the tables whose rows belong to rows of this one, and the column by which they do."""
    for relation in model._meta.related_objects:
        related: Any = relation.related_model
        if relation.on_delete is models.CASCADE and related is not model:
            yield related, relation.field.name
