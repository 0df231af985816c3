"""Forms of a brand: its voice and colours, its hours, its holidays."""

from __future__ import annotations

from datetime import time
from functools import cache
from math import floor
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from heartline.people.models import Brand
from heartline.people.models.organisation import LANGUAGES
from heartline.people.models.organisation import colour as is_colour
from heartline.people.rules import overlapping_nights, read_spans, write_spans
from heartline.ui.contrast import GROUNDS, TEXT, contrast, palettes

ON_THE_DAY = (("", pgettext_lazy("hours", "Closed")), *((str(day), name) for day, name in WEEKDAYS.items()))


class OriginsField(forms.CharField):
    """Addresses of web sites, one per line; where the chat widget may stand."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        """Show a list one per line."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Return the origins without repetition, each as `https://host`."""
        lines = [line.strip() for line in (super().clean(value) or "").splitlines()]
        return list(dict.fromkeys(origin_of(line) for line in lines if line))


class BrandForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """How a brand is called, reached, coloured and greeted with."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages we serve in"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    allowed_origins = OriginsField(
        label=gettext_lazy("Web sites that may show our chat"),
        required=False,
        help_text=gettext_lazy("One per line, such as https://www.example.com"),
    )

    class Meta:
        model = Brand
        fields = [
            "name_en", "name_zh", "key", "site", "phone", "languages", "default_language", "greeting_en", "greeting_zh",
            "accent", "accent_dark", "message_reply_hours", "is_default", "allowed_origins",
        ]  # fmt: skip
        labels = {"site": gettext_lazy("Site"), "default_language": gettext_lazy("First language")}
        widgets = {
            "accent": forms.TextInput(attrs={"type": "color"}),
            "accent_dark": forms.TextInput(attrs={"type": "color"}),
            "phone": forms.TextInput(attrs={"inputmode": "tel"}),
        }
        help_texts = {
            "key": gettext_lazy("The end of its page’s address: /b/…/"),
            "phone": gettext_lazy("As customers see it, on every page"),
            "accent": gettext_lazy("Links, buttons and our side of a chat, by day"),
            "accent_dark": gettext_lazy("The same, when a device is set to dark"),
        }

    def clean_accent(self) -> str:
        """Refuse a colour that cannot be read on light ground."""
        return readable(self.cleaned_data["accent"], tokens()[0])

    def clean_accent_dark(self) -> str:
        """Refuse a colour that cannot be read on dark ground."""
        return readable(self.cleaned_data["accent_dark"], tokens()[1])

    def clean_message_reply_hours(self) -> int:
        """Refuse a promise of no time, or of more than a month."""
        hours: int = self.cleaned_data["message_reply_hours"]
        if not 1 <= hours <= 720:
            raise ValidationError(_("Between 1 and 720 hours"))
        return hours

    def clean(self) -> dict[str, Any]:
        """Check that the brand's own language is one that it serves in."""
        values: dict[str, Any] = super().clean() or {}
        languages = values.get("languages")
        if languages and values.get("default_language") not in languages:
            self.add_error("default_language", _("Choose one of the languages you serve in"))
        return values


class HoursForm(forms.Form):
    """One line for each weekday: any number of spans."""

    def __init__(self, *args: Any, week: list[tuple[int, time, time]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, name in WEEKDAYS.items():
            spans = [(opens, closes) for day, opens, closes in week if day == weekday]
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=name,
                required=False,
                max_length=200,
                initial=write_spans(spans),
                widget=forms.TextInput(attrs={"placeholder": pgettext("hours", "Closed"), "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        """Read every line into spans; `week` holds them all."""
        values: dict[str, Any] = super().clean() or {}
        week = [(day, *span) for day in WEEKDAYS for span in self._spans(day)]
        for day in overlapping_nights(week):
            self.add_error(f"day_{day}", _("These hours run past midnight into the next day’s"))
        return {**values, "week": week}

    def _spans(self, weekday: int) -> list[tuple[time, time]]:
        try:
            return read_spans(self.cleaned_data.get(f"day_{weekday}", ""))
        except ValueError as error:
            overlap = error.args == ("overlap",)
            message = _("Two spans overlap") if overlap else _("Write times like 08:00–12:00, 13:30–22:00")
            self.add_error(f"day_{weekday}", message)
            return []


class HolidayForm(forms.Form):
    """A stretch of days that differ from their weekdays."""

    first = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    like = forms.ChoiceField(
        label=gettext_lazy("On these days"),
        choices=ON_THE_DAY,
        required=False,
        help_text=gettext_lazy("Closed, or open like another weekday, as on a make-up workday"),
    )
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=120, required=False)


def readable(colour: str, palette: dict[str, str]) -> str:
    """Return a brand's colour, or say on which ground it is too faint and by how much."""
    is_colour(colour)
    measured = [(contrast(colour, palette[ground]), ground) for ground in GROUNDS]
    measured.append((contrast(palette["on-accent"], colour), "on-accent"))
    worst, ground = min(measured)
    if worst < TEXT:
        words = {"on-accent": _("under the words of a button")}.get(ground, _("on the page’s ground"))
        message = _("Too hard to read %(where)s: contrast is %(found).1f to 1, and 4.5 to 1 is needed")
        # rounded down, so that 4.47 never reads as the 4.5 that it is not
        raise ValidationError(message % {"where": words, "found": floor(worst * 10) / 10})
    return colour.lower()


@cache
def tokens() -> tuple[dict[str, str], dict[str, str]]:
    """Return the light and the dark palette of the design."""
    path = finders.find("ui/tokens.css")
    with open(str(path), encoding="utf-8") as file:  # noqa: PTH123  finders returns text
        return palettes(file.read())


def origin_of(text: str) -> str:
    """Return an address as an origin; only https, or http on this very machine, can show our chat safely."""
    message = _("%(text)s is not the address of a web site. It looks like https://www.example.com") % {
        "text": text[:80]
    }
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise ValidationError(message) from error
    local = host in {"localhost", "127.0.0.1"}
    plain = parts.path in {"", "/"} and not (parts.query or parts.fragment or parts.username)
    if not plain or parts.scheme not in {"https", "http"} or not _is_host(host):
        raise ValidationError(message)
    if parts.scheme == "http" and not (local or settings.DEBUG):
        raise ValidationError(_("%(text)s must start with https://") % {"text": text[:80]})
    return f"{parts.scheme}://{host}{port}"


def _is_host(host: str) -> bool:
    try:
        ascii_host = host.encode("idna").decode()
    except UnicodeError:
        return False
    return bool(ascii_host) and all(part and part.replace("-", "").isalnum() for part in ascii_host.split("."))
