"""What may be typed on the pages of this folder."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from heartline.conversations.models import ContactReason


class ReasonForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """A contact reason and the group it belongs to."""

    class Meta:
        model = ContactReason
        fields = ["name_en", "name_zh", "parent", "is_active"]
        labels = {"parent": gettext_lazy("Group"), "is_active": gettext_lazy("Can be chosen at wrap-up")}
        help_texts = {
            "parent": gettext_lazy("Empty: a group of its own"),
            "is_active": gettext_lazy("What was chosen before stays as it is"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Any = self.fields["parent"]
        groups.queryset = ContactReason.objects.filter(parent=None).exclude(pk=self.instance.pk)
