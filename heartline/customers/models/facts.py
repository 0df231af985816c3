"""What is known about customers beyond their name: attributes, notes, consent; and the rules and views made of it."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heartline.customers.models.customer import Customer, Tier
from heartline.people.models import Person
from heartline.people.models.organisation import InTwoLanguages


class AttributeKind(models.TextChoices):
    """What an attribute's values are."""

    TEXT = "text", pgettext_lazy("attribute", "Text")
    NUMBER = "number", pgettext_lazy("attribute", "Number")
    DATE = "date", pgettext_lazy("attribute", "Date")
    CHOICE = "choice", pgettext_lazy("attribute", "Choice")


class Attribute(InTwoLanguages):
    """Something an organisation wants to know of its customers; values stand in `Customer.attributes` by key."""

    key = models.SlugField(
        _("Key"), max_length=40, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9_-]*$")], editable=False
    )
    kind = models.CharField(_("Kind"), max_length=10, choices=AttributeKind.choices, default=AttributeKind.TEXT)
    choices = models.JSONField(default=list, blank=True)
    is_personal = models.BooleanField(_("Says who somebody is"), default=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("Shown on customers’ pages"), default=True)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["order", "id"]


class TierRule(models.Model):
    """Which customers belong to a tier: all conditions must hold, and the first rule that fits decides.

    A condition is `{"what": "attribute:revenue", "test": "at_least", "value": "50000"}`; see `rules.tiers`.
    """

    tier = models.CharField(_("Tier"), max_length=10, choices=Tier.choices)
    conditions = models.JSONField(default=list)
    order = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["order", "id"]

    def name_in(self, language: str) -> str:
        """Return what the audit log calls this rule."""
        return f"{self.tier} {self.order + 1}"


class Note(models.Model):
    """Something a colleague wrote down about a customer; customers never see it."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]


class Purpose(models.TextChoices):
    """What a customer can agree to."""

    SURVEYS = "surveys", _("Questions about our service")
    OFFERS = "offers", _("Offers and news")
    RECORDING = "recording", _("Recording of calls")


class Consent(models.Model):
    """A customer agreed to something, or refused it. Rows are added; the newest of a purpose holds."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    is_given = models.BooleanField()
    how = models.CharField(_("How we know"), max_length=200, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]


class SavedView(models.Model):
    """A list of customers kept under a name: one's own, or everybody's."""

    name = models.CharField(_("Name"), max_length=60)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="customer_views")
    is_shared = models.BooleanField(_("For everybody"), default=False)
    query: Any = models.JSONField(default=dict)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="customers_view_once")]
