"""The question what somebody may see is written once and asked by all threads."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from heartline.conversations.queries import cases_for
from heartline.people.queries import NOBODY, Scope

AGENT = Scope(7, frozenset({"desk.use"}), False, frozenset({1, 2}), frozenset({3}))
ADMIN = Scope(7, frozenset({"desk.use"}), True, frozenset(), frozenset())
pytestmark = pytest.mark.django_db


@pytest.fixture
def restless_threads() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def sql_of(scope: Scope) -> str:
    found = cases_for(scope).filter(state="open", merged_into=None).select_related("customer", "owner")
    return str(found.query.get_compiler(connection=connection).as_sql())


@pytest.mark.usefixtures("restless_threads")
def test_threads_that_ask_at_once_ask_the_same():
    asked = set[str]()

    def ask() -> None:
        asked.update(sql_of(AGENT) for _ in range(25))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == {sql_of(AGENT)}


def test_what_one_reader_makes_of_it_is_not_the_next_ones(django_assert_num_queries):
    assert len({sql_of(AGENT), sql_of(ADMIN)}) == 2
    with django_assert_num_queries(1):
        assert list(cases_for(AGENT)) == []
    with django_assert_num_queries(1):  # asked again, not remembered
        assert list(cases_for(AGENT)) == []
    with django_assert_num_queries(0):
        assert list(cases_for(NOBODY)) == []
