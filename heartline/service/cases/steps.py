"""Steps that change a case: what a macro is made of, and what is done to several cases at once.

Each kind of step can say what it will do before it is done, do it, and (all but words) take it back. Taking back
changes only what is still as the step left it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, Invalid
from heartline.conversations.actions.back_office import finish_task, open_task
from heartline.conversations.actions.cases import change_case
from heartline.conversations.actions.snoozes import end_snooze, snooze_case
from heartline.conversations.actions.tags import change_tags
from heartline.conversations.models import Case, Contact, Snooze, Tag, Task
from heartline.conversations.models.case import CaseState
from heartline.conversations.rules import LIVE
from heartline.people.actions import actor_for
from heartline.people.models import Person, Queue
from heartline.people.queries import queues_for
from heartline.service.actions import Worker
from heartline.service.cases.changes import change_whole_case, owner_named
from heartline.service.cases.snooze_times import snooze_times
from heartline.service.cases.work import doer

Step = Mapping[str, Any]
Undo = dict[str, Any]
MOST_STEPS = 20
# What a field of a step may hold, whatever the kind of step.
FIELDS: dict[str, tuple[type, ...]] = {
    "do": (str,),
    "add": (list,),
    "remove": (list,),
    "state": (str,),
    "owner": (int, str, type(None)),
    "queue": (int,),
    "until": (str,),
    "who": (str,),
    "what": (str,),
    "text": (str,),
}


@dataclass(frozen=True)
class Kind:
    """A kind of step: how it says what it will do, does it, and takes it back (None: it cannot be)."""

    tell: Callable[[Worker, Step], str]
    do: Callable[[Worker, Case, Step], Undo | None]
    undo: Callable[[Worker, Case, Undo], None] | None


def checked(steps: list[Any], kinds: Mapping[str, Kind]) -> list[Step]:
    """Return steps as they may be done, or raise Invalid: what a browser or a program sends is believed in nothing."""
    if not steps or len(steps) > MOST_STEPS or not all(_is_step(step, kinds) for step in steps):
        raise Invalid(_("Part of what was sent could not be read. Nothing was changed"))
    return steps


def _is_step(step: Any, kinds: Mapping[str, Kind]) -> bool:
    if not isinstance(step, dict) or not isinstance(step.get("do"), str) or step["do"] not in kinds:
        return False
    return all(isinstance(value, FIELDS.get(name, ())) and value is not True for name, value in step.items())


def run(worker: Worker, case: Case, steps: list[Step], kinds: Mapping[str, Kind]) -> list[tuple[str, Undo]]:
    """Do steps to a case, in order; returns what takes back those that can be."""
    done = [(str(step["do"]), kinds[step["do"]].do(worker, case, step)) for step in steps]
    return [(name, undo) for name, undo in done if undo is not None]


def take_back(worker: Worker, case: Case, done: list[Any], kinds: Mapping[str, Kind]) -> None:
    """Take steps back, the last one first."""
    for name, record in reversed(done):
        undo = kinds[name].undo
        if undo:
            case.refresh_from_db()
            undo(worker, case, record)


def _tell_tags(worker: Worker, step: Step) -> str:
    said = [(_("Add tags: %(names)s"), step.get("add")), (_("Take off tags: %(names)s"), step.get("remove"))]
    return "; ".join(words % {"names": ", ".join(names)} for words, names in said if names)


def _tag(worker: Worker, case: Case, step: Step) -> Undo | None:
    add, remove = _names(step.get("add", [])), _names(step.get("remove", []))
    event = change_tags(case, add=add, remove=remove, by=actor_for(worker.person), now=worker.now)
    if event is None:
        return None
    names = dict(Tag.objects.filter(id__in=[*event.added, *event.removed]).values_list("id", "name"))
    return {"added": [names[id] for id in event.added], "removed": [names[id] for id in event.removed]}


def _untag(worker: Worker, case: Case, record: Undo) -> None:
    by = actor_for(worker.person)
    change_tags(case, add=record["removed"], remove=record["added"], by=by, now=worker.now)


def _names(values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise Invalid(_("Part of what was sent could not be read. Nothing was changed"))
    return values


def _tell_state(worker: Worker, step: Step) -> str:
    return _("Set the state: %(state)s") % {"state": dict(CaseState.choices).get(step.get("state", ""), "")}


def _set_state(worker: Worker, case: Case, step: Step) -> Undo | None:
    before, state = case.state, step.get("state", "")
    if state not in CaseState.values:
        raise Invalid(_("Choose a state from the list"), fields={"state": _("Choose from the list")})
    if state in ("solved", "closed") and Contact.objects.filter(case=case, state__in=LIVE).exists():
        raise Conflict(_("Somebody is waiting or being served in it"), code="being_served")
    change_whole_case(worker, case, {"state": state})
    return {"before": before, "after": state} if before != state else None


def _unset_state(worker: Worker, case: Case, record: Undo) -> None:
    if case.state == record["after"]:
        change_case(case, {"state": record["before"]}, by=actor_for(worker.person), now=worker.now)


def _tell_owner(worker: Worker, step: Step) -> str:
    if step.get("owner") == "me":
        return _("Make me the owner")
    person = Person.objects.filter(id=step.get("owner") or 0).first()
    return _("Make %(name)s the owner") % {"name": person.name} if person else _("Leave it without an owner")


def _set_owner(worker: Worker, case: Case, step: Step) -> Undo | None:
    wanted = worker.person.id if step.get("owner") == "me" else step.get("owner")
    owner = owner_named(worker, wanted if isinstance(wanted, int) else None)
    before = case.owner_id
    change_case(case, {"owner": owner}, by=actor_for(worker.person), now=worker.now)
    after = owner.id if owner else None
    return {"before": before, "after": after} if before != after else None


def _unset_owner(worker: Worker, case: Case, record: Undo) -> None:
    if case.owner_id == record["after"]:
        before = Person.objects.filter(id=record["before"] or 0).first()
        change_case(case, {"owner": before}, by=actor_for(worker.person), now=worker.now)


def _tell_queue(worker: Worker, step: Step) -> str:
    queue = Queue.objects.filter(id=step.get("queue") or 0).first()
    return _("Move it to %(queue)s") % {"queue": queue.name if queue else ""}


def _set_queue(worker: Worker, case: Case, step: Step) -> Undo | None:
    queue = queues_for(worker.scope).filter(id=step.get("queue") or 0, brand_id=case.brand_id).first()
    if queue is None:
        raise Invalid(_("There is no such queue, or it is not yours to see"), fields={"queue": _("Choose another")})
    if Contact.objects.filter(case=case, state__in=LIVE).exists():
        raise Conflict(_("Somebody is waiting or being served in it"), code="being_served")
    before = case.queue_id
    change_case(case, {"queue": queue}, by=actor_for(worker.person), now=worker.now)
    return {"before": before, "after": queue.id} if before != queue.id else None


def _unset_queue(worker: Worker, case: Case, record: Undo) -> None:
    before = Queue.objects.filter(id=record["before"]).first()
    if case.queue_id == record["after"] and before:
        change_case(case, {"queue": before}, by=actor_for(worker.person), now=worker.now)


def _tell_snooze(worker: Worker, step: Step) -> str:
    from heartline.service.cases.page_words import snooze_names

    return _("Snooze: %(when)s") % {"when": snooze_names().get(step.get("until", ""), "")}


def _snooze(worker: Worker, case: Case, step: Step) -> Undo | None:
    times = snooze_times(worker.now, worker.person.site.time_zone)
    until = times.get(step.get("until", ""), times["tomorrow"])  # what has passed today is tomorrow morning's
    before = _standing(worker, case)
    kept = before.until.isoformat() if before and before.until > worker.now else ""
    snooze_case(case, worker.person, until, by=actor_for(worker.person), now=worker.now)
    return {"before": kept}


def _unsnooze(worker: Worker, case: Case, record: Undo) -> None:
    by, standing = actor_for(worker.person), _standing(worker, case)
    if record["before"] and datetime.fromisoformat(record["before"]) > worker.now:
        snooze_case(case, worker.person, datetime.fromisoformat(record["before"]), by=by, now=worker.now)
    elif standing:
        end_snooze(standing, "taken_back", by=by, now=worker.now)


def _standing(worker: Worker, case: Case) -> Snooze | None:
    return Snooze.objects.filter(case=case, person=worker.person).exclude(state="over").first()


def _tell_task(worker: Worker, step: Step) -> str:
    owner, team = doer(step.get("who", ""))
    name = team.name if team else owner.name if owner else ""
    return _("Give a task to %(name)s: %(what)s") % {"name": name, "what": step.get("what", "")}


def _give_task(worker: Worker, case: Case, step: Step) -> Undo | None:
    owner, team = doer(str(step.get("who", "")))
    by = actor_for(worker.person)
    task = open_task(case, str(step.get("what", "")), owner=owner, team=team, due_at=None, by=by, now=worker.now)
    return {"task_id": task.id}


def _drop_task(worker: Worker, case: Case, record: Undo) -> None:
    task = Task.objects.filter(id=record["task_id"], state="open").first()
    if task:
        finish_task(task, _("Taken back"), dropped=True, by=actor_for(worker.person), now=worker.now)


STEPS: dict[str, Kind] = {
    "tag": Kind(_tell_tags, _tag, _untag),
    "state": Kind(_tell_state, _set_state, _unset_state),
    "owner": Kind(_tell_owner, _set_owner, _unset_owner),
    "queue": Kind(_tell_queue, _set_queue, _unset_queue),
    "snooze": Kind(_tell_snooze, _snooze, _unsnooze),
    "task": Kind(_tell_task, _give_task, _drop_task),
}
