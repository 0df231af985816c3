"""What we owe: opened once, owned always, warned once, done only with an outcome."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.conversations.models import Case
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.promises.actions import (
    find_new_owners,
    finish_follow_up,
    hand_over_follow_up,
    note_late,
    open_follow_up,
    warn_due,
)
from heartline.promises.models import FollowUp
from tests.cast import NOON, Cast, assemble, waiting_contact

DUE = NOON + timedelta(hours=24)
CUSTOMER = Actor.customer(1, "陈雨桐")


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def case(cast: Cast) -> Case:
    return waiting_contact(cast).case


def owe(case: Case, **changes: Any) -> FollowUp:
    given: dict[str, Any] = {
        "contact": None,
        "owner": None,
        "what": "不满意",
        "due_at": DUE,
        "by": CUSTOMER,
        "now": NOON,
    }
    return open_follow_up(case, "low_score", **(given | changes))


def kinds(kind: str) -> list[dict[str, Any]]:
    return [entry.body for entry in Entry.objects.filter(kind=f"promises.{kind}").order_by("id")]


def test_the_case_owner_owns_it(cast: Cast, case: Case) -> None:
    Case.objects.filter(id=case.id).update(owner=cast.lina)
    case.refresh_from_db()
    follow_up = owe(case)
    assert (follow_up.owner, follow_up.owner_why) == (cast.lina, "case_owner")
    assert kinds("follow_up_opened")[0]["owner_id"] == cast.lina.id


def test_without_a_case_owner_the_supervisor_of_the_queue_owns_it(cast: Cast, case: Case) -> None:
    assert (owe(case).owner, owe(case).owner_why) == (cast.supervisor, "supervisor")


def test_the_supervisor_who_owns_least_is_chosen(cast: Cast, case: Case) -> None:
    owe(case)
    second = Person.objects.create_user("second@example.com", name="Second", role="supervisor", site=cast.site)
    second.teams.add(cast.team)
    assert owe(waiting_contact(cast).case).owner == second


@pytest.mark.parametrize(
    ("gone", "expected", "why"),
    [
        ("supervisor", "admin", "admin"),
        ("supervisor admin", "grace", "team"),
        ("supervisor admin grace tom lina", "expert", "anybody"),
    ],
)
def test_somebody_owns_it_as_long_as_there_is_anybody(
    cast: Cast, case: Case, gone: str, expected: str, why: str
) -> None:
    for name in gone.split():
        Person.objects.filter(id=getattr(cast, name).id).update(is_active=False)
    follow_up = owe(case)
    assert (follow_up.owner, follow_up.owner_why) == (getattr(cast, expected), why)


def test_a_wished_owner_who_may_not_sign_in_is_not_given_it(cast: Cast, case: Case) -> None:
    Person.objects.filter(id=cast.tom.id).update(is_active=False)
    assert owe(case, owner=cast.tom).owner == cast.supervisor
    other = waiting_contact(cast).case
    assert owe(other, owner=cast.grace).owner == cast.grace


def test_more_about_the_same_is_added_and_nothing_is_lost(case: Case) -> None:
    first = owe(case, what="没有人来")
    again = owe(
        case,
        what="还是没有人来",
        due_at=NOON + timedelta(hours=2),
        phone="+8613800138000",
        now=NOON + timedelta(hours=1),
    )
    assert again.id == first.id
    assert FollowUp.objects.count() == 1
    assert (again.what, [more.what for more in again.additions.all()]) == ("没有人来", ["还是没有人来"])
    assert (again.due_at, again.phone) == (NOON + timedelta(hours=2), "+8613800138000")
    assert len(kinds("follow_up_added_to")) == 1


def test_a_later_due_time_never_replaces_an_earlier_one(case: Case) -> None:
    owe(case)
    assert owe(case, due_at=DUE + timedelta(days=3)).due_at == DUE


def test_after_it_is_done_the_next_is_owed_anew(cast: Cast, case: Case) -> None:
    first = owe(case)
    finish_follow_up(first, "打过电话，约好周六", by=actor_for(cast.grace), now=NOON)
    assert owe(case).id != first.id


def test_the_database_itself_refuses_a_second_open_one(case: Case) -> None:
    follow_up = owe(case)
    follow_up.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        follow_up.save(force_insert=True)


@pytest.mark.parametrize("outcome", ["", "   ", "...", "—"])
def test_done_needs_an_outcome_in_words(cast: Cast, case: Case, outcome: str) -> None:
    follow_up = owe(case)
    with pytest.raises(Invalid) as refused:
        finish_follow_up(follow_up, outcome, by=actor_for(cast.grace), now=NOON)
    assert "outcome" in refused.value.fields
    assert FollowUp.objects.get().state == "open"
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.update(state="done", done_at=NOON)


def test_done_once_and_late_by_the_true_time(cast: Cast, case: Case) -> None:
    follow_up = owe(case)
    finish_follow_up(follow_up, "已致电", by=actor_for(cast.grace), now=DUE + timedelta(minutes=9))
    assert kinds("follow_up_done") == [
        {"follow_up_id": follow_up.id, "case_id": case.id, "customer_id": case.customer_id, "queue_id": case.queue_id}
        | {"owner_id": cast.supervisor.id, "late_ms": 540_000}
    ]
    with pytest.raises(Conflict):
        finish_follow_up(follow_up, "再打一次", by=actor_for(cast.tom), now=NOON)
    assert FollowUp.objects.get().outcome == "已致电"
    assert FollowUp.objects.get().done_by == cast.grace


def test_a_new_owner_is_recorded(cast: Cast, case: Case) -> None:
    follow_up = owe(case)
    hand_over_follow_up(follow_up, cast.tom, why="taken", by=actor_for(cast.tom), now=NOON)
    body = kinds("follow_up_handed_over")[0]
    assert (body["from_person_id"], body["owner_id"], body["why"]) == (cast.supervisor.id, cast.tom.id, "taken")
    assert follow_up.owner == cast.tom


def test_taking_what_is_mine_records_nothing(cast: Cast, case: Case) -> None:
    follow_up = owe(case)
    hand_over_follow_up(follow_up, cast.supervisor, why="taken", by=actor_for(cast.supervisor), now=NOON)
    assert kinds("follow_up_handed_over") == []


def test_two_who_take_it_at_once_do_not_both_have_it(cast: Cast, case: Case) -> None:
    seen_by_tom = owe(case)
    seen_by_lina = FollowUp.objects.get()
    hand_over_follow_up(seen_by_tom, cast.tom, why="taken", by=actor_for(cast.tom), now=NOON)
    with pytest.raises(Conflict):
        hand_over_follow_up(seen_by_lina, cast.lina, why="taken", by=actor_for(cast.lina), now=NOON)
    assert FollowUp.objects.get().owner == cast.tom


def test_nobody_is_given_it_who_may_not_sign_in(cast: Cast, case: Case) -> None:
    follow_up = owe(case)
    cast.tom.is_active = False
    with pytest.raises(Invalid):
        hand_over_follow_up(follow_up, cast.tom, why="given", by=actor_for(cast.supervisor), now=NOON)


def test_when_the_owner_leaves_somebody_else_gets_it(cast: Cast, case: Case) -> None:
    follow_up = owe(case, owner=cast.tom)
    assert find_new_owners(now=NOON) == 0
    Person.objects.filter(id=cast.tom.id).update(is_active=False)
    assert find_new_owners(now=NOON) == 1
    assert FollowUp.objects.get().owner == cast.supervisor
    Person.objects.filter(id=cast.supervisor.id).delete()
    assert FollowUp.objects.get().owner is None
    assert find_new_owners(now=NOON) == 1
    assert FollowUp.objects.get(id=follow_up.id).owner == cast.admin
    assert [body["why"] for body in kinds("follow_up_handed_over")] == ["gone", "gone"]


def sweep(now: datetime) -> tuple[int, int]:
    return note_late(now=now), warn_due(now=now)


def test_warned_once_before_and_noted_once_when_late(case: Case) -> None:
    owe(case)
    moments = [0, 23 * 60 + 29, 23 * 60 + 30, 23 * 60 + 31, 24 * 60 - 1, 24 * 60, 24 * 60 + 1, 99 * 60]
    fired = [sweep(NOON + timedelta(minutes=minute)) for minute in moments]
    assert fired == [(0, 0), (0, 0), (0, 1), (0, 0), (0, 0), (1, 0), (0, 0), (0, 0)]
    assert FollowUp.objects.get().state == "open"


def test_what_fell_due_in_an_outage_is_late_since_its_true_time(case: Case) -> None:
    owe(case)
    assert sweep(DUE + timedelta(days=3)) == (1, 0)
    assert kinds("follow_up_late")[0]["due_at"] == DUE.isoformat()
    assert FollowUp.objects.get().warned_at is None


def test_a_clock_that_jumps_fires_nothing_twice_and_nothing_early(case: Case) -> None:
    owe(case)
    assert sweep(DUE - timedelta(minutes=10)) == (0, 1)
    assert sweep(NOON - timedelta(hours=2)) == (0, 0)
    assert sweep(DUE - timedelta(minutes=10)) == (0, 0)
    assert sweep(DUE + timedelta(days=3)) == (1, 0)
    assert sweep(NOON) == (0, 0)
    assert sweep(DUE + timedelta(days=4)) == (0, 0)


def test_what_is_done_is_left_alone(cast: Cast, case: Case) -> None:
    finish_follow_up(owe(case), "已致电", by=actor_for(cast.grace), now=NOON)
    assert sweep(DUE + timedelta(days=1)) == (0, 0)
    assert find_new_owners(now=NOON) == 0


def test_an_event_gets_its_words_only_on_delivery(case: Case) -> None:
    from heartline.ledger.events import enrich

    owe(case, what="地址弄错了", phone="+8613800138000")
    body = kinds("follow_up_opened")[0]
    assert "地址弄错了" not in str(body)
    enrich([("promises.follow_up_opened", body)])
    assert (body["what"], body["phone"], body["customer_name"]) == ("地址弄错了", "+8613800138000", "陈雨桐")


def in_threads(count: int, work: Any) -> list[Any]:
    def run(number: int) -> Any:
        try:
            return work(number)
        except Exception as problem:
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_threads_that_open_at_once_make_one_and_lose_nothing() -> None:
    case = waiting_contact(assemble()).case
    found = in_threads(10, lambda number: owe(Case.objects.get(id=case.id), what=f"第 {number} 次"))
    assert {follow_up.id for follow_up in found} == {FollowUp.objects.get().id}
    follow_up = FollowUp.objects.get()
    said = {follow_up.what, *(more.what for more in follow_up.additions.all())}
    assert said == {f"第 {number} 次" for number in range(10)}


@pytest.mark.django_db(transaction=True)
def test_threads_that_finish_at_once_finish_it_once() -> None:
    cast = assemble()
    follow_up = owe(waiting_contact(cast).case)
    actor = actor_for(cast.grace)
    found = in_threads(
        8,
        lambda number: finish_follow_up(FollowUp.objects.get(id=follow_up.id), f"第 {number} 位", by=actor, now=NOON),
    )
    assert sum(isinstance(one, FollowUp) for one in found) == 1
    assert sum(isinstance(one, Conflict) for one in found) == 7
    assert len(kinds("follow_up_done")) == 1


@pytest.mark.django_db(transaction=True)
def test_sweeps_on_several_hosts_warn_once() -> None:
    owe(waiting_contact(assemble()).case)
    assert sum(in_threads(6, lambda _: warn_due(now=DUE - timedelta(minutes=5)))) == 1
