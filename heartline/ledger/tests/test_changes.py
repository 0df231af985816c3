"""A change is one transaction, whatever other changes it is made of."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from heartline.common.actors import Actor
from heartline.ledger.actions import one_change, record
from heartline.ledger.models import Entry
from heartline.ledger.queries import history
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


def test_what_a_change_tells_goes_to_the_database_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(3), one_change():
        note("one")
        with one_change():
            note("two")
        note("three")
    assert noted() == ["one", "two", "three"]


def test_a_part_that_may_fail_keeps_what_it_told_and_where():
    with one_change():
        note("before")
        with one_change(may_fail=True):
            note("part")
        with suppress(ValueError):
            fail(may_fail=True)
        note("after")
    assert noted() == ["before", "part", "after"]


def test_whoever_reads_the_history_within_a_change_finds_what_it_told():
    with one_change():
        note("told")
        assert [entry.body["text"] for entry in history()] == ["told"]


def test_a_part_that_may_fail_unsaid_is_refused():
    with pytest.raises(RuntimeError, match="may_fail"), one_change(), transaction.atomic():
        note("part")
    assert noted() == []


@pytest.mark.django_db(transaction=True)
def test_what_follows_upon_a_commit_is_a_change_of_its_own():
    def follow() -> None:
        with one_change():
            note("after")

    with one_change():
        note("before")
        transaction.on_commit(follow)
    assert noted() == ["before", "after"]


def test_more_entries_than_one_statement_takes_are_written_in_order():
    with one_change():
        for number in range(450):
            note(str(number))
    assert noted() == [str(number) for number in range(450)]


def test_entries_of_one_change_have_one_transaction_number():
    with one_change():
        note("one")
        note("two")
    first, second = Entry.objects.order_by("id")
    assert first.epoch_tx == second.epoch_tx
