"""State machines as tables: the code that changes a state and the diagram in the docs read the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class StateMachine:
    """Named states and the verbs that lead from one to the next."""

    name: str
    start: str
    moves: Mapping[str, tuple[frozenset[str], str]]

    def sources(self, verb: str) -> frozenset[str]:
        """Return the states from which `verb` is allowed."""
        return self.moves[verb][0]

    def target(self, verb: str) -> str:
        """Return the state that `verb` leads to."""
        return self.moves[verb][1]

    def states(self) -> frozenset[str]:
        """Return every state that occurs."""
        ends = {target for _, target in self.moves.values()}
        return frozenset({self.start, *ends, *(s for sources, _ in self.moves.values() for s in sources)})

    def diagram(self) -> str:
        """Return the machine as a Mermaid state diagram."""
        rows = [
            f"    {source} --> {target}: {verb}"
            for verb, (sources, target) in self.moves.items()
            for source in sorted(sources)
        ]
        return "\n".join(["stateDiagram-v2", f"    [*] --> {self.start}", *rows])


def moves(**verbs: tuple[str, str]) -> dict[str, tuple[frozenset[str], str]]:
    """Return a table of moves from `verb=("from1 from2", "to")`."""
    return {verb: (frozenset(sources.split()), target) for verb, (sources, target) in verbs.items()}
