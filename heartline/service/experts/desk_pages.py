"""Asking an expert at the desk, and what becomes of the question, as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from heartline.common.errors import Invalid
from heartline.conversations.consultations.actions.asking import Question
from heartline.conversations.consultations.queries import consultation_for
from heartline.people.models import Person, Skill
from heartline.people.requests import StaffRequest
from heartline.service.experts import actions
from heartline.service.experts.choices import for_asking
from heartline.service.pages.shared import the_contact, worker_of
from heartline.ui.responses import json_ok, read_json


@require_http_methods(["GET", "POST"])
def ask(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Show what can be asked of whom; or ask. Times are on the clock of the reader's site."""
    worker, contact = worker_of(request), the_contact(request, contact_id)
    if request.method == "GET":
        return json_ok(for_asking(contact, worker.person, worker.now))
    number = (int, type(None))
    data = read_json(
        request, skill=number, level=int, language=str, person=number, question=str, due_at=str, may_reply=bool
    )
    question = Question(
        text=data.get("question", ""),
        skill=_named(Skill, data.get("skill"), "skill"),
        level=min(max(data.get("level", 1), 1), 5),
        language=data.get("language", "") if data.get("language") in ("en", "zh-hans") else "",
        person=_named(Person, data.get("person"), "person"),
        due_at=local_moment(data.get("due_at", ""), worker.person.site.time_zone),
        may_reply=data.get("may_reply", False),
    )
    asked = actions.ask(worker, contact, question)
    return json_ok({"consultation_id": asked.id, "name": asked.person.name if asked.person else ""})


@require_POST
def steer(request: StaffRequest, id: int) -> JsonResponse:
    """Withdraw a question, give it to somebody else, change its time, let its expert write, or note that it was seen."""
    number = (int, type(None))
    data = read_json(request, act=str, person=number, due_at=str, may_reply=bool)
    worker, found, verb = worker_of(request), consultation_for(request.scope, id), data.get("act", "")
    if verb == "withdraw":
        actions.withdraw(worker, found)
    elif verb == "give_on":
        actions.give_on(worker, found, _named(Person, data.get("person"), "person"))
    elif verb == "change":
        due_at = local_moment(data.get("due_at", ""), worker.person.site.time_zone)
        actions.change(worker, found, due_at, data.get("may_reply"))
    elif verb == "seen":
        actions.see(worker, found)
    else:
        raise Invalid(_("Part of what was sent could not be read. Nothing was changed"))
    found.refresh_from_db()
    return json_ok({"name": found.person.name if found.person else ""})


def local_moment(text: str, zone: str) -> datetime | None:
    """Return the moment that a field for date and time holds, on the clock of a site; None when it is empty."""
    if not text:
        return None
    try:
        local = datetime.fromisoformat(text)
        return (local if local.tzinfo else local.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        message = _("Write a date and a time")
        raise Invalid(message, fields={"due_at": message}) from None


def _named(table: Any, id: int | None, name: str) -> Any:
    if id is None:
        return None
    found = table.objects.filter(id=id).first() if 0 < id < 2**63 else None
    if found is None:
        raise Invalid(_("Choose from the list"), fields={name: _("Choose from the list")})
    return found
