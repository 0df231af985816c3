"""Tasks of a case and its watchers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean, one_line
from heartline.conversations.case_events import TaskChanged, WatchChanged
from heartline.conversations.models import Case, Task, Watcher
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person, Team

MOST_OPEN = 50


def open_task(
    case: Case,
    what: str,
    *,
    owner: Person | None,
    team: Team | None,
    due_at: datetime | None,
    by: Actor,
    now: datetime,
) -> Task:
    """Ask somebody, or a team, to do something for a case."""
    words = one_line(clean(what, 1000), 300)
    if not words:
        raise _wrong("what", _("Write what is to be done"))
    _check(owner, team, due_at, now)
    with one_change():
        Case.objects.select_for_update().get(id=case.id)
        if Task.objects.filter(case=case, state="open").count() >= MOST_OPEN:
            raise _wrong("what", _("A case has up to %(limit)s open tasks") % {"limit": MOST_OPEN})
        by_id = by.id if by.kind == "person" else None
        task = Task.objects.create(
            case=case, what=words, owner=owner, team=team, due_at=due_at, opened_by_id=by_id, opened_at=now
        )
        _record(task, "opened", by=by, now=now)
    return task


def give_task(task: Task, *, owner: Person | None, team: Team | None, by: Actor, now: datetime) -> Task:
    """Give an open task to somebody else; taking it from a team leaves the team named."""
    _check(owner, team, None, now)
    before = task.owner_id
    if (before, task.team_id) == (owner.id if owner else None, team.id if team else None):
        return task
    with one_change():
        standing = Task.objects.filter(id=task.id, state="open", owner_id=before)
        _settle(task, standing.update(owner=owner, team=team))
        _record(task, "given", from_person_id=before, by=by, now=now)
    return task


def finish_task(task: Task, outcome: str, *, dropped: bool = False, by: Actor, now: datetime) -> Task:
    """Close a task as done, or as not needed; done says what came of it."""
    words = clean(outcome, 1000)
    if dropped and not words:
        raise _wrong("outcome", _("Write why it is not needed"))
    with one_change():
        done_by = by.id if by.kind == "person" else None
        fields: dict[str, Any] = {"state": "dropped" if dropped else "done", "outcome": words}
        standing = Task.objects.filter(id=task.id, state="open")
        _settle(task, standing.update(**fields, done_at=now, done_by_id=done_by))
        _record(task, task.state, by=by, now=now)
    return task


def reopen_task(task: Task, *, by: Actor, now: datetime) -> Task:
    """Open a task again: it was closed too early."""
    with one_change():
        standing = Task.objects.filter(id=task.id, state__in=["done", "dropped"])
        _settle(task, standing.update(state="open", outcome="", done_at=None, done_by=None))
        _record(task, "reopened", by=by, now=now)
    return task


def watch_case(case: Case, person: Person, *, watching: bool, by: Actor, now: datetime) -> bool:
    """Let a person hear of a case, or no longer; returns whether that changed anything."""
    with one_change():
        if watching:
            _row, changed = Watcher.objects.get_or_create(case=case, person=person, defaults={"at": now})
        else:
            changed = bool(Watcher.objects.filter(case=case, person=person).delete()[0])
        if changed:
            event = WatchChanged(
                case_id=case.id,
                customer_id=case.customer_id,
                queue_id=case.queue_id,
                person_id=person.id,
                watching=watching,
            )
            record(event, by=by, now=now, sample=case.is_sample)
    return changed


def _check(owner: Person | None, team: Team | None, due_at: datetime | None, now: datetime) -> None:
    if owner is None and team is None:
        raise _wrong("who", _("Choose who does it"))
    if owner and not owner.is_active:
        raise _wrong("who", _("%(name)s can no longer sign in") % {"name": owner.name})
    if due_at and due_at <= now:
        raise _wrong("due_at", _("This time has passed"))


def _settle(task: Task, changed: int) -> None:
    task.refresh_from_db()
    if not changed:
        raise Conflict(_("Somebody has just changed this task. Look again"), code="task_changed")


def _record(task: Task, how: str, *, from_person_id: int | None = None, by: Actor, now: datetime) -> None:
    case = task.case
    event = TaskChanged(
        case_id=case.id,
        customer_id=case.customer_id,
        queue_id=case.queue_id,
        task_id=task.id,
        how=how,
        person_id=task.owner_id,
        from_person_id=from_person_id,
        team_id=task.team_id,
        due_at=task.due_at.isoformat() if task.due_at else None,
    )
    record(event, by=by, now=now, sample=case.is_sample)


def _wrong(name: str, message: str) -> Invalid:
    return Invalid(message, fields={name: message})
