"""The audit page: the whole record, a page at a time, by person, kind and day."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from heartline.common.actors import Actor
from heartline.ledger.actions import one_change, record
from heartline.ledger.events import KINDS
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for, set_presence
from heartline.people.audit import Sought, entries_for
from heartline.people.audit import who as who_did
from heartline.people.events import SettingsChanged
from heartline.people.pages.audit import PAGE, what_happened
from heartline.people.queries import scope_of
from tests.cast import NOON, Cast, waiting_contact


def note(number: int, *, sample: bool = False) -> None:
    with one_change():
        event = SettingsChanged(what="skill", id=number, name=f"Skill {number}", changed=("added",))
        record(event, by=Actor.system("test"), now=NOON + timedelta(minutes=number), sample=sample)


def kinds(page) -> list[str]:
    return [entry.kind for entry, *_rest in page.context["rows"]]


def test_pages_meet_without_gap_or_repetition(cast: Cast, signed_in) -> None:
    for number in range(2 * PAGE + 7):
        note(number)
    client, seen, query = signed_in(cast.admin), [], "?"
    while query:
        page = client.get(f"/setup/audit/{query}")
        seen += [entry.pk for entry, *_rest in page.context["rows"]]
        query = page.context["older"]
    assert seen == list(Entry.objects.order_by("-id").values_list("id", flat=True))


def test_it_is_searched_by_person_kind_and_day(cast: Cast, signed_in) -> None:
    client = signed_in(cast.admin)
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=NOON)
    set_presence(cast.tom, "available", by=actor_for(cast.supervisor), now=NOON + timedelta(days=1))
    waiting_contact(cast)
    assert kinds(client.get("/setup/audit/", {"person": cast.grace.pk})) == ["people.presence_changed"]
    assert kinds(client.get("/setup/audit/", {"person": cast.supervisor.pk})) == ["people.presence_changed"]
    found = client.get(
        "/setup/audit/", {"kind": "people.presence_changed", "since": "2026-11-27", "until": "2026-11-27"}
    )
    assert [entry.body["person_name"] for entry, *_rest in found.context["rows"]] == ["Tom Reid"]
    assert kinds(client.get("/setup/audit/", {"until": "2020-01-01"})) == []


def test_it_is_searched_by_what_it_is_about(cast: Cast, signed_in) -> None:
    first, second = waiting_contact(cast), waiting_contact(cast)
    client = signed_in(cast.admin)
    found = client.get("/setup/audit/", {"subject": "case_id", "number": first.case_id}).context["rows"]
    assert {entry.case_id for entry, *_rest in found} == {first.case_id}
    found = client.get("/setup/audit/", {"subject": "customer_id", "number": second.customer_id}).context["rows"]
    assert {entry.customer_id for entry, *_rest in found} == {second.customer_id}


def lines_of(reply) -> list[dict[str, str]]:
    text = b"".join(reply.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_what_was_looked_for_and_its_leaving_is_recorded(cast: Cast, signed_in) -> None:
    contact = waiting_contact(cast)
    client = signed_in(cast.admin)
    reply = client.post("/setup/audit/file/", {"subject": "case_id", "number": contact.case_id})
    assert reply.headers["Content-Disposition"].startswith("attachment")
    rows = lines_of(reply)
    assert {row["case_id"] for row in rows} == {str(contact.case_id)}
    assert len(rows) == Entry.objects.filter(case_id=contact.case_id).count()
    left = Entry.objects.get(kind="people.audit_exported")
    assert left.actor_id == cast.admin.pk
    for who in (cast.grace, cast.supervisor, cast.analyst, cast.expert):
        assert signed_in(who).post("/setup/audit/file/").status_code == 403
    assert client.get("/setup/audit/file/").status_code == 405


@pytest.mark.parametrize("name", ["=1+1", "+86 138", "-2", "@x", "＝1", " =1", "\u200b=1"])
def test_no_cell_of_the_file_is_a_formula(cast: Cast, signed_in, name: str) -> None:
    with one_change():
        event = SettingsChanged(what="skill", id=1, name="x", changed=("added",))
        record(event, by=Actor.person(1, name), now=NOON, sample=False)
    rows = lines_of(signed_in(cast.admin).post("/setup/audit/file/"))
    assert rows[-1]["actor"] == f"'{name}" or rows[0]["actor"] == f"'{name}"


def test_names_of_customers_are_for_who_may_read_them(cast: Cast) -> None:
    waiting_contact(cast)
    entry = Entry(actor_kind="customer", actor_name="周敏")
    scope = scope_of(cast.admin)
    assert who_did(entry, scope) == "周敏"
    assert who_did(entry, replace(scope, rights=scope.rights - {"personal.read"})) == ""
    assert not entries_for(scope_of(cast.supervisor), Sought(), ZoneInfo("UTC")).exists()


@pytest.mark.parametrize(
    "query",
    [
        {"person": "x"},
        {"person": "999"},
        {"kind": "'; --"},
        {"since": "never"},
        {"since": "0001-01-01", "until": "9999-12-31"},
        {"subject": "id", "number": "1"},
        {"number": "x" * 99},
        {"before": "x"},
        {"before": "9" * 40},
    ],
)
def test_a_question_that_makes_no_sense_breaks_nothing(cast: Cast, signed_in, query: dict[str, str]) -> None:
    assert signed_in(cast.admin).get("/setup/audit/", query).status_code == 200


def test_what_the_sample_company_did_is_marked(cast: Cast, signed_in) -> None:
    note(1, sample=True)
    assert "Sample</span>" in signed_in(cast.admin).get("/setup/audit/").content.decode()


def test_only_administrators_read_it(cast: Cast, signed_in) -> None:
    for who in (cast.grace, cast.supervisor, cast.analyst, cast.expert):
        assert signed_in(who).get("/setup/audit/").status_code == 403


def test_every_kind_of_event_says_what_it_tells() -> None:
    for kind in KINDS:
        words = what_happened(kind)
        assert words
        assert not set(words) & set("`;_"), f"{kind}: {words}"
