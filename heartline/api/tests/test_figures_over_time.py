"""Figures over time by program: the same period, parts, comparison and rows as on the pages, and no more than they show."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from heartline.api.tests.helpers import Program
from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import abandon_contact, answer_contact
from heartline.insight.catalogue import METRICS
from heartline.insight.kept.reading import READER, folder
from heartline.people.actions import actor_for
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db(transaction=True)
DAY = {"first": "2026-11-26", "last": "2026-11-26"}


@pytest.fixture
def cast() -> Iterator[Cast]:
    """One contact answered in time, one late, one left, and one in a queue of other people; an hour ago."""
    shutil.rmtree(folder(), ignore_errors=True)
    found = assemble()
    for seconds in (30, 90):
        contact = waiting_contact(found)
        answer_contact(contact, found.grace, by=actor_for(found.grace), now=NOON + timedelta(seconds=seconds))
    gone = waiting_contact(found)
    abandon_contact(gone, "left", by=Actor.customer(gone.customer_id, ""), now=NOON + timedelta(seconds=40))
    waiting_contact(found, queue=found.other_queue)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        yield found
    READER.forget()


def test_every_number_opens_to_rows_that_make_it(cast: Cast) -> None:
    lead = Program(cast.supervisor)
    told = lead.get("/figures/over-time", **DAY, by="hour", against="before").json()
    assert told["upto"]
    whole = {one["metric"]: one for one in told["whole"]}
    assert (whole["service_level"]["hits"], whole["service_level"]["n"]) == (1, 3)
    assert {one["metric"] for one in told["compared"]} <= set(whole)
    (line,) = (one for one in told["lines"] if {"metric": "offered", "n": 3}.items() <= one["figures"][0].items())
    path = "/figures/over-time/service_level/rows"
    rows = lead.get(path, **DAY, by="hour", at=line["starts_at"], limit=2).json()
    assert (rows["figure"], rows["total"], rows["counting"], len(rows["items"])) == (whole["service_level"], 3, 1, 2)
    rest = lead.get(path, **DAY, by="hour", at=line["starts_at"], limit=2, cursor=rows["next"]).json()
    assert (len(rest["items"]), rest["next"]) == (1, None)
    (counted,) = lead.get(path, **DAY, show="counted").json()["items"]
    assert counted["counts"]
    assert counted["person"] == ""


def test_the_files_hold_what_the_replies_hold(cast: Cast) -> None:
    lead = Program(cast.supervisor)
    told = lead.get("/figures/over-time", **DAY, by="queue").json()
    file = lead.get("/figures/over-time.csv", **DAY, by="queue")
    assert file.headers["Content-Type"].startswith("text/csv")
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert len(lines) - 1 == sum(len(one["figures"]) for one in told["lines"]) + len(told["whole"])
    rows = lead.get("/figures/over-time/offered/rows.csv", **DAY)
    assert len(b"".join(rows.streaming_content).decode("utf-8-sig").strip().splitlines()) == 4
    day = lead.get("/figures/offered/contacts.csv", day="2026-11-26")
    assert len(day.content.decode("utf-8-sig").strip().splitlines()) == 4


def test_nobody_is_told_of_what_is_not_theirs(cast: Cast) -> None:
    lead, admin = Program(cast.supervisor), Program(cast.admin)
    wanted = {**DAY, "queue_id": cast.other_queue.id}
    assert lead.get("/figures/over-time", **wanted).status_code == 404
    assert admin.get("/figures/over-time", **wanted).status_code == 200
    assert Program(cast.grace).get("/figures/over-time").status_code == 403
    for wrong in (
        {"zone": "Mars/Olympus"},
        {"first": "2026-11-27", "last": "2026-11-26"},
        {"first": "2020-01-01"},
        {"set": "x"},
        {"by": "minute"},
        {"at": "2026-11-26T00:00:00"},
    ):
        assert lead.get("/figures/over-time", **wrong).status_code == 422, wrong
    assert lead.get("/figures/over-time/nothing/rows").status_code == 404


def test_ones_own_figures_are_ones_own(cast: Cast) -> None:
    grace, tom = Program(cast.grace), Program(cast.tom)
    told = {one["metric"]: one for one in grace.get("/figures/mine", **DAY).json()["whole"]}
    assert told["answered"]["n"] == 2
    assert "offered" not in told
    assert {one["person"] for one in grace.get("/figures/mine/answered/rows", **DAY).json()["items"]} == {
        cast.grace.name
    }
    assert {one["metric"]: one["n"] for one in tom.get("/figures/mine", **DAY).json()["whole"]}["answered"] == 0
    assert tom.get("/figures/mine/answered/rows", **DAY).json()["items"] == []
    assert grace.get("/figures/mine/offered/rows").status_code == 404
    assert grace.get("/figures/mine", person_id=cast.tom.id).status_code == 422


def test_what_figures_mean_and_whether_they_were_checked(cast: Cast) -> None:
    lead = Program(cast.supervisor)
    metrics = {one["id"]: one for one in lead.get("/metrics").json()["items"]}
    assert len(metrics) == len(METRICS)
    assert metrics["service_level"]["versions"][-1]["number"] >= 1
    assert lead.get("/figures/check").json() == {"day": None, "equal": None, "contacts": 0, "differing": 0}


def test_rows_of_a_part_that_is_none_are_refused_before_a_file_begins(cast: Cast) -> None:
    reply = Program(cast.grace).get("/figures/mine/answered/rows.csv", at="0228-10-30T04:04:10Z")
    assert reply.status_code == 404
