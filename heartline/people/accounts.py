"""How people get in: nobody signs up, an administrator adds people; another issuer may vouch for an address we added.

An address is a claim until somebody has proved it. A sign-in through OpenID Connect is therefore joined to a person
only when the issuer says that it verified the address *and* an administrator has added a person with that address.
From then on the key is (issuer, subject); the address is not looked at again.
"""

from __future__ import annotations

import logging
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from heartline.common.clock import now
from heartline.common.questions import first, written_once
from heartline.people.actions import note_sign_in
from heartline.people.models import Person, Role
from heartline.people.openid import Issuer, Untrue, check_claims

log = logging.getLogger("heartline.people")

FIRST_PAGE = {
    Role.AGENT: "/desk/",
    Role.EXPERT: "/desk/",
    Role.SUPERVISOR: "/floor/",
    Role.ANALYST: "/insight/",
    Role.ADMIN: "/setup/",
}


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Signs people in; the site comes along, because every page needs its time zone."""

    def get_user(self, user_id: Any) -> Person | None:
        """Return the person of a session, if they may still sign in."""
        return first(_able_to_sign_in(int(user_id)))


@written_once
def _able_to_sign_in(person_id: int) -> QuerySet[Person]:
    return Person.objects.select_related("site").filter(id=person_id, is_active=True)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks us about accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: people are added by an administrator."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the page where a role's work begins; a safe `next` goes before it."""
        return FIRST_PAGE.get(Role(request.user.role), "/desk/") if isinstance(request.user, Person) else "/desk/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to the account page."""
        return "/account/"

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that our own middleware settled on, which no header can forge."""
        return getattr(request, "client_address", "") or request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104 - to count by, not to listen on

    def send_notification_mail(self, template_prefix: str, user: Person, *rest: Any, **named: Any) -> None:
        """Tell a person that how they get in has changed; a mail server that is away does not undo the change."""
        try:
            super().send_notification_mail(template_prefix, user, *rest, **named)
        except OSError:
            log.exception("%s could not be sent", template_prefix)

    def format_email_subject(self, subject: str) -> str:
        """Return a subject without a prefix in brackets."""
        return subject

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a refused password; an address we do not know is not written down."""
        person = Person.objects.filter(email__iexact=str(credentials.get("email") or "")).first()
        note_sign_in(person, "refused", "password", now=now())


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks us about sign-ins through another issuer."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Say no: an issuer vouches for people, it does not add them."""
        return False

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """Return our own stricter provider in place of allauth's."""
        return Issuer(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Return to the account page."""
        return "/account/"

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Check what the issuer said, and find whom it speaks of; refuse with a page otherwise."""
        try:
            check_claims(sociallogin)
            if not sociallogin.is_existing:
                self._join(request, sociallogin)
        except Untrue as refusal:
            _refuse(request, sociallogin, refusal)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **_: Any) -> None:
        """Note that an issuer's answer could not be used."""
        note_sign_in(None, "refused", "socialaccount", now=now())

    def _join(self, request: HttpRequest, login: SocialLogin) -> None:
        person = _person_vouched_for(login)
        if login.state.get("process") != AuthProcess.CONNECT:
            login.connect(request, person)
        elif person != request.user:
            raise Untrue("other_person", _("That sign-in belongs to another address than yours"), person)


def _person_vouched_for(login: SocialLogin) -> Person:
    """Return the person whose address the issuer has verified, or raise Untrue."""
    issuer = login.account.get_provider().name
    address = next((found for found in login.email_addresses if found.verified is True), None)
    if address is None:
        message = _("%(issuer)s has not verified an e-mail address for you. Verify it there, then sign in again")
        raise Untrue("unverified", message % {"issuer": issuer})
    person = Person.objects.filter(email__iexact=address.email, is_active=True).first()
    if person is None:
        message = _("Nobody here has been added with the address %(address)s. Ask your administrator to add you")
        raise Untrue("unknown", message % {"address": address.email})
    return person


def _refuse(request: HttpRequest, login: SocialLogin, refusal: Untrue) -> NoReturn:
    person = refusal.person or (login.user if login.is_existing else None)
    note_sign_in(person if isinstance(person, Person) else None, "refused", f"socialaccount:{refusal.code}", now=now())
    context = {"message": refusal.message, "issuer": login.account.get_provider().name}
    raise ImmediateHttpResponse(render(request, "people/sign_in_refused.html", context, status=403))
