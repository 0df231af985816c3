"""Which columns each kind of row has when it is kept: the one place that Python's rows and SQL's tables agree on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Instants are kept as microseconds since 1970: exact in every engine, and in no time zone.
SQL_TYPES: Mapping[str, str] = MappingProxyType(
    {"number": "BIGINT", "instant": "BIGINT", "yes": "BOOLEAN", "word": "VARCHAR"}
)


@dataclass(frozen=True)
class Table:
    """The columns of one kind of row, each with its kind; `key` names one row, `unit` what is folded at once."""

    name: str
    key: tuple[str, ...]
    unit: str
    columns: Mapping[str, str]

    def values(self, row: object) -> tuple[Any, ...]:
        """Return a row as it is kept."""
        values = list(self._getter(row))
        for place in self._instants:
            if values[place] is not None:
                values[place] = microseconds(values[place])
        return tuple(values)

    @cached_property
    def _getter(self) -> attrgetter[Any]:
        return attrgetter(*self.columns)

    @cached_property
    def _instants(self) -> list[int]:
        return [place for place, kind in enumerate(self.columns.values()) if kind == "instant"]


def microseconds(moment: datetime) -> int:
    """Return an instant as it is kept."""
    return (moment - EPOCH) // _MICROSECOND


def instant(kept: int) -> datetime:
    """Return the instant that is kept as a number."""
    return EPOCH + kept * _MICROSECOND


_SINGULAR = {"numbers": "number", "instants": "instant", "yeses": "yes", "words": "word"}


def _table(name: str, key: str, unit: str, **kinds: str) -> Table:
    columns = {column: _SINGULAR[kind] for kind, columns in kinds.items() for column in columns.split()}
    return Table(name, tuple(key.split()), unit, MappingProxyType(columns))


_ABOUT = "customer_id case_id contact_id queue_id"
CONTACTS = _table(
    "contacts",
    "contact_id",
    "customer_id",
    numbers=f"{_ABOUT} queue_now_id answered_by finished_by reason_id replied_by score score_about wait_ms line_ms "
    "left_after_ms limit_ms handle_ms held_ms wrap_up_ms response_ms told_low_ms told_high_ms hands contacts_in_case "
    "times_resumed transfers moves handed_on to_person experts since_last_ms until_next_ms promises_broken",
    instants="asked_at opened_at answered_at left_at ended_at finished_at invited_at scored_at",
    yeses="in_time left_in_time continues misrouted has_expectation_gap",
    words="channel language tier outcome resolution root_cause",
)
PIECES = _table(
    "pieces",
    "contact_id person_id",
    "customer_id",
    numbers=f"{_ABOUT} person_id held_ms wrap_up_ms work_ms hand_overs",
    instants="opened_at",
    words="channel tier",
)
TURNS = _table(
    "turns",
    "contact_id number",
    "customer_id",
    numbers=f"{_ABOUT} number replied_by response_ms",
    instants="said_at replied_at",
    words="channel tier",
)
OFFERS = _table(
    "offers",
    "offer_id",
    "customer_id",
    numbers=f"{_ABOUT} offer_id person_id open_ms",
    instants="made_at",
    words="channel tier outcome reason",
)
CASES = _table(
    "cases",
    "case_id",
    "customer_id",
    numbers=f"{_ABOUT} first_solved_by solved_by reopenings contacts to_first_ms to_final_ms reopened_after_ms",
    instants="opened_at first_solved_at reopened_at solved_at",
    words="channel tier",
)
PROMISES = _table(
    "promises",
    "follow_up_id",
    "customer_id",
    numbers=f"{_ABOUT} follow_up_id owner_id",
    instants="opened_at due_at warned_at late_at done_at",
    yeses="kept warned_before",
    words="channel tier kind",
)
SPANS = _table(
    "spans",
    "person_id started_at",
    "person_id",
    numbers="person_id in_hand length_ms",
    instants="started_at ended_at",
    words="presence",
)
TABLES: Mapping[str, Table] = MappingProxyType(
    {table.name: table for table in (CONTACTS, PIECES, TURNS, OFFERS, CASES, PROMISES, SPANS)}
)
