"""OpenID Connect, checked more strictly than the library does by itself.

allauth checks state, PKCE, issuer, audience and expiry. Added here: a nonce; the signature even over TLS, because an
issuer inside a company may be plain http; the subject of the user info; the party for whom a token with several
audiences was made; and an identity key made of issuer *and* subject, so that pointing a configured provider at
another issuer inherits nobody.
"""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from requests import RequestException

from heartline.common.ids import new_token, token_hash
from heartline.people.models import Person

# What is kept of an issuer's answer: enough to check it and to show whose sign-in it is.
KEPT = frozenset({"iss", "sub", "aud", "azp", "nonce", "email", "email_verified"})


class Untrue(Exception):
    """What an issuer said does not hold, or speaks of nobody we know."""

    def __init__(self, code: str, message: str, person: Person | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.person = person


class Issuer(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    """A configured issuer."""

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        """Return our parameters; the visitor's address bar adds none."""
        return dict(self.get_auth_params())

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Return our scope; the visitor's address bar adds none."""
        return list(self.get_scope())

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **more: Any
    ) -> Any:
        """Send the visitor to the issuer with a nonce that its token must bring back."""
        nonce = new_token()
        more["auth_params"] = {**(more.get("auth_params") or self.get_auth_params()), "nonce": nonce}
        return super().redirect(request, process, next_url=next_url, data=data, nonce=nonce, **more)

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return the identity key: issuer and subject, folded into one word of fixed length."""
        claims = data.get("id_token")
        if not isinstance(claims, dict) or not claims.get("iss") or not claims.get("sub"):
            raise ProviderException("the answer holds no identity token")
        return token_hash(f"{claims['iss']}\n{claims['sub']}")

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return what is stored of the answer; pictures, addresses and birthdays are none of our business."""
        kept = {}
        for part in ("id_token", "userinfo"):
            if isinstance(data.get(part), dict):
                kept[part] = {name: value for name, value in data[part].items() if name in KEPT}
        return kept


class StrictAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """Fetches and verifies an issuer's answer."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **answer: Any) -> SocialLogin:
        """Return who the issuer says this is; anything odd about the answer is a refusal, not a fault of ours."""
        self.did_fetch_access_token = False  # verify the signature whichever way the token came
        try:
            return super().complete_login(request, app, token, **answer)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ProviderException("the issuer's answer has the wrong form") from error


def check_claims(login: SocialLogin) -> None:
    """Raise Untrue unless the token was made for this very sign-in and all parts speak of one subject."""
    claims = login.account.extra_data.get("id_token") or {}
    info = login.account.extra_data.get("userinfo")
    expected = str(login.state.get("nonce") or "")
    client_id = login.account.get_provider().app.client_id
    if not expected or not constant_time_compare(str(claims.get("nonce") or ""), expected):
        raise Untrue("nonce", _("This sign-in does not belong to the page it was started from. Start again"))
    if isinstance(claims.get("aud"), list) and len(claims["aud"]) > 1 and claims.get("azp") != client_id:
        raise Untrue("party", _("This sign-in was made for another program. Start again"))
    if info is not None and info.get("sub") != claims.get("sub"):
        raise Untrue("subject", _("Two parts of this sign-in speak of different people. Start again"))


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to an issuer's sign-in page.

    By a page that moves on, not by a redirect: browsers hold a redirect after a form against our policy that forms
    are sent to ourselves only.
    """
    adapter = StrictAdapter(request, provider_id)
    provider = _provider(adapter)
    try:
        response: HttpResponse = OAuth2LoginView.adapter_view(adapter)(request)
    except (RequestException, KeyError, ValueError) as error:
        return render_authentication_error(request, provider, exception=error)  # type: ignore[no-any-return]  # allauth has no types
    if response.status_code == 302 and response.headers["Location"].startswith(("https://", "http://")):
        return render(
            request, "people/to_issuer.html", {"address": response.headers["Location"], "issuer": provider.name}
        )
    return response


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Receive an issuer's answer."""
    adapter = StrictAdapter(request, provider_id)
    provider = _provider(adapter)
    try:
        return OAuth2CallbackView.adapter_view(adapter)(request)  # type: ignore[no-any-return]  # allauth has no types
    except (KeyError, ValueError) as error:
        return render_authentication_error(request, provider, exception=error)  # type: ignore[no-any-return]  # allauth has no types


def _provider(adapter: StrictAdapter) -> Any:
    try:
        return adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
