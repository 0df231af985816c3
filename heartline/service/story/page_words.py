"""What the desk's scripts say of a customer's story: its top, and the timeline below."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from heartline.people.models.organisation import CHANNELS


def story_words() -> dict[str, Any]:
    """Return the words by their names; {placeholders} are filled by the scripts."""
    return {**_top(), **_timeline()}


def _top() -> dict[str, Any]:
    return {
        "ratings_before": _("Before that: {scores}"),
        "last_low": _("Last low rating: {score} of 5, {when}"),
        "last_complaint": _("Last complaint, {when}, {state}"),
        "was_expected": pgettext("expectation", "Told to expect"),
        "has_happened": pgettext("expectation", "What happened"),
        "opened_today": _("opened today"),
        "opened_yesterday": _("open since yesterday"),
        "opened_days": _("open for {n} days"),
        "story_no_owner": _("nobody has it"),
        "open_matters": _("Other open matters"),
    }


def _timeline() -> dict[str, Any]:
    return {
        "find_in_story": _("Find what was said"),
        "find_in_story_short": pgettext("timeline", "Find"),
        "story_shows": _("Show on the timeline"),
        "story_all": pgettext("timeline", "Everything"),
        "story_said": pgettext("timeline", "Messages"),
        "story_contacts": pgettext("timeline", "Contacts"),
        "story_owed": pgettext("timeline", "What we owe"),
        "story_ratings": pgettext("timeline", "Ratings"),
        "story_experts": pgettext("timeline", "Questions to experts"),
        "story_channel": _("Channel"),
        "any_channel": _("Any channel"),
        "story_period": pgettext("timeline", "Period"),
        "any_time": pgettext("timeline", "Any time"),
        "last_days": _("The last {n} days"),
        "story_outside": pgettext("timeline", "Orders and other systems"),
        "story_more": pgettext("timeline", "Go further back"),
        "story_earlier": _("{n} before that"),
        "story_not_found": _("Nothing said or told with “{query}”. Try fewer words"),
        "story_nothing": _("Nothing of this kind yet"),
        "one_message_on": _("{channel}: 1 message"),
        "n_messages_on": _("{channel}: {n} messages"),
        "open_there": _("Open there"),
        "a_file": _("A file"),
        **{f"on_{code}": str(name) for code, name in CHANNELS},
    }
