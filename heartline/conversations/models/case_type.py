"""Kinds of cases and what is asked of each: set up by administrators, answered at the desk."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heartline.people.models.organisation import InTwoLanguages


class CaseType(InTwoLanguages):
    """A kind of case, such as an installation or a return. One that was used is taken out of use, never removed."""

    key = models.SlugField(_("Key"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["order", "id"]


class FieldKind(models.TextChoices):
    """What the values of a field are."""

    TEXT = "text", pgettext_lazy("attribute", "Text")
    NUMBER = "number", pgettext_lazy("attribute", "Number")
    DATE = "date", pgettext_lazy("attribute", "Date")
    CHOICE = "choice", pgettext_lazy("attribute", "Choice")
    YES_NO = "yes_no", pgettext_lazy("attribute", "Yes or no")


class CaseField(InTwoLanguages):
    """Something to know of cases of a type. `choices` are `{"en", "zh"}`; what is kept of one is its English name."""

    type = models.ForeignKey(CaseType, on_delete=models.CASCADE, related_name="fields")
    key = models.SlugField(_("Key"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=10, choices=FieldKind.choices, default=FieldKind.TEXT)
    choices = models.JSONField(default=list, blank=True)
    is_needed = models.BooleanField(_("Needed at wrap-up"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["type", "key"], name="case_types_field_once")]


class CaseValue(models.Model):
    """What is known of a case in one field, in the form it is compared in. It goes when its customer is erased."""

    case = models.ForeignKey("conversations.Case", on_delete=models.CASCADE, related_name="values")
    field = models.ForeignKey(CaseField, on_delete=models.PROTECT, related_name="values")
    text = models.CharField(max_length=500)

    class Meta:
        indexes = [models.Index(fields=["field", "text"], name="case_types_by_value")]
        constraints = [models.UniqueConstraint(fields=["case", "field"], name="case_types_value_once")]
