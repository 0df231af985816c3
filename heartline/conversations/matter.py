"""What a case carries besides its talk: tags, who has snoozed or watches it, tasks, which cases belong to it. Snapshots and events show the same.

Kept apart from the cards, which travel with every message: this is read only when a case is opened, and when one of
these things changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from heartline.common.questions import written_once
from heartline.conversations.case_types.queries import held_by
from heartline.conversations.models import CaseLink, Deed, Snooze, Tagged, Task, Watcher

Matter = dict[str, Any]


PARTS = ("tags", "snoozes", "tasks", "watchers", "links", "moves")


def matters_of(case_ids: Iterable[int]) -> dict[int, Matter]:
    """Return what cases carry, by id, in as many queries for one case as for many."""
    ids = set(case_ids)
    matters: dict[int, Matter] = {id: {name: [] for name in PARTS} | {"type_id": None, "values": {}} for id in ids}
    for case_id, tags in tags_of(ids).items():
        matters[case_id]["tags"] = tags
    for case_id, (type_id, values) in held_by(ids).items():
        matters[case_id]["type_id"], matters[case_id]["values"] = type_id, values
    for snooze in _snoozed(ids):
        matters[snooze.case_id]["snoozes"].append({"name": snooze.person.name, **snooze_card(snooze)})
    for task in _tasks(ids):
        matters[task.case_id]["tasks"].append(task_card(task))
    for row in _watching(ids):
        matters[row.case_id]["watchers"].append({"person_id": row.person_id, "name": row.person.name})
    _add_links(matters)
    _add_moves(matters)
    return matters


def _add_links(matters: dict[int, Matter]) -> None:
    """Add the cases that belong to each: only their numbers, for not every reader of one may see the other."""
    for row in _linked(matters):
        for id, other_id in ((row.case_id, row.other_id), (row.other_id, row.case_id)):
            if id in matters:
                matters[id]["links"].append({"case_id": other_id, "kind": row.kind})


def _add_moves(matters: dict[int, Matter]) -> None:
    """Add what was merged into each and what came or went by a split or a move, and can still be taken back."""
    for deed in _moves(matters):
        shown = {"deed_id": deed.id, "kind": deed.kind, "case_id": deed.case_id, "from_case_id": deed.from_case_id}
        for id in {deed.case_id, deed.from_case_id}:
            if id in matters:
                matters[id]["moves"].append({**shown, "at": deed.at.isoformat()})


def tags_of(case_ids: Iterable[int]) -> dict[int, list[Matter]]:
    """Return the tags of cases, those without left out."""
    found: dict[int, list[Matter]] = {}
    for row in _tagged(set(case_ids)):
        found.setdefault(row.case_id, []).append({"id": row.tag_id, "name": row.tag.name})
    return found


def matter_of(case_id: int) -> Matter:
    """Return what one case carries."""
    return matters_of([case_id])[case_id]


def snooze_card(snooze: Snooze) -> Matter:
    """Return what lists show of a snooze."""
    return {
        "case_id": snooze.case_id,
        "person_id": snooze.person_id,
        "until": snooze.until.isoformat(),
        "state": snooze.state,
        "why": snooze.why,
        "woken_at": snooze.woken_at.isoformat() if snooze.woken_at else None,
    }


def task_card(task: Task) -> Matter:
    """Return what is shown of a task."""
    return {
        "id": task.id,
        "what": task.what,
        "owner_id": task.owner_id,
        "owner_name": task.owner.name if task.owner else "",
        "team_id": task.team_id,
        "due_at": task.due_at.isoformat() if task.due_at else None,
        "state": task.state,
        "outcome": task.outcome,
        "done_by": task.done_by.name if task.done_by else "",
    }


def snoozed_rows(snoozes: Iterable[Snooze]) -> dict[str, Matter]:
    """Return what a person's desk shows of their snoozes, by case; the rows come with case and customer."""
    return {
        str(snooze.case_id): {
            **snooze_card(snooze),
            "subject": snooze.case.subject,
            "customer_name": snooze.case.customer.name,
            "tier": snooze.case.customer.tier,
        }
        for snooze in snoozes
    }


@written_once
def _snoozed(case_ids: Collection[int]) -> QuerySet[Snooze]:
    return Snooze.objects.filter(case_id__in=case_ids).exclude(state="over").select_related("person").order_by("id")


@written_once
def _tasks(case_ids: Collection[int]) -> QuerySet[Task]:
    return Task.objects.filter(case_id__in=case_ids).select_related("owner", "done_by").order_by("id")


@written_once
def _watching(case_ids: Collection[int]) -> QuerySet[Watcher]:
    return Watcher.objects.filter(case_id__in=case_ids).select_related("person").order_by("id")


@written_once
def _linked(case_ids: Collection[int]) -> QuerySet[CaseLink]:
    return CaseLink.objects.filter(Q(case_id__in=case_ids) | Q(other_id__in=case_ids)).order_by("id")


@written_once
def _moves(case_ids: Collection[int]) -> QuerySet[Deed]:
    """Return what can be taken back of what was merged into cases, and of what came or went."""
    about = Q(case_id__in=case_ids) | Q(from_case_id__in=case_ids, kind__in=("split", "moved"))
    return Deed.objects.filter(about, kind__in=("merged", "split", "moved"), undone_at=None).order_by("id")


@written_once
def _tagged(case_ids: Collection[int]) -> QuerySet[Tagged]:
    return Tagged.objects.filter(case_id__in=case_ids).select_related("tag").order_by("tag__key")
