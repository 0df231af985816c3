"""Whose macros a person may use."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.conversations import levels
from heartline.conversations.models import Macro
from heartline.people.queries import Scope


def macros_for(scope: Scope) -> QuerySet[Macro]:
    """Return the macros a person may use: everybody's, their teams', their own."""
    return levels.usable(scope, Macro.objects.select_related("team"))


def macro_for(scope: Scope, macro_id: int) -> Macro:
    """Return one macro the person may use, or raise NotFound."""
    found = macros_for(scope).filter(id=macro_id).first()
    if found is None:
        raise NotFound(_("There is no such macro, or it is not yours to see"))
    return found
