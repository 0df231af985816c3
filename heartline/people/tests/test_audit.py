"""The audit page: the whole record, a page at a time, by person, kind and day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.common.actors import Actor
from heartline.ledger.actions import one_change, record
from heartline.ledger.events import KINDS
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for, set_presence
from heartline.people.events import SettingsChanged
from heartline.people.pages.audit import PAGE, what_happened
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
    found = client.get("/setup/audit/", {"kind": "people.presence_changed", "day": "2026-11-27"})
    assert [entry.body["person_name"] for entry, *_rest in found.context["rows"]] == ["Tom Reid"]
    assert kinds(client.get("/setup/audit/", {"day": "2020-01-01"})) == []


@pytest.mark.parametrize(
    "query",
    [{"person": "x"}, {"person": "999"}, {"kind": "'; --"}, {"day": "never"}, {"before": "x"}, {"before": "9" * 40}],
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
