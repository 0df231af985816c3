"""Taking in files of customers: looked at first, then worked through in the background, row by row.

Each batch of rows is one transaction together with the count of how far it has come, so that a crash or a stop
leaves neither half a row nor a row that is counted twice. Everything is found by address: the same file again
changes nothing.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, HeartlineError, Invalid, TooLarge
from heartline.common.ids import new_token
from heartline.common.text import clean, fold
from heartline.customers.actions.known import add_identity, change_customer, create_customer, normalise
from heartline.customers.actions.organisations import organisation_named
from heartline.customers.events import ImportChanged
from heartline.customers.models import Attribute, Customer, Import, ImportProblem, ImportState, SavedMapping
from heartline.customers.queries import reached_at
from heartline.customers.rules.imports import Asked, Row, is_complete, read_row
from heartline.customers.rules.tables import SAMPLE, Unreadable, guess_mapping, guess_reading, rows_of
from heartline.ledger.actions import one_change, record
from heartline.people.models import Brand

BATCH = 20
BUDGET = 3.0
LEASE = timedelta(seconds=60)
KEPT_FOR = timedelta(days=7)
PROBLEMS_KEPT = 10_000


class File(Protocol):
    """A file as it arrives: Django's uploaded files are such."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""


def take_file(file: File, *, language: str, by: Actor, now: datetime) -> Import:
    """Keep a file and guess how it is read; nothing is imported before somebody has looked."""
    if (file.size or 0) > settings.ATTACHMENT_LIMIT:
        raise TooLarge(_("This file is too large. Split it into parts of at most 20 MB"))
    token = new_token()
    path = place_of(token)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("xb") as out:
            path.chmod(0o600)
            for chunk in file.chunks():
                out.write(chunk)
        return _looked_at(path, token, file.name or "", language, by=by, now=now)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def plan_import(job: Import, mapping: Mapping[str, str], *, language: str, now: datetime) -> Import:
    """Set where the columns go, and remember it for the next file with the same columns."""
    known = {*FIELDS, *(f"attribute:{key}" for key in Attribute.objects.values_list("key", flat=True))}
    places = {str(place) for place in range(len(job.columns))}
    wanted = {place: meaning for place, meaning in mapping.items() if place in places and meaning in known}
    repeated = [name for name, n in Counter(wanted.values()).items() if n > 1 and name not in ("email", "phone")]
    if repeated:
        raise Invalid(_("Two columns cannot go to the same field. Leave one of them out"), code="repeated")
    if not is_complete(wanted):
        raise Invalid(
            _(
                "Choose the column with the customer number, the e-mail address or the phone number: it tells who is who"
            ),
            code="no_address",
        )
    with one_change():
        SavedMapping.objects.update_or_create(
            columns_key=_columns_key(job.columns), defaults={"mapping": wanted, "changed_at": now}
        )
        if not Import.objects.filter(pk=job.pk, state=ImportState.READY).update(mapping=wanted, language=language):
            raise Conflict(_("This import has started already"))
    job.refresh_from_db()
    return job


def start_import(job: Import, *, by: Actor, now: datetime) -> Import:
    """Begin, or go on after a stop."""
    if not is_complete(job.mapping):
        raise Invalid(_("Say where the columns go first"))
    standing = Import.objects.filter(pk=job.pk, state__in=[ImportState.READY, ImportState.STOPPED])
    with one_change():
        if not place_of(job.token).exists() or not standing.update(
            state=ImportState.RUNNING, stop_asked=False, claimed_until=None, ended_at=None, started_at=now
        ):
            raise Conflict(_("This import cannot be started any more. Upload the file again"))
        job.refresh_from_db()
        _tell(job, by=by, now=now)
    return job


def stop_import(job: Import, *, by: Actor, now: datetime) -> Import:
    """Ask a running import to stop after the rows in hand; what is in stays in, and it can go on later."""
    with one_change():
        if not Import.objects.filter(pk=job.pk, state=ImportState.RUNNING).update(stop_asked=True):
            raise Conflict(_("This import is not running"))
        job.refresh_from_db()
    return job


