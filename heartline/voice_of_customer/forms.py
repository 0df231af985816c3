"""What a customer sends back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heartline.common.ids import new_token
from heartline.voice_of_customer.rules import COMMENT_LIMIT, SCORES, looks_like_token
from heartline.voice_of_customer.words import ANSWERS, QUESTION


class AnswerForm(forms.Form):
    """The one question and a comment. `receipt` is a secret of this page: sent twice, the answer counts once."""

    score = forms.TypedChoiceField(
        label=QUESTION,
        choices=[(score, ANSWERS[score]) for score in SCORES],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the five answers"),
            "invalid_choice": _("Choose one of the five answers"),
        },
    )
    comment = forms.CharField(
        label=_("What is the main reason for your score?"),
        required=False,
        max_length=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "class": "input"}),
    )
    receipt = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("receipt", new_token())

    def clean_receipt(self) -> str:
        """Return the receipt that came with the answer, or a new one when what came is none."""
        given = self.cleaned_data["receipt"]
        return given if looks_like_token(given) else new_token()


class CallForm(forms.Form):
    """After a low score: what let the customer down most, and a number when they want a call."""

    comment = forms.CharField(
        label=_("What let you down most?"),
        required=False,
        max_length=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
    )
    phone = forms.CharField(
        label=_("Would you like a call? Your number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", "class": "input input-mid"}
        ),
    )
