"""The one form of the first run."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from heartline.people.forms.organisation import zones
from heartline.people.forms.persons import NewPasswordForm
from heartline.people.models import Person
from heartline.people.models.organisation import LANGUAGES
from heartline.people.rules import read_spans


class FirstRunForm(NewPasswordForm):
    """Who manages this installation, and for whom it speaks."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    brand_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120)
    brand_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=120, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=gettext_lazy("As customers see it, on every page"),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages we serve in"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    place = forms.CharField(label=gettext_lazy("Where you work"), max_length=120)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=lazy(zones, list)())
    workdays = forms.CharField(label=gettext_lazy("Monday to Friday"), max_length=200, required=False)
    weekend = forms.CharField(label=gettext_lazy("Saturday and Sunday"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        for name in ("workdays", "weekend"):
            self.fields[name].widget.attrs["placeholder"] = pgettext("hours", "Closed")

    def clean_password(self) -> str:
        """Refuse a password that is short, common, or about the person."""
        typed = {name: self.data.get(name, "") for name in ("name", "email")}
        self.person = Person(**typed)
        return super().clean_password()

    def clean_workdays(self) -> list[Any]:
        """Return the spans of a workday."""
        return _spans(self.cleaned_data["workdays"])

    def clean_weekend(self) -> list[Any]:
        """Return the spans of a day of the weekend."""
        return _spans(self.cleaned_data["weekend"])


def _spans(text: str) -> list[Any]:
    try:
        return read_spans(text)
    except ValueError as error:
        raise ValidationError(_("Write times like 08:00–12:00, 13:30–22:00")) from error
