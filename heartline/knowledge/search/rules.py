"""How text becomes tokens, and what somebody typed becomes a question to an index. Pure.

Chinese has no spaces between words, so a run of it is kept as its overlapping pairs (退款到账: 退款 款到 到账) and as its
single characters. A run in a question must be found as pairs in a row, which means: exactly as it was typed. Everything
is folded first: full width to half, traditional to simplified, capitals and accents off. What databases would do to
text by themselves is never used, so both databases find the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from heartline.knowledge.search.simplified import SIMPLIFIED, TRADITIONAL

# Scripts written without spaces: Han, kana, Thai and their neighbours.
_DENSE = "\u0e00-\u0eff\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_PIECE = re.compile(f"(?P<dense>[{_DENSE}]+)|[^\\W_{_DENSE}]+")
_WORD_AND_NUMBER = re.compile(r"([^\W\d_]+)(\d+)|(\d+)([^\W\d_]+)")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")

TITLE = "_"  # before a token: it stands in the title
AUTHOR = "@"  # before a token: it names who wrote it
GAP = "_"  # alone: what follows is another text, no phrase reaches over it
MOST_TOKENS = 12_000  # of one thing; PostgreSQL keeps no places beyond 16,383
LONGEST_TOKEN = 64
MOST_TERMS = 12
CORRECTABLE = re.compile(r"[a-z]{4,24}")


class _Folding(dict[int, str]):
    """A table for `str.translate` that works a character out when it first meets it."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        parts = unicodedata.normalize("NFD", folded)
        if parts[0] < "\u0250":  # accents come off Latin letters; in other scripts such marks are letters
            folded = "".join(part for part in parts if not unicodedata.combining(part))
        elif unicodedata.category(parts[0]) == "Cf" or "\u0300" <= parts[0] <= "\u036f":
            folded = ""
        self[code] = "".join(_SIMPLER.get(part, part) for part in folded)
        return self[code]


_VARIANTS = {"帐": "账", "座": "坐"}  # 帐号 is 账号, 座席 is 坐席
_SIMPLER = _VARIANTS | {old: _VARIANTS.get(new, new) for old, new in zip(TRADITIONAL, SIMPLIFIED, strict=True)}
_FOLDING = _Folding()


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a run of a script without spaces, and where it stands in the folded text."""

    text: str
    start: int
    is_dense: bool

    @property
    def tokens(self) -> tuple[str, ...]:
        """What an index keeps of it."""
        if not self.is_dense:
            return (self.text[:LONGEST_TOKEN],)
        return tuple(self.text[at : at + 2] for at in range(len(self.text) - 1)) or (self.text,)


def fold(text: str) -> str:
    """Return text as it is compared."""
    return text.translate(_FOLDING)


def pieces(folded: str) -> Iterator[Piece]:
    """Yield the words and runs of folded text; a word followed by a number without a space is two."""
    for match in _PIECE.finditer(folded):
        text, start = match[0], match.start()
        both = None if match["dense"] else _WORD_AND_NUMBER.fullmatch(text)
        if both:
            first, second = (part for part in both.groups() if part)
            yield Piece(first, start, is_dense=False)
            yield Piece(second, start + len(first), is_dense=False)
        else:
            yield Piece(text, start, match["dense"] is not None)


@dataclass(frozen=True)
class Texts:
    """What is to be found of one thing: its title, other texts, and who wrote it."""

    title: str = ""
    others: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def tokens_of(texts: Texts) -> list[str]:
    """Return the tokens of one thing in the order in which they are indexed."""
    found: list[str] = []
    singles: dict[str, None] = {}
    for mark, text in _marked(texts):
        found += _stream(mark, text, singles)
    return [*found[:MOST_TOKENS], GAP, *list(singles)[:MOST_TOKENS]]


def _marked(texts: Texts) -> Iterator[tuple[str, str]]:
    if texts.title:
        yield TITLE, texts.title
        yield TITLE, together(texts.title)
        yield "", together(texts.title)
    for text in (texts.title, *texts.others):
        yield "", text
    for author in texts.authors:
        yield AUTHOR, author


def _stream(mark: str, text: str, singles: dict[str, None]) -> list[str]:
    if not text:
        return []
    stream = [GAP]
    for piece in pieces(fold(text)):
        stream += [mark + token for token in piece.tokens]
        if piece.is_dense and len(piece.text) > 1:
            singles.update(dict.fromkeys(mark + character for character in piece.text))
    return stream


def together(title: str) -> str:
    """Return what the Latin words of a short title are when written without their spaces, or with those they lack."""
    words = [piece.text for piece in pieces(fold(_HUMPS.sub(" ", title))) if not piece.is_dense]
    if not 2 <= len(words) <= 4:
        return ""
    joined = "".join(words)
    return " ".join([joined, *words]) if _HUMPS.search(title) else joined


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that must stand in a row. The last may be only the beginning of a word."""

    tokens: tuple[str, ...]
    is_quoted: bool = False

    @property
    def word(self) -> str:
        """The one word in Latin letters that this is, or nothing."""
        one = self.tokens[0] if len(self.tokens) == 1 and not self.is_quoted else ""
        return one if one.isascii() else ""


