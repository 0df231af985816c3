"""What the desk's scripts say, in the reader's language. Scripts hold no sentence of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from heartline.conversations.models.case import RESOLUTIONS, CaseState
from heartline.conversations.models.contact import ContactState
from heartline.customers.models import Tier
from heartline.people.models import PresenceState
from heartline.people.models.organisation import CHANNELS, LANGUAGES
from heartline.people.models.presence import REASONS
from heartline.promises.models import FollowUp
from heartline.routing.models import DECLINE_REASONS
from heartline.service.cases.page_words import case_words
from heartline.service.experts.page_words import expert_words
from heartline.service.inbox.page_words import inbox_words
from heartline.service.story.page_words import story_words
from heartline.service.writing.page_words import writing_words
from heartline.ui.languages import once_per_language

Words = dict[str, Any]


@once_per_language
def desk_words() -> Words:
    """Return every word of the desk's scripts by its name; {placeholders} are filled by the scripts."""
    return {
        **_list(),
        **inbox_words(),
        **_conversation(),
        **_thread(),
        **_composer(),
        **writing_words(),
        **_wrap_up(),
        **_story(),
        **story_words(),
        **case_words(),
        **expert_words(),
        **_offers(),
        **_dialogs(),
        **_tables(),
    }


def _list() -> Words:
    return {
        "desk": _("Desk"),
        "inbox_views": _("Inbox views"),
        "tab_reply": _("Needs reply"),
        "tab_waiting": pgettext("inbox", "Waiting"),
        "tab_theirs": _("With them"),
        "tab_done": pgettext("inbox", "Done"),
        "order_reply": _("Waiting longest for our answer first"),
        "order_waiting": _("Nobody has these yet. Waiting longest first"),
        "order_theirs": _("It is their turn. Silent longest first"),
        "order_done": _("What you finished today, newest first"),
        "empty_reply": _("All answered"),
        "empty_reply_more": _("Who writes next appears here by itself"),
        "empty_reply_next": _("Next promise due: {due}, {name}"),
        "empty_waiting": _("Nobody is waiting"),
        "empty_waiting_more": _("Whoever comes next is offered to you when it is your turn"),
        "empty_theirs": _("Nobody owes you an answer"),
        "empty_theirs_more": _("Contacts you have replied to wait here for the customer"),
        "empty_done": _("Nothing finished yet today"),
        "empty_done_more": _("Contacts you wrap up are listed here until midnight"),
        "fresh": _("{n} new"),
        "unread": _("{n} unread"),
        "unnamed": _("No name yet"),
        "in_wrap_up": _("Wrap-up to write"),
        "due": _("Due {when}"),
        "owed_by": _("{what} due {when}"),
        "for_you": _("For you by name"),
        "handed_over_mark": pgettext("mark on a contact", "Handed over"),
        "nth_contact": _("{ordinal} contact"),
        "with_name": _("With {name}"),
        "you_joined": _("You joined"),
        "yours": _("Yours"),
        "taken_by": _("{name} has just taken this one"),
        "customer_left": _("The customer has left"),
        "moved_on": _("No longer here"),
        "under_a_minute": _("under 1 min"),
        "score_of_5": _("{score} of 5"),
    }


