"""The five answers in words, the same wherever they are asked."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext_lazy as _

QUESTION = _("How satisfied are you with the help you got?")
ANSWERS = {
    5: _("Very satisfied"),
    4: _("Satisfied"),
    3: _("Neither"),
    2: _("Dissatisfied"),
    1: _("Very dissatisfied"),
}


def verbatim(score: int, comment: str, language: str) -> str:
    """Return an answer as the customer gave it, in the customer's language: the chosen word, then the comment."""
    with translation.override(language):
        chosen = str(ANSWERS[score])
    between = "：" if language.startswith("zh") else ": "
    return f"{chosen}{between}{comment}" if comment else chosen
