"""What is said about cards, samples and agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from heartline.improvement.quality.rules.card import YES_NO, Question
from heartline.improvement.quality.rules.scoring import Given

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PROBLEMS: dict[str, StrOrPromise] = {
    "no_questions": gettext_lazy("A card needs at least one question"),
    "no_text": gettext_lazy("Write the question in at least one language"),
    "no_name": gettext_lazy("Name the section in at least one language"),
    "empty_section": gettext_lazy("This section asks nothing: add a question, or remove it"),
    "steps": gettext_lazy("Describe each value of the scale on a line of its own, from 0 up, or none of them"),
}
YES, NO = gettext_lazy("Yes"), gettext_lazy("No")
NOT_APPLICABLE = gettext_lazy("Does not apply")


def problem_words(code: str) -> str:
    """Return what keeps a card from being used."""
    return str(PROBLEMS[code])


def language() -> str:
    """Return the reader's language."""
    return get_language() or "en"


def answer_words(question: Question, given: Given) -> str:
    """Return an answer in words."""
    if given.na:
        return str(NOT_APPLICABLE)
    if given.value is None:
        return _("Not answered")
    if question.kind == YES_NO:
        return str(YES if given.value else NO)
    step = question.step_in(given.value, language())
    return f"{given.value} · {step}" if step else str(given.value)


def kappa_words(value: float) -> str:
    """Return what a kappa means, in the usual coarse words (Landis and Koch, Biometrics 33 (1977) 159–174)."""
    steps = (
        (0.8, _("almost the same")),
        (0.6, _("much alike")),
        (0.4, _("partly alike")),
        (0.2, _("little alike")),
    )
    return next((words for above, words in steps if value > above), _("hardly more than chance"))
