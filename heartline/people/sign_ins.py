"""Writes into the ledger who signed in and out, and whom we refused."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import user_logged_in
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from heartline.common.clock import now
from heartline.people.actions import note_sign_in
from heartline.people.models import Person


@receiver(user_logged_in, dispatch_uid="people.signed_in")
def signed_in(request: HttpRequest, user: Person, **_: Any) -> None:
    """Note a sign-in with the steps that led to it."""
    note_sign_in(user, "signed_in", steps_of(request, user), now=now())


@receiver(user_logged_out, dispatch_uid="people.signed_out")
def signed_out(user: Person | None, **_: Any) -> None:
    """Note a sign-out; nobody signed in means nothing happened."""
    if isinstance(user, Person):
        note_sign_in(user, "signed_out", "", now=now())


def steps_of(request: HttpRequest, person: Person) -> str:
    """Return the steps of the present sign-in, such as `password+totp`."""
    records = get_authentication_records(request, person)
    return "+".join(dict.fromkeys(str(record.get("type") or record.get("method")) for record in records))
