"""What the desk's browser sends, read into what the actions take. What is missing is named beside its field."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from heartline.common.errors import Invalid
from heartline.conversations.actions.cases import Wrapping
from heartline.conversations.models import ContactReason
from heartline.people.models import Person, Queue
from heartline.service.actions import HandOver
from heartline.ui.responses import read_json

FILES_PER_MESSAGE = 10
MOST_FIELDS = 60


def tokens(values: list[Any]) -> tuple[str, ...]:
    """Return the tokens of attached files."""
    if len(values) > FILES_PER_MESSAGE or not all(isinstance(value, str) for value in values):
        message = _("Up to %(limit)s files fit in one message") % {"limit": FILES_PER_MESSAGE}
        raise Invalid(message, fields={"attachments": message})
    return tuple(dict.fromkeys(values))


def hand_over(request: HttpRequest) -> HandOver:
    """Return the hand-over card that was sent."""
    number, text = (int, type(None)), str
    data = read_json(request, to_queue=int, to_person=number, wants=text, tried=text, promised=text, do_not_ask=text)
    queue = Queue.objects.filter(id=data.get("to_queue", 0)).first()
    if queue is None:
        raise _missing("to_queue", _("Where to"))
    person = None
    if data.get("to_person"):
        person = Person.objects.filter(id=data["to_person"]).first()
        if person is None:
            raise _missing("to_person", _("Colleague"))
    words = {name: data.get(name, "") for name in ("wants", "tried", "promised", "do_not_ask")}
    return HandOver(to_queue=queue, to_person=person, **words)


def wrapping(request: HttpRequest) -> Wrapping:
    """Return the wrap-up that was sent; only reason and resolution are required."""
    data = read_json(
        request,
        reason_id=(int, type(None)),
        resolution=str,
        root_cause=str,
        told_to_expect=str,
        what_happened=str,
        note=str,
        fields=dict,
    )
    reason = ContactReason.objects.filter(id=data.get("reason_id") or 0).first()
    if reason is None:
        raise _missing("reason_id", _("Reason"))
    if not data.get("resolution"):
        raise _missing("resolution", pgettext("a contact", "How it ended"))
    names = ("resolution", "root_cause", "told_to_expect", "what_happened", "note")
    return Wrapping(reason=reason, **{name: data.get(name, "") for name in names})


def case_fields(request: HttpRequest) -> dict[str, str]:
    """Return what was filled in of the case's fields together with its wrap-up."""
    return typed(read_json(request).get("fields", {}))


def typed(values: dict[str, object]) -> dict[str, str]:
    """Return fields of a case as they were typed, or raise Invalid."""
    if len(values) > MOST_FIELDS or not all(isinstance(value, str) and len(value) <= 1000 for value in values.values()):
        raise Invalid(_("Part of what was sent could not be read. Nothing was changed"))
    return {name: str(value) for name, value in values.items()}


def _missing(name: str, label: str) -> Invalid:
    message = _("One thing missing: %(field)s") % {"field": label}
    return Invalid(message, fields={name: message})
