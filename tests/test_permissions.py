"""The permission table, proved at every address: each route × each role × the outsider × nobody.

The addresses come from the resolver, so a route that is added later is tested without a word here. What stands in
its `<parameters>` is chosen by their names (SAMPLES), or by their converters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from heartline.ledger.models import Entry
from heartline.people.models import Person
from heartline.people.permissions import CLOSED, PUBLIC, ROLES_WITH, ROUTES, SIGNED_IN, VISITOR, rights_of
from heartline.people.routes import Route, routes, unlisted
from heartline.promises.models import FollowUp
from heartline.routing.models import Offer
from tests.cast import NOON, Cast, assemble, waiting_contact

EVERYBODY = ("grace", "expert", "supervisor", "analyst", "admin", "outsider", "nobody")
PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>[^)]+\)")

# What stands for a parameter of a name; a name that is not here is filled by its converter.
SAMPLES = {"brand_key": "qinghe", "uidb36": "1", "key": "set-password", "token": "t" * 32}
BY_CONVERTER = {"int": "1", "slug": "sample", "str": "sample", "uuid": "00000000-0000-0000-0000-000000000000"}
# Parameters that name a thing which belongs to somebody: the second test puts another team's thing there.
SECRET = "陈雨桐"
OWNED = frozenset({"contact_id", "case_id", "offer_id", "follow_up_id", "customer_id", "person_id"})


def path_of(route: Route, values: dict[str, str]) -> str:
    """Return a concrete address of a route."""

    def chosen(match: re.Match[str]) -> str:
        name = match["name"] or match["group"]
        return values.get(name) or SAMPLES.get(name) or BY_CONVERTER[match["converter"] or "str"]

    return PARAMETER.sub(chosen, route.path).replace("^", "").replace("$", "")


def all_routes() -> list[Route]:
    """Return one route per address; where one address has several names, the resolver's own is asked for."""
    return list({route.path: route for route in reversed(list(routes()))}.values())


def client_of(cast: Cast, who: str) -> Client:
    """Return a browser in which somebody, or nobody, is signed in."""
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(getattr(cast, who))
    return client


def told_to_sign_in(response: Any) -> bool:
    """Return whether an answer says only: sign in. (allauth's page about a failed sign-in is a 401 too.)"""
    if response.status_code == 401:
        return bool(response.headers["Content-Type"] == "application/problem+json")
    return response.status_code == 302 and bool(response.headers["Location"].startswith("/account/login/?next="))


@pytest.fixture(autouse=True)
def passwords_are_cheap_here(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_every_route_has_a_row_and_every_row_has_a_route() -> None:
    assert unlisted() == []
    while_debugging = {"ui:components"}
    assert set(ROUTES) - {route.name for route in routes()} - while_debugging == set()


def test_a_right_belongs_to_roles_that_exist() -> None:
    roles = {role for holders in ROLES_WITH.values() for role in holders}
    assert roles == {"agent", "expert", "supervisor", "analyst", "admin"}
    assert set(ROUTES.values()) <= {PUBLIC, VISITOR, SIGNED_IN, CLOSED, *ROLES_WITH}


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY)
def test_every_address_opens_to_whom_the_table_says_and_to_nobody_else(who: str) -> None:
    cast = assemble()
    person: Person | None = getattr(cast, who, None)
    before = Entry.objects.count()
    wrong = list(_misbehaving(cast, who, person))
    assert wrong == []
    assert Entry.objects.count() == before, "a GET has changed something"


def _misbehaving(cast: Cast, who: str, person: Person | None) -> Iterator[str]:
    came_with = {name: cookie.value for name, cookie in client_of(cast, who).cookies.items()}
    for route in all_routes():
        path = path_of(route, {})
        right = ROUTES[resolve(path).view_name]
        client = Client(raise_request_exception=False)
        client.cookies.load(came_with)  # what one page does to a browser is nothing to the next
        response = client.get(path)
        problem = _problem(response, right, person)
        if problem:
            yield f"{who} GET {path} ({right}): {response.status_code}, {problem}"


