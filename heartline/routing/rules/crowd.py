"""Everybody who is free just now, so that the right one is found without looking at each.

People stand in order of fairness in blocks of at most 128. A block keeps, for each mark, the bits of those in it who
have it: a few "and" of small numbers tell whether anybody in it fits. Changes touch one block.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator

from heartline.routing.rules.marks import Mark

WIDTH, FEW = 128, 4
FULL = (1 << WIDTH) - 1
Key = tuple[int, ...]


class Block:
    """Up to 128 people, and the bits of those who have each mark."""

    __slots__ = ("ids", "keys", "marks", "masks", "members")

    def __init__(self) -> None:
        self.ids = [0] * WIDTH
        self.keys: list[Key] = [()] * WIDTH
        self.marks: list[Collection[Mark]] = [()] * WIDTH
        self.masks: dict[Mark, int] = {}
        self.members = 0

    def add(self, id: int, key: Key, marks: Collection[Mark]) -> int:
        """Put somebody on a free place; returns its bit."""
        bit = ~self.members & FULL
        bit &= -bit
        place = bit.bit_length() - 1
        self.ids[place], self.keys[place], self.marks[place] = id, key, marks
        self.members |= bit
        masks = self.masks
        for mark in marks:
            masks[mark] = masks.get(mark, 0) | bit
        return place

    def drop(self, place: int) -> None:
        """Take somebody out."""
        bit, masks = 1 << place, self.masks
        for mark in self.marks[place]:
            left = masks[mark] ^ bit
            if left:
                masks[mark] = left
            else:
                del masks[mark]
        self.members ^= bit
        self.marks[place] = ()

    def narrowed(self, found: int, any_of: Iterable[tuple[Mark, ...]], none_of: Iterable[Mark]) -> int:
        """Return the bits of those who have one mark of each group, and none of some."""
        get = self.masks.get
        for group in any_of:
            some = 0
            for mark in group:
                some |= get(mark, 0)
            found &= some
        for mark in none_of:
            found &= ~get(mark, 0)
        return found

    def first(self, found: int, skip: Collection[int]) -> int | None:
        """Return who of some is first, unless they are skipped; None when all are."""
        if not found & (found - 1):  # most often it is one
            id = self.ids[found.bit_length() - 1]
            return None if id in skip else id
        keys, ids = self.keys, self.ids
        best = min((keys[at] for at in bits(found) if ids[at] not in skip), default=None)
        return best[-1] if best else None

    def without(self, those: int) -> Block:
        """Take many out at once, with their places; returns a block in which they are alone."""
        other = Block()
        other.ids, other.keys, other.marks = self.ids[:], self.keys[:], self.marks[:]
        other.members, self.members = self.members & those, self.members & ~those
        other.masks = {mark: found & those for mark, found in self.masks.items() if found & those}
        self.masks = {mark: found & ~those for mark, found in self.masks.items() if found & ~those}
        return other

    def places(self) -> list[int]:
        """Return the places that are taken, in order of fairness."""
        return sorted(bits(self.members), key=self.keys.__getitem__)


def bits(found: int) -> Iterator[int]:
    """Yield the places of the bits that are set."""
    while found:
        low = found & -found
        yield low.bit_length() - 1
        found ^= low


class Row:
    """People in order of a key, in blocks that part and join as people come and go."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._lows: list[Key] = []
        self._keys: dict[int, Key] = {}
        self._places: dict[int, tuple[Block, int]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def add(self, id: int, key: Key, marks: Collection[Mark]) -> None:
        """Let somebody stand in the row."""
        if not self.blocks:
            self.blocks, self._lows = [Block()], [key]
        at = max(0, bisect_right(self._lows, key) - 1)
        if self.blocks[at].members == FULL:
            self._part(at)
            at = max(0, bisect_right(self._lows, key) - 1)
        self._lows[at] = min(self._lows[at], key)
        block = self.blocks[at]
        self._keys[id], self._places[id] = key, (block, block.add(id, key, marks))

    def drop(self, id: int) -> None:
        """Take somebody out of the row."""
        block, place = self._places.pop(id)
        at = bisect_right(self._lows, self._keys.pop(id)) - 1
        block.drop(place)
        if not block.members:
            del self.blocks[at], self._lows[at]
        elif at and block.members.bit_count() <= FEW and self.blocks[at - 1].members.bit_count() <= WIDTH // 2:
            self._join(at)

    def _part(self, at: int) -> None:
        lower = self.blocks[at]
        places = lower.places()[WIDTH // 2 :]
        upper = lower.without(sum(1 << place for place in places))
        self.blocks.insert(at + 1, upper)
        self._lows.insert(at + 1, upper.keys[places[0]])
        for place in places:
            self._places[upper.ids[place]] = (upper, place)

    def _join(self, at: int) -> None:
        """Move the few who are left in a block to the one before."""
        few, block = self.blocks[at], self.blocks[at - 1]
        for place in bits(few.members):
            id = few.ids[place]
            self._places[id] = (block, block.add(id, few.keys[place], few.marks[place]))
        del self.blocks[at], self._lows[at]
