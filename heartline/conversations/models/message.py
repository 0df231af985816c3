"""Messages, attachments and drafts."""

from __future__ import annotations

from django.db import models

from heartline.common.indexes import indexed_where_known
from heartline.conversations.models.case import Case
from heartline.conversations.models.contact import Contact
from heartline.people.models import Person


class Message(models.Model):
    """One utterance. `kind` is `reply` (customer and staff see it), `note` (staff only) or `notice` (said by the system).

    `client_key` is chosen by the sender; a retry with the same key adds nothing.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="messages")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(max_length=8)
    author_kind = models.CharField(max_length=10)
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="messages", db_index=False)
    author_name = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    client_key = models.CharField(max_length=64)
    at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="messages_by_case"),
            indexed_where_known("author", "messages_by_author"),
        ]
        constraints = [models.UniqueConstraint(fields=["contact", "client_key"], name="messages_key_once")]


class Attachment(models.Model):
    """A file. Its address is an unguessable token; its stored name is ours; its type is what its bytes say."""

    token = models.CharField(max_length=40, unique=True)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="attachments")
    outgoing = models.ForeignKey(
        "conversations.Outgoing", on_delete=models.SET_NULL, null=True, related_name="attachments"
    )
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by_kind = models.CharField(max_length=10)
    uploaded_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    is_internal = models.BooleanField(default=False)
    at = models.DateTimeField()


class Draft(models.Model):
    """What somebody has typed and not sent, kept on the server as they type."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    mode = models.CharField(max_length=8, default="reply")
    body = models.TextField(blank=True)
    files = models.JSONField(default=list)
    shared_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person", "mode"], name="drafts_one_each")]
