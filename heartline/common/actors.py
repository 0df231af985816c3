"""Who or what caused a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["person", "customer", "system"]


@dataclass(frozen=True)
class Actor:
    """The cause of a change: one of our people, a customer, or a named part of the system."""

    kind: ActorKind
    id: int | None
    name: str

    @classmethod
    def system(cls, part: str) -> Actor:
        """Return the actor for an unattended part such as the dispatcher."""
        return cls("system", None, part)

    @classmethod
    def customer(cls, id: int, name: str) -> Actor:
        """Return the actor for a customer."""
        return cls("customer", id, name)

    @classmethod
    def person(cls, id: int, name: str) -> Actor:
        """Return the actor for one of our people."""
        return cls("person", id, name)
