"""Who of those who fit is asked: longest without an offer, least loaded, or most proficient, as the queue chooses."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from heartline.routing.rules.crowd import Block, Key, Row, bits
from heartline.routing.rules.marks import Demand, Mark
from heartline.routing.rules.plan import Plan
from heartline.routing.rules.ranking import micros
from heartline.routing.rules.situation import Server

NEVER = -1
_MIX, _WORD = 0x9E3779B97F4A7C15, (1 << 64) - 1


def tie(seed: int, id: int) -> int:
    """Return how somebody stands among equals: by their number, or as the seed shuffles them, always the same."""
    if not seed:
        return id
    mixed = (id * _MIX + seed * 0xD1B54A32D192ED03) & _WORD
    mixed = ((mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9) & _WORD
    return mixed ^ (mixed >> 32)


def fair_key(server: Server, seed: int) -> Key:
    """Order people by when they were last offered anything; who never was comes first."""
    last = server.last_offered_at
    return (NEVER if last is None else micros(last), tie(seed, server.id), server.id)


def turn(key: Key, weight: int, now: int) -> Key:
    """Order people who carry differently much: the time without an offer counts as often as they carry."""
    last = key[-3]
    return (0, 0, *key[-2:]) if last == NEVER else (1, (last - now) * weight, *key[-2:])


class Crowd:
    """Everybody who may be offered something, and the choice among them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._loads = any(way.choose == "least_loaded" for way in plan.ways)
        self._fair: dict[int, Row] = {}
        self._loaded = Row()
        self._weights: dict[int, int] = {}
        self._skills: dict[int, Server] = {}

    def __contains__(self, id: int) -> bool:
        return id in self._weights

    def __len__(self) -> int:
        return len(self._weights)

    def add(self, server: Server, marks: Collection[Mark]) -> None:
        """Let somebody be found."""
        people = self._plan.people
        weight = server.strength(people) if people.turns_by_load else 1
        key = fair_key(server, self._plan.seed)
        self._weights[server.id], self._skills[server.id] = weight, server
        self._fair.setdefault(weight, Row()).add(server.id, key, marks)
        if self._loads:
            self._loaded.add(server.id, (server.used(people), *key), marks)

    def drop(self, id: int) -> None:
        """Let somebody be found no more."""
        weight = self._weights.pop(id)
        del self._skills[id]
        self._fair[weight].drop(id)
        if not len(self._fair[weight]):
            del self._fair[weight]
        if self._loads:
            self._loaded.drop(id)

    def choose(self, demand: Demand, skip: Collection[int], now: datetime) -> tuple[int | None, bool]:
        """Return who should get work of a demand, and whether anybody at all could; `skip` are not asked."""
        if len(self._fair) == 1 and demand.is_plain:
            for row in self._fair.values():
                return self._first_of_all(row, demand.all_of, skip)
        kept = self.kept_free(demand)
        anybody = False
        for length in range(len(demand.wishes), -1, -1):
            found, some = self._best(demand, demand.wishes[:length], kept, skip, now)
            anybody = anybody or some
            if found is not None:
                return found, True
        return None, anybody

    def _first_of_all(self, row: Row, marks: tuple[Mark, ...], skip: Collection[int]) -> tuple[int | None, bool]:
        """Return the first in a row who has all of some marks: what most decisions come to, in the shortest way."""
        first, *rest = marks
        anybody = False
        for block in row.blocks:
            masks = block.masks
            if first not in masks:
                continue
            found = masks[first]
            for mark in rest:
                found &= masks.get(mark, 0)
                if not found:
                    break
            else:
                anybody = True
                best = block.first(found, skip)
                if best is not None:
                    return best, True
        return None, anybody

    def _best(
        self, demand: Demand, wishes: tuple[Mark, ...], kept: tuple[Mark, ...], skip: Collection[int], now: datetime
    ) -> tuple[int | None, bool]:
        if demand.choose == "least_loaded":
            key, some = self._first(self._loaded, demand, wishes, kept, skip)
            return (key[-1] if key else None), some
        if demand.choose == "most_proficient" and demand.skills:
            return self._most_proficient(demand, wishes, kept, skip, micros(now))
        if len(self._fair) == 1:
            key, some = self._first(next(iter(self._fair.values())), demand, wishes, kept, skip)
            return (key[-1] if key else None), some
        heads = [(w, *self._first(row, demand, wishes, kept, skip)) for w, row in self._fair.items()]
        moment = micros(now)
        turns = [turn(key, weight, moment) for weight, key, _some in heads if key]
        return (min(turns)[-1] if turns else None), any(some for _weight, _key, some in heads)

    def _first(
        self, row: Row, demand: Demand, wishes: tuple[Mark, ...], kept: tuple[Mark, ...], skip: Collection[int]
    ) -> tuple[Key | None, bool]:
        """Return the key of the first in a row who fits, and whether anybody does."""
        anybody = False
        for block, found in self._fitting(row, demand, wishes, kept):
            anybody = True
            keys, ids = block.keys, block.ids
            if not found & (found - 1):  # most often it is one
                at = found.bit_length() - 1
                best = keys[at] if ids[at] not in skip else None
            else:
                best = min((keys[at] for at in bits(found) if ids[at] not in skip), default=None)
            if best:
                return best, True
        return None, anybody

    def _fitting(
        self, row: Row, demand: Demand, wishes: tuple[Mark, ...], kept: tuple[Mark, ...]
    ) -> Iterator[tuple[Block, int]]:
        """Yield the blocks in which somebody fits, in order, with the bits of those who do."""
        first, rest = demand.all_of[0], (*demand.all_of[1:], *wishes)
        without = (*demand.none_of, *kept)
        for block in row.blocks:
            get = block.masks.get
            found = get(first, 0)
            for mark in rest:
                if not found:
                    break
                found &= get(mark, 0)
            if found and (demand.any_of or without):
                found = block.narrowed(found, demand.any_of, without)
            if found:
                yield block, found

    def _most_proficient(
        self, demand: Demand, wishes: tuple[Mark, ...], kept: tuple[Mark, ...], skip: Collection[int], now: int
    ) -> tuple[int | None, bool]:
        best: tuple[int, Key] | None = None
        anybody = False
        for weight, row in self._fair.items():
            for block, found in self._fitting(row, demand, wishes, kept):
                anybody = True
                for at in bits(found):
                    if block.ids[at] not in skip:
                        knows = self._skills[block.ids[at]].skills
                        mine = (-sum(knows.get(key, 0) for key in demand.skills), turn(block.keys[at], weight, now))
                        best = mine if best is None or mine < best else best
        return (best[1][-1] if best else None), anybody

    def kept_free(self, demand: Demand) -> tuple[Mark, ...]:
        """Return the queues whose people nobody else gets just now: too few of them are free."""
        channel = ("channel", demand.channel)
        return tuple(
            ("queue", queue) for queue, keep in demand.reserves if self._count(("queue", queue), channel, keep) <= keep
        )

    def _count(self, mark: Mark, channel: Mark, enough: int) -> int:
        count = 0
        for row in self._fair.values():
            for block in row.blocks:
                count += (block.masks.get(mark, 0) & block.masks.get(channel, 0)).bit_count()
                if count > enough:
                    return count
        return count
