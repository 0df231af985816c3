"""What a scorecard asks: sections of questions, how a card being built is changed, and what keeps it from being used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

YES_NO, SCALE = "yes_no", "scale"
KINDS = (YES_NO, SCALE)
TOPS = (2, 3, 4, 5, 10)
MOST_SECTIONS, MOST_QUESTIONS, HEAVIEST = 8, 25, 100
_KEY = re.compile(r"[a-z]\d{1,4}")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. `top` is the best value: 1 for yes, n for a scale from 0 to n."""

    key: str
    text_en: str = ""
    text_zh: str = ""
    guide_en: str = ""
    guide_zh: str = ""
    kind: str = YES_NO
    top: int = 1
    steps_en: tuple[str, ...] = ()
    steps_zh: tuple[str, ...] = ()
    weight: int = 1
    critical: bool = False
    na: bool = True

    def text_in(self, language: str) -> str:
        """Return the question for a reader of a language, the other one when it was not written in theirs."""
        return _in(language, self.text_en, self.text_zh)

    def guide_in(self, language: str) -> str:
        """Return how to judge, for a reader of a language."""
        return _in(language, self.guide_en, self.guide_zh)

    def step_in(self, value: int, language: str) -> str:
        """Return what a value of a scale means, for a reader of a language."""
        texts = [steps[value] if value < len(steps) else "" for steps in (self.steps_en, self.steps_zh)]
        return _in(language, *texts)

    def takes(self, value: object) -> bool:
        """Return whether something is an answer to this question; JSON's true is not a number."""
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= self.top


@dataclass(frozen=True, kw_only=True)
class Section:
    """Questions that belong together."""

    key: str
    name_en: str = ""
    name_zh: str = ""
    questions: tuple[Question, ...] = ()

    def name_in(self, language: str) -> str:
        """Return the section's name for a reader of a language."""
        return _in(language, self.name_en, self.name_zh)


@dataclass(frozen=True)
class Card:
    """All that one version of a scorecard asks. Keys are never given twice, so answers can be followed over versions."""

    sections: tuple[Section, ...] = ()
    last_key: int = 0

    def questions(self) -> Iterator[Question]:
        """Yield every question in the order it is asked."""
        for section in self.sections:
            yield from section.questions

    def question(self, key: str) -> Question | None:
        """Return the question with a key, if this version has it."""
        return next((one for one in self.questions() if one.key == key), None)


def read(document: Mapping[str, Any]) -> Card:
    """Return the card that a stored document describes."""
    sections = []
    for part in document.get("sections", ()):
        questions = (
            Question(**{**one, "steps_en": tuple(one["steps_en"]), "steps_zh": tuple(one["steps_zh"])})
            for one in part["questions"]
        )
        sections.append(Section(**{**part, "questions": tuple(questions)}))
    return Card(tuple(sections), int(document.get("last_key", 0)))


def written(card: Card) -> dict[str, Any]:
    """Return a card as the document that is stored."""
    document = asdict(card)
    for part in document["sections"]:
        part["questions"] = [
            {**one, "steps_en": list(one["steps_en"]), "steps_zh": list(one["steps_zh"])} for one in part["questions"]
        ]
    return {"sections": list(document["sections"]), "last_key": card.last_key}


def changed(card: Card, act: str) -> Card:
    """Return a card after one act of building: `add`, `add:s1`, `up:q2`, `down:s1`, `remove:q2`; others change nothing."""
    verb, _colon, key = act.partition(":")
    if verb == "add":
        return _added(card, key)
    if verb == "remove":
        kept = (replace(s, questions=tuple(q for q in s.questions if q.key != key)) for s in card.sections)
        return replace(card, sections=tuple(s for s in kept if s.key != key))
    if verb in ("up", "down"):
        step = -1 if verb == "up" else 1
        inside = (replace(s, questions=_moved(s.questions, key, step)) for s in card.sections)
        return replace(card, sections=_moved(tuple(inside), key, step))
    return card


def filled(card: Card, typed: Mapping[str, str]) -> Card:
    """Return a card with what was typed on its page: a field is called by its place and its name, such as `q2-weight`."""
    return replace(
        card,
        sections=tuple(
            replace(
                section,
                name_en=_typed(typed, section.key, "name_en", 120),
                name_zh=_typed(typed, section.key, "name_zh", 120),
                questions=tuple(_filled(question, typed) for question in section.questions),
            )
            for section in card.sections
        ),
    )


