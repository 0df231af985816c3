"""Running a macro: it shows what it will do to this case before it does it, in one transaction, and can be taken back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, HeartlineError
from heartline.common.text import one_line
from heartline.conversations.models import Case, Contact, Deed, Macro
from heartline.conversations.quick_replies.queries import values_for
from heartline.conversations.quick_replies.rules import fill
from heartline.ledger.actions import one_change
from heartline.service.actions import Worker, write
from heartline.service.cases.steps import STEPS, Kind, Step, Undo, checked, run


class _Tried(Exception):
    """What was tried went well, and goes back."""


@dataclass(frozen=True)
class Line:
    """One thing that a macro will do, and whether it can be taken back."""

    text: str
    can_be_undone: bool


def told(worker: Worker, case: Case, macro: Macro) -> list[Line]:
    """Return what a macro will do to a case, step by step."""
    steps = checked(macro.steps, MACRO_STEPS)
    return [Line(_tell(worker, case, step), MACRO_STEPS[step["do"]].undo is not None) for step in steps]


def refusal_of(worker: Worker, case: Case, macro: Macro) -> str:
    """Return why a macro cannot be done to a case now, empty when it can: it is tried, and nothing of it is kept."""
    try:
        with one_change(may_fail=True):
            run(worker, case, checked(macro.steps, MACRO_STEPS), MACRO_STEPS)
            raise _Tried
    except _Tried:
        return ""
    except HeartlineError as refusal:
        return str(refusal)
    finally:
        case.refresh_from_db()


def run_macro(worker: Worker, case: Case, macro: Macro) -> Deed:
    """Do all steps of a macro to a case, or none."""
    with one_change():
        done = run(worker, case, checked(macro.steps, MACRO_STEPS), MACRO_STEPS)
        Macro.objects.filter(id=macro.id).update(used_count=F("used_count") + 1)
        parts = {"cases": {str(case.id): done} if done else {}}
        return Deed.objects.create(kind="macro", by=worker.person, at=worker.now, parts=parts)


def _tell(worker: Worker, case: Case, step: Step) -> str:
    if step["do"] not in ("reply", "note"):
        return MACRO_STEPS[step["do"]].tell(worker, step)
    contact = _contact(worker, case)
    text = fill(step["text"], values_for(contact, worker.person))[0] if contact else step["text"]
    words = _("Reply to the customer: %(text)s") if step["do"] == "reply" else _("Add a note: %(text)s")
    return words % {"text": one_line(text, 300)}


def _contact(worker: Worker, case: Case) -> Contact | None:
    """Return the contact that words go to: one's own in hand, else the last."""
    related = ("case", "case__brand", "customer", "assignee")
    rows = list(Contact.objects.filter(case=case).select_related(*related).order_by("-id"))
    active = [row for row in rows if row.state == "active"]
    mine = [row for row in active if row.assignee_id == worker.person.id]
    return next(iter([*mine, *active, *rows]), None)


def _say(kind: str) -> Kind:
    def say(worker: Worker, case: Case, step: Step) -> Undo | None:
        contact = _contact(worker, case)
        if contact is None:
            raise Conflict(_("There is nobody to write to in this case"))
        text, missing = fill(step["text"], values_for(contact, worker.person))
        if missing:
            raise Conflict(_("Not known: %(what)s") % {"what": ", ".join(missing)})
        key = f"macro-{secrets.token_hex(12)}"
        write(worker, contact, kind, text, client_key=key, attachments=())
        return None

    return Kind(lambda _worker, step: str(step["text"]), say, None)


MACRO_STEPS: dict[str, Kind] = {**STEPS, "reply": _say("reply"), "note": _say("note")}
