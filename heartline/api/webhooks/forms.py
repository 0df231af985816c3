"""A webhook, as somebody sets it up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heartline.api.webhooks.models import Webhook
from heartline.api.webhooks.words import kinds_by_room
from heartline.people.models import Person


class WebhookForm(forms.Form):
    """Where to, what of, and with whose eyes: as little as will do."""

    name = forms.CharField(label=_("What is it for?"), max_length=80)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("https:// and a public host. Redirects are not followed"),
        widget=forms.URLInput({"inputmode": "url", "autocomplete": "off"}),
    )
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Sees what this person may see"),
        empty_label=None,
        help_text=_("Choose somebody of one team, and only that team’s work is sent"),
    )
    words = forms.BooleanField(
        label=_("Send what people wrote, and customers’ names"),
        required=False,
        help_text=_("Without it, facts only: ids, times, states"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Events"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: every event")
    )

    def __init__(self, given: Any, person: Person, webhook: Webhook | None = None) -> None:
        names = ("name", "url", "person", "words", "kinds")
        super().__init__(
            given, initial={name: getattr(webhook, name) for name in names} if webhook else {"person": person}
        )
        people: Any = self.fields["person"]
        people.queryset = Person.objects.filter(is_active=True).order_by("name")
        kinds: Any = self.fields["kinds"]
        kinds.choices = kinds_by_room()

    def groups(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Return the kinds of each room with whether they are chosen, for the page."""
        chosen = set(self["kinds"].value() or [])
        return [(room, [(kind, words, kind in chosen) for kind, words in kinds]) for room, kinds in kinds_by_room()]
