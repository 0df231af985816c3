"""What rooms above this one tell it about customers. They register when Django starts; nothing here imports them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from heartline.customers.models import Customer
from heartline.people.queries import Scope


@dataclass(frozen=True)
class Panel:
    """A part of a customer's page that another room fills: its template, and what the template is given."""

    template: str
    right: str
    fill: Callable[[Scope, Customer, datetime], dict[str, Any]]


@dataclass
class Neighbours:
    """Questions to rooms above, answered by those that registered."""

    seen: Callable[[Scope], QuerySet[Customer]] | None = None
    """Which customers a reader may see because of cases."""

    places: Callable[[int], Sequence[tuple[int, int]]] | None = None
    """Case and queue of each matter of a customer that is not closed: whoever follows them hears of a change."""

    before_merge: list[Callable[[Customer, Customer], None]] = field(default_factory=list)
    """Asked before one record goes into another (kept, gone); raise Conflict to refuse."""

    before_unmerge: list[Callable[..., None]] = field(default_factory=list)
    """Told that two records (kept, gone; by, now) are about to be taken apart, while everything is still in one."""

    after_unmerge: list[Callable[[Customer, Customer], None]] = field(default_factory=list)
    """Told that two records (kept, gone) were taken apart: what hangs on a row that went back goes with it."""

    before_erasure: list[Callable[[Customer, datetime], None]] = field(default_factory=list)
    """Asked before a customer is erased; raise Conflict to refuse."""

    words_gone: list[Callable[[type[Model], list[Any]], None]] = field(default_factory=list)
    """Told which rows are about to lose their words or to be removed, in the same transaction: indexes, files."""

    old_contacts: Callable[[str, datetime], QuerySet[Any]] | None = None
    """Ended contacts of a channel that are older than a moment and still have words."""

    left_empty: Callable[[list[Any]], list[tuple[type[Model], list[Any]]]] | None = None
    """Rows that have nothing left to say once these contacts lost their words, such as their cases."""

    panels: list[Panel] = field(default_factory=list)
    """Parts of the customer's page, from top to bottom."""


NEIGHBOURS = Neighbours()
