"""Signing in through another issuer: only what it proves counts, and it never adds anybody."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from heartline.config.environment import WrongSetting
from heartline.config.issuers import issuers
from heartline.people.models import Person
from heartline.people.tests.issuer import CLIENT_ID, SECRET, STRANGERS_KEY, FakeIssuer, running_issuer
from heartline.people.tests.test_signing_in import outcomes
from tests.cast import Cast

START = "/account/oidc/corp/login/"


@pytest.fixture
def issuer(settings) -> Iterator[FakeIssuer]:
    with running_issuer() as running:
        row = {"id": "corp", "name": "Corp", "client_id": CLIENT_ID, "secret": SECRET, "server_url": running.address}
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"APPS": issuers(json.dumps([row])), "OAUTH_PKCE_ENABLED": True}
        }
        yield running


@pytest.fixture
def cast(cast: Cast, issuer: FakeIssuer) -> Cast:
    return cast


def leave_for(client: Client, query: str = "") -> dict[str, str]:
    """Press “sign in with Corp” and return what the issuer is asked, as the page's link says it."""
    page = client.post(START + query).content.decode()
    found = re.search(r'href="(http://127[^"]+)"', page)
    assert found, page
    address = html.unescape(found[1])
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def come_back(client: Client, issuer: FakeIssuer, query: str = "", **changes: str):
    """Sign in at the issuer and come back."""
    asked = leave_for(client, query)
    issuer.nonce = asked["nonce"]
    answer = {"state": asked["state"], "code": "abc", **changes}
    return client.get(f"{START}callback/", answer)


def inside(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_an_added_person_whose_address_the_issuer_has_proved_gets_in(cast: Cast, issuer: FakeIssuer) -> None:
    client = Client()
    answer = come_back(client, issuer)
    assert answer.headers["Location"] == "/desk/"
    assert inside(client)
    assert outcomes() == [("Grace Okafor", "signed_in", "socialaccount")]
    assert SocialAccount.objects.get().user == cast.grace


def test_the_issuer_is_asked_with_state_nonce_and_a_proof_key(cast: Cast, issuer: FakeIssuer) -> None:
    client = Client()
    asked = leave_for(client)
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 16
    assert len(asked["nonce"]) >= 32
    come_back(client, issuer)
    assert len(issuer.verifiers[0]) >= 43


def test_what_the_address_bar_adds_is_not_asked(cast: Cast, issuer: FakeIssuer) -> None:
    asked = leave_for(Client(), "?auth_params=nonce%3Dmine%26prompt%3Dnone&scope=admin")
    assert asked["nonce"] != "mine"
    assert "prompt" not in asked
    assert "admin" not in asked["scope"]


def test_the_second_time_the_subject_is_the_key_whatever_the_address(cast: Cast, issuer: FakeIssuer) -> None:
    come_back(Client(), issuer)
    changed = {"email": "tom@example.com", "email_verified": False}
    issuer.claims, issuer.info = dict(changed), dict(changed)
    client = Client()
    come_back(client, issuer)
    assert client.get("/account/").context["user"] == cast.grace
    assert SocialAccount.objects.count() == 1


def test_another_subject_with_the_same_unproved_address_is_nobody(cast: Cast, issuer: FakeIssuer) -> None:
    come_back(Client(), issuer)
    other = {"sub": "666", "email_verified": False}
    issuer.claims, issuer.info = dict(other), dict(other)
    client = Client()
    assert come_back(client, issuer).status_code == 403
    assert not inside(client)


@pytest.mark.parametrize("verified", [False, None, "false", "true", 1, "yes"])
def test_an_address_that_the_issuer_has_not_proved_is_a_claim(cast: Cast, issuer: FakeIssuer, verified) -> None:
    issuer.claims = {"email_verified": verified}
    issuer.info = {"email_verified": verified}
    client = Client()
    answer = come_back(client, issuer)
    assert answer.status_code == 403
    assert "has not verified" in answer.content.decode()
    assert not inside(client)
    assert not SocialAccount.objects.exists()
    assert outcomes() == [("", "refused", "socialaccount:unverified")]


@pytest.mark.parametrize("email", ["stranger@example.com", "grace@example.com.evil.example", "", None])
def test_nobody_is_added(cast: Cast, issuer: FakeIssuer, email) -> None:
    issuer.claims, issuer.info = {"email": email}, {"email": email}
    before, client = Person.objects.count(), Client()
    assert come_back(client, issuer).status_code == 403
    assert Person.objects.count() == before
    assert not SocialAccount.objects.exists()
    assert not inside(client)


def test_who_may_not_sign_in_may_not_by_this_door_either(cast: Cast, issuer: FakeIssuer) -> None:
    come_back(Client(), issuer)
    Person.objects.filter(pk=cast.grace.pk).update(is_active=False)
    for known in (True, False):
        if not known:
            SocialAccount.objects.all().delete()
        client = Client()
        come_back(client, issuer)
        assert not inside(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-program"},
        {"aud": None},
        {"iss": "http://127.0.0.1:9/other"},
        {"iss": None},
        {"exp": 1_600_000_000},
        {"exp": None, "iat": None, "aud": []},
        {"nonce": "from another sign-in"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"aud": [CLIENT_ID, "another-program"], "azp": "another-program"},
        {"aud": [CLIENT_ID, "another-program"]},
    ],
    ids=str,
)
def test_a_token_that_does_not_fit_is_refused(cast: Cast, issuer: FakeIssuer, claims) -> None:
    issuer.claims = claims
    client = Client()
    assert come_back(client, issuer).status_code in (401, 403)
    assert not inside(client)
    assert not SocialAccount.objects.exists()


