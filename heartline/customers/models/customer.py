"""Customers, their organisations, and the addresses that reach them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.common.indexes import indexed_where_known
from heartline.common.text import fold
from heartline.people.models.organisation import LANGUAGES


class Tier(models.TextChoices):
    """Layers of the customer pyramid; the labels are fit for a screen a customer might see."""

    TOP = "top", _("Top")
    BIG = "big", _("Gold")
    MEDIUM = "medium", _("Silver")
    SMALL = "small", _("Regular")
    INACTIVE = "inactive", _("Inactive")
    PROSPECT = "prospect", _("Prospect")


class Organisation(models.Model):
    """A company or body that customers belong to."""

    name = models.CharField(_("Name"), max_length=200)
    name_folded = models.CharField(max_length=200, db_index=True, editable=False)
    place = models.CharField(_("Place"), max_length=120, blank=True)
    about = models.TextField(_("About"), blank=True)
    created_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name_folded"], name="customers_organisation_once")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the name as it is compared beside the name as it is shown."""
        self.name_folded = fold(self.name)[:200]
        super().save(*args, **_with_folded(kwargs))


class Customer(models.Model):
    """A person or organisation we serve.

    `tier_by_hand` keeps a tier that somebody chose from being moved by rules. A customer who was merged into
    another points there and owns nothing any more; one who was erased keeps only what cannot name them.
    """

    name = models.CharField(_("Name"), max_length=200, blank=True)
    name_folded = models.CharField(max_length=200, blank=True, db_index=True, editable=False)
    form_of_address = models.CharField(_("Form of address"), max_length=60, blank=True)
    language = models.CharField(_("Language"), max_length=10, choices=LANGUAGES, default="en")
    tier = models.CharField(_("Tier"), max_length=10, choices=Tier.choices, default=Tier.PROSPECT)
    tier_by_hand = models.BooleanField(_("The tier stays as it was chosen by hand"), default=False)
    place = models.CharField(_("Place"), max_length=120, blank=True)
    about = models.TextField(_("About"), blank=True)
    customer_since = models.DateField(_("Customer since"), null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="customers", db_index=False
    )
    attributes = models.JSONField(default=dict, blank=True)
    do_not_contact = models.BooleanField(_("Do not contact"), default=False)
    needs_care = models.BooleanField(_("Needs particular care"), default=False)
    created_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="merged_from", db_index=False
    )
    has_merged = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True)
    tier_checked_at = models.DateTimeField(null=True, db_index=True)
    duplicates_checked_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["tier", "-id"], name="customers_by_tier"),
            indexed_where_known("organisation", "customers_by_organisation"),
            indexed_where_known("merged_into", "customers_by_merged_into"),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the name as it is compared beside the name as it is shown."""
        self.name_folded = fold(self.name)[:200]
        super().save(*args, **_with_folded(kwargs))


class IdentityKind(models.TextChoices):
    """Ways in which an address reaches a customer."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    VISITOR = "visitor", _("Browser")
    EXTERNAL = "external", _("Customer number")


class Identity(models.Model):
    """An address that reaches a customer. An address is a claim until this system has proved it (`verified_at`).

    A visitor identity's value is the hash of the secret in the visitor's browser. `tail` is the last four digits
    of a phone number, by which people who wrote it differently are found.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities", db_index=False)
    kind = models.CharField(max_length=10, choices=IdentityKind.choices)
    value = models.CharField(max_length=254)
    tail = models.CharField(max_length=4, blank=True, editable=False)
    verified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "identities"
        indexes = [
            models.Index(fields=["kind", "value"], name="customers_identity_value"),
            models.Index(fields=["kind", "tail"], name="customers_identity_tail"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=models.Q(kind="visitor") | models.Q(verified_at__isnull=False),
                name="customers_proved_identity_once",
            ),
            models.UniqueConstraint(fields=["customer", "kind", "value"], name="customers_identity_once"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the last digits of a phone number beside it."""
        self.tail = self.value[-4:] if self.kind == IdentityKind.PHONE else ""
        super().save(*args, **kwargs)


def _with_folded(kwargs: dict[str, Any]) -> dict[str, Any]:
    fields: Iterable[str] | None = kwargs.get("update_fields")
    if fields is not None and "name" in fields:
        return {**kwargs, "update_fields": [*fields, "name_folded"]}
    return kwargs