def _conversation() -> Words:
    return {
        "conversation": _("Conversation"),
        "case": _("Case"),
        "channel_language": _("{channel}, {language}"),
        "comma": pgettext("between things in a line", ", "),
        "colon": pgettext("between a name and what follows", ": "),
        "is_viewing": _("{name} is viewing"),
        "nothing_open": _("Nothing open"),
        "nothing_open_more": _("Choose somebody from the list, or press J for the next"),
        "not_yours_to_see": _("There is no such case, or it is not yours to see"),
        "hand_over": _("Hand over"),
        "handed_over": _("Handed over with your card"),
        "expert": _("Expert"),
        "join": pgettext("verb", "Join"),
        "leave": pgettext("verb", "Leave"),
        "end": pgettext("verb", "End"),
        "take": pgettext("verb", "Take"),
        "give_back": _("Give back to the queue"),
        "given_back": _("Given back, at its old place in line"),
        "edit_case": _("Change what they want"),
        "add_tried": _("Note what was tried"),
        "copy_link": _("Copy the link to this case"),
        "copied": _("Copied"),
        "more_actions": _("More actions"),
        "close": _("Close"),
        "place_in_line": _("Number {n} in line, waiting for {wait}"),
        "handed_over_by": _("Handed over by {name}"),
        "you_accepted": _("You accepted {time}"),
        "name_accepted": _("{name} accepted {time}"),
        "hand_wants": _("Wants"),
        "hand_tried": _("Tried"),
        "hand_promised": _("Promised"),
        "hand_do_not_ask": _("Do not ask again"),
        "internal_note": _("Internal note"),
        "customer_never_sees": _("the customer never sees this"),
        "sent": pgettext("message", "Sent"),
        "delivered": pgettext("message", "Delivered"),
        "read": pgettext("message", "Read"),
        "sending": pgettext("message", "Sending"),
        "goes_by_itself": _("No connection. It goes by itself when the connection is back"),
        "not_sent": _("Not sent. Your text and files are kept"),
        "try_again": _("Try again"),
        "back_to_field": _("Change it"),
        "the_customer": _("The customer"),
        "is_typing": _("{name} is typing"),
        "is_replying": _("{name} is writing a reply"),
        "writes_note": _("{name} is writing a note"),
        "said": _("{name} says: {text}"),
        "wrote": _("{name} has written"),
        "key_next": _("Next in the list"),
        "key_previous": _("Previous in the list"),
    }


def _thread() -> Words:
    return {
        "n_new_below": _("{n} new below"),
        "to_the_end": _("To the newest"),
        "unread_from_here": _("New from here"),
        "message_not_here": _("This message is not in this conversation any more"),
        "find_here": _("Find in this conversation"),
        "find_older": _("Older place"),
        "find_newer": _("Newer place"),
        "found_at": _("{n} of {count}"),
        "found_nowhere": _("Nowhere in it"),
        "key_message_before": _("Message before"),
        "key_message_after": _("Message after"),
    }


def _composer() -> Words:
    return {
        "answer": pgettext("to a customer", "Answer"),
        "who_sees_this": _("Who sees this"),
        "reply_to_customer": _("Reply to customer"),
        "only_team_sees": _("Only your team sees this"),
        "reply_placeholder": _("Write to the customer"),
        "note_placeholder": _("What should a colleague know?"),
        "to": pgettext("recipient", "To"),
        "to_chat_online": _("in web chat, online now"),
        "to_chat_away": _("in web chat, not there right now; they see it when they are back"),
        "to_webform": _("on their case page, where they follow this message"),
        "to_callback": _("they wait for a call; a reply is shown on their case page"),
        "attach": _("Attach a file"),
        "send": pgettext("verb", "Send"),
        "key_send": "Ctrl ↵",
        "add_note": _("Add note"),
        "saving": _("Saving the draft"),
        "draft_saved": _("Draft saved {time}"),
        "draft_kept_here": _("Draft kept on this computer"),
        "draft_conflict": _("You changed this draft in another window. Both texts are kept; the other one says:"),
        "use_other": _("Use the other"),
        "keep_mine": _("Keep this one"),
        "waits_for_somebody": _("Nobody has this yet. Take it to reply; a note can be added without"),
        "has_ended": _("This contact has ended. A note can still be added"),
        "served_by": _("{name} replies here. Add a note, or join"),
        "wait_for_files": _("A file is still on its way up. One moment"),
        "write_first": _("Write something first"),
        "uploading": _("Uploading {name}"),
        "remove_file": _("Remove {name}"),
    }


