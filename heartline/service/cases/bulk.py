"""One change to several cases: each by itself, in a transaction of its own; what cannot be changed is left and named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, HeartlineError, Invalid, NotFound
from heartline.conversations.actions.moves import undo_move
from heartline.conversations.models import Case, Deed
from heartline.conversations.queries import case_for, cases_for, sees
from heartline.ledger.actions import one_change
from heartline.people.actions import actor_for
from heartline.service.actions import Worker
from heartline.service.cases.macros import MACRO_STEPS
from heartline.service.cases.steps import STEPS, checked, run, take_back

MOST = 200


def change_many(worker: Worker, case_ids: Iterable[int], steps: list[Any]) -> tuple[Deed | None, list[dict[str, Any]]]:
    """Do steps to cases; returns what takes them back, and which were left alone and why."""
    ids = list(dict.fromkeys(case_ids))
    if not ids or len(ids) > MOST:
        message = _("Choose up to %(limit)s cases") % {"limit": MOST}
        raise Invalid(message, fields={"case_ids": message})
    wanted = checked(steps, STEPS)
    deed = Deed.objects.create(kind="bulk", by=worker.person, at=worker.now, parts={"cases": {}})
    left = []
    for case_id in ids:
        try:
            with one_change(may_fail=True):
                done = run(worker, case_for(worker.scope, case_id), wanted, STEPS)
                if done:
                    deed.parts["cases"][str(case_id)] = done
                    deed.save(update_fields=["parts"])
        except HeartlineError as refusal:
            left.append({"case_id": case_id, "why": str(refusal)})
    if not deed.parts["cases"]:
        deed.delete()
        return None, left
    return deed, left


def undo(worker: Worker, deed_id: int) -> Deed:
    """Take back what was done in one go to cases the person sees; returns the deed."""
    deed = Deed.objects.filter(id=deed_id).select_related("case", "from_case").first()
    if deed is not None and deed.kind in ("bulk", "macro"):
        undo_many(worker, deed)
        return deed
    if deed is None or not all(sees(worker.scope, case) for case in (deed.case, deed.from_case) if case):
        raise NotFound(_("There is nothing here to take back, or it is not yours to see"))
    return undo_move(deed, by=actor_for(worker.person), now=worker.now)


def undo_many(worker: Worker, deed: Deed) -> list[int]:
    """Take a deed of several steps back, case by case; returns the cases that were left as they are."""
    if deed.by_id != worker.person.id:
        raise NotFound(_("There is nothing here to take back, or it is not yours to see"))
    if not Deed.objects.filter(id=deed.id, undone_at=None).update(undone_at=worker.now):
        raise Conflict(_("This has been taken back already"), code="undone_already")
    left = []
    visible: dict[int, Case] = cases_for(worker.scope).in_bulk([int(key) for key in deed.parts["cases"]])
    for key, done in deed.parts["cases"].items():
        case = visible.get(int(key))
        try:
            with one_change(may_fail=True):
                if case is None:
                    raise NotFound(_("There is no such case, or it is not yours to see"))
                take_back(worker, case, done, MACRO_STEPS)
        except HeartlineError:
            left.append(int(key))
    return left
