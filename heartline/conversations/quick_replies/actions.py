"""Changes to quick replies: only those of one's own level, and each use counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid, NotAllowed
from heartline.conversations import levels
from heartline.conversations.events import QuickReplyChanged
from heartline.conversations.models import QuickReply
from heartline.conversations.quick_replies.rules import VARIABLES, unknown
from heartline.ledger.actions import one_change, record
from heartline.people.queries import Scope
from heartline.people.setup_actions.settings import write


def save_quick_reply(
    scope: Scope, reply: QuickReply, values: Mapping[str, Any], *, by: Actor, now: datetime
) -> QuickReply:
    """Add or change a quick reply; whoever may change it may not give it to a level that is not theirs."""
    if reply.pk is not None:
        check_may_change(scope, reply)
    check_may_change(scope, QuickReply(person=values.get("person"), team=values.get("team")))
    _check_texts(str(values.get("text_en", "")), str(values.get("text_zh", "")))
    with one_change():
        _note(reply, write(reply, values), by=by, now=now)
    return reply


def remove_quick_reply(scope: Scope, reply: QuickReply, *, by: Actor, now: datetime) -> None:
    """Remove a quick reply; what was sent with it stays as it was sent."""
    check_may_change(scope, reply)
    with one_change():
        _note(reply, ("removed",), by=by, now=now)
        reply.delete()


def count_use(reply: QuickReply, *, by: Actor, now: datetime) -> None:
    """Count that somebody put a quick reply into an answer. Not an event: nobody is told."""
    QuickReply.objects.filter(id=reply.id).update(used_count=F("used_count") + 1, used_at=now)


def check_may_change(scope: Scope, reply: QuickReply) -> None:
    """Raise NotAllowed unless a person may change a quick reply."""
    if not levels.may_change(scope, reply):
        raise NotAllowed(_("Supervisors change their team’s quick replies, administrators those for everybody"))


def _check_texts(english: str, chinese: str) -> None:
    if not english.strip() and not chinese.strip():
        message = _("Write the text in at least one language")
        raise Invalid(message, fields={"text_en": message})
    for name, text in (("text_en", english), ("text_zh", chinese)):
        if wrong := unknown(text):
            values = {"name": wrong[0], "known": ", ".join(VARIABLES)}
            message = _("There is no variable %(name)s. These can be used: %(known)s") % values
            raise Invalid(message, fields={name: message})


def _note(reply: QuickReply, changed: tuple[str, ...], *, by: Actor, now: datetime) -> None:
    if not changed:
        return
    event = QuickReplyChanged(
        quick_reply_id=reply.pk, level=levels.level_of(reply), team_id=reply.team_id, changed=changed
    )
    record(event, by=by, now=now, sample=reply.is_sample)
