"""The call that somebody has in hand: the number, what was tried, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, NotFound
from heartline.conversations.models import Contact
from heartline.people.actions import actor_for
from heartline.promises.callbacks.actions import note_try
from heartline.promises.callbacks.models import Try
from heartline.promises.callbacks.queries import call_of, owed_for, tries_of
from heartline.routing.plans.queries import current_plan
from heartline.service.actions import Worker, standing_of
from heartline.ui.formats import phone, time_or_day


def note(worker: Worker, contact: Contact, outcome: str) -> Try:
    """Note what came of ringing the customer of a contact one has in hand."""
    if not standing_of(worker, contact).may_decide:
        raise Conflict(_("Nobody has this contact. Take it first"), code="not_yours")
    return note_try(contact, outcome, by=actor_for(worker.person), now=worker.now)


def call_shown(worker: Worker, contact: Contact) -> dict[str, Any]:
    """Return what the desk shows of a call in the words of its reader; raises NotFound for any other contact."""
    if contact.channel != "callback":
        raise NotFound(_("This is not a call"))
    call, owed, language = call_of(contact), owed_for(contact), get_language() or "en"
    tries = tries_of(call) if call else []
    say = _Times(worker.person.site.time_zone, language, worker.now)
    rings = worker.person.id == contact.assignee_id and contact.state == "active" and (not call or call.state == "open")
    return {
        "number": owed.phone if owed else "",
        "number_shown": phone(owed.phone) if owed else "",
        "due": _("Promised by %(time)s") % {"time": say.at(owed.due_at)} if owed else "",
        "tries": [_tried(one, say) for one in tries],
        "left": _left(current_plan().calls.attempts - len(tries)) if rings else "",
        "ask": _("What came of the call?"),
        "outcomes": [{"id": key, "name": str(name)} for key, name in Try.OUTCOMES] if rings else [],
    }


class _Times:
    """Says times as one reader reads them."""

    def __init__(self, zone: str, language: str, now: datetime) -> None:
        self._zone, self._language, self._now = zone, language, now

    def at(self, moment: datetime) -> str:
        """Return a time, with its day unless that is today."""
        return time_or_day(moment, language=self._language, zone=self._zone, now=self._now)


def _tried(one: Try, say: _Times) -> str:
    who = one.person.name if one.person else ""
    words = _("%(time)s, %(name)s: %(outcome)s") % {
        "time": say.at(one.at),
        "name": who,
        "outcome": one.get_outcome_display(),
    }
    return f"{words} · {_('again from %(time)s') % {'time': say.at(one.again_at)}}" if one.again_at else words


def _left(count: int) -> str:
    if count <= 1:
        return _("This is the last attempt; after it the customer is told")
    return ngettext("%(count)s attempt left", "%(count)s attempts left", count) % {"count": count}