def work_on_imports(*, now: datetime) -> int:
    """Work on the oldest running import for a while; returns how many rows were done."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    job = Import.objects.filter(free, state=ImportState.RUNNING).order_by("started_at", "id").first()
    if job is None:
        return 0
    if not Import.objects.filter(free, pk=job.pk, state=ImportState.RUNNING).update(claimed_until=now + LEASE):
        return 0
    try:
        return _work(job, now=now)
    finally:
        Import.objects.filter(pk=job.pk).update(claimed_until=None)


def forget_old(*, now: datetime) -> int:
    """Remove the files of imports that nobody started or took up again."""
    old = Import.objects.filter(uploaded_at__lt=now - KEPT_FOR).exclude(state=ImportState.RUNNING)
    removed = 0
    for token in old.values_list("token", flat=True):
        path = place_of(token)
        removed += path.exists()
        path.unlink(missing_ok=True)
    Import.objects.filter(uploaded_at__lt=now - KEPT_FOR, state=ImportState.READY).delete()
    return removed


def first_rows(job: Import, count: int = 8) -> list[tuple[int, list[str], Row]]:
    """Return the first rows of a file: line, cells, and how they are read now."""
    asked = attributes_asked()
    with _opened(job) as lines:
        rows = [(line, cells, read_row(cells, job.mapping, asked)) for line, cells in islice(_rows(job, lines), count)]
    for _line, _cells, row in rows:
        row.problem = row.problem or _wrong_address(row)
    return rows


def attributes_asked() -> dict[str, Asked]:
    """Return what files may say of attributes."""
    return {row.key: Asked(row.kind, tuple(row.choices)) for row in Attribute.objects.all()}


def place_of(token: str) -> Path:
    """Return where an import's file lies."""
    return Path(settings.DATA_FOLDER) / "imports" / token


def existing(row: Row) -> Customer | None:
    """Return the customer that a row is about: by customer number, or else by e-mail and phone; Conflict for several."""
    normal = [(kind, normalise(kind, value)) for kind, value in row.addresses]
    by_number = [customer for kind, value in normal if kind == "external" for customer in reached_at(kind, value)]
    others = [customer for kind, value in normal if kind != "external" for customer in reached_at(kind, value)]
    found = {customer.id: customer for customer in by_number or others}
    if len(found) > 1:
        raise Conflict("several", code="several")
    return next(iter(found.values()), None)


FIELDS = (
    "name",
    "external",
    "email",
    "phone",
    "form_of_address",
    "organisation",
    "language",
    "tier",
    "place",
    "customer_since",
    "about",
)


def _wrong_address(row: Row) -> str:
    for kind, value in row.addresses:
        try:
            normalise(kind, value)
        except Invalid:
            return kind
    return ""


def _looked_at(path: Path, token: str, name: str, language: str, *, by: Actor, now: datetime) -> Import:
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    try:
        reading = guess_reading(start)
    except Unreadable as error:
        raise Invalid(_unreadable(str(error)), fields={"file": _unreadable(str(error))}) from None
    job = Import(
        file_name=clean(name, 200) or "customers.csv",
        token=token,
        encoding=reading.encoding,
        delimiter=reading.delimiter,
        columns=list(reading.columns),
        language=language,
        by_id=by.id,
        uploaded_at=now,
    )
    job.mapping = _mapping_for(job.columns)
    with _opened(job) as lines:
        job.rows = sum(1 for _row in _rows(job, lines))
    if not job.rows:
        raise Invalid(_unreadable("empty"), fields={"file": _unreadable("empty")})
    job.save()
    return job


def _mapping_for(columns: list[str]) -> dict[str, str]:
    saved = SavedMapping.objects.filter(columns_key=_columns_key(columns)).first()
    names = {row.key: (row.key, row.name_en, row.name_zh) for row in Attribute.objects.all()}
    return dict(saved.mapping) if saved else guess_mapping(columns, names)


def _columns_key(columns: list[str]) -> str:
    return hashlib.sha256("\x1f".join(fold(column) for column in columns).encode()).hexdigest()


def _unreadable(code: str) -> str:
    return {
        "empty": _("There is nothing in this file"),
        "columns": _("The first line must say what the columns are"),
        "binary": _("This is no text. In Excel choose “Save as”, then CSV"),
        "encoding": _("This file cannot be read as text. Save it as CSV in UTF-8"),
    }[code]


def _opened(job: Import) -> io.TextIOWrapper:
    return place_of(job.token).open("r", encoding=job.encoding, errors="replace", newline="")


