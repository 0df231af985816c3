"""Changes to macros, and who may make them: their own; as a supervisor their team's; everybody's as administrator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid, NotAllowed
from heartline.conversations import levels
from heartline.conversations.case_events import MacroChanged
from heartline.conversations.models import Macro
from heartline.ledger.actions import one_change, record
from heartline.people.queries import Scope
from heartline.people.setup_actions.settings import write


def save_macro(scope: Scope, macro: Macro, values: Mapping[str, Any], *, by: Actor, now: datetime) -> Macro:
    """Add or change a macro; nobody gives one to a level that is not theirs."""
    if macro.pk is not None:
        check_may_change(scope, macro)
    check_may_change(scope, Macro(person=values.get("person"), team=values.get("team")))
    if not values.get("steps"):
        raise Invalid(_("Choose at least one step"), fields={"name": _("Choose at least one step")})
    with one_change():
        _note(macro, write(macro, values), by=by, now=now)
    return macro


def remove_macro(scope: Scope, macro: Macro, *, by: Actor, now: datetime) -> None:
    """Remove a macro; what was done with it stays, and can still be taken back."""
    check_may_change(scope, macro)
    with one_change():
        _note(macro, ("removed",), by=by, now=now)
        macro.delete()


def check_may_change(scope: Scope, macro: Macro) -> None:
    """Raise NotAllowed unless a person may change a macro."""
    if not levels.may_change(scope, macro):
        raise NotAllowed(_("Supervisors change their team’s macros, administrators those for everybody"))


def _note(macro: Macro, changed: tuple[str, ...], *, by: Actor, now: datetime) -> None:
    if not changed:
        return
    event = MacroChanged(macro_id=macro.pk, level=levels.level_of(macro), team_id=macro.team_id, changed=changed)
    record(event, by=by, now=now, sample=macro.is_sample)
