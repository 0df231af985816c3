"""Customers and their identities."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.people.models.organisation import LANGUAGES


class Tier(models.TextChoices):
    """Layers of the customer pyramid; the labels are fit for a screen a customer might see."""

    TOP = "top", _("Top")
    BIG = "big", _("Gold")
    MEDIUM = "medium", _("Silver")
    SMALL = "small", _("Regular")
    INACTIVE = "inactive", _("Inactive")
    PROSPECT = "prospect", _("Prospect")


class Customer(models.Model):
    """A person or organisation we serve."""

    name = models.CharField(_("Name"), max_length=200, blank=True)
    form_of_address = models.CharField(_("Form of address"), max_length=60, blank=True)
    language = models.CharField(_("Language"), max_length=10, choices=LANGUAGES, default="en")
    tier = models.CharField(_("Tier"), max_length=10, choices=Tier.choices, default=Tier.PROSPECT)
    place = models.CharField(_("Place"), max_length=120, blank=True)
    about = models.TextField(_("About"), blank=True)
    customer_since = models.DateField(_("Customer since"), null=True, blank=True)
    created_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class IdentityKind(models.TextChoices):
    """Ways in which an address reaches a customer."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    VISITOR = "visitor", _("Browser")
    EXTERNAL = "external", _("Customer number")


class Identity(models.Model):
    """An address that reaches a customer. An address is a claim until this system has proved it (`verified_at`).

    A visitor identity's value is the hash of the secret in the visitor's browser.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10, choices=IdentityKind.choices)
    value = models.CharField(max_length=254)
    verified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "identities"
        indexes = [models.Index(fields=["kind", "value"], name="customers_identity_value")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=models.Q(kind="visitor") | models.Q(verified_at__isnull=False),
                name="customers_proved_identity_once",
            ),
            models.UniqueConstraint(fields=["customer", "kind", "value"], name="customers_identity_once"),
        ]
