"""Tables of the ledger. Rows are only ever added; the database itself refuses to change or remove them."""

from __future__ import annotations

from django.db import models

from heartline.common.indexes import indexed_where_known


class Entry(models.Model):
    """One fact, written in the same transaction as the change it tells of.

    `(epoch_tx, id)` is its place in the order that readers follow. On PostgreSQL `epoch_tx` is the number of
    the writing transaction (shifted once after a restore, see Horizon), because ids are handed out before
    commit and would let a reader step over a slow writer. SQLite has one writer: there it is always 0.
    """

    id = models.BigAutoField(primary_key=True)
    epoch_tx = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    cause = models.CharField(max_length=64, blank=True)
    brand_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(null=True)
    queue_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    is_sample = models.BooleanField()
    body = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["epoch_tx", "id"], name="ledger_order"),
            models.Index(fields=["at"], name="ledger_at"),
            models.Index(fields=["customer_id", "id"], name="ledger_customer"),
            indexed_where_known("case_id", "ledger_of_case", then="id"),
            indexed_where_known("contact_id", "ledger_of_contact", then="id"),
            indexed_where_known("person_id", "ledger_of_person", then="id"),
        ]


class Horizon(models.Model):
    """How far this database's transaction numbers are shifted so that order survives a restore elsewhere."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    shift = models.BigIntegerField(default=0)


class Seal(models.Model):
    """A closed batch of entries whose hash covers the batch and the seal before it."""

    id = models.BigAutoField(primary_key=True)
    last_tx = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
