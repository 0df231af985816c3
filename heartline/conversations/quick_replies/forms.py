"""What may be typed on the page of a quick reply."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from heartline.conversations import levels
from heartline.conversations.models import QuickReply
from heartline.people.models import Person
from heartline.people.queries import Scope


class QuickReplyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """A quick reply, and who may use it."""

    level = forms.ChoiceField(label=gettext_lazy("Who may use it"))

    class Meta:
        model = QuickReply
        fields = ["name", "shortcut", "text_en", "text_zh"]
        widgets = {
            "text_en": forms.Textarea({"rows": 5, "lang": "en"}),
            "text_zh": forms.Textarea({"rows": 5, "lang": "zh-Hans"}),
        }
        help_texts = {
            "shortcut": gettext_lazy("Letters and digits, such as refund. Typing /refund finds it"),
            "text_en": gettext_lazy("Customers who write in English get this one"),
            "text_zh": gettext_lazy("Customers who write in Chinese get this one"),
        }

    def __init__(self, scope: Scope, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope, self._person = scope, person
        level: Any = self.fields["level"]
        level.choices = levels.choices(scope)
        if self.instance.pk:
            self.initial["level"] = levels.chosen(self.instance)

    def values(self) -> dict[str, Any]:
        """Return the fields of the row that was described."""
        values = {name: self.cleaned_data[name] for name in ("name", "shortcut", "text_en", "text_zh")}
        return {**values, **levels.fields_for(self._scope, self._person, self.cleaned_data["level"])}
