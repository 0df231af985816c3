"""In whose name something was said. Records that were merged stay two for whoever holds a secret of one of them.

A merge is a judgement of ours, a secret is proof: the link of a case, or the token in a browser, opens what was said as
the record it was given to, and never what was said as another, however cases and customers were put together since.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from heartline.common.actors import Actor
from heartline.conversations.actions.moves import undo_move
from heartline.conversations.models import Case, Contact, Deed
from heartline.customers.models import Customer


def spoken_as(record: int, way: str = "") -> Q:
    """Return the test for contacts that were opened in a record's name; `way` leads to them from another table."""
    return Q(**{f"{way}opened_as": record}) | Q(**{f"{way}opened_as": None, f"{way}customer_id": record})


def voice_of(thing: Case | Contact) -> int:
    """Return the record in whose name a case or a contact was opened."""
    return thing.opened_as or thing.customer_id


def keep_voices(kept: Customer, gone: Customer) -> None:
    """Write down in whose name everything was opened before two records become one."""
    for table in (Case, Contact):
        rows = table.objects.filter(customer__in=(kept, gone), opened_as=None)
        rows.update(opened_as=F("customer_id"))


def part_cases(kept: Customer, gone: Customer, *, by: Actor, now: datetime) -> None:
    """Take back what was merged or moved between the cases of two records that become two again, the latest first."""
    between = Deed.objects.filter(kind__in=("merged", "moved"), undone_at=None, case__customer=kept)
    between = between.exclude(case__opened_as=F("from_case__opened_as"))
    ours = Q(case__opened_as=gone.id) | Q(from_case__opened_as=gone.id)
    for deed in between.filter(ours).select_related("case", "from_case").order_by("-id"):
        undo_move(deed, by=by, now=now)
