"""Everything that waits, in one line for each demand, so that the first of a line is found without looking at each.

The rank of work that is not late grows by a second each second, so its place among others never changes; while it is
late it grows twice as fast, and so does that of all that are. Two heaps keep both kinds in order for good.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

from heartline.routing.rules.marks import Demand, Mark
from heartline.routing.rules.situation import Work

Entry = tuple[int, int, int]
"""What is compared among those of its kind (less is first), the work's number, and which of its entries this is."""


@dataclass(slots=True, eq=False)
class Line:
    """Work with one demand. An entry counts while it is the last one made for its work."""

    demand: Demand
    steady: list[Entry] = field(default_factory=list)
    late: list[Entry] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.steady or self.late)


@dataclass(slots=True)
class Place:
    """Where work stands: its line, and the stamp of the entry that counts."""

    work: Work
    line: Line
    stamp: int


class Waiting:
    """All lines, found by demand and by the marks of who might serve them."""

    def __init__(self) -> None:
        self._lines: dict[Demand, Line] = {}
        self._by_mark: dict[Mark, dict[Demand, Line]] = {}
        self._places: dict[int, Place] = {}
        self._stamps = 0

    def __len__(self) -> int:
        return len(self._places)

    def add(self, work: Work, demand: Demand, value: int, *, is_late: bool) -> Line:
        """Let work wait in its line; `value` orders it among those that are late, or among those that are not."""
        line = self._lines.get(demand) or self._new(demand)
        self._stamps += 1
        heapq.heappush(line.late if is_late else line.steady, (value, work.id, self._stamps))
        self._places[work.id] = Place(work, line, self._stamps)
        return line

    def drop(self, id: int) -> None:
        """Let work wait no more; its entry is left behind and counts no longer."""
        self._places.pop(id, None)

    def head(self, line: Line, now: int) -> tuple[int, int] | None:
        """Return what the first of a line counts for, negated, and its number; None when nobody stands there."""
        steady, late = self._top(line.steady), self._top(line.late)
        first = (steady[0] - now, steady[1]) if steady else None
        other = (late[0] - 2 * now, late[1]) if late else None
        found = min(first, other) if first and other else first or other
        if found is None:
            self._forget(line)
        return found

    def take(self, line: Line, id: int) -> Work:
        """Take the first of a line out."""
        heap = line.steady if line.steady and line.steady[0][1] == id else line.late
        heapq.heappop(heap)
        return self._places.pop(id).work

    def lines_for(self, marks: frozenset[Mark]) -> list[Line]:
        """Return the lines of which somebody with these marks could serve the first."""
        found = {}
        for mark in marks:
            for demand, line in self._by_mark.get(mark, {}).items():
                if demand not in found and demand.is_met(marks):
                    found[demand] = line
        return list(found.values())

    def lines(self) -> list[Line]:
        """Return all lines."""
        return list(self._lines.values())

    def line_of(self, id: int) -> Line | None:
        """Return the line in which work stands."""
        place = self._places.get(id)
        return place.line if place else None

    def _top(self, heap: list[Entry]) -> Entry | None:
        while heap:
            place = self._places.get(heap[0][1])
            if place and place.stamp == heap[0][2]:
                return heap[0]
            heapq.heappop(heap)
        return None

    def _new(self, demand: Demand) -> Line:
        line = self._lines[demand] = Line(demand)
        for mark in _found_by(demand):
            self._by_mark.setdefault(mark, {})[demand] = line
        return line

    def _forget(self, line: Line) -> None:
        if self._lines.pop(line.demand, None):
            for mark in _found_by(line.demand):
                del self._by_mark[mark][line.demand]


def _found_by(demand: Demand) -> tuple[Mark, ...]:
    """Return the marks of which everybody who could serve a demand has one."""
    return demand.all_of[:1] if demand.all_of[0][0] in {"person", "skill"} else demand.who
