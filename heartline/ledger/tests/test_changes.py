"""A change is one transaction, whatever other changes it is made of."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db.transaction import TransactionManagementError

from heartline.common.actors import Actor
from heartline.ledger.actions import one_change, record
from heartline.ledger.models import Entry
from heartline.ledger.tests.events import Noted
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def note(text: str) -> None:
    record(Noted(text=text), by=Actor.system("tests"), now=NOON, sample=False)


def noted() -> list[str]:
    return [entry.body["text"] for entry in Entry.objects.order_by("id")]


def fail(*, may_fail: bool) -> None:
    with one_change(may_fail=may_fail):
        note("part")
        raise ValueError


def go_on_after_a_failure(*, may_fail: bool) -> None:
    with one_change():
        note("whole")
        with suppress(ValueError):
            fail(may_fail=may_fail)
        note("and on")


def test_when_a_part_fails_the_whole_does():
    with pytest.raises(TransactionManagementError):
        go_on_after_a_failure(may_fail=False)
    assert noted() == []


def test_the_whole_goes_on_without_a_part_that_may_fail():
    go_on_after_a_failure(may_fail=True)
    assert noted() == ["whole", "and on"]


def test_parts_ask_the_database_nothing_of_their_own(django_assert_num_queries):
    with django_assert_num_queries(2), one_change(), one_change(), one_change():
        pass  # the test's transaction is around: the whole takes a savepoint and lets it go


def test_entries_of_one_change_have_one_transaction_number():
    with one_change():
        note("one")
        note("two")
    first, second = Entry.objects.order_by("id")
    assert first.epoch_tx == second.epoch_tx
