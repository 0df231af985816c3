"""What every ledger event has in common, and the register of all kinds that the documentation is made from.

An event is a frozen dataclass. Its fields are its body. Fields named like the subjects below are also stored
in indexed columns, so that a customer's or a case's story can be read without opening bodies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar

SUBJECTS = ("brand_id", "customer_id", "case_id", "contact_id", "queue_id", "person_id")


@dataclass(frozen=True)
class LedgerEvent:
    """A typed fact. Subclasses add fields; `kind` and `version` name its shape for ever."""

    kind: ClassVar[str]
    version: ClassVar[int] = 1

    def body(self) -> dict[str, Any]:
        """Return the event as JSON-ready values; moments are ISO 8601 in UTC."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    def subjects(self) -> dict[str, int | None]:
        """Return the subject columns found among the fields."""
        return {name: getattr(self, name, None) for name in SUBJECTS}


EventType = TypeVar("EventType", bound=LedgerEvent)
KINDS: dict[str, type[LedgerEvent]] = {}
Audience = Callable[[dict[str, Any]], Iterable[str]]
_AUDIENCES: dict[str, Audience] = {}
_PUBLIC: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {}
Enricher = Callable[[list[dict[str, Any]]], None]
_ENRICHERS: dict[str, tuple[Enricher, ...]] = {}


def ledger_event(
    kind: str,
    *,
    audience: Audience,
    public: Callable[[dict[str, Any]], dict[str, Any] | None] | None = None,
    enrich: Enricher | tuple[Enricher, ...] = (),
    version: int = 1,
) -> Callable[[type[EventType]], type[EventType]]:
    """Register an event class under its kind, with who may see it live.

    `audience` returns the topics (see `heartline.ledger.topics`) of the staff who may see a body of this kind.
    `public` returns what the customer of the contact may see of it; None, or no function, means nothing.
    `enrich` adds words that the ledger does not keep (message text, names) to a batch of bodies when they are
    delivered: what a person wrote stays erasable, because it is stored in one place only.
    """

    def register(cls: type[EventType]) -> type[EventType]:
        if kind in KINDS:
            raise ValueError(f"two ledger events are called {kind}")
        cls.kind, cls.version = kind, version
        KINDS[kind], _AUDIENCES[kind] = cls, audience
        if public:
            _PUBLIC[kind] = public
        _ENRICHERS[kind] = enrich if isinstance(enrich, tuple) else (enrich,)
        return cls

    return register


def enrich_also(kind: str, enricher: Enricher) -> None:
    """Let a room above add words to bodies of a kind that is declared below it."""
    _ENRICHERS[kind] = (*_ENRICHERS.get(kind, ()), enricher)


def audience_of(kind: str, body: dict[str, Any]) -> frozenset[str]:
    """Return the staff topics that an event reaches; an unknown kind reaches nobody."""
    audience = _AUDIENCES.get(kind)
    return frozenset(audience(body)) if audience else frozenset()


def public_view(kind: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the contact's customer may see of an event, or None."""
    view = _PUBLIC.get(kind)
    return view(body) if view else None


def enrich(events: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Add to bodies, given with their kinds, the words that the ledger does not keep.

    Each enricher is called once with all bodies that need it, of whatever kind; none may rely on another.
    """
    wanted: dict[Enricher, list[dict[str, Any]]] = {}
    for kind, body in events:
        for enricher in _ENRICHERS.get(kind, ()):
            wanted.setdefault(enricher, []).append(body)
    for enricher, bodies in wanted.items():
        enricher(bodies)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value
