"""What the desk's scripts say about working with a case: tags, snoozes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def case_words() -> dict[str, Any]:
    """Return the words by their names; {placeholders} are filled by the scripts."""
    return {**_marks(), **_moves(), **_work(), **_list()}


def _marks() -> dict[str, Any]:
    return {
        "about_case": _("About this case"),
        "tag": _("Tag"),
        "tags": _("Tags"),
        "no_tags": _("No tags"),
        "add_tags": _("Add tags"),
        "add_tags_hint": _("Commas between several. What nobody used yet becomes a tag"),
        "tags_changed": _("Tags changed"),
        "case_fields": _("Type and details"),
        "case_type": _("Type of case"),
        "choose_type": _("Choose a type"),
        "no_type": _("No type"),
        "field_yes": _("Yes"),
        "field_no": _("No"),
        "needed_at_wrap_up": _("needed at wrap-up"),
        "fields_missing": _("{n} still to fill in"),
        "fields_saved": _("Details saved"),
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
        "snooze_times": snooze_names(),
        "time_of": _("{name}, {when}"),
    }


def _moves() -> dict[str, Any]:
    return {
        "case_choice": _("{id} · {subject} ({state})"),
        "no_other_case": _("This customer has no other case"),
        "merge": pgettext("verb", "Merge"),
        "merge_into": _("Merge into another case"),
        "merge_words": _(
            "All of this case goes there: messages, what is owed, answers, drafts. The old number and the customer’s link lead on"
        ),
        "merge_target": _("Case that stays"),
        "merged_toast": _("Case {from} is now part of case {to}"),
        "nothing_to_split": _("This case has one contact: there is nothing to split off"),
        "move": pgettext("verb", "Move"),
        "move_contacts": _("Split off or move contacts"),
        "move_words": _("What was said in them, what is owed and answered goes along"),
        "what_goes": _("What goes"),
        "a_new_case": _("A new case"),
        "moved_toast": _("Moved to case {to}"),
        "link": pgettext("verb", "Link"),
        "link_case": _("Link a case"),
        "link_words": _("Each of the two then shows the other. Nothing moves"),
        "case_number": _("Case number"),
        "linked_toast": _("Linked with case {id}"),
        "case_n": _("Case {id}"),
        "unlink_n": _("Unlink case {id}"),
        "was_merged": _("Case {id} was merged into this one"),
        "went_to": _("Contacts went to case {id}"),
        "came_from": _("Contacts came from case {id}"),
        "undo_this": pgettext("verb", "Take back"),
    }


def _work() -> dict[str, Any]:
    return {
        "macro": _("Macro"),
        "macro_menu": _("Use a macro"),
        "macro_run": _("Do this"),
        "macro_will": _("It will, in this order"),
        "macro_cannot": _("It cannot be done here: {why}"),
        "macro_done": _("Done: {name}"),
        "no_macros": _("No macros yet. Add one under Macros"),
        "no_undo": _("cannot be taken back"),
        "task": _("Task"),
        "give_task": _("Give a task"),
        "give_task_words": _("Whoever gets it sees this case. The case stays open until it is done"),
        "task_what": _("What is to be done"),
        "task_who": _("Who does it"),
        "task_due": _("Due"),
        "task_due_hint": _("Empty: no due time"),
        "task_given": _("Task given"),
        "team_named": _("Team: {name}"),
        "take_task": _("Take it"),
        "close_task": _("Close this task"),
        "close_task_how": _("How"),
        "done": pgettext("tasks", "Done"),
        "not_needed": _("Not needed"),
        "task_closed": _("Task closed"),
        "tasks_done": _("{n} done"),
        "watch_case": _("Watch this case"),
        "watch_no_more": _("Watch no longer"),
        "watched_by": _("watched by {n}: {names}"),
        "watching_toast": _("You hear of this case from now on"),
        "not_watching_toast": _("You no longer hear of this case"),
        "news_customer": _("Case {id}: {name} has written"),
        "news_note": _("Case {id}: {name} added a note"),
        "news_state": _("Case {id}: {state}"),
        "news_task": _("Case {id}: {name} did a task"),
    }


def snooze_names() -> dict[str, str]:
    """Return what the usual times to snooze until are called."""
    return {
        "hour": _("In an hour"),
        "evening": _("This evening"),
        "tomorrow": _("Tomorrow morning"),
        "monday": _("Monday morning"),
        "week": _("In a week"),
    }


def view_names() -> dict[str, str]:
    """Return what the views of the list of cases are called."""
    return {
        "mine": pgettext("cases", "Mine"),
        "queues": pgettext("cases", "My queues"),
        "unowned": pgettext("cases", "Without owner"),
        "watched": pgettext("cases", "Watched"),
        "snoozed": pgettext("cases", "Snoozed"),
    }


def _list() -> dict[str, Any]:
    return {
        "chosen": _("{n} chosen"),
        "choose_all": _("Choose all on this page"),
        "choose_none": _("Choose none"),
        "choose_row": _("Choose this case"),
        "next_row": _("Next case"),
        "previous_row": _("Previous case"),
        "open_row": _("Open this case"),
        "set_state": _("Set the state"),
        "set_owner": _("Set the owner"),
        "set_queue": _("Move to a queue"),
        "remove_tags": _("Take off tags"),
        "no_owner": _("Nobody"),
        "me": pgettext("owner", "Me"),
        "owner": _("Owner"),
        "queue": _("Queue"),
        "state": _("State"),
        "changed_n": _("{n} changed"),
        "nothing_changed": _("Nothing changed"),
        "left_alone": _("Left as they are: {list}"),
        "left_one": _("{id}: {why}"),
        "taken_back": _("Taken back"),
    }
