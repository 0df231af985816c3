"""Facts about what supervisors say from the floor. The words are not in them: they are added on delivery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event

Bodies = list[dict[str, Any]]


def _teams(body: dict[str, Any]) -> Iterator[str]:
    """Yield the topics of those an announcement is for, its author's, and administrators'."""
    yield topics.EVERYTHING
    yield from map(topics.team, body.get("team_ids", ()))
    if body.get("author_id"):
        yield topics.person(body["author_id"])


def _two(body: dict[str, Any]) -> Iterator[str]:
    """Yield the topics of the two who are concerned, and administrators': nobody's queue, nobody's case."""
    yield topics.EVERYTHING
    for name in ("person_id", "author_id"):
        if body.get(name):
            yield topics.person(body[name])


def add_announcements(bodies: Bodies) -> None:
    """Add `text`: what was announced."""
    _add(bodies, "Announcement", "announcement_id", "text")


def add_whispers(bodies: Bodies) -> None:
    """Add `text`: what was whispered."""
    _add(bodies, "Whisper", "whisper_id", "body")


def _add(bodies: Bodies, table: str, name: str, column: str) -> None:
    rows = apps.get_model("floor", table).objects.filter(id__in=[body[name] for body in bodies])
    texts = dict(rows.values_list("id", column))
    for body in bodies:
        body["text"] = texts.get(body[name], "")


@ledger_event("service.announced", audience=_teams, enrich=add_announcements)
@dataclass(frozen=True, kw_only=True)
class Announced(LedgerEvent):
    """A supervisor told teams something, or an administrator everybody."""

    announcement_id: int
    author_id: int | None
    everybody: bool
    team_ids: tuple[int, ...]
    expires_at: str


@ledger_event("service.announcement_read", audience=_two)
@dataclass(frozen=True, kw_only=True)
class AnnouncementReadBy(LedgerEvent):
    """Somebody has read an announcement."""

    announcement_id: int
    person_id: int
    author_id: int | None


@ledger_event("service.announcement_withdrawn", audience=_teams)
@dataclass(frozen=True, kw_only=True)
class AnnouncementWithdrawn(LedgerEvent):
    """An announcement was taken off the desks."""

    announcement_id: int
    author_id: int | None
    team_ids: tuple[int, ...]


@ledger_event("service.whispered", audience=_two, enrich=add_whispers)
@dataclass(frozen=True, kw_only=True)
class Whispered(LedgerEvent):
    """A supervisor told whoever serves a contact something, for their eyes alone. The customer hears nothing of it."""

    whisper_id: int
    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    person_id: int
    author_id: int | None


@ledger_event("service.whisper_read", audience=_two)
@dataclass(frozen=True, kw_only=True)
class WhisperRead(LedgerEvent):
    """Whom a whisper was for has read it."""

    whisper_id: int
    contact_id: int
    case_id: int
    person_id: int
    author_id: int | None
