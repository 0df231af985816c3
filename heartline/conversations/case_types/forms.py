"""What may be typed about types of cases and their fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from heartline.conversations.case_types.rules import as_lines, choices_in
from heartline.conversations.models import CaseField, CaseType


class CaseTypeForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """A type of case."""

    class Meta:
        model = CaseType
        fields = ["name_en", "name_zh", "is_active"]
        labels = {"is_active": gettext_lazy("Can be chosen at the desk")}
        help_texts = {"is_active": gettext_lazy("Cases that have it keep it")}


class CaseFieldForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """A field of a type."""

    listed = forms.CharField(
        label=gettext_lazy("Choices, one on each line"),
        required=False,
        max_length=20_000,
        help_text=gettext_lazy("The Chinese name after a bar: English | Chinese. Only for a choice"),
        widget=forms.Textarea({"rows": 5}),
    )

    class Meta:
        model = CaseField
        fields = ["name_en", "name_zh", "kind", "is_needed", "is_active"]
        labels = {"is_active": gettext_lazy("Asked at the desk")}
        help_texts = {
            "is_needed": gettext_lazy("A contact cannot be finished before it is filled in"),
            "is_active": gettext_lazy("What was filled in before stays"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["listed"].initial = as_lines(self.instance.choices)

    def values(self) -> dict[str, Any]:
        """Return what is to be saved."""
        found = dict(self.cleaned_data)
        return {**found, "choices": choices_in(found.pop("listed", ""))}