def _rows(job: Import, lines: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
    return rows_of(lines, job.delimiter)


def _work(job: Import, *, now: datetime) -> int:
    brand = Brand.objects.order_by("-is_default", "id").first()
    if brand is None or not place_of(job.token).exists():
        _end(job, ImportState.FAILED, now=now)
        return 0
    asked, until, done = attributes_asked(), time.monotonic() + BUDGET, 0
    by = Actor.person(job.by.id, job.by.name) if job.by else Actor.system("imports")
    with _opened(job) as lines:
        rows = islice(_rows(job, lines), job.next_row, None)
        while time.monotonic() < until:
            batch = list(islice(rows, BATCH))
            if not batch:
                _end(job, ImportState.DONE, now=now)
                break
            _take_batch(job, batch, asked, brand, by=by, now=now)
            done += len(batch)
            if job.stop_asked:
                _end(job, ImportState.STOPPED, now=now)
                break
    return done


def _take_batch(
    job: Import,
    batch: list[tuple[int, list[str]]],
    asked: Mapping[str, Asked],
    brand: Brand,
    *,
    by: Actor,
    now: datetime,
) -> None:
    with one_change():
        for line, cells in batch:
            row = read_row(cells, job.mapping, asked)
            outcome = row.problem or _take_row(job, row, brand, by=by, now=now)
            if outcome in ("added", "changed", "unchanged"):
                setattr(job, outcome, getattr(job, outcome) + 1)
                continue
            job.refused += 1
            if job.refused <= PROBLEMS_KEPT:
                column = _column_of(job, row, outcome)
                ImportProblem.objects.create(of_import=job, line=line, column=column, reason=outcome)
        job.next_row += len(batch)
        job.save(update_fields=["added", "changed", "unchanged", "refused", "next_row"])
        job.refresh_from_db(fields=["stop_asked"])


def _column_of(job: Import, row: Row, outcome: str) -> str:
    """Return the heading of the column that is wrong, empty when the row as a whole is."""
    places = [int(place) for place, meaning in sorted(job.mapping.items()) if meaning == outcome]
    place = row.column if row.column is not None else (places[0] if len(places) == 1 else None)
    return job.columns[place] if place is not None and place < len(job.columns) else ""


def _take_row(job: Import, row: Row, brand: Brand, *, by: Actor, now: datetime) -> str:
    """Add or change the customer of a row; returns what came of it, or why it was refused."""
    try:
        with one_change(may_fail=True):
            found = existing(row)
            language = row.texts.get("language", job.language)
            customer = found or create_customer(
                brand, name=row.texts.get("name", ""), language=language, by=by, now=now
            )
            before = _state(customer) if found else None
            change_customer(customer, _changes(customer, row, by=by, now=now), why="import", by=by, now=now)
            new = [_add_address(customer, kind, value, by=by, now=now) for kind, value in row.addresses]
    except HeartlineError as refusal:
        return next(iter(refusal.fields), refusal.code) if refusal.code == "invalid" else refusal.code
    if before is None:
        return "added"
    return "changed" if any(new) or before != _state(customer) else "unchanged"


def _changes(customer: Customer, row: Row, *, by: Actor, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {name: value for name, value in row.texts.items() if name != "organisation"}
    if row.since:
        changes["customer_since"] = row.since
    if row.attributes:
        changes["attributes"] = {**customer.attributes, **row.attributes}
    organisation = organisation_named(row.texts.get("organisation", ""), by=by, now=now)
    return {**changes, "organisation": organisation} if organisation else changes


def _add_address(customer: Customer, kind: str, value: str, *, by: Actor, now: datetime) -> bool:
    if customer.identities.filter(kind=kind, value=normalise(kind, value)).exists():
        return False
    add_identity(customer, kind, value, verified=False, by=by, now=now)
    return True


def _state(customer: Customer) -> tuple[Any, ...]:
    names = "name form_of_address language tier place about customer_since organisation_id attributes"
    return tuple(str(getattr(customer, name)) for name in names.split())


def _end(job: Import, state: ImportState, *, now: datetime) -> None:
    with one_change():
        job.state, job.ended_at = state, now
        job.save(update_fields=["state", "ended_at"])
        _tell(job, by=Actor.system("imports"), now=now)
    if state in (ImportState.DONE, ImportState.FAILED):
        place_of(job.token).unlink(missing_ok=True)


def _tell(job: Import, *, by: Actor, now: datetime) -> None:
    names = ("rows", "added", "changed", "unchanged", "refused")
    event = ImportChanged(import_id=job.pk, state=job.state, **{name: getattr(job, name) for name in names})
    record(event, by=by, now=now, sample=False)
