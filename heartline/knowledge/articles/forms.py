"""What may be typed on the page of an article."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from heartline.knowledge.articles.models import Version
from heartline.knowledge.articles.rules import FIELDS
from heartline.people.models import Skill


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """An article in one language or both, and what one must know about to answer questions like it."""

    skill = forms.ModelChoiceField(
        Skill.objects.order_by("name_en"), label=gettext_lazy("Skill"), required=False, empty_label="–"
    )

    class Meta:
        model = Version
        fields = list(FIELDS)
        widgets = {
            "body_en": forms.Textarea({"rows": 9, "lang": "en"}),
            "body_zh": forms.Textarea({"rows": 9, "lang": "zh-Hans"}),
            "title_zh": forms.TextInput({"lang": "zh-Hans"}),
        }
        help_texts = {
            "body_en": gettext_lazy("Written to the customer: it goes into replies as it stands"),
        }

    def values(self) -> dict[str, Any]:
        """Return the texts."""
        return {name: self.cleaned_data[name] for name in FIELDS}
