"""What the composer's scripts say about quick replies and what else helps in writing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from heartline.conversations.quick_replies.words import variable_words

Words = dict[str, Any]


def writing_words() -> Words:
    """Return the composer's words by their names."""
    return {**_quick_replies()}


def _quick_replies() -> Words:
    return {
        "quick_replies": _("Quick replies"),
        "quick_replies_key": _("Quick replies: type /"),
        "add_quick_reply": _("Add a quick reply"),
        "no_quick_reply": _("No quick reply fits"),
        "no_quick_replies": _("No quick replies yet"),
        "n_quick_replies": _("{n} quick replies. Arrows choose, Enter takes"),
        "not_known": _("Not known: {what}"),
        "fill_in_first": _("Fill this in before you send: {what}"),
        "quick_reply_levels": {"own": _("Only mine"), "team": _("My team’s"), "everybody": _("Everybody’s")},
        "variables": variable_words(),
    }