def _problem(response: Any, right: str, person: Person | None) -> str:
    if response.status_code >= 500:
        return "must not break"
    if right == CLOSED:
        return "" if response.status_code == 404 else "must not exist"
    if right in (PUBLIC, VISITOR):
        # a visitor's token is asked for by the page itself: 401 and 404 are its answers
        refused = response.status_code == 403 or (right == PUBLIC and told_to_sign_in(response))
        return "must be open" if refused else ""
    if person is None:
        return "" if told_to_sign_in(response) else "must ask to sign in"
    if right == SIGNED_IN or right in rights_of(person.role):
        return "must be open" if response.status_code == 403 or told_to_sign_in(response) else ""
    return "" if response.status_code == 403 else "must be refused"


@dataclass
class Things:
    """Something of every kind that belongs to somebody, by the name of its parameter."""

    ours: dict[str, str]
    theirs: dict[str, str]


def things_of(cast: Cast) -> Things:
    ours, theirs = waiting_contact(cast), waiting_contact(cast, queue=cast.other_queue)
    assert ours.customer.name == theirs.customer.name == SECRET
    return Things(_named(ours, cast.grace), _named(theirs, cast.outsider))


def _named(contact, person) -> dict[str, str]:
    offer = Offer.objects.create(
        contact=contact, person=person, offered_at=NOON, expires_at=NOON + timedelta(seconds=25), fence=1
    )
    follow_up = FollowUp.objects.create(
        case=contact.case,
        kind="callback",
        owner=person,
        what="…",
        opened_at=NOON,
        warn_at=NOON + timedelta(hours=1),
        due_at=NOON + timedelta(hours=2),
    )
    found = {
        "contact_id": contact.id,
        "case_id": contact.case_id,
        "offer_id": offer.id,
        "follow_up_id": follow_up.id,
        "customer_id": contact.customer_id,
        "person_id": person.id,
    }
    return {name: str(value) for name, value in found.items()}


def owned_routes() -> list[Route]:
    """Return the staff's routes that name a thing which belongs to somebody."""
    named = [(route, {match["name"] for match in PARAMETER.finditer(route.path)}) for route in all_routes()]
    return [route for route, names in named if names & OWNED and ROUTES[route.name] in ROLES_WITH]


def test_there_are_things_to_be_kept_apart() -> None:
    assert len(owned_routes()) > 20


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["grace", "expert", "supervisor", "outsider"])
def test_what_belongs_to_another_team_does_not_exist(who: str) -> None:
    cast = assemble()
    things = things_of(cast)
    foreign = things.ours if who == "outsider" else things.theirs
    rights, client, before = rights_of(getattr(cast, who).role), client_of(cast, who), Entry.objects.count()
    wrong: list[str] = []
    for route in owned_routes():
        if ROUTES[resolve(path_of(route, foreign)).view_name] in rights:
            wrong += _revealing(client, route, foreign)
    assert wrong == []
    assert Entry.objects.count() == before, "something happened to what is not theirs"


def _revealing(client: Client, route: Route, foreign: dict[str, str]) -> Iterator[str]:
    """Yield the methods that tell something that is not theirs from something that is not there."""
    for method, content in (("GET", None), ("POST", "{}"), ("POST", ""), ("PATCH", "{}"), ("DELETE", None)):
        kind = "application/json" if content == "{}" else "application/x-www-form-urlencoded"
        answers = [
            client.generic(method, path_of(route, values), content or "", content_type=kind)
            for values in (foreign, dict.fromkeys(foreign, "999999999"), dict.fromkeys(foreign, "0"))
        ]
        codes = [answer.status_code for answer in answers]
        bodies = b"".join(answer.content for answer in answers).decode(errors="replace")
        # 403, 405 and 422 are said before anything is looked up
        if codes[0] != codes[1] or not set(codes) <= {403, 404, 405, 422} or SECRET in bodies:
            yield f"{method} {route.path}: {codes}"
