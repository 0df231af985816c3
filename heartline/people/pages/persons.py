"""Pages of our people: the list, one person, invitations, and the end of their sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Conflict
from heartline.people import actions
from heartline.people.forms.persons import PersonForm
from heartline.people.models import Person
from heartline.people.pages.common import attempt, by
from heartline.people.queries import sessions_of
from heartline.people.requests import StaffRequest
from heartline.people.setup_actions import persons as writers

FRESH_LINK = "fresh_invitation_link"


@require_safe
def people(request: StaffRequest) -> HttpResponse:
    """List everybody, those who may not sign in last."""
    everybody = Person.objects.select_related("site").prefetch_related("teams", "languages", "skills__skill")
    rows = everybody.order_by("-is_active", "name", "id")
    return render(request, "people/setup/people.html", {"rows": rows, "here": "people"})


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: StaffRequest, id: int | None = None) -> HttpResponse:
    """Add or change a person. A new one gets an invitation link at once."""
    standing = get_object_or_404(Person, pk=id) if id else None
    form = PersonForm(request.POST or None, instance=Person.objects.get(pk=id) if id else None)
    if request.method == "POST" and form.is_valid():
        who, moment = by(request), now()
        saved = attempt(
            form,
            lambda: writers.save_person(standing or Person(), form.values(), form.abilities(), by=who, now=moment),
        )
        if saved:
            if not id:
                request.session[FRESH_LINK] = [saved.pk, writers.invite(saved, by=who, now=moment)]
            messages.success(request, _("%(name)s is saved") % {"name": saved.name})
            return redirect("setup:person", id=saved.pk)
    context: dict[str, Any] = {"form": form, "person": standing, "here": "people", "now": now()}
    if standing:
        context |= {"link": _fresh_link(request, standing), "sessions": sessions_of(standing)}
    return render(request, "people/setup/person.html", context, status=422 if form.errors else 200)


@require_POST
def invite(request: StaffRequest, id: int) -> HttpResponse:
    """Make a new invitation link; the one before stops working."""
    standing = get_object_or_404(Person, pk=id)
    try:
        request.session[FRESH_LINK] = [standing.pk, writers.invite(standing, by=by(request), now=now())]
    except Conflict as refusal:
        messages.error(request, str(refusal))
    return redirect("setup:person", id=id)


@require_POST
def may_sign_in(request: StaffRequest, id: int) -> HttpResponse:
    """Let a person sign in, or not any more."""
    standing = get_object_or_404(Person, pk=id)
    try:
        if request.POST.get("may") == "yes":
            writers.reactivate(standing, by=by(request), now=now())
        else:
            given_back = writers.deactivate(standing, by=by(request), now=now())
            messages.success(request, _deactivated(standing, given_back))
    except Conflict as refusal:
        messages.error(request, str(refusal))
    return redirect("setup:person", id=id)


@require_POST
def end_sessions(request: StaffRequest, id: int) -> HttpResponse:
    """Sign a person out everywhere."""
    standing = get_object_or_404(Person, pk=id)
    actions.end_sessions(standing, by=by(request), now=now())
    messages.success(request, _("%(name)s is signed out everywhere") % {"name": standing.name})
    return redirect("setup:person", id=id)


def _deactivated(person: Person, given_back: int) -> str:
    """Say what has come of it: also what the person had in hand."""
    said = _("%(name)s is signed out everywhere and may not sign in") % {"name": person.name}
    if not given_back:
        return said
    returned = ngettext(
        "%(count)s contact in their hands is back in its queue, at its old place",
        "%(count)s contacts in their hands are back in their queues, at their old places",
        given_back,
    )
    return _("%(said)s. %(more)s") % {"said": said, "more": returned % {"count": given_back}}


def _fresh_link(request: StaffRequest, person: Person) -> str:
    """Return the link that was just made for this person, once."""
    made = request.session.get(FRESH_LINK)
    if not made or made[0] != person.pk:
        return ""
    del request.session[FRESH_LINK]
    return request.build_absolute_uri(reverse("account:invitation", kwargs={"token": made[1]}))