def rebuilt(card: Card, sections: Iterable[Section]) -> Card:
    """Return a card that asks what is said as a whole. Keys the card has are kept; whatever else is new and gets its own."""
    free = {section.key for section in card.sections} | {question.key for question in card.questions()}
    last, built = card.last_key, []
    for section in sections:
        keys = []
        for letter, key in [("s", section.key), *(("q", one.key) for one in section.questions)]:
            is_known = key in free and key[0] == letter
            last += not is_known
            keys.append(key if is_known else f"{letter}{last}")
            free.discard(key)
        questions = (_sound(replace(one, key=key)) for one, key in zip(section.questions, keys[1:], strict=True))
        built.append(replace(section, key=keys[0], questions=tuple(questions)))
    return Card(tuple(built), last)


def _sound(question: Question) -> Question:
    """Return a question whose kind, best value and steps go together."""
    if question.kind == YES_NO:
        return replace(question, top=1, steps_en=(), steps_zh=())
    return replace(question, top=question.top if question.top in TOPS else TOPS[0])


def _filled(question: Question, typed: Mapping[str, str]) -> Question:
    key = question.key
    kind = SCALE if typed.get(f"{key}-kind") == SCALE else YES_NO
    top = _number(typed.get(f"{key}-top", ""), question.top)
    return replace(
        question,
        text_en=_typed(typed, key, "text_en", 300),
        text_zh=_typed(typed, key, "text_zh", 300),
        guide_en=_typed(typed, key, "guide_en", 600),
        guide_zh=_typed(typed, key, "guide_zh", 600),
        kind=kind,
        top=1 if kind == YES_NO else top if top in TOPS else TOPS[0],
        steps_en=_lines(typed.get(f"{key}-steps_en", "")) if kind == SCALE else (),
        steps_zh=_lines(typed.get(f"{key}-steps_zh", "")) if kind == SCALE else (),
        weight=min(HEAVIEST, max(1, _number(typed.get(f"{key}-weight", ""), question.weight))),
        critical=bool(typed.get(f"{key}-critical")),
        na=bool(typed.get(f"{key}-na")),
    )


def _typed(typed: Mapping[str, str], key: str, name: str, limit: int) -> str:
    return " ".join(typed.get(f"{key}-{name}", "").split())[:limit]


def _lines(text: str) -> tuple[str, ...]:
    lines = tuple(" ".join(line.split())[:200] for line in text.strip().splitlines())
    return lines[: max(TOPS) + 1] if any(lines) else ()


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else otherwise


def problems(card: Card) -> list[tuple[str, str]]:
    """Return what keeps a card from being published, each as the key of the place and a code."""
    found = [(one.key, code) for one in card.questions() for code in _wrong_with(one)]
    found += [(s.key, "no_name") for s in card.sections if not (s.name_en or s.name_zh)]
    found += [(s.key, "empty_section") for s in card.sections if not s.questions]
    return found if list(card.questions()) else [("", "no_questions")]


def _wrong_with(question: Question) -> Iterator[str]:
    if not (question.text_en or question.text_zh):
        yield "no_text"
    if question.kind == SCALE:
        for steps in (question.steps_en, question.steps_zh):
            if steps and len(steps) != question.top + 1:
                yield "steps"


def _added(card: Card, section_key: str) -> Card:
    number = card.last_key + 1
    if not section_key:
        if len(card.sections) >= MOST_SECTIONS:
            return card
        first = Question(key=f"q{number + 1}")
        new = Section(key=f"s{number}", questions=(first,) if len(list(card.questions())) < MOST_QUESTIONS else ())
        return Card((*card.sections, new), number + 1)
    if len(list(card.questions())) >= MOST_QUESTIONS:
        return card
    question = Question(key=f"q{number}")
    grown = (replace(s, questions=(*s.questions, question)) if s.key == section_key else s for s in card.sections)
    return Card(tuple(grown), number)


def _moved(things: tuple[Any, ...], key: str, step: int) -> tuple[Any, ...]:
    places = [place for place, thing in enumerate(things) if thing.key == key]
    if not places or not 0 <= places[0] + step < len(things):
        return things
    order = list(things)
    here = places[0]
    order[here], order[here + step] = order[here + step], order[here]
    return tuple(order)


def is_key(text: str) -> bool:
    """Return whether something has the form of a key of a card."""
    return _KEY.fullmatch(text) is not None


def _in(language: str, english: str, chinese: str) -> str:
    return (chinese or english) if language.startswith("zh") else (english or chinese)
