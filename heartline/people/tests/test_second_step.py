"""The second step: an authenticator's codes work once, so do recovery codes; nothing takes the step away in passing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from heartline.common.actors import Actor
from heartline.common.clock import now
from heartline.people.models import Person
from heartline.people.setup_actions.persons import invite
from heartline.people.tests.test_signing_in import outcomes, sign_in
from tests.cast import PASSWORD, Cast

STEP = 30


def code(secret: str) -> str:
    """Return the code that an authenticator shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // STEP)))


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock stands still, so that no code runs out between two lines of a test."""
    with time_machine.travel(datetime.now(UTC), tick=False) as stopped:
        yield stopped


@pytest.fixture
def secret(cast: Cast, clock: time_machine.Traveller) -> str:
    """Grace has set up an authenticator through the pages; its secret."""
    client, _ = sign_in(cast.grace.email)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    found: str = page.context["form"].secret
    answer = client.post("/account/2fa/totp/activate/", {"code": code(found)})
    assert answer.status_code == 302
    clock.shift(2 * STEP)
    return found


def half_in(person: Person) -> Client:
    """Return a browser in which the password was right and the second step is asked for."""
    client, where = sign_in(person.email)
    assert where == "/account/2fa/authenticate/"
    return client


def inside(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_code_of_the_step_before_is_too_old(cast: Cast, secret: str, clock: time_machine.Traveller) -> None:
    old, client = code(secret), half_in(cast.grace)
    clock.shift(STEP)
    client.post("/account/2fa/authenticate/", {"code": old})
    assert not inside(client)


def test_the_password_alone_does_not_open_the_door(cast: Cast, secret: str) -> None:
    client = half_in(cast.grace)
    assert not inside(client)
    assert client.get("/desk/api/snapshot").status_code == 401


def test_a_code_opens_it_and_the_record_names_both_steps(cast: Cast, secret: str) -> None:
    client = half_in(cast.grace)
    answer = client.post("/account/2fa/authenticate/", {"code": code(secret)})
    assert answer.headers["Location"] == "/desk/"
    assert inside(client)
    assert outcomes()[-1] == ("Grace Okafor", "signed_in", "password+totp")


def test_a_code_works_once(cast: Cast, secret: str) -> None:
    used = code(secret)
    assert half_in(cast.grace).post("/account/2fa/authenticate/", {"code": used}).status_code == 302
    again = half_in(cast.grace)
    again.post("/account/2fa/authenticate/", {"code": used})
    assert not inside(again)


@pytest.mark.parametrize("wrong", ["", "000000", "abcdef", "1" * 500])
def test_a_wrong_code_does_not(cast: Cast, secret: str, wrong: str) -> None:
    client = half_in(cast.grace)
    assert client.post("/account/2fa/authenticate/", {"code": wrong}).status_code == 200
    assert not inside(client)


def test_guessing_codes_is_stopped(cast: Cast, secret: str) -> None:
    client = half_in(cast.grace)
    for number in range(10):
        client.post("/account/2fa/authenticate/", {"code": f"{number:06}"})
    client.post("/account/2fa/authenticate/", {"code": code(secret)})
    assert not inside(client)


def test_recovery_codes_work_once_each_and_are_asked_for_again_before_they_are_shown(cast: Cast, secret: str) -> None:
    rescue = Authenticator.objects.get(user=cast.grace, type="recovery_codes").wrap().get_unused_codes()
    assert len(set(rescue)) >= 10
    client = half_in(cast.grace)
    client.post("/account/2fa/authenticate/", {"code": rescue[0]})
    assert inside(client)
    assert outcomes()[-1][2] == "password+recovery_codes"
    again = half_in(cast.grace)
    again.post("/account/2fa/authenticate/", {"code": rescue[0]})
    assert not inside(again)
    again.post("/account/2fa/authenticate/", {"code": rescue[1]})
    assert inside(again)


def test_taking_the_second_step_away_asks_who_it_is_first(cast: Cast, secret: str, signed_in) -> None:
    client = signed_in(cast.grace)  # a session without a recent proof, as after some hours
    answer = client.post("/account/2fa/totp/deactivate/")
    assert "reauthenticate" in answer.headers["Location"]
    assert Authenticator.objects.filter(user=cast.grace, type="totp").exists()


def test_an_invitation_link_does_not_go_round_the_second_step(cast: Cast, secret: str) -> None:
    token = invite(cast.grace, by=Actor.system("test"), now=now())
    client = Client()
    answer = client.post(f"/account/invitation/{token}/", {"password": "pear-blossom-27"})
    assert answer.headers["Location"] == "/account/2fa/authenticate/"
    assert not inside(client)
    client.post("/account/2fa/authenticate/", {"code": code(secret)})
    assert inside(client)


def test_nor_does_a_forgotten_password(cast: Cast, secret: str, mailoutbox) -> None:
    client = Client()
    client.post("/account/password/reset/", {"email": cast.grace.email})
    address = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get("/" + address.split("/", 3)[3]).headers["Location"]
    client.get(form)
    client.post(form, {"password1": "pear-blossom-27", "password2": "pear-blossom-27"})
    assert not inside(client)
    fresh, where = sign_in(cast.grace.email, "pear-blossom-27")
    assert where == "/account/2fa/authenticate/"
    assert not inside(fresh)


def test_a_forgotten_password_is_answered_alike_for_known_and_unknown_addresses(cast: Cast, mailoutbox) -> None:
    answers = [
        Client().post("/account/password/reset/", {"email": email}) for email in (cast.grace.email, "no@example.com")
    ]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, "/account/password/reset/done/")
    }
    assert not any("/password/reset/key/" in mail.body for mail in mailoutbox if "no@example.com" in mail.to)
    assert PASSWORD not in "".join(mail.body for mail in mailoutbox)
