"""A new key, as somebody asks for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from heartline.api.actions import LIFETIMES
from heartline.api.words import RIGHTS, USEFUL
from heartline.people.models import Person
from heartline.people.permissions import rights_of


def _lifetimes() -> list[tuple[int, str]]:
    return [(days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in LIFETIMES]


class KeyForm(forms.Form):
    """What a key is for, what it may do, and for how long: as little as will do."""

    name = forms.CharField(label=_("What is it for?"), max_length=80)
    rights = forms.MultipleChoiceField(label=_("It may"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(label=_("It lasts"), coerce=int, choices=_lifetimes, initial=LIFETIMES[0])

    def __init__(self, person: Person, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own = rights_of(person.role)
        rights = self.fields["rights"]
        assert isinstance(rights, forms.MultipleChoiceField)
        rights.choices = [(right, RIGHTS[right]) for right in USEFUL if right in own]
