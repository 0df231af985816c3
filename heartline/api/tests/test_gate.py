"""Who gets in, by which right, how often, with what."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from ninja.operation import Operation

from heartline.api.actions import create_key, revoke_key
from heartline.api.budget import BUDGET, PER_MINUTE, Budget
from heartline.api.gate import right_of
from heartline.api.models import ApiKey
from heartline.api.tests.helpers import Program
from heartline.api.urls import house
from heartline.common.errors import Invalid, TooMany
from heartline.conversations.models import Contact
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.people.models import Person, RateCount
from heartline.people.permissions import ROUTES, SIGNED_IN, rights_of
from tests.cast import NOON, PASSWORD, Cast

ROLES = ["grace", "expert", "supervisor", "analyst", "admin", "outsider"]


def operations() -> list[tuple[str, str, Operation]]:
    return [
        (method, path, operation)
        for router in house._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    ]


def address(path: str) -> str:
    return re.sub(r"{\w+_id}", "1", path).replace("{metric}", "offered")


def ask(program: Program, method: str, path: str) -> Any:
    return program.get(address(path)) if method == "GET" else program.send(method, address(path), {})


def test_an_operation_has_one_name_one_address_and_one_row() -> None:
    names = [operation.view_func.__name__ for _, _, operation in operations()]
    assert len(names) == len(set(names))
    assert {f"api:{name}" for name in names} == {
        name for name in ROUTES if name.startswith("api:") and name not in ("api:openapi-json", "api:api-root")
    }


def test_what_an_address_is_known_by_never_asks_for_more_than_its_operations_do() -> None:
    """Django knows an address by its first operation: that right must not keep out who may do another of them."""
    from heartline.people.permissions import ROLES_WITH

    everybody = frozenset().union(*ROLES_WITH.values())
    for router in house._get_bound_routers():
        for view in router.path_operations.values():
            first, *others = [ROLES_WITH.get(right_of(operation), everybody) for operation in view.operations]
            assert all(roles <= first for roles in others)


@pytest.mark.parametrize("role", ROLES)
def test_every_operation_for_every_role(cast: Cast, role: str) -> None:
    program = Program(getattr(cast, role))
    rights = rights_of(program.person.role)
    for method, path, operation in operations():
        reply = ask(program, method, path)
        allowed = right_of(operation) in (SIGNED_IN, *rights)
        assert (reply.status_code == 403) is not allowed, (method, path)
        assert allowed or reply.json()["code"] == "not_allowed", (method, path)
        assert reply.status_code < 500, (method, path)


def test_nobody_gets_nothing(cast: Cast) -> None:
    before = Entry.objects.count()
    for method, path, _ in operations():
        for headers in ({}, {"authorization": "Bearer "}, {"authorization": "Bearer hl_" + "A" * 32}):
            reply = Client().generic(method, f"/api/v1{address(path)}", "{}", "application/json", headers=headers)
            RateCount.objects.all().delete()
            assert (reply.status_code, reply.headers["Content-Type"]) == (401, "application/problem+json"), path
    assert Entry.objects.count() == before


def test_a_key_without_the_right_is_refused_whatever_its_person_may_do(cast: Cast) -> None:
    programs = {right: Program(cast.admin, rights=set(rights_of("admin")) - {right}) for right in rights_of("admin")}
    for method, path, operation in operations():
        if right_of(operation) != SIGNED_IN:
            assert ask(programs[right_of(operation)], method, path).status_code == 403, (method, path)


def test_a_key_never_outgrows_its_person(cast: Cast) -> None:
    program = Program(cast.admin)
    assert program.get("/figures").status_code == 200
    Person.objects.filter(id=cast.admin.id).update(role="agent")
    assert program.get("/figures").status_code == 403
    assert "setup.manage" not in program.get("/people/me").json()["rights"]


@pytest.mark.parametrize("end", ["expired", "revoked", "inactive", "deleted"])
def test_a_key_that_has_ended_is_refused(cast: Cast, end: str) -> None:
    program = Program(cast.grace)
    assert program.get("/people/me").status_code == 200
    if end == "expired":
        ApiKey.objects.update(expires_at=NOON)
    elif end == "revoked":
        revoke_key(cast.grace, program.key.id, by=actor_for(cast.grace), now=NOON)
    elif end == "inactive":
        Person.objects.filter(id=cast.grace.id).update(is_active=False)
    else:
        ApiKey.objects.all().delete()
    reply = program.get("/people/me")
    assert (reply.status_code, reply.json()["code"]) == (401, "key_unknown")
    assert reply.headers["WWW-Authenticate"] == "Bearer"


def test_only_the_hash_of_a_key_is_kept_and_nothing_tells_it(cast: Cast) -> None:
    program = Program(cast.grace)
    assert program.secret not in str(list(ApiKey.objects.values()))
    assert program.secret not in str(list(Entry.objects.values()))
    assert ApiKey.objects.get().hint == program.secret[:8]


def test_a_wrong_key_is_refused_even_beside_a_good_session(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.grace)
    assert client.get("/api/v1/people/me").status_code == 200
    assert client.get("/api/v1/people/me", headers={"authorization": "Bearer hl_wrong"}).status_code == 401


@pytest.mark.usefixtures("minute_that_lasts")
def test_who_guesses_keys_waits(cast: Cast) -> None:
    client = Client()
    statuses = [
        client.get("/api/v1/people/me", headers={"authorization": f"Bearer hl_{number}"}).status_code
        for number in range(32)
    ]
    assert statuses == [401] * 30 + [429] * 2


def test_a_visitors_bearer_token_elsewhere_is_left_alone(cast: Cast) -> None:
    reply = Client().get("/rate/xyz/", headers={"authorization": "Bearer hl_wrong"})
    assert reply.status_code == 404


def test_a_session_must_show_that_a_page_of_ours_sent_the_change(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.grace)
    change: dict[str, Any] = {"data": '{"state": "available"}', "content_type": "application/json"}
    refused = client.put("/api/v1/people/me/presence", **change)
    assert (refused.status_code, refused.json()["code"]) == (403, "stale_page")
    client.cookies["csrftoken"] = "a" * 32
    assert client.put("/api/v1/people/me/presence", **change, headers={"x-csrftoken": "a" * 32}).status_code == 200


def test_a_key_needs_no_page_of_ours(cast: Cast) -> None:
    program = Program(cast.grace)
    program.client = Client(enforce_csrf_checks=True)
    assert program.send("PUT", "/people/me/presence", {"state": "available"}).status_code == 200


def test_cookies_from_signing_in_work_too(cast: Cast) -> None:
    client = Client()
    client.post("/account/login/", {"login": "grace@example.com", "password": PASSWORD})
    assert client.get("/api/v1/people/me").json()["name"] == "Grace Okafor"


def test_a_minute_has_so_many_requests_for_all_processes_together(cast: Cast) -> None:
    program = Program(cast.grace)
    other_process = Budget()
    for _ in range(PER_MINUTE // 2):
        BUDGET.check(f"api:key:{program.key.id}", now=NOON)
        other_process.check(f"api:key:{program.key.id}", now=NOON)
    for process in (BUDGET, other_process):
        with pytest.raises(TooMany):
            process.check(f"api:key:{program.key.id}", now=NOON)
    refused = program.get("/people/me")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert Program(cast.tom).get("/people/me").status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        assert program.get("/people/me").status_code == 200


@pytest.mark.parametrize(
    "query", ["?colour=red", "?limit=1&limit=2", "?cursor=%00", "?state=%ED%A0%80", "?limit=0", "?limit=x"]
)
def test_parameters_that_are_unknown_or_unfit_are_refused(cast: Cast, query: str) -> None:
    reply = Program(cast.grace).get(f"/cases{query}")
    assert (reply.status_code, reply.json()["code"]) in [(422, "malformed"), (422, "cursor_unknown")]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "7", "{", '"text"', "null", '{"state": "available", "state": ', "\x00", '{"state": NaN}', "[" * 5000],
)
def test_bodies_that_are_no_objects_are_refused(cast: Cast, body: str) -> None:
    reply = Program(cast.grace).send("PUT", "/people/me/presence", body)
    assert reply.status_code == 422
    assert reply.headers["Content-Type"] == "application/problem+json"


def test_forms_are_no_json(cast: Cast) -> None:
    program = Program(cast.grace)
    reply = program.client.put(
        "/api/v1/people/me/presence", "state=available", "application/x-www-form-urlencoded", headers=program.headers()
    )
    assert (reply.status_code, reply.json()["code"]) == (422, "not_json")


def test_a_wrong_method_says_which_would_do(cast: Cast) -> None:
    reply = Program(cast.grace).send("DELETE", "/cases")
    assert (reply.status_code, reply.json()["code"]) == (405, "wrong_method")
    assert reply.headers["Allow"] == "GET"


def test_an_unknown_address_is_a_problem_document_too(cast: Cast) -> None:
    reply = Program(cast.grace).get("/nothing")
    assert (reply.status_code, reply.headers["Content-Type"]) == (404, "application/problem+json")


def test_refusals_have_the_same_form_from_everywhere(cast: Cast, contact: Contact) -> None:
    program = Program(cast.expert)
    replies = [
        program.get("/nothing"),
        program.get("/cases/7"),
        program.get("/cases?x=1"),
        program.get("/figures"),
        Client().get("/api/v1/cases"),
    ]
    for reply in replies:
        assert {"type", "title", "status", "code", "detail", "reference"} <= reply.json().keys()
        assert reply.json()["status"] == reply.status_code
        assert reply.headers["Cache-Control"] == "no-store"


def test_use_of_a_key_is_noted_once_a_minute(cast: Cast) -> None:
    program = Program(cast.grace)
    program.get("/people/me")
    assert ApiKey.objects.get().last_used_at == NOON
    with time_machine.travel(NOON + timedelta(seconds=30), tick=False):
        program.get("/people/me")
        assert ApiKey.objects.get().last_used_at == NOON


@pytest.mark.parametrize(
    ("name", "rights", "days"),
    [
        ("", {"desk.use"}, 30),
        ("x", set(), 30),
        ("x", {"setup.manage"}, 30),
        ("x", {"made.up"}, 30),
        ("x", {"desk.use"}, 31),
    ],
)
def test_a_key_is_made_only_of_own_rights_and_ends(cast: Cast, name: str, rights: set[str], days: int) -> None:
    with pytest.raises(Invalid):
        create_key(cast.grace, name, rights, days, by=actor_for(cast.grace), now=NOON)
    assert not ApiKey.objects.exists()
