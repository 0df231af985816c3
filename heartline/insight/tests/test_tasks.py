"""The nightly check: equal when it should be, heard when not, once a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from heartline.conversations.actions.contacts import answer_contact
from heartline.insight.events import FiguresChecked
from heartline.insight.facts import Work
from heartline.insight.tasks import check, keep_and_check
from heartline.insight.today import DayStore
from heartline.ledger.positions import START
from heartline.ledger.queries import Recorded, read_after
from heartline.people.actions import actor_for
from tests.cast import NOON, assemble, waiting_contact

pytestmark = pytest.mark.django_db(transaction=True)


def checks() -> list[Recorded]:
    return [event for event in read_after(START) if event.kind == FiguresChecked.kind]


def test_what_is_kept_equals_the_ledger_and_the_ledger_says_so() -> None:
    waiting_contact(assemble())
    check(DayStore().kept(NOON + timedelta(hours=1)), now=NOON + timedelta(hours=1))
    (checked,) = checks()
    assert (checked.body["equal"], checked.body["contacts"], checked.actor_name) == (True, 1, "figures")


def test_what_happens_while_checking_is_no_difference() -> None:
    cast = assemble()
    contact = waiting_contact(cast)
    kept = DayStore().kept(NOON + timedelta(minutes=1))
    answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON + timedelta(minutes=1))
    waiting_contact(cast, now=NOON + timedelta(minutes=1))
    assert check(kept, now=NOON + timedelta(minutes=2)).equal


def test_a_difference_is_told_with_the_contacts_it_concerns(caplog: pytest.LogCaptureFixture) -> None:
    contact = waiting_contact(assemble())
    kept = DayStore().kept(NOON + timedelta(hours=1))
    wrong, unknown = replace(kept.facts[contact.id], work=(Work(1, 5),)), contact.id + 999
    event = check(replace(kept, facts={contact.id: wrong, unknown: wrong}), now=NOON)
    assert (event.equal, event.differing) == (False, tuple(sorted((contact.id, unknown))))
    assert "differ" in caplog.text


def test_a_missing_contact_is_a_difference() -> None:
    contact = waiting_contact(assemble())
    kept = DayStore().kept(NOON + timedelta(hours=1))
    assert check(replace(kept, facts={}), now=NOON + timedelta(hours=1)).differing == (contact.id,)


def test_one_check_a_day() -> None:
    assemble()
    for hours in (0, 1, 5, 24):
        keep_and_check(NOON + timedelta(hours=hours))
    assert [event.body["day"] for event in checks()] == ["2026-11-25", "2026-11-26"]