def _wrap_up() -> Words:
    return {
        "wrap_up": _("Wrap-up"),
        "reason": _("Reason"),
        "choose_reason": _("Choose a reason"),
        "reason_suggested": _("Suggested from the case"),
        "how_it_ended": pgettext("a contact", "How it ended"),
        "wrap_up_more": _("Root cause, what was expected, a note"),
        "root_cause": _("Root cause"),
        "not_chosen": _("Not chosen"),
        "told_to_expect": _("What were they told to expect?"),
        "what_happened": _("What actually happened?"),
        "note": pgettext("internal", "Note"),
        "only_team": _("only your team sees it"),
        "finish": _("Finish"),
        "still_owed": _("{n} still owed: the case stays open"),
        "copy_rating_link": _("Copy the rating link"),
    }


def _story() -> Words:
    return {
        "story": pgettext("of a customer", "Story"),
        "tier": _("Tier"),
        "contact_number": pgettext("of a case", "Contacts"),
        "last_rating": _("Last rating"),
        "none_yet": _("none yet"),
        "since_year": _("customer since {year}"),
        "not_proved": _("not proved"),
        "what_they_want": _("What they want"),
        "owed": _("What we owe"),
        "owner_is": _("Owner: {name}"),
        "close_follow_up": _("Close with what came of it"),
        "tried_already": _("Tried already, not offered again"),
        "nothing_tried": _("Nothing noted yet"),
        "times": _("{n}×"),
        "earlier_cases": _("Settled cases"),
    }


def _offers() -> Words:
    return {
        "offers": _("Offered to you"),
        "offer_of": _("Offer: {name}"),
        "waited": _("waited {wait}"),
        "and_also": pgettext("between reasons", ". "),
        "accept": pgettext("verb", "Accept"),
        "not_now": _("Not now"),
        "why_not": _("Why not?"),
        "seconds_left": _("{n} s left"),
        "notify_offer": _("New chat · {name} · {reason} · waited {wait}"),
        "missed_offer": _(
            "You missed a chat and it went to the next person. You’re set to not ready; choose Available when you are"
        ),
        "browser_gone": _(
            "You were set to away while this browser was closed or asleep. Choose Available when you are"
        ),
        "not_there_yet": _("You are offline: nothing is offered to you. Choose Available when you are ready"),
        "presence_reason": _("{state}: {reason}"),
        "since": _("Since {time}"),
        "presence_menu": _("Can you be offered work?"),
        "taking": _("In hand: {load}"),
        "load_of": _("{channel} {n} of {limit}"),
    }


def _dialogs() -> Words:
    return {
        "cancel": _("Cancel"),
        "save": _("Save"),
        "add": pgettext("verb", "Add"),
        "hand_over_words": _("They keep their place in line, and need not tell it again"),
        "where_to": _("Where to"),
        "to_colleague": _("Colleague, if it must be one"),
        "anybody_there": _("Whoever is best suited"),
        "person_state": _("{name} ({state})"),
        "queue_soon": _("{name}, less than a minute"),
        "queue_within": _("{name}, within {high} minutes"),
        "queue_wait": _("{name}, about {low} to {high} minutes"),
        "do_not_ask_hint": _("What is known already: order number, address, photos"),
        "subject": _("Subject"),
        "add_tried_words": _("What was tried is never offered to this customer again for the same matter"),
        "what_was_tried": _("What was tried"),
        "what_came_of_it": _("What came of it"),
    }


def _tables() -> Words:
    return {
        "tiers": _named(Tier.choices),
        "channels": _named(CHANNELS),
        "languages": _named(LANGUAGES),
        "resolutions": _named(RESOLUTIONS),
        "case_states": _named(CaseState.choices),
        "contact_states": _named(ContactState.choices),
        "presence": _named(PresenceState.choices),
        "presence_reasons": _named(REASONS.items()),
        "decline_reasons": _named(DECLINE_REASONS),
        "follow_up_kinds": _named(FollowUp.KINDS),
        "tried_kinds": {
            "channel": _("Channel"),
            "article": _("Article"),
            "person": _("Colleague"),
            "step": _("Step"),
        },
        "tried_outcomes": {"transfer": _("passed it on"), "returned": _("gave it back")},
    }


def _named(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return {str(code): str(name) for code, name in choices}
