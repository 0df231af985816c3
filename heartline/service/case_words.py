"""What the desk's scripts say about working with a case: tags, snoozes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def case_words() -> dict[str, Any]:
    """Return the words by their names; {placeholders} are filled by the scripts."""
    return {
        "about_case": _("About this case"),
        "tag": _("Tag"),
        "tags": _("Tags"),
        "no_tags": _("No tags"),
        "add_tags": _("Add tags"),
        "add_tags_hint": _("Commas between several. What nobody used yet becomes a tag"),
        "tags_changed": _("Tags changed"),
        "snooze": pgettext("verb", "Snooze"),
        "snooze_words": _(
            "It leaves your list and comes back at that time, or when the customer writes more than thanks"
        ),
        "snooze_until": _("Until"),
        "snooze_pick": _("Another time"),
        "snooze_at": _("Day and time"),
        "snoozed_toast": _("Snoozed until {when}"),
        "snoozed_until": _("Snoozed until {when}"),
        "snoozed_by": _("{name}: until {when}"),
        "take_up": _("Take it up now"),
        "taken_up": _("Back in your list"),
        "is_back": _("Back from snooze"),
        "is_back_spoke": _("Back: the customer wrote"),
        "dealt_with": _("Dealt with"),
        "snooze_times": {
            "hour": _("In an hour"),
            "evening": _("This evening"),
            "tomorrow": _("Tomorrow morning"),
            "monday": _("Monday morning"),
            "week": _("In a week"),
        },
        "time_of": _("{name}, {when}"),
    }
