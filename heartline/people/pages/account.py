"""`/account/`: what is a person's own; and the invitation by which they come in."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from heartline.common.clock import now
from heartline.common.errors import NotFound
from heartline.common.requests import Request
from heartline.people import actions, limits
from heartline.people.devices import device
from heartline.people.forms.persons import NewPasswordForm, OwnAccountForm
from heartline.people.models import Person
from heartline.people.pages.common import by
from heartline.people.queries import sessions_of
from heartline.people.requests import StaffRequest
from heartline.people.setup_actions.persons import accept_invitation, invited_by

TRIES = (20, timedelta(minutes=1))


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: StaffRequest) -> HttpResponse:
    """Show and change what is the person's own."""
    form = OwnAccountForm(request.POST or None, instance=Person.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        actions.change_own_account(request.user, dict(form.cleaned_data), now=now())
        messages.success(request, _("Saved"))
        return redirect("account:page")
    here = request.session.session_key
    sessions = [
        (found, _device_words(found.user_agent), found.session_key == here) for found in sessions_of(request.user)
    ]
    context = {"form": form, "sessions": sessions, "now": now()}
    return render(request, "people/account.html", context, status=422 if form.errors else 200)


@require_POST
def end_session(request: StaffRequest, id: int) -> HttpResponse:
    """End one of the person's own sessions."""
    actions.end_session(request.user, id, by=by(request), now=now())
    return redirect("account:page")


@require_POST
def end_all_sessions(request: StaffRequest) -> HttpResponse:
    """Sign the person out everywhere, here too."""
    actions.end_sessions(request.user, by=by(request), now=now())
    logout(request)
    messages.success(request, _("You are signed out everywhere"))
    return redirect("account_login")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """Let an invited person choose a password; then they are signed in, past their second step if they have one."""
    moment = now()
    limits.check(f"invitation:{limits.source_of(request.client_address)}", *TRIES, now=moment)
    try:
        person = invited_by(token, now=moment)
        form = NewPasswordForm(request.POST or None, person=person)
        if request.method == "POST" and form.is_valid():
            person = accept_invitation(token, form.cleaned_data["password"], now=moment)
            logout(request)
            response: HttpResponse = perform_login(request, person, email_verification="none")
            return response
    except NotFound as refusal:
        return render(request, "people/invitation_gone.html", {"message": refusal.message}, status=404)
    context = {"form": form, "person": person}
    return render(request, "people/invitation.html", context, status=422 if form.errors else 200)


def _device_words(user_agent: str) -> str:
    browser, system = device(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Another device")
