"""Signing in by password: where it leads, whom it refuses, what the record says, how a session ends."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.contrib.sessions.models import Session
from django.test import Client

from heartline.common.actors import Actor
from heartline.common.clock import now
from heartline.config import settings as ours
from heartline.ledger.models import Entry
from heartline.people import actions
from heartline.people.models import Person
from heartline.people.setup_actions import persons
from tests.cast import PASSWORD, Cast

ADMIN = Actor.system("test")
LOGIN = "/account/login/"


def sign_in(email: str, password: str = PASSWORD, **more: str) -> tuple[Client, str]:
    """Return a browser after an attempt to sign in, and where it was sent; empty when it was not let in."""
    client = Client()
    response = client.post(LOGIN, {"login": email, "password": password, **more})
    return client, response.headers.get("Location", "")


def outcomes() -> list[tuple[str, str, str]]:
    """Return what the record says of sign-ins, oldest first."""
    entries = Entry.objects.filter(kind="people.signed_in").order_by("id")
    return [(entry.body["person_name"], entry.body["outcome"], entry.body["method"]) for entry in entries]


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("grace", "/desk/"),
        ("expert", "/desk/"),
        ("supervisor", "/floor/"),
        ("analyst", "/insight/"),
        ("admin", "/setup/"),
    ],
)
def test_everybody_arrives_where_their_work_begins(cast: Cast, who: str, page: str) -> None:
    person: Person = getattr(cast, who)
    assert sign_in(person.email.upper())[1] == page
    assert outcomes() == [(person.name, "signed_in", "password")]


def test_somebody_who_was_on_the_way_to_a_page_goes_on_to_it(cast: Cast) -> None:
    assert sign_in(cast.grace.email, next="/account/")[1] == "/account/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example/desk/",
        "\\\\evil.example",
        "/\\evil.example",
        "data:text/html,x",
        "javascript:alert(1)",
        "http:///evil.example",
        "https:evil.example",
        " //evil.example",
        "\x00//evil.example",
    ],
)
def test_no_page_of_somebody_else_can_be_next(cast: Cast, elsewhere: str) -> None:
    assert sign_in(cast.grace.email, next=elsewhere)[1] == "/desk/"


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(cast: Cast) -> None:
    answers = []
    for email in (cast.grace.email, "nobody@example.com"):
        page = Client().post(LOGIN, {"login": email, "password": "wrong"}).content.decode()
        answers.append(page.replace(email, "…"))
    plain = [_without_secrets(page) for page in answers]
    assert plain[0] == plain[1]
    assert outcomes() == [("Grace Okafor", "refused", "password"), ("", "refused", "password")]


def _without_secrets(page: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value="|nonce=")[^"]*', r"\1", page)


def test_guessing_is_stopped(cast: Cast) -> None:
    for _ in range(5):
        sign_in(cast.grace.email, "wrong guess")
    assert sign_in(cast.grace.email)[1] == "", "the right password is not tried any more"
    assert sign_in(cast.tom.email)[1] == "/desk/", "others are not shut out"
    assert len([outcome for outcome in outcomes() if outcome[1] == "refused"]) == 5


def test_a_forged_header_does_not_start_the_count_anew(cast: Cast) -> None:
    client = Client()
    for number in range(12):
        forged = {"x-forwarded-for": f"203.0.113.{number}", "forwarded": f"for=203.0.113.{number}"}
        client.post(LOGIN, {"login": f"somebody{number}@example.com", "password": "wrong"}, headers=forged)
    answer = client.post(
        LOGIN, {"login": cast.grace.email, "password": PASSWORD}, headers={"x-forwarded-for": "203.0.113.99"}
    )
    assert answer.status_code == 200, "ten refusals in a minute from one source are enough"


def test_nobody_signs_up(cast: Cast) -> None:
    before = Person.objects.count()
    for path in ("/account/signup/", "/account/3rdparty/signup/", "/account/email/"):
        for client in (Client(), sign_in(cast.grace.email)[0]):
            form = {"email": "new@example.com", "password1": PASSWORD, "action_add": ""}
            assert client.get(path).status_code == 404
            assert client.post(path, form).status_code == 404
    assert Person.objects.count() == before


def test_who_may_not_sign_in_is_told_so_and_stays_out(cast: Cast) -> None:
    persons.deactivate(cast.grace, by=ADMIN, now=now())
    client, where = sign_in(cast.grace.email)
    assert where == "/account/inactive/"
    assert client.get("/desk/").status_code == 302


def test_a_session_ends_at_once_when_a_person_is_deactivated(cast: Cast) -> None:
    client, _ = sign_in(cast.grace.email)
    assert client.get("/account/").status_code == 200
    persons.deactivate(cast.grace, by=ADMIN, now=now())
    assert client.get("/account/").headers["Location"].startswith(LOGIN)
    persons.reactivate(cast.grace, by=ADMIN, now=now())
    assert client.get("/account/").status_code == 302, "an ended session does not come back to life"


def test_a_row_switched_off_behind_our_back_ends_the_session_too(cast: Cast) -> None:
    client, _ = sign_in(cast.grace.email)
    Person.objects.filter(pk=cast.grace.pk).update(is_active=False)
    assert client.get("/account/").status_code == 302


def test_a_lost_right_is_lost_on_the_next_request(cast: Cast) -> None:
    client, _ = sign_in(cast.admin.email)
    assert client.get("/setup/").status_code == 200
    Person.objects.filter(pk=cast.admin.pk).update(role="agent")
    assert client.get("/setup/").status_code == 403


def test_all_sessions_of_a_person_end_together_and_no_other(cast: Cast) -> None:
    first, second, other = (sign_in(email)[0] for email in (cast.grace.email, cast.grace.email, cast.tom.email))
    actions.end_sessions(cast.grace, by=ADMIN, now=now())
    assert [client.get("/account/").status_code for client in (first, second, other)] == [302, 302, 200]


def test_a_changed_password_ends_the_other_sessions(cast: Cast) -> None:
    here, there = sign_in(cast.grace.email)[0], sign_in(cast.grace.email)[0]
    form = {"oldpassword": PASSWORD, "password1": "pear-blossom-27", "password2": "pear-blossom-27"}
    assert here.post("/account/password/change/", form).headers["Location"] == "/account/"
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert sign_in(cast.grace.email, "pear-blossom-27")[1] == "/desk/"


def test_signing_in_changes_the_session_and_signing_out_empties_it(cast: Cast) -> None:
    client = Client()
    client.get(LOGIN)
    before = client.session.session_key
    client.post(LOGIN, {"login": cast.grace.email, "password": PASSWORD})
    key = client.session.session_key or ""
    assert key != before
    assert len(key) >= 32
    client.post("/account/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/account/").status_code == 302
    assert [outcome[1] for outcome in outcomes()] == ["signed_in", "signed_out"]


def test_leaving_needs_more_than_a_link(cast: Cast) -> None:
    client, _ = sign_in(cast.grace.email)
    client.get("/account/logout/")
    assert client.get("/account/").status_code == 200


def test_pages_behind_the_door_are_never_kept_by_caches(cast: Cast, signed_in) -> None:
    response = signed_in(cast.admin).get("/setup/people/")
    assert response.headers["Cache-Control"] == "no-store"


def test_passwords_are_kept_by_argon2(settings, db: None) -> None:
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS
    person = Person(email="x@example.com")
    person.set_password(PASSWORD)
    assert identify_hasher(person.password).algorithm == "argon2"
