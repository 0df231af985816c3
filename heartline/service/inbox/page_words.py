"""What the desk's scripts say about views of the inbox, what comes next, and how one is told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def inbox_words() -> dict[str, Any]:
    """Return the words by their names; {placeholders} are filled by the scripts."""
    return {**_views(), **_filters(), **_telling(), **_together()}


def _views() -> dict[str, Any]:
    return {
        "inbox_view": _("View of the inbox"),
        "no_filter": pgettext("inbox", "Everything"),
        "own_filter": _("Narrowed"),
        "choose_filters": _("Narrow the inbox"),
        "show_these": _("Show these"),
        "save_view": _("Keep as a view"),
        "view_name": pgettext("inbox", "Name of the view"),
        "view_for": _("Who has it"),
        "view_saved": _("View kept: {name}"),
        "remove_view": _("Remove this view"),
        "view_removed": _("View removed: {name}"),
        "not_in_view": _("{n} not shown"),
        "drop_filter": _("Show without: {name}"),
        "empty_view": _("Nothing in this view"),
        "empty_view_more": _("What is narrowed away is still there"),
        "next_item": pgettext("what to do", "Next"),
        "next_item_key": _("What needs you next, and why"),
        "nothing_next": _("Nothing waits for you"),
    }


def _filters() -> dict[str, Any]:
    return {
        "any": pgettext("filter", "Any"),
        "filter_queue": _("Queue"),
        "filter_channel": _("Channel"),
        "filter_language": _("Language"),
        "filter_tier": _("Tier"),
        "filter_owner": _("Owner"),
        "filter_state": _("State"),
        "filter_only": pgettext("filter", "Only"),
        "filter_unread": pgettext("filter", "Unread"),
        "filter_overdue": pgettext("filter", "Late"),
        "filter_owners": {
            "me": pgettext("owner", "Me"),
            "nobody": pgettext("owner", "Nobody"),
            "others": pgettext("owner", "Somebody else"),
        },
        "filter_states": {
            "waiting": _("Waiting"),
            "active": _("Being served"),
            "wrap_up": _("Wrap-up"),
            "snoozed": _("Snoozed"),
        },
    }


def _telling() -> dict[str, Any]:
    return {
        "told_of": _("How you are told"),
        "sound_yours": _("Sound: what is yours"),
        "sound_team": _("Sound: who waits"),
        "outside_yours": _("Notification: what is yours"),
        "outside_team": _("Notification: who waits"),
        "outside_blocked": _("This browser does not allow notifications. Its settings for this address change that"),
        "notify_waiting": _("{name} waits in {queue}"),
        "notify_given": _("{name} is yours now"),
    }


def _together() -> dict[str, Any]:
    return {
        "is_here": _("{name} is here"),
        "beside": _("Open beside this one"),
        "beside_close": _("Close the second case"),
        "beside_frame": _("Second case"),
    }
