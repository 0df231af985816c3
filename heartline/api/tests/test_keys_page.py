"""A person makes and ends their own keys; the secret is shown once."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from heartline.api.models import ApiKey
from heartline.ledger.models import Entry
from heartline.people.models import Person
from tests.cast import PASSWORD, Cast

PAGE = "/account/keys/"


def signed_in(person: Person) -> Client:
    """Return a browser whose person has just said once more who they are."""
    client = Client()
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    client.post(f"/account/reauthenticate/?next={PAGE}", {"password": PASSWORD})
    return client


def test_an_unlocked_desk_gives_no_key_away(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.grace)
    for reply in (client.get(PAGE), client.post(PAGE, {"name": "CRM", "rights": ["desk.use"], "days": "30"})):
        assert reply.status_code == 302
        assert "/reauthenticate/" in reply.headers["Location"]
    assert not ApiKey.objects.exists()


def test_the_secret_is_shown_once_and_works(cast: Cast) -> None:
    client = signed_in(cast.grace)
    made = client.post(PAGE, {"name": "CRM", "rights": ["desk.use", "personal.read"], "days": "90"})
    assert made.headers["Cache-Control"] == "no-store"
    secret = re.search(r"hl_[\w-]{32}", made.content.decode())
    assert secret
    reply = Client().get("/api/v1/people/me", headers={"authorization": f"Bearer {secret[0]}"})
    assert reply.json()["rights"] == ["desk.use", "personal.read"]
    later = client.get(PAGE).content.decode()
    assert secret[0] not in later
    assert "CRM" in later
    body = Entry.objects.get(kind="api.key_created").body
    assert (body["name"], body["rights"]) == ("CRM", ["desk.use", "personal.read"])


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "rights": ["desk.use"], "days": "30"},
        {"name": "CRM", "days": "30"},
        {"name": "CRM", "rights": ["setup.manage"], "days": "30"},
        {"name": "CRM", "rights": ["desk.use"], "days": "36500"},
    ],
)
def test_what_is_not_offered_cannot_be_had(cast: Cast, fields: dict[str, object]) -> None:
    reply = signed_in(cast.grace).post(PAGE, fields)
    assert reply.status_code == 422
    assert not ApiKey.objects.exists()


def test_a_key_is_ended_by_its_person_only(cast: Cast) -> None:
    client = signed_in(cast.grace)
    client.post(PAGE, {"name": "CRM", "rights": ["desk.use"], "days": "30"})
    key = ApiKey.objects.get()
    assert signed_in(cast.tom).post(f"{PAGE}{key.id}/revoke/").status_code == 404
    assert signed_in(cast.admin).post(f"{PAGE}{key.id}/revoke/").status_code == 404
    assert client.post(f"{PAGE}{key.id}/revoke/").status_code == 302
    key.refresh_from_db()
    assert key.revoked_at
    assert "CRM" not in client.get(PAGE).content.decode()
    assert Entry.objects.filter(kind="api.key_revoked").count() == 1
