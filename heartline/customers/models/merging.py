"""Two records of one person: suggested, merged, and taken apart again."""

from __future__ import annotations

from django.db import models

from heartline.customers.models.customer import Customer
from heartline.people.models import Person


class Merge(models.Model):
    """One record was merged into another. `moved` names every row that changed hands, so that it can be undone.

    `moved` maps a table to the keys of the rows that went over. `filled` names what the kept record took because
    it had nothing of its own. Addresses that could not go over (its browsers, addresses known on both sides) stay
    with the record that went.
    """

    kept = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    moved = models.JSONField(default=dict)
    filled = models.JSONField(default=list)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=models.Q(undone_at__isnull=True), name="customers_merged_once"
            )
        ]


class Suggestion(models.Model):
    """Two records that may be one person, and why; `first` has the smaller id. Dismissed ones are not suggested again."""

    first = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=20)
    likeness = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=10, default="open", choices=[("open", "open"), ("dismissed", "dismissed"), ("merged", "merged")]
    )
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-likeness", "-id"]
        indexes = [models.Index(fields=["state", "-likeness"], name="customers_suggested")]
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="customers_suggested_once")]
