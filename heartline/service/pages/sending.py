"""Replies that are held or planned, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from heartline.common.errors import Invalid
from heartline.conversations.actions.drafts import drafts_of
from heartline.conversations.outgoing.actions import Letter
from heartline.conversations.outgoing.queries import outgoing_for
from heartline.people.requests import StaffRequest
from heartline.service import forms
from heartline.service.pages.shared import the_contact, worker_of
from heartline.service.writing import sending
from heartline.ui.responses import json_ok, read_json


@require_POST
def send(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Send a reply that can still be taken back, goes later, or sets the case's state."""
    data = read_json(
        request,
        kind=str,
        text=str,
        client_key=str,
        attachments=list,
        after=str,
        due_at=(str, type(None)),
        stop_if_answered=bool,
    )
    letter = _letter(data, files=forms.tokens(data.get("attachments", [])))
    held = sending.send(worker_of(request), the_contact(request, contact_id), letter)
    return json_ok({"outgoing_id": held.id, "due_at": held.due_at.isoformat(), "state": held.state})


@require_POST
def take_back(request: StaffRequest, outgoing_id: int) -> JsonResponse:
    """Take a reply back; its words and files come as the draft they are again."""
    outgoing = outgoing_for(request.scope, outgoing_id)
    draft = sending.take_back(worker_of(request), outgoing)
    mine = draft.person_id == request.user.id
    return json_ok({"drafts": drafts_of(outgoing.case, request.user) if mine else {}})


@require_POST
def change(request: StaffRequest, outgoing_id: int) -> JsonResponse:
    """Change the words or the time of a planned reply."""
    data = read_json(request, text=str, due_at=str, stop_if_answered=bool, version=int)
    outgoing = outgoing_for(request.scope, outgoing_id)
    letter = _letter({**data, "client_key": outgoing.client_key})
    sending.change_plan(worker_of(request), outgoing, letter, version=data.get("version", -1))
    return json_ok({"version": outgoing.version})


@require_POST
def send_now(request: StaffRequest, outgoing_id: int) -> JsonResponse:
    """Send a reply at once instead of later."""
    sending.send_now(worker_of(request), outgoing_for(request.scope, outgoing_id))
    return json_ok()


def _letter(data: dict[str, Any], *, files: tuple[str, ...] = ()) -> Letter:
    return Letter(
        text=data.get("text", ""),
        client_key=data.get("client_key", ""),
        files=files,
        after=data.get("after", ""),
        planned_for=_moment(data.get("due_at")),
        stop_if_answered=data.get("stop_if_answered", False),
    )


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        when = None  # said below
    if when is None or when.tzinfo is None:
        message = _("Choose a time to come, within a year")
        raise Invalid(message, fields={"due_at": message})
    return when
