"""What the parts of a page are made of: rooms in the rail, looks people chose, form controls, words for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heartline.common.text import has_han

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

THEMES = ("light", "dark")
DENSITIES = ("comfortable", "compact")


@dataclass(frozen=True)
class Room:
    """A place in the staff shell: its address, its picture, its key and the right that opens it."""

    path: str
    icon: str
    word: StrOrPromise
    right: str
    key: str


ROOMS = (
    Room("/desk/", "inbox", gettext_lazy("Desk"), "desk.use", "g d"),
    Room("/experts/", "lightbulb", gettext_lazy("Experts"), "desk.use", "g x"),
    Room("/knowledge/", "book-open", gettext_lazy("Knowledge"), "desk.use", "g k"),
    Room("/customers/", "users", gettext_lazy("Customers"), "customer.view", "g c"),
    Room("/floor/", "activity", gettext_lazy("Floor"), "floor.view", "g f"),
    Room("/quality/", "star", gettext_lazy("Quality"), "quality.enter", "g q"),
    Room("/insight/", "chart-line", gettext_lazy("Insight"), "insight.view", "g i"),
    Room("/setup/", "sliders-horizontal", gettext_lazy("Set-up"), "setup.manage", "g s"),
)


def rooms_for(rights: Iterable[str], path: str) -> list[dict[str, object]]:
    """Return the rooms a person may enter, each with whether they are in it now."""
    held = set(rights)
    return [{"room": room, "here": path.startswith(room.path)} for room in ROOMS if room.right in held]


def chosen_look(cookies: Mapping[str, str], density: str = "") -> dict[str, str]:
    """Return the data attributes of <html> from what the person chose, ignoring anything a cookie should not say.

    A density given by the page is its default; pages for customers pass "always-comfortable" and cannot be changed.
    """
    look: dict[str, str] = {}
    if cookies.get("heartline_theme") in THEMES:
        look["data-theme"] = cookies["heartline_theme"]
    if density == "always-comfortable":
        look["data-density"] = "comfortable"
    else:
        chosen = cookies.get("heartline_density", "")
        look["data-density"] = chosen if chosen in DENSITIES else density or "comfortable"
    if cookies.get("heartline_keys") == "off":
        look["data-keys"] = "off"
    return look


def initials(name: str) -> str:
    """Return two letters, or the last two characters of a Chinese name, for an avatar."""
    if has_han(name):
        return name.strip()[-2:]
    words = name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else "?"


def kind_of(bound: BoundField) -> str:
    """Return how a form field is laid out: check, checks, password or plain."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "checks"
    return "password" if isinstance(widget, forms.PasswordInput) else "plain"


def dress(bound: BoundField, *, label: str = "", hint: str = "", size: str = "") -> BoundField:
    """Return the field with our class on its control; Django itself ties hint and error to it by aria."""
    widget = bound.field.widget
    bound.label = label or bound.label
    bound.help_text = hint or bound.help_text
    if widget.attrs.get("placeholder") == bound.label:  # says nothing that the label above does not say
        del widget.attrs["placeholder"]
    if kind_of(bound) in ("plain", "password"):
        names = [widget.attrs.get("class", ""), "input", f"input-{size}" if size else ""]
        widget.attrs["class"] = " ".join(dict.fromkeys(" ".join(names).split()))
    return bound


def script_words() -> dict[str, str]:
    """Return the sentences that scripts of the design system say."""
    return {
        "close": _("Close"),
        "undo": _("Undo"),
        "shortcuts": _("Keyboard shortcuts"),
        "sending": _("Sending"),
        "no_connection": _("No connection. What you typed is kept. Try again"),
        "too_slow": _("No answer yet. What you typed is kept. Try again"),
        "signed_out": _("You’ve been signed out. What you typed is kept; sign in again and come back to this page"),
        "server_error": _("Something broke on our side. What you typed is kept. Try again"),
        "unsaved": _("What you typed here is not saved yet"),
        "live_lost": _("Connection lost, reconnecting. Nothing you wrote is lost"),
        "live_back": _("Back online. Nothing was lost"),
    }
