"""Who may do what at the desk, and what it suggests: pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from heartline.common.text import fold


@dataclass(frozen=True)
class Standing:
    """Where a person stands towards a contact."""

    person_id: int
    rights: AbstractSet[str]
    state: str
    assignee_id: int | None
    takes_part: bool
    is_let: bool = False  # an expert whom their asker lets write to the customer

    @property
    def holds(self) -> bool:
        """Whether the contact is in this person's hands."""
        return self.assignee_id == self.person_id

    @property
    def is_in_it(self) -> bool:
        """Whether the person serves the contact or has joined it: what they see counts as seen."""
        return self.holds or self.takes_part

    @property
    def may_reply(self) -> bool:
        """Whether the customer may hear from this person now: experts advise by notes, unless their asker lets them."""
        return self.state == "active" and self.is_in_it and ("contact.serve" in self.rights or self.is_let)

    @property
    def may_decide(self) -> bool:
        """Whether the person may hand over, give back, end or wrap up: the holder, or a supervisor."""
        return self.holds or ("contact.reassign" in self.rights and self.assignee_id is not None)


@dataclass(frozen=True)
class ReasonChoice:
    """A contact reason as the wrap-up form knows it."""

    id: int
    names: tuple[str, ...]


def suggest_reason(known: int | None, text: str, choices: Iterable[ReasonChoice]) -> int | None:
    """Return the reason to fill in beforehand: the case's own, else the longest name that its words contain."""
    ids = {choice.id: choice for choice in choices}
    if known in ids:
        return known
    words = fold(text)
    named = [
        (len(fold(name)), -choice.id)
        for choice in ids.values()
        for name in choice.names
        if name and fold(name) in words
    ]
    return -max(named)[1] if named else None


def as_lines(rows: Iterable[tuple[str, str]], colon: str) -> str:
    """Return pairs of a thing and what is to be said about it as lines of a text field."""
    return "\n".join(f"{thing}{colon}{note}" if note else thing for thing, note in rows)
