"""What a reader outside may see of the ledger: the same facts as live push, and words only for who may read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from heartline.ledger.events import audience_of, enrich
from heartline.ledger.queries import Recorded

# Words that the tables keep and delivery adds; cards for desks stay inside.
WORDS = frozenset(
    {"text", "author_name", "customer_name", "subject", "last_text", "what", "outcome", "phone", "name", "label"}
)
MAY_READ_WORDS = frozenset({"message.read", "personal.read"})


def reaches(event: Recorded, topics: frozenset[str]) -> bool:
    """Return whether somebody with these topics may see an event."""
    return not topics.isdisjoint(audience_of(event.kind, event.body))


def bodies_of(events: Iterable[Recorded], *, words: bool) -> list[dict[str, Any]]:
    """Return what events tell; with words, those that the ledger does not keep are looked up once for each kind."""
    shown = [(event.kind, event.body, dict(event.body)) for event in events]
    if not words:
        return [body for _kind, _plain, body in shown]
    enrich((kind, body) for kind, _plain, body in shown)
    return [
        {name: value for name, value in body.items() if name in plain or name in WORDS} for _kind, plain, body in shown
    ]


def cause_of(event: Recorded, *, words: bool) -> dict[str, Any]:
    """Return who or what caused an event; a customer's name is a personal word like any other."""
    named = words or event.actor_kind != "customer"
    return {"kind": event.actor_kind, "id": event.actor_id, "name": event.actor_name if named else ""}
