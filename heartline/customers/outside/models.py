"""What other systems told us about customers."""

from __future__ import annotations

from django.db import models

from heartline.customers.models import Customer
from heartline.people.models import Person


class OutsideEvent(models.Model):
    """Something that happened to a customer elsewhere. `(source, key)` names it there, so it is told once.

    The words stand here and not in the ledger: they go when the customer is erased.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="outside_events")
    source = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    what = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    happened_at = models.DateTimeField()
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["customer", "id"], name="outside_customer")]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="outside_told_once")]
