"""What is another team's does not exist; what is not offered cannot be set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from heartline.api.tests.helpers import Program
from heartline.common.actors import Actor
from heartline.conversations.models import Case, Contact, Message
from heartline.customers.models import Customer
from heartline.ledger.models import Entry
from heartline.people.models import Person
from heartline.promises.actions import open_follow_up
from heartline.promises.models import FollowUp
from tests.cast import NOON, Cast, waiting_contact

Programs = Callable[[str], Program]
NEVER = [0, -1, 10**30, "x", "%00", "1.5", "null", "'", "1;drop"]

READS = [
    "/customers/{customer}",
    "/cases/{case}",
    "/cases/{case}/messages",
    "/contacts/{contact}",
    "/follow-ups/{follow_up}",
]
CHANGES: list[tuple[str, str, dict[str, Any] | None]] = [
    ("PATCH", "/customers/{customer}", {"name": "x"}),
    ("PATCH", "/cases/{case}", {"subject": "x"}),
    ("POST", "/contacts/{contact}/take", None),
    ("POST", "/contacts/{contact}/transfer", {"to_queue_id": 1, "wants": "x"}),
    ("POST", "/contacts/{contact}/give-back", None),
    ("POST", "/contacts/{contact}/end", None),
    ("POST", "/contacts/{contact}/wrap-up", {"reason_id": 1, "resolution": "solved"}),
    ("POST", "/contacts/{contact}/replies", {"text": "x"}),
    ("POST", "/contacts/{contact}/notes", {"text": "x"}),
    ("POST", "/follow-ups/{follow_up}/take", None),
    ("POST", "/follow-ups/{follow_up}/finish", {"outcome": "done"}),
]


@pytest.fixture
def theirs(cast: Cast) -> dict[str, int]:
    """Return ids of one team's things; the outsider is of another team."""
    contact = waiting_contact(cast)
    by = Actor.customer(contact.customer_id, "")
    owed = open_follow_up(contact.case, "callback", contact=contact, owner=None, what="", due_at=NOON, by=by, now=NOON)
    return {
        "customer": contact.customer_id,
        "case": contact.case_id,
        "contact": contact.id,
        "follow_up": owed.id,
    }


def facts() -> int:
    return Entry.objects.exclude(kind__startswith="api.").count()


@pytest.mark.parametrize("path", READS)
def test_reading_what_is_anothers_is_reading_what_is_not(
    cast: Cast, theirs: dict[str, int], program: Programs, path: str
) -> None:
    real = program("outsider").get(path.format(**theirs))
    made_up = program("outsider").get(path.format(**dict.fromkeys(theirs, 999_999)))
    assert real.status_code == made_up.status_code == 404
    assert real.json() | {"reference": ""} == made_up.json() | {"reference": ""}
    assert program("grace").get(path.format(**theirs)).status_code == 200


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_changing_what_is_anothers_is_changing_what_is_not(
    cast: Cast, theirs: dict[str, int], program: Programs, method: str, path: str, body: Any
) -> None:
    outsider = program("outsider")
    before = facts()
    if "to_queue_id" in (body or {}):
        body = {**body, "to_queue_id": cast.chat_zh.id}
    if "reason_id" in (body or {}):
        body = {**body, "reason_id": cast.reason.id}
    real = outsider.send(method, path.format(**theirs), body)
    made_up = outsider.send(method, path.format(**dict.fromkeys(theirs, 999_999)), body)
    assert real.status_code == made_up.status_code == 404
    assert real.json() | {"reference": ""} == made_up.json() | {"reference": ""}
    assert facts() == before


@pytest.mark.parametrize("never", NEVER)
def test_an_id_that_cannot_be_finds_nothing(cast: Cast, theirs: dict[str, int], program: Programs, never: Any) -> None:
    before = facts()
    for method, path in [(method, path) for method, path, _ in CHANGES] + [("GET", path) for path in READS]:
        address = path.format(**dict.fromkeys(theirs, never))
        reply = program("admin").get(address) if method == "GET" else program("admin").send(method, address, {})
        assert reply.status_code in (404, 422), (method, address)
    assert facts() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("queue_id", "other"), ("customer_id", "theirs"), ("case_id", "theirs"), ("case_id", "of another customer")],
)
def test_every_second_thing_in_a_request_is_checked_like_the_first(
    cast: Cast, theirs: dict[str, int], program: Programs, field: str, value: str
) -> None:
    own = waiting_contact(cast, queue=cast.other_queue)
    body: dict[str, Any] = {
        "channel": "webform",
        "queue_id": cast.other_queue.id,
        "want": "改地址",
        "customer_id": own.customer_id,
        "case_id": own.case_id,
    }
    another = waiting_contact(cast, queue=cast.other_queue)
    other = {"queue_id": cast.chat_zh.id, "customer_id": theirs["customer"], "case_id": theirs["case"]}
    swapped = another.case_id if value == "of another customer" else other[field]
    before = facts()
    refused = program("outsider").post("/contacts", {**body, field: swapped})
    assert refused.status_code in (404, 422)
    assert facts() == before
    assert program("outsider").post("/contacts", body).status_code == 201


def test_a_case_cannot_be_given_to_whom_one_does_not_work_with(cast: Cast, program: Programs) -> None:
    case = waiting_contact(cast).case
    grace = program("grace")
    known = grace.send("PATCH", f"/cases/{case.id}", {"owner_id": cast.outsider.id})
    unknown = grace.send("PATCH", f"/cases/{case.id}", {"owner_id": 999_999})
    assert known.status_code == unknown.status_code == 422
    assert known.json() | {"reference": ""} == unknown.json() | {"reference": ""}
    for name in ("analyst", "expert"):
        assert grace.send("PATCH", f"/cases/{case.id}", {"owner_id": getattr(cast, name).id}).status_code == 422


