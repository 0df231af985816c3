"""What every answer of the desk starts from."""

from __future__ import annotations

from heartline.common import clock
from heartline.conversations.models import Case, Contact
from heartline.conversations.queries import case_for, contact_for
from heartline.people.requests import StaffRequest
from heartline.service.actions import Worker


def worker_of(request: StaffRequest) -> Worker:
    """Return who asks, with what they may reach, at the present moment."""
    return Worker(person=request.user, scope=request.scope, now=clock.now())


def the_contact(request: StaffRequest, contact_id: int) -> Contact:
    """Return a contact the person may see, or raise NotFound."""
    return contact_for(request.scope, contact_id)


def the_case(request: StaffRequest, case_id: int) -> Case:
    """Return a case the person may see, or raise NotFound."""
    return case_for(request.scope, case_id)