def test_user_info_of_somebody_else_is_refused(cast: Cast, issuer: FakeIssuer) -> None:
    issuer.info = {"sub": "43"}
    client = Client()
    assert come_back(client, issuer).status_code == 403
    assert not inside(client)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(STRANGERS_KEY, "RS256"), (None, "none"), ("a word that everybody knows, long enough", "HS256")],
    ids=["strangers-key", "none", "HS256"],
)
def test_a_signature_of_somebody_else_is_refused(cast: Cast, issuer: FakeIssuer, key, algorithm) -> None:
    issuer.key, issuer.algorithm = key, algorithm
    client = Client()
    assert come_back(client, issuer).status_code == 401
    assert not inside(client)


def test_an_answer_without_an_identity_token_is_refused(cast: Cast, issuer: FakeIssuer) -> None:
    issuer.without_token = True
    client = Client()
    assert come_back(client, issuer).status_code == 401
    assert not inside(client)


@pytest.mark.parametrize("changes", [{"state": "invented"}, {"state": ""}, {"error": "server_error", "code": ""}])
def test_an_answer_to_a_question_that_was_not_asked_is_refused(cast: Cast, issuer: FakeIssuer, changes) -> None:
    client = Client()
    assert come_back(client, issuer, **changes).status_code == 401
    assert not inside(client)


def test_an_answer_cannot_be_given_twice_or_in_another_browser(cast: Cast, issuer: FakeIssuer) -> None:
    client, other = Client(), Client()
    asked = leave_for(client)
    issuer.nonce = asked["nonce"]
    answer = {"state": asked["state"], "code": "abc"}
    assert other.get(f"{START}callback/", answer).status_code == 401
    assert not inside(other)
    assert client.get(f"{START}callback/", answer).status_code == 302
    assert client.get(f"{START}callback/", answer).status_code == 401


@pytest.mark.parametrize("broken", ["/.well-known/openid-configuration", "/token", "/jwks"])
def test_a_broken_issuer_breaks_nothing_of_ours(cast: Cast, issuer: FakeIssuer, broken: str) -> None:
    client = Client()
    asked = leave_for(client)
    issuer.nonce, issuer.broken = asked["nonce"], broken
    answer = client.get(f"{START}callback/", {"state": asked["state"], "code": "abc"})
    assert answer.status_code == 401
    assert Client().post(START).status_code in (200, 401)


def test_an_issuer_that_is_down_is_told_as_such(cast: Cast, issuer: FakeIssuer, settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    assert Client().post(START).status_code == 401


def test_pointing_a_provider_at_another_issuer_inherits_nobody(cast: Cast, issuer: FakeIssuer, settings) -> None:
    come_back(Client(), issuer)
    with running_issuer() as other:
        settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = other.address
        other.claims = other.info = {"email": "stranger@example.com"}
        client = Client()
        assert come_back(client, other).status_code == 403
        assert not inside(client)


def test_somebody_signed_in_joins_only_their_own_address(cast: Cast, issuer: FakeIssuer, signed_in) -> None:
    tom = signed_in(cast.tom)
    answer = come_back(tom, issuer, "?process=connect")  # the issuer speaks of Grace
    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()
    assert tom.get("/account/").context["user"] == cast.tom


def test_the_next_page_is_ours(cast: Cast, issuer: FakeIssuer) -> None:
    assert come_back(Client(), issuer, "?next=https://evil.example/").headers["Location"] == "/desk/"
    assert come_back(Client(), issuer, "?next=/account/").headers["Location"] == "/account/"


def test_only_what_is_needed_is_kept_of_the_answer(cast: Cast, issuer: FakeIssuer) -> None:
    issuer.info = {"picture": "https://example.com/p.jpg", "birthdate": "1990-01-01", "address": {"street": "x"}}
    come_back(Client(), issuer)
    kept = json.dumps(SocialAccount.objects.get().extra_data)
    assert "birthdate" not in kept
    assert "picture" not in kept


def test_an_unknown_provider_does_not_exist(cast: Cast) -> None:
    assert Client().post("/account/oidc/other/login/").status_code == 404
    assert Client().get("/account/oidc/other/login/callback/?state=x").status_code == 404


@pytest.mark.parametrize(
    "text",
    ["nonsense", "{}", '["x"]', '[{"id": "corp"}]', '[{"id":"c","name":"C","client_id":"x","server_url":"ftp://x"}]'],
)
def test_a_wrong_setting_is_told_in_words(text: str) -> None:
    with pytest.raises(WrongSetting, match="HEARTLINE_OIDC"):
        issuers(text)


def test_no_setting_is_no_issuer() -> None:
    assert issuers("") == []
