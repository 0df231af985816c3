"""The only writer of the index. It follows what other rooms have written and records nothing of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db import connection, transaction
from django.db.models import QuerySet

from heartline.knowledge.search.models import Entry, Progress, Word, WordForm
from heartline.knowledge.search.reading import places_of
from heartline.knowledge.search.rules import CORRECTABLE, forms, tokens_of
from heartline.knowledge.search.sources import BY_NUMBER, KINDS, Kind, kind_of
from heartline.ledger.positions import START, Position
from heartline.ledger.queries import head, read_after

RULES = 1  # another number has every index built anew
EVENTS = 200  # read at once: on SQLite nobody else can write while their entries are written
THINGS = 400
_ALONE = re.compile(r"(?<![^\s'])[a-z]{4,24}(?![^\s'])")  # in a row of tokens as either database keeps it


@dataclass(frozen=True, slots=True)
class Prepared:
    """Tokens to be written, worked out before anything is locked; None where the thing is gone."""

    place: int
    tokens: list[str] | None
    fingerprint: int = 0


def follow() -> int:
    """Index what the ledger added since the last time, at most one batch; returns how many events that was."""
    progress = _progress()
    position = Position(progress.tx or 0, progress.entry)
    events = read_after(position, EVENTS)
    if not events:
        return 0
    prepared = prepare(sorted({place for event in events for place in places_of(event)}))
    last = events[-1].position
    with transaction.atomic():
        # Another host may have read the same: who comes second finds the place moved and leaves it.
        here = Progress.objects.filter(id=1, tx=position.tx, entry=position.id)
        if here.update(tx=last.tx, entry=last.id):
            _write(prepared)
    return len(events)


def begin_anew() -> None:
    """Have everything indexed anew. What is indexed already can be found meanwhile."""
    _progress()
    Progress.objects.filter(id=1).update(rules=RULES, rebuild_kind=KINDS[0].number, rebuild_after=0)


def build_on() -> int | None:
    """Index the next things of a rebuild; returns how many, or None when there is nothing to rebuild."""
    progress = _progress()
    if progress.rebuild_kind is None:
        return None
    kind, after = BY_NUMBER[progress.rebuild_kind], progress.rebuild_after
    ids = list(kind.rows().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:THINGS])
    prepared = prepare(sorted(kind.places(ids)))
    following = BY_NUMBER.get(kind.number + 1)
    is_last = len(ids) < THINGS
    then = (following.number if following else None, 0) if is_last else (kind.number, ids[-1])
    with transaction.atomic():
        here = Progress.objects.filter(id=1, rebuild_kind=kind.number, rebuild_after=after)
        if here.update(rebuild_kind=then[0], rebuild_after=then[1]):
            _forget_between(kind, after, None if is_last else ids[-1], ids)
            _write(prepared)
    if then[0] is None:
        _take_stock()
    return len(ids)


def things_to_index() -> int:
    """Return how many things there are."""
    return sum(kind.rows().count() for kind in KINDS)


def forget_missing() -> int:
    """Remove entries of things that are gone without an event that says so; returns how many."""
    gone = 0
    for kind in KINDS:
        after = kind.base
        while places := list(_entries(kind, after)[:5000]):
            there = kind.places(
                kind.rows().filter(pk__in=[place - kind.base for place in places]).values_list("pk", flat=True)
            )
            missing = sorted(set(places) - there)
            if missing:
                with transaction.atomic():
                    _write([Prepared(place, None) for place in missing])
            gone, after = gone + len(missing), places[-1]
    return gone


def forget(places: Iterable[int]) -> None:
    """Remove entries in the caller's transaction, with the words that nothing else holds."""
    with transaction.atomic():
        _write([Prepared(place, None) for place in sorted(places)])


def prepare(places: list[int]) -> list[Prepared]:
    """Return what is to be written for entries, from what the tables say now."""
    found = []
    for kind, group in groupby(places, kind_of):
        ids = [place - kind.base for place in group]
        texts = kind.texts(ids)
        for id in ids:
            tokens = tokens_of(texts[id]) if id in texts else None
            found.append(Prepared(kind.base + id, tokens, _fingerprint(tokens) if tokens else 0))
    return found


def _progress() -> Progress:
    """Return how far we are; the first time, and after a change of the rules, a rebuild begins."""
    progress, _ = Progress.objects.get_or_create(id=1)
    if progress.tx is None:  # events from here on are followed; what was there before is read from the tables
        place = head()
        Progress.objects.filter(id=1, tx=None).update(tx=place.tx, entry=place.id)
    if progress.rules != RULES:
        first = KINDS[0].number
        Progress.objects.filter(id=1).update(rules=RULES, rebuild_kind=first, rebuild_after=0)
    if progress.tx is None or progress.rules != RULES:
        progress.refresh_from_db()
    return progress


def _write(prepared: list[Prepared]) -> None:
    """Write entries in the order of their ids, which is the only order that FTS5 takes in without a segment for each."""
    places = [one.place for one in prepared]
    before = dict(Entry.objects.filter(id__in=places).values_list("id", "fingerprint"))
    changed = [one for one in prepared if before.get(one.place) != one.fingerprint]
    lost = _words_of(place for place in (one.place for one in changed) if place in before)
    kept = [one for one in changed if one.tokens is not None]
    Entry.objects.filter(id__in=[one.place for one in changed if one.tokens is None]).delete()
    Entry.objects.bulk_create(
        [Entry(id=one.place, words=one.tokens, fingerprint=one.fingerprint) for one in kept],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["words", "fingerprint"],
        batch_size=200,
    )
    words = {token for one in kept for token in one.tokens or () if CORRECTABLE.fullmatch(token)}
    _learn(words)
    _unlearn(lost - words)


def _learn(words: set[str]) -> None:
    known = set(Word.objects.filter(word__in=words).values_list("word", flat=True)) if words else set()
    new = Word.objects.bulk_create([Word(word=word) for word in sorted(words - known)])
    WordForm.objects.bulk_create(
        [WordForm(form=form, word=word) for word in new for form in sorted(forms(word.word))], batch_size=500
    )


def _unlearn(words: set[str]) -> None:
    """Forget the words that nothing indexed holds any longer: a name that was erased is not kept as a word."""
    from heartline.knowledge.search.asking import stands_somewhere

    gone = [word for word in words if not stands_somewhere(word)]
    if gone:
        Word.objects.filter(word__in=gone).delete()


def _words_of(places: Iterable[int]) -> set[str]:
    rows = Entry.objects.filter(id__in=list(places)).values_list("words", flat=True)
    return {word for words in rows for word in _ALONE.findall(words)}


def _forget_between(kind: Kind, after: int, upto: int | None, there: list[int]) -> None:
    entries = Entry.objects.filter(id__gt=kind.base + after, id__lte=kind.base + (upto or (1 << 40) - 1))
    gone = entries.exclude(id__in=kind.places(there))
    _write([Prepared(place, None) for place in gone.values_list("id", flat=True)])


def _entries(kind: Kind, after: int) -> QuerySet[Entry, int]:
    entries = Entry.objects.filter(id__gt=after, id__lt=kind.base + (1 << 40)).order_by("id")
    return entries.values_list("id", flat=True)


def _take_stock() -> None:
    """Let PostgreSQL count how usual words are, without waiting for its own time to do so."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_entry")


def _fingerprint(tokens: list[str]) -> int:
    digest = hashlib.blake2b(" ".join(tokens).encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def position() -> Position:
    """Return up to where the ledger is indexed."""
    progress = Progress.objects.filter(id=1).first()
    return Position(progress.tx or 0, progress.entry) if progress else START
