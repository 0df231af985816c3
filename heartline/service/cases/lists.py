"""The list of cases: views, filters, and counts of what is behind each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from heartline.common.questions import written_once
from heartline.common.text import fold
from heartline.conversations.case_types.queries import cases_saying, cases_with
from heartline.conversations.models import Case, CaseField
from heartline.conversations.models.case import CaseState
from heartline.conversations.queries import cases_for, cases_seen_by
from heartline.people.queries import Scope

UNSOLVED = ("open", "waiting_customer", "waiting_internal")
STATES = ("unsolved", *CaseState.values, "any")
# What each view shows a person of the cases they may see.
NARROWED: Mapping[str, Callable[[int], Q]] = {
    "mine": lambda me: Q(owner_id=me),
    "queues": lambda _me: Q(),
    "unowned": lambda _me: Q(owner=None),
    "watched": lambda me: Q(watchers__person_id=me),
    "snoozed": lambda me: Q(id__in=_snoozed_by(me)),
}
VIEWS = tuple(NARROWED)


@dataclass(frozen=True)
class Wanted:
    """Which cases are asked for."""

    view: str = "mine"
    state: str = "unsolved"
    queue: int | None = None
    tag: str = ""
    words: str = ""
    type: int | None = None
    field: int | None = None
    value: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Return whether more is asked than a view and a state."""
        return bool(self.queue or self.tag or self.words or self.type)

    def query(self, **changes: str) -> str:
        """Return the address of the same list with something else; the page starts again at the first."""
        values = {"view": self.view, "state": self.state, "queue": self.queue or "", "tag": self.tag, "q": self.words}
        values |= {"type": self.type or "", "field": self.field or "", "value": self.value}
        return urlencode({name: value for name, value in {**values, **changes}.items() if value})


def wanted(asked: Mapping[str, str]) -> Wanted:
    """Return what an address asks for; what it cannot mean is left out."""
    view, state = asked.get("view", ""), asked.get("state", "")
    return Wanted(
        view=view if view in VIEWS else "mine",
        state=state if state in STATES else "unsolved",
        queue=_number(asked.get("queue", "")),
        tag=asked.get("tag", "")[:40],
        words=asked.get("q", "")[:100].strip(),
        type=_number(asked.get("type", "")),
        field=_number(asked.get("field", "")),
        value=asked.get("value", "")[:200].strip(),
    )


def listed(scope: Scope, asked: Wanted) -> QuerySet[Case]:
    """Return the cases that are asked for, as far as the person may see them, the last changed first."""
    rows = _filtered(_view(scope, asked.view), asked)
    if asked.state == "unsolved":
        rows = rows.filter(state__in=UNSOLVED)
    elif asked.state != "any":
        rows = rows.filter(state=asked.state)
    return rows.order_by("-changed_at", "-id")


def counts_of_states(scope: Scope, asked: Wanted) -> dict[str, int]:
    """Return how many cases of the same view and filters are in each state."""
    if asked.is_narrowed:
        found = dict(_by_state(_filtered(_view(scope, asked.view), asked)))
    else:
        found = _counted(scope, asked.view)
    unsolved = sum(found.get(state, 0) for state in UNSOLVED)
    return {"unsolved": unsolved, **{state: found.get(state, 0) for state in CaseState.values}}


def counts_of_views(scope: Scope) -> dict[str, int]:
    """Return how many unsolved cases each view holds."""
    return {view: sum(_counted(scope, view, only=UNSOLVED).values()) for view in VIEWS}


def _counted(scope: Scope, view: str, only: tuple[str, ...] = STATES) -> dict[str, int]:
    return dict(_in_states(*scope.reach, everything=scope.everything, view=view, only=only)) if scope.rights else {}


@written_once
def _in_states(
    person_id: int, *reach: Any, everything: bool, view: str, only: tuple[str, ...]
) -> QuerySet[Case, tuple[str, int]]:
    seen = cases_seen_by(person_id, *reach, everything=everything)
    return _by_state(seen.filter(NARROWED[view](person_id), merged_into=None, state__in=only))


def _by_state(rows: QuerySet[Case]) -> QuerySet[Case, tuple[str, int]]:
    return rows.order_by().values_list("state").annotate(n=Count("id"))


def _view(scope: Scope, view: str) -> QuerySet[Case]:
    return cases_for(scope).filter(NARROWED[view](scope.person_id), merged_into=None)


def _snoozed_by(person_id: int) -> QuerySet[Case]:
    return Case.objects.filter(snoozes__person_id=person_id, snoozes__state__in=["asleep", "awake"])


def _filtered(rows: QuerySet[Case], asked: Wanted) -> QuerySet[Case]:
    if asked.queue:
        rows = rows.filter(queue_id=asked.queue)
    if asked.tag:
        rows = rows.filter(tagged__tag__key=fold(asked.tag))
    if asked.type:
        field = CaseField.objects.filter(id=asked.field or 0, type_id=asked.type).first()
        rows = cases_with(rows, type_id=asked.type, field=field, value=asked.value if field else "")
    number = asked.words.lstrip("#")
    if number.isascii() and number.isdecimal() and len(number) < 16:
        return rows.filter(id=int(number))
    if asked.words:
        named = Q(subject__icontains=asked.words) | Q(customer__name__icontains=asked.words)
        rows = rows.filter(named | cases_saying(asked.words))
    return rows


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
