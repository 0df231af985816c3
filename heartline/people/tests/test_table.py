"""How the permission table refuses: pages, programs, addresses that nobody decided about."""

from __future__ import annotations

import logging

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from heartline.people import permissions
from heartline.people.middleware import signed_in as who_is
from heartline.people.permissions import ROLES_WITH, rights_of
from heartline.people.queries import NOBODY, scope_of
from tests.cast import Cast


def test_a_page_leads_to_the_door_and_back(cast: Cast) -> None:
    answer = Client().get("/setup/people/?a=1&b=2")
    assert answer.headers["Location"] == "/account/login/?next=/setup/people/%3Fa%3D1%26b%3D2"


def test_what_was_sent_to_a_page_is_not_put_into_an_address(cast: Cast) -> None:
    answer = Client().post("/setup/people/1/invite/", {"secret": "x"})
    assert answer.headers["Location"] == "/account/login/?next=/desk/"


@pytest.mark.parametrize(("path", "accept"), [("/desk/api/snapshot", "*/*"), ("/setup/", "application/json")])
def test_a_program_is_told_in_its_own_words(db: None, path: str, accept: str) -> None:
    answer = Client().get(path, headers={"accept": accept})
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_signed_in"
    assert answer.json()["reference"] == answer.headers["X-Request-Id"]


def test_a_role_without_the_right_is_told_who_can_help(cast: Cast, signed_in) -> None:
    page = signed_in(cast.grace).get("/setup/")
    assert page.status_code == 403
    assert "supervisor" in page.content.decode()
    told = signed_in(cast.grace).get("/setup/", headers={"accept": "application/json"}).json()
    assert told["code"] == "not_allowed"


@pytest.fixture
def undecided(monkeypatch: pytest.MonkeyPatch) -> str:
    """An address whose row was forgotten."""
    monkeypatch.delitem(permissions.ROUTES, "setup:skills")
    return "/setup/skills/"


def test_an_address_without_a_row_is_shut_even_for_administrators(
    cast: Cast, signed_in, undecided: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="heartline.permissions"):
        assert signed_in(cast.admin).get(undecided).status_code == 404
    assert "setup:skills" in caplog.text


def test_and_loud_while_debugging(cast: Cast, signed_in, undecided: str, settings) -> None:
    settings.DEBUG = True
    with pytest.raises(ImproperlyConfigured, match="setup:skills"):
        signed_in(cast.admin).get(undecided)


def test_and_fails_the_build(undecided: str) -> None:
    found = [problem for problem in run_checks() if problem.id == "people.E001"]
    assert [problem.msg.split()[0] for problem in found] == [undecided]


def test_a_row_with_a_right_that_does_not_exist_fails_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(permissions.ROUTES, "setup:skills", "setup.mange")
    assert [problem.id for problem in run_checks() if problem.id == "people.E001"] == ["people.E001"]


def test_every_role_has_some_right_and_no_other_role_has_any() -> None:
    for role in ("agent", "expert", "supervisor", "analyst", "admin"):
        assert rights_of(role)
    assert rights_of("owner") == rights_of("") == frozenset()
    assert all(ROLES_WITH.values())


def test_nobody_reaches_nothing(cast: Cast, rf) -> None:
    request = rf.get("/")
    assert who_is(request) is None
    assert not NOBODY.rights
    assert not NOBODY.sees_queue(cast.chat_zh.pk)
    assert not NOBODY.sees_queue(None)


def test_a_scope_is_made_of_todays_role_and_teams(cast: Cast) -> None:
    scope = scope_of(cast.grace)
    assert scope.queue_ids == {cast.chat_zh.pk, cast.chat_en.pk}
    assert not scope.sees_queue(cast.other_queue.pk)
    cast.grace.teams.clear()
    assert scope_of(cast.grace).queue_ids == frozenset()
    assert scope_of(cast.admin).everything
    cast.grace.is_active = False
    assert not scope_of(cast.grace).rights
