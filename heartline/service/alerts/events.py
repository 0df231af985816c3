"""Facts about alerts: raised, looked at, ended; and about their rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils import translation

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


def _told(body: dict[str, Any]) -> Iterator[str]:
    """Yield the topics of whom an alert concerns: those who lead the people there, and administrators."""
    yield topics.EVERYTHING
    yield from map(topics.person, body.get("told_ids", ()))


def add_words(bodies: list[dict[str, Any]]) -> None:
    """Add `words`: what an alert says, in both languages."""
    from heartline.service.alerts.words import sentence

    ids = {body["alert_id"] for body in bodies}
    related = ("rule", "queue", "person")
    found = {
        row.id: row for row in apps.get_model("alerts", "Alert").objects.filter(id__in=ids).select_related(*related)
    }
    for body in bodies:
        words = {}
        for language in ("en", "zh-hans"):
            with translation.override(language):
                words[language] = sentence(found[body["alert_id"]]) if body["alert_id"] in found else body["name"]
        body["words"] = words


@ledger_event("service.alert_raised", audience=_told, enrich=add_words)
@dataclass(frozen=True, kw_only=True)
class AlertRaised(LedgerEvent):
    """A rule found something that somebody should look at. `value` and `threshold` are in the unit of the rule's kind."""

    alert_id: int
    rule_id: int
    name: str
    rule_kind: str
    subject: str
    queue_id: int | None
    contact_id: int | None
    person_id: int | None
    value: int
    threshold: int
    by_browser: bool
    told_ids: tuple[int, ...]


@ledger_event("service.alert_acknowledged", audience=_told)
@dataclass(frozen=True, kw_only=True)
class AlertAcknowledged(LedgerEvent):
    """Somebody says that they look at an alert."""

    alert_id: int
    rule_id: int
    name: str
    queue_id: int | None
    after_ms: int
    told_ids: tuple[int, ...]


@ledger_event("service.alert_ended", audience=_told)
@dataclass(frozen=True, kw_only=True)
class AlertEnded(LedgerEvent):
    """An alert is over. `why` is calm, seen (a moment, or figures, that somebody has looked at) or rule (its rule was changed)."""

    alert_id: int
    rule_id: int
    name: str
    queue_id: int | None
    lasted_ms: int
    why: str
    told_ids: tuple[int, ...]


@ledger_event("service.alert_rule_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class AlertRuleChanged(LedgerEvent):
    """A rule was added, changed or removed."""

    rule_id: int
    name: str
    rule_kind: str
    queue_id: int | None
    team_id: int | None
    changed: tuple[str, ...]
