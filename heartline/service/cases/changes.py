"""Changing a case as a whole: its state along its own ways, its owner, its reason. What we owe keeps it open."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, Invalid
from heartline.conversations.actions.cases import change_case as change
from heartline.conversations.models import Case, ContactReason
from heartline.conversations.rules import CASE
from heartline.ledger.actions import one_change
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.permissions import ROLES_WITH
from heartline.people.queries import colleagues_of
from heartline.promises.models import FollowUp
from heartline.service.actions import Worker, edit_case, has_open_tasks


def change_whole_case(worker: Worker, case: Case, changes: dict[str, Any]) -> Case:
    """Change subject, wants, state, owner_id and reason_id of a case, all of them or none."""
    words: dict[str, str] = {name: changes[name] for name in ("subject", "wants") if name in changes}
    rest: dict[str, Any] = {}
    if "state" in changes:
        _check_state(case, changes["state"])
        rest["state"] = changes["state"]
    if "owner_id" in changes:
        rest["owner"] = owner_named(worker, changes["owner_id"])
    if "reason_id" in changes:
        rest["reason"] = _reason(changes["reason_id"])
    with one_change():
        if words:
            edit_case(worker, case, words)
        if rest:
            change(case, rest, by=actor_for(worker.person), now=worker.now)
    return case


def _check_state(case: Case, state: str) -> None:
    """Refuse a step that a case cannot take, and closing while something is owed ("thanks" closes nothing)."""
    if state == case.state:
        return
    if not any(case.state in sources and target == state for sources, target in CASE.moves.values()):
        raise Conflict(_("A case cannot go there from where it is"), code="case_changed", fields={"state": case.state})
    if state in ("solved", "closed") and has_open_tasks(case):
        raise Conflict(_("A task is still open, so the case stays open"), code="task_open")
    if state == "closed" and FollowUp.objects.filter(case=case, state="open").exists():
        raise Conflict(_("Something is still owed to this customer, so the case stays open"), code="still_owed")


def owner_named(worker: Worker, person_id: int | None) -> Person | None:
    """Return the colleague who is to own a case, None for nobody."""
    if person_id is None:
        return None
    found = colleagues_of(worker.scope).filter(id=person_id, role__in=ROLES_WITH["contact.serve"]).first()
    if found is None:
        raise _wrong("owner_id", _("There is no such colleague, or they do not serve customers"))
    return found


def _reason(reason_id: int | None) -> ContactReason | None:
    if reason_id is None:
        return None
    found = ContactReason.objects.filter(id=reason_id, is_active=True).first()
    if found is None:
        raise _wrong("reason_id", _("This reason is no longer used. Choose another"))
    return found


def _wrong(name: str, message: str) -> Invalid:
    return Invalid(message, fields={name: message})
