"""The OpenAPI document tells the truth: every reply of every operation to every role is one it describes."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from heartline.api.tests.helpers import Program
from heartline.api.urls import house
from heartline.common.actors import Actor
from heartline.conversations.models import Contact
from heartline.improvement.quality.models import Review
from heartline.improvement.quality.tests.stage import published, scored, served, to_score
from heartline.people.permissions import SIGNED_IN, rights_of
from heartline.promises.actions import open_follow_up
from tests.cast import NOON, Cast, waiting_contact

ROLES = ["grace", "expert", "supervisor", "analyst", "admin", "outsider"]
PARTS = 3
OURS = ("authorization", "cookie", "idempotency-key")
CHECKED = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


def test_the_document_is_for_everybody() -> None:
    document = Client().get("/api/v1/openapi.json")
    assert document.status_code == 200
    told = json.loads(document.content)
    assert told["openapi"].startswith("3.")
    assert {"session", "key"} <= told["components"]["securitySchemes"].keys()


def test_every_operation_names_its_right_and_its_refusals() -> None:
    for path, methods in house.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            assert operation["x-right"], path
            assert {401, 403, 404, 422, 429} <= operation["responses"].keys(), path
            names = [one["name"] for one in operation["parameters"] if one["in"] == "header"]
            assert names == (["Idempotency-Key"] if method == "post" else []), path


def test_every_shape_has_a_name_of_its_own() -> None:
    """Two shapes of one name would be one in the document, and replies of the other not as described."""
    shapes: list[type[BaseModel]] = [BaseModel]
    named: dict[str, set[str]] = {}
    while shapes:
        for shape in shapes.pop().__subclasses__():
            shapes.append(shape)
            if shape.__module__.startswith("heartline."):
                named.setdefault(shape.__name__, set()).add(shape.__module__)
    assert {name: where for name, where in named.items() if len(where) > 1} == {}


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Keep the test's own transaction open from one request to the next, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one minute hold all that is asked here, for the clock stands still."""
    monkeypatch.setattr("heartline.api.budget.PER_MINUTE", 10**6)


@cache
def schema() -> Any:
    """Return the document as a source of requests; reading it costs more than asking."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.mark.usefixtures("_one_connection", "_no_limit")
@pytest.mark.parametrize("part", range(PARTS))
def test_no_reply_is_a_surprise(cast: Cast, contact: Contact, part: int) -> None:
    """Any input to every role, also to things that exist: no fault, no undocumented status, no reply of another form."""
    real = _things(cast, contact)
    programs = [Program(getattr(cast, role)) for role in ROLES]
    for number, found in enumerate(schema().get_all_operations()):
        assert isinstance(found, Ok)
        if number % PARTS == part:
            _try(found.ok(), programs, real)


def _things(cast: Cast, contact: Contact) -> dict[str, str]:
    """Return what stands in the addresses of some requests: things that exist, by the names of their places."""
    waiting_contact(cast)
    by = Actor.customer(contact.customer_id, "")
    open_follow_up(contact.case, "low_score", contact=contact, owner=None, what="", due_at=NOON, by=by, now=NOON)
    version = published(cast)
    done = scored(served(cast), version, cast.expert)
    to_score(served(cast), version, cast.supervisor)
    Review.objects.filter(id=done.id).update(shared_at=NOON)
    return {
        "metric": "answered",
        "contact_id": str(contact.id),
        "case_id": str(contact.case_id),
        "customer_id": str(contact.customer_id),
        "question": "q1",
        "mode": "reply",
        "channel": "webchat",
    }


def _try(operation: Any, programs: list[Program], real: dict[str, str]) -> None:
    """Ask once as each role, those first who have the right."""
    right = operation.definition.raw["x-right"]
    allowed = [one for one in programs if right in (SIGNED_IN, *rights_of(one.person.role))]
    asking = itertools.cycle([*allowed, *(one for one in programs if one not in allowed)])
    numbers = itertools.count()

    @settings(
        max_examples=len(programs),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), exists=st.booleans())
    def ask(case: Any, exists: bool) -> None:
        if exists:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = real.get(name, "1")
        case.headers = {name: value for name, value in (case.headers or {}).items() if name.lower() not in OURS}
        case.cookies = {}
        key = f"{operation.label} {next(numbers)}".replace(" ", "-")
        response = case.call(headers=next(asking).headers() | {"Idempotency-Key": key})
        assert response.status_code not in (401, 429)
        case.validate_response(response, checks=CHECKED)

    ask()
