"""What the composer's scripts say about quick replies and what else helps in writing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from heartline.conversations.attachments.kinds import ACCEPT
from heartline.conversations.attachments.store import FILES_PER_MESSAGE
from heartline.conversations.quick_replies.words import variable_words
from heartline.people.models import Role

Words = dict[str, Any]


def writing_words() -> Words:
    """Return the composer's words by their names."""
    return {
        **_quick_replies(),
        **_sending(),
        **_files(),
        **_mentions(),
        **_dressing(),
        **_shared(),
        "file_limits": _file_limits(),
    }


def _sending() -> Words:
    return {
        "reads_language": _("writes in {language}"),
        "told_at_once": _("told at once: {names}"),
        "more_ways_to_send": _("More ways to send"),
        "send_and_wait": _("Send, and wait for the customer"),
        "send_and_ours": _("Send, and it waits for us"),
        "send_and_solve": _("Send and solve"),
        "send_later_more": _("Send later"),
        "send_later": _("Send later"),
        "when_it_goes": _("When it goes"),
        "in_our_time": _("Times are those of your site"),
        "in_an_hour": _("In an hour"),
        "tomorrow_morning": _("Tomorrow 09:00"),
        "next_monday": _("Monday 09:00"),
        "if_answered": _("If the customer writes first"),
        "if_answered_stop": _("Do not send; I decide then"),
        "if_answered_go": _("Send all the same"),
        "goes_in": _("Goes in {n} s"),
        "goes_at": _("Goes {time}"),
        "unless_answered": _("unless the customer writes first"),
        "and_then": _("then: {state}"),
        "not_sent_yet": _("Not sent yet"),
        "stopped_by_answer": _("Not sent: the customer wrote first"),
        "could_not_go": _("Not sent: {why}"),
        "undo_send": _("Undo send"),
        "take_back": _("Take back"),
        "send_now": _("Send now"),
        "change_plan": _("Change"),
        "held_aloud": _("On its way. Ctrl Z in the empty field takes it back"),
        "planned_aloud": _("Planned. It stands at the end of the conversation"),
    }


def _mentions() -> Words:
    return {
        "colleagues": _("Colleagues"),
        "call_colleague": _("Mention a colleague: type @"),
        "no_colleague": _("No colleague is called that"),
        "n_colleagues": _("{n} colleagues. Arrows choose, Enter takes"),
        "calls_you": _("{name} mentions you"),
        "n_mentions": _("Mentions you have not read: {n}"),
        "no_mentions": _("No mentions you have not read"),
        "roles": {str(code): str(name) for code, name in Role.choices},
    }


def _dressing() -> Words:
    return {
        "dressing": _("Bold, list, link"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "list": pgettext("of points", "List"),
        "link": pgettext("in a text", "Link"),
        "link_words": _("words"),
    }


def _shared() -> Words:
    return {
        "share_draft": _("Let colleagues go on with this draft"),
        "draft_is_shared": _("Colleagues can go on with this draft. Press to keep it to yourself"),
        "shares_reply": _("shares the draft of a reply"),
        "shares_note": _("shares the draft of a note"),
        "go_on_with_it": _("Go on with it"),
        "goes_on_with_yours": _("{name} goes on with your draft"),
        "n_files": _("with {n} files"),
    }


def _files() -> Words:
    return {
        "file_limits_words": _("{kinds}, up to {limit} MB each, {n} in a message"),
        "file_too_large": _("It is {size} MB and the limit is {limit} MB. Shrink it and attach that"),
        "file_wrong_kind": _("Use {kinds}"),
        "too_many_files": _("Up to {n} files fit in one message"),
        "pasted_picture": _("Pasted picture"),
    }


def _file_limits() -> Words:
    limit = settings.ATTACHMENT_LIMIT
    kinds = _("images, PDF, Word, Excel or MP4")
    return {
        "bytes": limit,
        "megabytes": limit // (1024 * 1024),
        "count": FILES_PER_MESSAGE,
        "accept": ACCEPT,
        "kinds": kinds,
    }


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
        "quick_reply_levels": {
            "own": _("Only mine"),
            "team": _("My team’s"),
            "everybody": _("Everybody’s"),
            "article": _("Article"),
        },
        "variables": variable_words(),
    }