def test_lists_hold_nothing_of_others(cast: Cast, theirs: dict[str, int], program: Programs) -> None:
    outsider = program("outsider")
    for path in ("/customers", "/cases", "/contacts", "/follow-ups", "/responses", "/offers"):
        assert outsider.get(path).json()["items"] == [], path
    for path, name in [("/cases", "customer"), ("/contacts", "case"), ("/follow-ups", "case")]:
        assert outsider.get(path, **{f"{name}_id": theirs[name]}).json()["items"] == []


def _columns(model: Any) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields}


@pytest.mark.parametrize(
    ("method", "path", "body", "model"),
    [
        ("PATCH", "/customers/{customer}", {}, Customer),
        ("PATCH", "/cases/{case}", {}, Case),
        ("POST", "/contacts/{contact}/notes", {"text": "x"}, Message),
        ("POST", "/follow-ups/{follow_up}/finish", {"outcome": "done"}, FollowUp),
        ("PUT", "/people/me/presence", {"state": "available"}, Person),
        ("POST", "/contacts", {"channel": "webform", "want": "x"}, Contact),
    ],
)
def test_no_column_can_be_set_that_is_not_offered(
    cast: Cast, theirs: dict[str, int], program: Programs, method: str, path: str, body: dict[str, Any], model: Any
) -> None:
    document = program("admin").get("/openapi.json").json()
    before, rows = facts(), list(model.objects.order_by("pk").values())
    address = path.format(**theirs)
    offered = _offered(document, method, path)
    for column in _columns(model) - offered:
        refused = program("admin").send(method, address, {**body, column: 1})
        assert refused.status_code == 422, column
        assert refused.json()["fields"][column], column
    assert facts() == before
    assert list(model.objects.order_by("pk").values()) == rows


def _offered(document: dict[str, Any], method: str, path: str) -> set[str]:
    for name in ("customer", "case", "contact", "follow_up"):
        path = path.replace(f"{{{name}}}", f"{{{name}_id}}")
    content = document["paths"][f"/api/v1{path}"][method.lower()]["requestBody"]["content"]
    schema = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert document["components"]["schemas"][schema]["additionalProperties"] is False
    return set(document["components"]["schemas"][schema]["properties"])


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%", "_", "\\", "{{7*7}}", "<script>", "＝1", "😀" * 50, "a" * 1000])
def test_text_is_text(cast: Cast, program: Programs, text: str) -> None:
    contact = waiting_contact(cast)
    noted = program("grace").post(f"/contacts/{contact.id}/notes", {"text": text})
    assert noted.json()["text"] == text
    assert program("grace").get("/customers", external=text[:200]).json()["items"] == []


def test_secrets_stay_inside(cast: Cast, program: Programs) -> None:
    """Plant a mark in every secret column and read everything as everybody."""
    from heartline.customers.models import Identity

    contact = waiting_contact(cast)
    marks = ["a" * 64, "b" * 64]
    Identity.objects.create(
        customer=contact.customer, kind="visitor", value=marks[0], verified_at=NOON, created_at=NOON
    )
    Case.objects.update(status_token_hash=marks[1])
    secrets = [*marks, *Person.objects.values_list("password", flat=True)]
    for name in ("grace", "supervisor", "analyst", "admin", "expert"):
        for path in (
            "/customers",
            "/cases",
            "/contacts",
            "/people",
            "/people/me",
            "/events",
            "/follow-ups",
            "/responses",
        ):
            text = program(name).get(path).content.decode()
            assert not any(secret in text for secret in secrets), (name, path)


def test_a_key_that_may_not_read_addresses_gets_none(cast: Cast, theirs: dict[str, int]) -> None:
    FollowUp.objects.update(phone="+8613800138000")
    program = Program(cast.grace, rights={"desk.use", "contact.serve"})
    assert program.get(f"/follow-ups/{theirs['follow_up']}").json()["phone"] == ""
    assert "13800138000" not in program.get("/follow-ups").content.decode()
    for path in ("/customers", f"/customers/{theirs['customer']}"):
        assert program.get(path).status_code == 403
    assert program.send("PATCH", f"/customers/{theirs['customer']}", {}).status_code == 403
    assert Program(cast.grace).get(f"/follow-ups/{theirs['follow_up']}").json()["phone"] == "+8613800138000"


@pytest.mark.django_db(transaction=True)  # the ledger is read as far as it is settled
def test_a_person_who_leaves_a_team_sees_its_things_no_more(
    cast: Cast, theirs: dict[str, int], program: Programs
) -> None:
    tom = program("tom")
    assert tom.get(f"/cases/{theirs['case']}").status_code == 200
    cast.tom.teams.clear()
    assert tom.get(f"/cases/{theirs['case']}").status_code == 404
    assert {event["kind"] for event in tom.get("/events", limit=500).json()["items"]} == {"api.key_created"}


def test_time_that_has_passed_is_no_time_to_call(cast: Cast, program: Programs) -> None:
    body = {
        "channel": "callback",
        "queue_id": cast.chat_zh.id,
        "want": "回电",
        "new_customer": {"name": "周敏", "language": "zh-hans", "phone": "13800138000"},
        "due_at": (NOON - timedelta(seconds=1)).isoformat(),
    }
    assert program("grace").post("/contacts", body).status_code == 422
