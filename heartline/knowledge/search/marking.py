"""Which parts of a text are what was looked for, and the passage of a long text where they stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from heartline.knowledge.search.rules import CORRECTABLE, Piece, Question, corrections, fold, pieces

BEFORE, WHOLE = 32, 180  # characters of a passage before the first mark, and all of them


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text; `is_found` when it is what was looked for."""

    text: str
    is_found: bool = False


@dataclass(frozen=True)
class Wanted:
    """What was looked for, in the forms in which it may stand in a text."""

    words: frozenset[str]
    runs: frozenset[str]


def wanted_by(question: Question) -> Wanted:
    """Return the words and runs that a question looks for."""
    words: set[str] = set()
    runs: set[str] = set()
    for term in question.terms:
        run = ""
        for token in term.tokens:
            dense = [piece for piece in pieces(token) if piece.is_dense]
            if not dense:
                words.add(token)
            elif run and run[-1] == token[0] and len(token) > 1:
                run += token[1:]
            else:
                runs |= {run} if run else set()
                run = token
        runs |= {run} if run else set()
    return Wanted(frozenset(words), frozenset(runs))


def marked(text: str, wanted: Wanted) -> list[Part]:
    """Return a text in parts, those that were looked for marked."""
    parts: list[Part] = []
    at = 0
    for start, end in _joined(sorted(_spans(text, wanted))):
        parts += [Part(text[at:start])] if start > at else []
        parts.append(Part(text[start:end], is_found=True))
        at = end
    return [*parts, Part(text[at:])] if at < len(text) else parts


def passage(text: str, wanted: Wanted) -> list[Part]:
    """Return the passage of a text around the first thing that was looked for, on one line."""
    flat = " ".join(text.split())
    first = min(_spans(flat, wanted), default=(0, 0))[0]
    start = max(first - BEFORE, 0) if len(flat) > WHOLE else 0
    cut = flat[start : start + WHOLE]
    parts = marked(cut, wanted)
    before = [Part("…")] if start else []
    after = [Part("…")] if start + WHOLE < len(flat) else []
    return [*before, *parts, *after]


def has_marks(parts: list[Part]) -> bool:
    """Return whether anything in a text was looked for."""
    return any(part.is_found for part in parts)


def _spans(text: str, wanted: Wanted) -> Iterator[tuple[int, int]]:
    folded, origin = _folded_with_origin(text)
    for piece in pieces(folded):
        for start, end in _in_piece(piece, wanted):
            yield origin[piece.start + start], origin[piece.start + end - 1] + 1


def _in_piece(piece: Piece, wanted: Wanted) -> Iterator[tuple[int, int]]:
    if not piece.is_dense:
        length = _marked_length(piece.text, wanted.words)
        if length:
            yield 0, length
        return
    for run in wanted.runs:
        at = piece.text.find(run)
        while at >= 0:
            yield at, at + len(run)
            at = piece.text.find(run, at + 1)


def _marked_length(word: str, wanted: frozenset[str]) -> int:
    """Return how much of a word was looked for: all, its beginning, or all because of a slip."""
    begun = max((len(one) for one in wanted if len(one) > 1 and word.startswith(one)), default=0)
    if begun or word in wanted:
        return begun or len(word)
    slipped = any(corrections(one, [word]) for one in wanted if CORRECTABLE.fullmatch(one))
    return len(word) if slipped else 0


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """Return folded text and, for each of its characters, the one it came from: folding may add and drop some."""
    folded: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text):
        became = fold(character)
        folded.append(became)
        origin += [at] * len(became)
    return "".join(folded), origin


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