@dataclass(frozen=True)
class Question:
    """What somebody typed: terms that must all be there, terms that must not, authors, and fields."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    authors: tuple[Term, ...] = ()
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: tuple[int, ...] = ()
    """Numbers of cases that were asked for: `#123`, `123`."""

    @property
    def asks_for_words(self) -> bool:
        """Whether the index must be asked at all."""
        return bool(self.terms or self.authors)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        return not (self.asks_for_words or self.fields)


FIELDS = {
    "from": "from",
    "来自": "from",
    "tag": "tag",
    "标签": "tag",
    "state": "state",
    "状态": "state",
    "channel": "channel",
    "渠道": "channel",
    "queue": "queue",
    "队列": "queue",
    "owner": "owner",
    "处理人": "owner",
    "before": "before",
    "早于": "before",
    "after": "after",
    "晚于": "after",
    "in": "in",
    "范围": "in",
}
_SIGNS = str.maketrans(
    {"“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"', "＂": '"', "：": ":", "　": " "}
)
_CHUNK = re.compile(r'(?P<no>-?)(?:(?P<field>[^\s:"]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))')
_PHONE = re.compile(r"(?<![\w:#-])\+?\d[\d() -]{5,20}\d(?![\w-])")
_DATE = re.compile(r"\d{4}[- ]\d{1,2}[- ]\d{1,2}")
_NUMBER = re.compile(r"#?(\d{1,15})")


def understand(typed: str) -> Question:
    """Return what was asked for. Nothing that can be typed is an error: what is no field is a word."""
    terms: list[Term] = []
    without: list[Term] = []
    authors: list[Term] = []
    fields: dict[str, tuple[str, ...]] = {}
    numbers: list[int] = []
    for match in _CHUNK.finditer(_with_numbers_joined(typed[:400].translate(_SIGNS))):
        name = FIELDS.get((match["field"] or "").casefold(), "")
        value = match["plain"] if match["quoted"] is None else match["quoted"]
        text = value if name or not match["field"] else f"{match['field']}:{value}"
        found = _terms(text, is_quoted=match["quoted"] is not None)
        if name == "from":
            authors += found
        elif name:
            fields[name] = (*fields.get(name, ()), text)
        elif match["no"]:
            without += found
        else:
            terms += found
            numbers += _numbers(text)
    terms, without, authors = (one[:MOST_TERMS] for one in (terms, without, authors))
    return Question(tuple(terms), tuple(without), tuple(authors), fields, tuple(numbers))


def _with_numbers_joined(typed: str) -> str:
    """Return what was typed with phone numbers written together, as they are indexed: 138-0013-8000, +86 571 8888."""
    return _PHONE.sub(lambda match: _joined(match[0]), typed)


def _joined(number: str) -> str:
    groups = re.findall(r"\d+", number)
    looks_so = number[0] in "+0" or all(len(group) <= 5 for group in groups)
    digits = "".join(groups)
    return digits.lstrip("0") if looks_so and 7 <= len(digits) <= 15 and not _DATE.fullmatch(number) else number


def _numbers(text: str) -> list[int]:
    match = _NUMBER.fullmatch(fold(text))
    return [int(match[1])] if match else []


def _terms(text: str, *, is_quoted: bool) -> list[Term]:
    """Return the terms of what was typed without a space: in a row, but single characters stand alone.

    A single character begins or ends no pair that is known, so no row with it can be asked for.
    """
    found: list[Term] = []
    row: list[str] = []
    for piece in pieces(fold(text)):
        if piece.is_dense and len(piece.text) == 1:
            found += [Term(tuple(row), is_quoted)] if row else []
            found.append(Term((piece.text,), is_quoted))
            row = []
        else:
            row += piece.tokens
    return [*found, Term(tuple(row), is_quoted)] if row else found


def corrections(word: str, candidates: Iterable[str]) -> list[str]:
    """Return the candidates that a slip of the fingers turns into a word: one slip, or two in a long word."""
    allowed = 1 if len(word) < 8 else 2
    return sorted(one for one in candidates if one != word and distance(word, one, allowed) <= allowed)


def forms(word: str) -> set[str]:
    """Return what a word looks like with any one of its first letters missing, and itself.

    Two words that are one slip apart have such a form in common, whatever the slip: a letter more, less, other or
    swapped. Long words are compared by their beginnings first.
    """
    begin = word[:8]
    return {begin, word[:7]} | {begin[:at] + begin[at + 1 :] for at in range(len(begin))}


def distance(one: str, other: str, most: int) -> int:
    """Return how many slips lie between two words (neighbours swapped count once), or `most` + 1 when more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)
