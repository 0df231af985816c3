"""A person's own keys, under /account/keys/."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from heartline.api.actions import create_key, revoke_key
from heartline.api.forms import KeyForm
from heartline.api.models import ApiKey
from heartline.api.words import RIGHTS
from heartline.common import clock
from heartline.people.actions import actor_for
from heartline.people.pages.common import attempt
from heartline.people.requests import StaffRequest


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types. Who finds a desk unlocked must not leave with a key to it
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: StaffRequest) -> HttpResponse:
    """Show one's keys; make another, whose secret is shown this once."""
    person, now, secret = request.user, clock.now(), ""
    form = KeyForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form,
            lambda: create_key(person, given["name"], given["rights"], given["days"], by=actor_for(person), now=now),
        )
        if made:
            secret, form = made[1], KeyForm(person)
    rows = list(ApiKey.objects.filter(person=person, revoked_at=None, expires_at__gt=now).order_by("-id"))
    for row in rows:
        row.rights = [RIGHTS[right] for right in row.rights if right in RIGHTS]
    context = {"form": form, "rows": rows, "secret": secret, "now": now}
    response = render(request, "api/keys.html", context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke(request: StaffRequest, key_id: int) -> HttpResponse:
    """End a key at once."""
    revoke_key(request.user, key_id, by=actor_for(request.user), now=clock.now())
    messages.success(request, _("Ended. Programs that use this key are refused from now on"))
    return redirect("keys:list")
