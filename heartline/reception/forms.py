"""Forms that customers fill in; each can be sent twice and is taken once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from heartline.common.errors import HeartlineError
from heartline.common.ids import new_token
from heartline.conversations.actions.messages import MESSAGE_LIMIT
from heartline.conversations.attachments.kinds import ACCEPT
from heartline.conversations.attachments.store import FILES_PER_MESSAGE
from heartline.reception.queries import Hall
from heartline.ui import formats


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; they are judged by their bytes later, not by this form."""

    widget = SeveralFiles(attrs={"multiple": True, "accept": ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files that were sent, empty browser fields left out."""
        sent = data if isinstance(data, (list, tuple)) else [data]
        files = [file for file in sent if file]
        if len(files) > FILES_PER_MESSAGE:
            raise forms.ValidationError(
                _("A message takes at most %(limit)s files"), params={"limit": FILES_PER_MESSAGE}
            )
        return files


class CustomerForm(forms.Form):
    """What the forms have in common: a key made by us, by which the same form sent twice is known."""

    key = forms.CharField(widget=forms.HiddenInput, min_length=16, max_length=120)

    def __init__(self, *args: Any, **named: Any) -> None:
        named["initial"] = {"key": new_token(), **(named.get("initial") or {})}
        super().__init__(*args, **named)

    def take(self, error: HeartlineError) -> None:
        """Show a refusal where it belongs; what was typed stays."""
        for name, message in (error.fields or {"": error.message}).items():
            place = {"file": "uploads"}.get(name, name)
            self.add_error(place if place in self.fields else None, str(message))


class ReplyForm(CustomerForm):
    """More about a case from its own page."""

    text = forms.CharField(
        label=_("Add to this case"),
        max_length=MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write something first")},
    )
    uploads = FilesField(label=_("Pictures or files"), required=False)

    def files_sent(self) -> list[Any]:
        """Return the files that came with the form."""
        return list(self.cleaned_data.get("uploads") or [])


def time_choices(hall: Hall, times: Sequence[datetime]) -> list[Any]:
    """Return as soon as possible and the times somebody may be called at, as a select shows them."""
    return [("", _soonest(hall)), *_by_day(hall, times)]


def _soonest(hall: Hall) -> str:
    zone = hall.brand.site.time_zone
    at = formats.time_or_day(hall.soonest_call, language=hall.language, zone=zone, now=hall.now)
    if hall.opening.is_open:
        return str(_("As soon as it is my turn, by %(time)s at the latest")) % {"time": at}
    return str(_("First thing when you open, by %(time)s at the latest")) % {"time": at}


def _by_day(hall: Hall, times: Sequence[datetime]) -> list[Any]:
    """Return the times in groups, a day each, as a select shows them."""
    today = timezone.localtime(hall.now).date()
    groups = []
    for day, found in groupby(times, key=lambda at: timezone.localtime(at).date()):
        name = formats.calendar_day(day, language=hall.language, today=today)
        groups.append((name, [(at.isoformat(), f"{name} {timezone.localtime(at):%H:%M}") for at in found]))
    return groups
