"""What may stand in a file of a damage model, and what each number means. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind = Literal["count", "money", "share", "text", "basis", "loyalty_kind"]


@dataclass(frozen=True)
class Leaf:
    """A single value: its kind, and whether a model cannot do without it."""

    kind: Kind
    needed: bool = True

    @property
    def is_number(self) -> bool:
        """Whether it is a number, which can say where it is from and how sure it is."""
        return self.kind in {"count", "money", "share"}


Node: TypeAlias = "Leaf | Mapping[str, Node]"

# A name of the reader's own choosing: a channel, a lever, a problem.
ANY = "*"
CHOICES: dict[str, tuple[str, ...]] = {"basis": ("revenue", "margin"), "loyalty_kind": ("intent", "observed")}
ORIGIN = ("source", "owner", "agreed")
OF_NUMBER = ("value", "low", "high", "n", *ORIGIN)

COUNT, MONEY, SHARE = Leaf("count"), Leaf("money"), Leaf("share")
TEXT = Leaf("text", needed=False)

YEAR: Mapping[str, Node] = {
    "customers": COUNT,
    "value": MONEY,
    "problems": SHARE,
    "channels": {ANY: {"share": SHARE, "outcomes": {"satisfied": SHARE, "mollified": SHARE, "dissatisfied": SHARE}}},
    "loyalty": {
        "kind": Leaf("loyalty_kind", needed=False),
        "no_problem": SHARE,
        "satisfied": SHARE,
        "mollified": SHARE,
        "dissatisfied": SHARE,
        "silent": SHARE,
    },
    "word_of_mouth": {
        "told_bad": Leaf("count", needed=False),
        "told_good": Leaf("count", needed=False),
        "lost_share": Leaf("share", needed=False),
        "won_share": Leaf("share", needed=False),
    },
}
LEVER: Mapping[str, Node] = {"title": TEXT, "cost": Leaf("money", needed=False), **YEAR}
PROBLEM: Mapping[str, Node] = {"title": TEXT, "frequency": SHARE, "repurchase": SHARE}
RECURRING: Mapping[str, Node] = {
    "title": TEXT,
    "complaints": COUNT,
    "complain": SHARE,
    "handling": MONEY,
    "rework": Leaf("money", needed=False),
    "value": MONEY,
    "drop_complained": SHARE,
    "drop_silent": SHARE,
    "told": Leaf("count", needed=False),
    "lost_share": Leaf("share", needed=False),
}
MODEL: Mapping[str, Node] = {
    "title": TEXT,
    "currency": TEXT,
    "value_is": Leaf("basis"),
    **YEAR,
    "levers": {ANY: LEVER},
    "problem": {ANY: PROBLEM},
    "recurring": {ANY: RECURRING},
}
# A model needs no lever, no list of problems, no recurring one; what such a table holds is whole when it is there.
OPTIONAL = ("levers", "problem", "recurring", "word_of_mouth")
