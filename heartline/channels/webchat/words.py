"""What the chat says, in the reader's language; its scripts hold no sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    """Return every phrase of the chat's scripts by name; {placeholders} are filled in the browser."""
    return _standing() | _waiting() | _sending() | _files() | _afterwards()


def widget_words() -> dict[str, str]:
    """Return the few phrases that stand on the brand's own page."""
    return {"launch": _("Chat with us"), "window": _("Chat window"), "unread": _("{n} new")}


def _standing() -> dict[str, str]:
    return {
        "title": pgettext("way to us", "Chat"),
        "you": pgettext("the customer", "You"),
        "agent": pgettext("head of the chat", "{agent}"),
        "case": _("Case {number}"),
        "in_line": _("You are in line"),
        "with_person": _("A person, working on your case"),
        "over": _("This chat has ended"),
        "joined": _("{agent} is here"),
        "took_over": _("{agent} has taken over and has the whole story, so you won’t need to start again"),
        "handing_over": _(
            "A colleague who can deal with this takes over. They have the whole story, so you won’t need to start again"
        ),
        "ended_by_us": _("The chat was ended. Write here any time and it goes on in the same case"),
        "ended_by_you": _("You ended the chat. Write here any time and it goes on in the same case"),
        "left": _("You stopped waiting. Write here, and you are in line again"),
        "place_lost": _("You were away for long, so your place went to others. Write here, and you are in line again"),
        "told": _("You told us: “{want}”. Whoever answers reads it first, so there is no need to say it again"),
        "typing": _("{agent} is writing…"),
        "writing": _("Somebody is writing…"),
        "unread": _("{n} new"),
        "leave_message": _("Leave a message"),
    }


def _waiting() -> dict[str, str]:
    return {
        "soon": _("You’re next. Somebody takes this in about a minute"),
        "ahead_soon": _("{position} ahead of you, about a minute. Feel free to do something else; we’ll chime"),
        "next_within": _("You’re next, probably within {high} minutes. Feel free to do something else; we’ll chime"),
        "ahead_within": _(
            "{position} ahead of you, probably within {high} minutes. Feel free to do something else; we’ll chime"
        ),
        "next": _("You’re next, in about {low} to {high} minutes. Feel free to do something else; we’ll chime"),
        "ahead": _(
            "{position} ahead of you, about {low} to {high} minutes. Feel free to do something else; we’ll chime"
        ),
        "unknown": _(
            "We’re finding someone who can deal with this and can’t give a fair estimate yet. Stay here, or have us call you"
        ),
        "longer": _(
            "This is taking longer than we told you, sorry. It now looks like about {minutes} minutes. "
            "Would you rather we called you?"
        ),
    }


def _sending() -> dict[str, str]:
    return {
        "sending": pgettext("a message", "Sending"),
        "sent": pgettext("a message", "Sent"),
        "delivered": pgettext("a message", "Delivered"),
        "read": pgettext("a message", "Read"),
        "failed": _("Not sent. Your text is kept"),
        "retry": _("Try again"),
        "lost": _(
            "Connection lost, reconnecting. {sent} sent messages are safe; {pending} waiting will go by themselves"
        ),
        "back": _("Back online. Nothing was lost"),
        "trouble": _("Something broke on our side. What you typed is kept. Try again"),
        "unknown_visitor": _("This chat is no longer known here. What you typed is kept; send it to start a new one"),
    }


def _files() -> dict[str, str]:
    return {
        "too_large": _(
            "That file is {size} MB and the limit is {limit} MB. Shrink it and send that. Your text is kept"
        ),
        "too_many": _("A message takes at most {limit} files. The others were left out"),
        "uploading": _("{name}: {percent} %"),
        "remove": _("Remove {name}"),
        "not_uploaded": _("{name} did not arrive. Remove it, or attach it again"),
        "gone": _("This file could not be fetched. Try again"),
    }


def _afterwards() -> dict[str, str]:
    return {
        "rated": _("Got it, thank you"),
        "rated_low": _(
            "Thank you for being frank. A colleague reads this and comes back to you. Would you like a call?"
        ),
    }
