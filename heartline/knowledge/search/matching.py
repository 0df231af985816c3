"""What to look for, in the order in which it is shown, and how each database is asked for it. Pure.

Results come in steps, the best first, and the newest first within a step: all words in the title, all words in a row,
all words anywhere, words that begin or are misspelt like those. A step leaves out what an earlier one has shown, so a
page can go on exactly where the one before ended, and no step costs more than the results that are taken from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from heartline.knowledge.search.rules import AUTHOR, TITLE, Question, Term

SHORTEST_BEGINNING = 2  # letters of a title's word that find it


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens in a row; the last may be a beginning."""

    tokens: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """Everything of this."""

    parts: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Something of this."""

    parts: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class But:
    """One, but not the other."""

    match: Match
    without: Match


Match = Row | All | Either | But


def steps(question: Question, near: Mapping[str, list[str]], *, has_title: bool) -> list[Match]:
    """Return what to look for, step by step; `near` holds the known words that begin or sound like those asked for."""
    wanted: list[Match] = []
    if question.terms and has_title:
        wanted.append(_all([_row(term, TITLE) for term in question.terms]))
        wanted.append(_all([_row(term, TITLE, is_beginning=_may_begin(term)) for term in question.terms]))
    if len(question.terms) > 1 and not any(_is_single(term) for term in question.terms):
        wanted.append(Row(tuple(token for term in question.terms for token in term.tokens)))
    if question.terms:
        wanted.append(_all([_row(term) for term in question.terms]))
        wanted.append(_all([_near(term, near) for term in question.terms]))
    authors = [_row(author, AUTHOR) for author in question.authors]
    if not wanted:
        wanted.append(_all(authors))
    elif authors:
        wanted = [_all([step, *authors]) for step in wanted]
    return _each_but_those_before(list(dict.fromkeys(wanted)), [_row(term) for term in question.without])


def _each_but_those_before(wanted: list[Match], without: list[Match]) -> list[Match]:
    found: list[Match] = []
    for at, step in enumerate(wanted):
        not_these = [*wanted[:at], *without]
        found.append(But(step, Either(tuple(not_these))) if not_these else step)
    return found


def _row(term: Term, mark: str = "", *, is_beginning: bool = False) -> Match:
    return Row(tuple(mark + token for token in term.tokens), is_beginning)


def _all(parts: list[Match]) -> Match:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _near(term: Term, near: Mapping[str, list[str]]) -> Match:
    others = near.get(term.word, []) if term.word else []
    begin = Row(term.tokens, is_beginning=True) if term.word.isdigit() and len(term.word) > 3 else _row(term)
    return Either((begin, *(Row((word,)) for word in others))) if others else begin


def _may_begin(term: Term) -> bool:
    return bool(term.word) and len(term.word) >= SHORTEST_BEGINNING


def _is_single(term: Term) -> bool:
    return len(term.tokens) == 1 and len(term.tokens[0]) == 1 and not term.tokens[0].isascii()


def to_fts5(match: Match) -> str:
    """Return a match in the language of SQLite's FTS5. Tokens hold letters, digits and our marks only."""
    if isinstance(match, Row):
        return f'"{" ".join(match.tokens)}"' + (" *" if match.is_beginning else "")
    if isinstance(match, But):
        return f"({to_fts5(match.match)} NOT {to_fts5(match.without)})"
    return "(" + (" AND " if isinstance(match, All) else " OR ").join(map(to_fts5, match.parts)) + ")"


def to_tsquery(match: Match) -> str:
    """Return a match as a tsquery of PostgreSQL."""
    if isinstance(match, Row):
        row = " <-> ".join(f"'{token}'" for token in match.tokens) + (":*" if match.is_beginning else "")
        return f"({row})" if len(match.tokens) > 1 else row
    if isinstance(match, But):
        return f"({to_tsquery(match.match)} & !{to_tsquery(match.without)})"
    return "(" + (" & " if isinstance(match, All) else " | ").join(map(to_tsquery, match.parts)) + ")"
