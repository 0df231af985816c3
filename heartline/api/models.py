"""API keys, and the replies that a retry gets again."""

from __future__ import annotations

from django.db import models

from heartline.people.models import Person


class ApiKey(models.Model):
    """A secret by which a program acts for one person, with some of that person's rights, until it expires.

    Only its hash is kept; `hint` is its beginning, so that people recognise it in a list.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    rights = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class KeptReply(models.Model):
    """The first reply to an Idempotency-Key, written in the transaction of the change it tells of.

    One that tells a secret is sealed: the database alone must not give it away.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=80, blank=True)
    body = models.TextField(blank=True)
    is_sealed = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="api_kept_reply_at")]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="api_kept_reply_once")]
