"""What pages show of cards, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from heartline.improvement.quality.rules.card import Question, Section
from heartline.improvement.quality.rules.scoring import Given
from heartline.improvement.quality.words import answer_words, kappa_words, language

register = template.Library()


@register.filter
def in_words(thing: Section | Question) -> str:
    """Return a section's name, or what a question asks."""
    return thing.name_in(language()) if isinstance(thing, Section) else thing.text_in(language())


@register.filter
def guide(question: Question) -> str:
    """Return how a question is judged."""
    return question.guide_in(language())


@register.filter
def steps(question: Question) -> list[tuple[int, str]]:
    """Return the values of a scale, from the lowest, each with what it means."""
    return [(value, question.step_in(value, language())) for value in range(question.top + 1)]


@register.filter
def of(things: Mapping[str, Any] | None, key: str) -> Any:
    """Return what stands under a key."""
    return (things or {}).get(key)


@register.filter
def answered(question: Question, answer: Any) -> str:
    """Return an answer to a question in words."""
    given = Given(answer.value, answer.is_na) if answer else Given()
    return answer_words(question, given)


@register.filter
def choices(question: Question) -> list[tuple[str, str]]:
    """Return every answer a question takes, from the best down, each with its words."""
    values = [(str(value), answer_words(question, Given(value))) for value in range(question.top, -1, -1)]
    return [*values, ("na", answer_words(question, Given(na=True)))] if question.na else values


@register.filter
def beside(answers: Iterable[Any], reviews: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Return reviews, each with its answer."""
    return list(zip(reviews, answers, strict=True))


@register.filter
def alike_words(kappa: float) -> str:
    """Return what a kappa means."""
    return kappa_words(kappa)


@register.filter
def unlocalized(value: float) -> str:
    """Return a number as drawings are given it, whatever the reader's language."""
    return f"{value:.1f}"
