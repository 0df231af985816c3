"""The record as administrators search it: by who, what, when and about whom. Reads the ledger; writes only that it left as a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.text import as_cell
from heartline.ledger.actions import one_change, record
from heartline.ledger.events import KINDS
from heartline.ledger.models import Entry
from heartline.ledger.positions import Position
from heartline.people.events import AuditExported
from heartline.people.models import PresenceState
from heartline.people.queries import Scope

SUBJECTS = ("customer_id", "case_id", "contact_id", "queue_id", "brand_id")
# A file for a spreadsheet; who needs more reads it by day or by API.
MOST_IN_FILE = 50_000
YEARS = range(1970, 9000)  # others narrow nothing, and arithmetic with them fails
BOM = "\ufeff"  # without it Excel in Chinese Windows shows garbage


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What is looked for; what is left out does not narrow it. Days are whole, in the reader's time zone."""

    person_id: int | None = None
    kind: str = ""
    first: date | None = None
    last: date | None = None
    subject: str = ""
    number: int | None = None


def entries_for(scope: Scope, sought: Sought, zone: ZoneInfo) -> QuerySet[Entry]:
    """Return what was recorded, newest first; nothing for who may not read the record."""
    if not scope.may("audit.view"):
        return Entry.objects.none()
    found = Entry.objects.order_by("-epoch_tx", "-id")
    if sought.person_id:
        found = found.filter(Q(person_id=sought.person_id) | Q(actor_kind="person", actor_id=sought.person_id))
    if sought.kind:
        found = found.filter(kind=sought.kind)
    if sought.first and sought.first.year in YEARS:
        found = found.filter(at__gte=datetime.combine(sought.first, time(), zone))
    if sought.last and sought.last.year in YEARS:
        found = found.filter(at__lt=datetime.combine(sought.last + timedelta(days=1), time(), zone))
    if sought.subject in SUBJECTS and sought.number:
        found = found.filter(**{sought.subject: sought.number})
    return found


def before(entries: QuerySet[Entry], position: Position) -> QuerySet[Entry]:
    """Return the entries before a position."""
    return entries.filter(Q(epoch_tx=position.tx, id__lt=position.id) | Q(epoch_tx__lt=position.tx))


def what_happened(kind: str) -> str:
    """Return what a kind of event tells, in the reader's language: the first sentence of its documentation."""
    event = KINDS.get(kind)
    sentence = (event.__doc__ or kind).strip().partition("\n")[0] if event else kind
    return _(re.split(r"[.;](?: |$)", sentence)[0])


def who(entry: Entry, scope: Scope) -> str:
    """Return who caused an entry; a customer's name only to who may read names."""
    if entry.actor_kind == "customer":
        return entry.actor_name if scope.may("personal.read") else ""
    return entry.actor_name


def gist(entry: Entry) -> str:
    """Return the few words that tell one entry about people and settings from another."""
    body = entry.body
    if entry.kind == "people.presence_changed":
        return str(dict(PresenceState.choices).get(body["state"], body["state"]))
    if entry.kind == "people.signed_in":
        outcomes = {"signed_in": _("Signed in"), "signed_out": _("Signed out"), "refused": _("Refused")}
        return " · ".join(filter(None, [body["person_name"], outcomes.get(body["outcome"], body["outcome"])]))
    if entry.kind == "people.person_changed":
        return str(body["person_name"])
    return str(body["name"]) if entry.kind in ("people.settings_changed", "webhooks.webhook_changed") else ""


def details(entry: Entry) -> list[tuple[str, str]]:
    """Return the fields of an event that say something."""
    return [(name, _written(value)) for name, value in entry.body.items() if value not in (None, "", [], {})]


def as_csv(entries: QuerySet[Entry], scope: Scope, zone: ZoneInfo) -> Iterator[str]:
    """Yield the record as a table, a line at a time; no cell is taken for a formula."""
    yield BOM + _line(
        ["position", "at", "actor_kind", "actor_id", "actor", "kind", "what", *SUBJECTS, "details", "cause"]
    )
    for entry in entries[:MOST_IN_FILE].iterator(chunk_size=500):
        told = " · ".join(f"{name}={value}" for name, value in details(entry))
        subjects = [getattr(entry, name) or "" for name in SUBJECTS]
        at = entry.at.astimezone(zone).isoformat(timespec="seconds")
        cells = [f"{entry.epoch_tx}-{entry.id}", at, entry.actor_kind, entry.actor_id or "", who(entry, scope)]
        yield _line([*cells, entry.kind, what_happened(entry.kind), *subjects, told, entry.cause])


def note_export(sought: Sought, *, by: Actor, now: datetime) -> None:
    """Record that the record left this system as a file."""
    event = AuditExported(
        person_id=sought.person_id,
        kind_sought=sought.kind,
        first=sought.first.isoformat() if sought.first else "",
        last=sought.last.isoformat() if sought.last else "",
    )
    with one_change():
        record(event, by=by, now=now, sample=False)


def _line(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([as_cell(str(cell)) for cell in cells])
    return out.getvalue()


def _written(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
