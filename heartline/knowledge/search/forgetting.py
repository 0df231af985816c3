"""What is erased is found no longer, from the same moment on: its entries go in the transaction of the erasure."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from heartline.customers.neighbours import NEIGHBOURS
from heartline.knowledge.search.models import Entry
from heartline.knowledge.search.sources import KINDS


def register() -> None:
    """Hear of every row that loses its words; called once, when Django starts."""
    NEIGHBOURS.words_gone.append(forget)


def forget(table: type[Model], ids: list[Any]) -> None:
    """Remove the entries of rows that are about to lose their words or to go."""
    for kind in KINDS:
        if kind.model is table:
            places = sorted(kind.places(ids))
            for start in range(0, len(places), 500):
                Entry.objects.filter(id__in=places[start : start + 500]).delete()
