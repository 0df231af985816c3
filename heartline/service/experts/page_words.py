"""What the desk's scripts say about questions to experts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


def expert_words() -> dict[str, Any]:
    """Return the words by their names; {placeholders} are filled by the scripts."""
    return {**_asking(), **_standing(), **_list()}


def _asking() -> dict[str, Any]:
    return {
        "ask_expert": _("Ask an expert"),
        "ask_expert_words": _(
            "Their answer lands here as an internal note. They see what was said, not who the customer is"
        ),
        "no_experts": _("No expert is left to ask. An administrator can add experts"),
        "ask_whom": _("Whom to ask"),
        "whoever_knows": _("Whoever knows {skill}"),
        "whoever_is_next": _("Whoever can answer next"),
        "n_can_be_asked": _("Can be asked now: {n}. It goes to who has the fewest questions and was asked longest ago"),
        "none_can_be_asked": _("Nobody can be asked now. The question waits, and goes to the first who can"),
        "asked_by_name": _("The question stays with them until it is due"),
        "at_level": _("At least at level"),
        "level_of_5": _("{n} of 5"),
        "your_question": _("Your question"),
        "question_hint": _("As short as it can be: what you know, what you want to know"),
        "answer_by": _("Answer by"),
        "answer_by_hint": _("By the rule of the house; change it where it matters"),
        "may_reply": _("They may write to the customer once they have joined"),
        "name_is_asked": _("{name} is asked. You will hear of the answer"),
        "nobody_free_yet": _("Nobody is free yet. It goes to the first who is, and you will hear of the answer"),
    }


def _standing() -> dict[str, Any]:
    return {
        "asks_expert": _("asks an expert"),
        "a_colleague": _("A colleague"),
        "make_article": _("Make it an article"),
        "expert_answer": _("An expert’s answer"),
        "question_asked_of": _("{name} is asked"),
        "question_waits": _("Nobody can take it now"),
        "question_accepted": _("{name} is answering"),
        "question_answered": _("{name} has answered"),
        "question_withdrawn": _("Withdrawn"),
        "question_taken_over": _("{name} took the contact over"),
        "answer_due": _("answer by {when}"),
        "answer_late": _("answer was due {when}"),
        "ask_another": _("Ask somebody else"),
        "withdraw": _("Withdraw"),
        "question_was_withdrawn": _("The question is withdrawn"),
        "change_question": _("Change the question’s time"),
        "due_is": _("Due now: {when}"),
        "empty_stays": _("Empty: it stays as it is"),
        "question_changed": _("Changed"),
    }


def _list() -> dict[str, Any]:
    return {
        "told_answered": _("{name} has answered your question"),
        "told_late": _("The answer to your question is late"),
        "told_waits": _("No expert can take your question now. It waits for the first who can"),
        "told_taken_over": _("{name} has taken the contact over"),
        "n_answers": _("Answers you have not seen: {n}"),
        "n_questions": _("Your open questions: {n}"),
        "all_my_questions": _("All I have asked"),
    }
