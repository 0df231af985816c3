"""Questions written once find what the same questions find when Django writes them anew."""

from __future__ import annotations

import gc
import threading
import weakref
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import Count, F, QuerySet
from django.test.utils import CaptureQueriesContext

from heartline.common.questions import sql_once, written_once
from heartline.conversations.models import Contact
from heartline.people.models import Person, Queue, Role, Team
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def _named(name: str, roles: list[str]) -> QuerySet[Person]:
    return Person.objects.filter(name=name, role__in=roles).select_related("site", "presence").order_by("id")


def _waiting(queues: list[int], before: datetime) -> QuerySet[Contact, Any]:
    asked = Contact.objects.filter(queue__in=queues, asked_at__lte=before, state="waiting")
    return asked.values("id", "asked_at", who=F("customer__name")).order_by("id")


def _sizes(site: int, least: int) -> QuerySet[Team]:
    return Team.objects.filter(site=site).annotate(size=Count("queues")).filter(size__gte=least).order_by("id")


def _newest(case: int) -> QuerySet[Contact, tuple[int, int]]:
    return Contact.objects.filter(case_id=case).order_by("-id").values_list("id", "queue_id")[:1]


def _ids(queue: int) -> QuerySet[Contact, int]:
    return Contact.objects.filter(queue_id=queue).order_by("id").values_list("id", flat=True)


def _fields(found: Any) -> Any:
    return {name: value for name, value in vars(found).items() if name != "_state"}


def test_people_come_with_those_they_lead_to(cast: Cast) -> None:
    ask, values = written_once(_named), (cast.grace.name, [Role.AGENT.value, Role.EXPERT.value])
    for _again in range(2):
        with CaptureQueriesContext(connection) as queries:
            found = ask(*values)
            assert [person.site.time_zone for person in found] == [cast.grace.site.time_zone]
        assert len(queries) == 1
        assert [_fields(person) | {"_state": 0} for person in found] == [
            _fields(person) | {"_state": 0} for person in _named(*values)
        ]
    assert ask("Nobody", ["agent"]) == []


def test_rows_as_dicts_tuples_and_single_values(cast: Cast) -> None:
    first, second = waiting_contact(cast, text="One"), waiting_contact(cast, text="Two", queue=cast.other_queue)
    ask_waiting, ask_newest, ask_ids = written_once(_waiting), written_once(_newest), written_once(_ids)
    for queues in ([cast.chat_zh.id], [cast.chat_zh.id, cast.other_queue.id], []):
        for before in (NOON - timedelta(days=1), NOON + timedelta(days=1)):
            assert ask_waiting(queues, before) == list(_waiting(queues, before))
    assert ask_newest(first.case_id) == [(first.id, cast.chat_zh.id)]
    assert ask_newest(second.case_id) == list(_newest(second.case_id))
    assert ask_ids(cast.chat_zh.id) == [first.id]
    assert ask_ids(10**30) == ask_ids(-(10**30)) == []


def test_what_is_counted_along_comes_with_the_row(cast: Cast) -> None:
    ask = written_once(_sizes)
    for least in (0, 1, 99):
        plain = {team.id: team.size for team in _sizes(cast.team.site_id, least)}  # type: ignore[attr-defined]  # counted along
        assert {team.id: team.size for team in ask(cast.team.site_id, least)} == plain  # type: ignore[attr-defined]  # as above


@pytest.mark.parametrize("value", [None, 1.5, b"x"])
def test_a_value_that_means_something_else_in_a_condition_is_refused(cast: Cast, value: Any) -> None:
    with pytest.raises(TypeError):
        written_once(_ids)(value)


@pytest.mark.django_db(transaction=True)
def test_a_connection_goes_with_its_thread() -> None:
    ask, seen = written_once(_ids), []

    def work() -> None:
        ask(1)
        seen.append(weakref.ref(connections["default"]))
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    gc.collect()
    assert seen[0]() is None


def test_a_question_can_stand_in_another(cast: Cast) -> None:
    """Its SQL comes with its values, and collections of any size fit in it."""
    tell = sql_once(_ids_among)
    for queues in ([], [cast.chat_en.id], [cast.chat_en.id, cast.chat_zh.id]):
        sql, values = tell(queues)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) found", values)
            assert cursor.fetchone() == (len(queues),)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite knows no arrays")
def test_postgresql_prepares_one_text_for_collections_of_any_size(cast: Cast) -> None:
    tell = sql_once(_ids_among)
    texts = {tell(queues)[0] for queues in ([], [1], list(range(300)))}
    assert len(texts) == 1


def _ids_among(queues: list[int]) -> QuerySet[Queue, int]:
    return Queue.objects.filter(id__in=queues).values_list("id", flat=True)
