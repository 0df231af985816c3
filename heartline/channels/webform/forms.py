"""The forms: few fields, and nothing is asked that was typed before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heartline.conversations.actions.messages import MESSAGE_LIMIT
from heartline.reception.forms import CustomerForm, FilesField, time_choices
from heartline.reception.queries import Hall

WISH_LIMIT = 500


class MessageForm(CustomerForm):
    """A message that is answered later."""

    text = forms.CharField(
        label=_("What is it about?"),
        max_length=MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what this is about")},
    )
    uploads = FilesField(label=_("Pictures or files"), required=False)
    name = forms.CharField(
        label=_("Your name"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("If you would rather be called than read the answer"),
    )
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email", "inputmode": "email"}),
    )

    def __init__(self, *args: Any, hall: Hall, **named: Any) -> None:
        super().__init__(*args, **named)
        if hall.errand.want:
            self.fields["text"].required = False
            self.fields["text"].label = _("Anything to add?")

    def files_sent(self) -> list[Any]:
        """Return the files that came with the form."""
        return list(self.cleaned_data.get("uploads") or [])


class ComplaintForm(MessageForm):
    """A complaint: what went wrong, and what would put it right."""

    wish = forms.CharField(
        label=_("What would put this right?"),
        max_length=WISH_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A refund, a replacement, an apology, a change in how we work, something else"),
    )
    field_order = ("key", "text", "wish", "uploads", "name", "phone", "email")

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if self.fields["text"].required:
            self.fields["text"].label = _("What went wrong?")


class CallbackForm(CustomerForm):
    """Be called back: a number, and when."""

    phone = forms.CharField(
        label=_("Your phone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("One thing missing: your phone number")},
    )
    when = forms.ChoiceField(
        label=_("When shall we call?"),
        required=False,
        error_messages={"invalid_choice": _("This time has passed or is taken. Choose another")},
    )
    text = forms.CharField(
        label=_("What is it about?"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    name = forms.CharField(
        label=_("Your name"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def __init__(self, *args: Any, hall: Hall, times: Sequence[datetime], **named: Any) -> None:
        super().__init__(*args, **named)
        when = self.fields["when"]
        assert isinstance(when, forms.ChoiceField)
        when.choices = time_choices(hall, times)
        if hall.errand.want:
            self.fields["text"].label = _("Anything to add?")
