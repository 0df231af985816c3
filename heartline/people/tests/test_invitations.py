"""Invitation links: once, for a week, for one person; every other word in the address is the same nothing."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

from heartline.common.actors import Actor
from heartline.common.clock import now
from heartline.common.errors import Conflict, NotFound
from heartline.common.ids import token_hash
from heartline.ledger.models import Entry
from heartline.people.models import InvitationLink, Person
from heartline.people.setup_actions import persons
from heartline.people.tests.test_signing_in import sign_in
from tests.cast import Cast

BY = Actor.system("test")
NEW = "pear-blossom-27"


@pytest.fixture
def token(cast: Cast) -> str:
    return persons.invite(cast.grace, by=BY, now=now())


def address(token: str) -> str:
    return f"/account/invitation/{quote(token, safe='')}/"


def test_it_lets_in_once(cast: Cast, token: str) -> None:
    client = Client()
    page = client.get(address(token))
    assert "Grace Okafor" in page.content.decode()
    assert client.post(address(token), {"password": NEW}).headers["Location"] == "/desk/"
    assert client.get("/account/").status_code == 200
    assert sign_in(cast.grace.email, NEW)[1] == "/desk/"
    assert Client().get(address(token)).status_code == 404
    assert Client().post(address(token), {"password": "another-word-28"}).status_code == 404
    assert sign_in(cast.grace.email, NEW)[1] == "/desk/"


@pytest.mark.parametrize("wrong", ["", " ", "%00", "x", "[]", "null", "None", "A" * 500, "..", "{{7*7}}"])
def test_any_other_word_is_nothing(cast: Cast, token: str, wrong: str) -> None:
    for path in (address(wrong), address(token + wrong), address(token[:-1])):
        if path != address(token):
            assert Client().get(path).status_code == 404
            assert Client().post(path, {"password": NEW}).status_code == 404
    assert not sign_in(cast.grace.email, NEW)[1]


def test_it_expires(cast: Cast, token: str) -> None:
    with time_machine.travel(now() + timedelta(days=7, seconds=1)):
        assert Client().get(address(token)).status_code == 404


def test_a_newer_link_ends_the_older_one(cast: Cast, token: str) -> None:
    newer = persons.invite(cast.grace, by=BY, now=now())
    assert Client().get(address(token)).status_code == 404
    assert Client().get(address(newer)).status_code == 200


def test_it_ends_with_the_right_to_sign_in(cast: Cast, token: str) -> None:
    persons.deactivate(cast.grace, by=BY, now=now())
    assert Client().get(address(token)).status_code == 404
    persons.reactivate(cast.grace, by=BY, now=now())
    assert Client().get(address(token)).status_code == 404
    cast.grace.is_active = False
    with pytest.raises(Conflict):
        persons.invite(cast.grace, by=BY, now=now())


def test_only_its_hash_is_kept_and_the_record_does_not_know_it(cast: Cast, token: str) -> None:
    link = InvitationLink.objects.get()
    assert link.token_hash == token_hash(token)
    assert not any(token in str(entry.body) for entry in Entry.objects.all())


def test_two_who_spend_it_at_once_do_not_both_succeed(cast: Cast, token: str) -> None:
    persons.accept_invitation(token, NEW, now=now())
    with pytest.raises(NotFound):
        persons.accept_invitation(token, "another-word-28", now=now())


@pytest.mark.parametrize("weak", ["", "short", "password123", "1234567890", "grace@example.com"])
def test_a_weak_password_is_refused_and_the_link_stays_good(cast: Cast, token: str, weak: str) -> None:
    client = Client()
    assert client.post(address(token), {"password": weak}).status_code == 422
    assert client.get(address(token)).status_code == 200
    assert client.get("/account/").status_code == 302


def test_a_password_may_be_long_and_hold_anything(cast: Cast, token: str) -> None:
    word = " 海棠 🌸 and then some more words, up to here " * 3
    assert Client().post(address(token), {"password": word}).status_code == 302
    assert Person.objects.get(pk=cast.grace.pk).check_password(word)


@pytest.mark.usefixtures("minute_that_lasts")
def test_guessing_links_is_stopped(cast: Cast, token: str) -> None:
    codes = [Client().get(address(f"guess{number}")).status_code for number in range(25)]
    assert codes[0] == 404
    assert codes[-1] == 429


def test_somebody_else_who_is_signed_in_there_is_signed_out_first(cast: Cast, token: str, signed_in) -> None:
    client = signed_in(cast.tom)
    client.post(address(token), {"password": NEW})
    assert client.get("/account/").context["user"] == cast.grace
