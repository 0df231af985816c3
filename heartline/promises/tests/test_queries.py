"""Who sees what is owed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.common.actors import Actor
from heartline.common.errors import NotFound
from heartline.people.models import Person
from heartline.people.queries import scope_of
from heartline.promises.actions import open_follow_up
from heartline.promises.models import FollowUp
from heartline.promises.queries import due_soon, follow_up_for, follow_ups_for
from tests.cast import NOON, Cast, assemble, waiting_contact


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def follow_up(cast: Cast) -> FollowUp:
    contact = waiting_contact(cast)
    due = NOON + timedelta(hours=1)
    by = Actor.customer(contact.customer_id, "陈雨桐")
    return open_follow_up(
        contact.case, "callback", contact=contact, owner=cast.lina, what="回电", due_at=due, by=by, now=NOON
    )


@pytest.mark.parametrize("name", ["grace", "tom", "lina", "supervisor", "analyst", "admin"])
def test_the_team_of_the_queue_sees_it(cast: Cast, follow_up: FollowUp, name: str) -> None:
    assert follow_up_for(scope_of(getattr(cast, name)), follow_up.id) == follow_up


@pytest.mark.parametrize("name", ["outsider", "expert"])
def test_for_others_it_does_not_exist(cast: Cast, follow_up: FollowUp, name: str) -> None:
    scope = scope_of(getattr(cast, name))
    assert not follow_ups_for(scope).exists()
    with pytest.raises(NotFound):
        follow_up_for(scope, follow_up.id)


def test_its_owner_sees_it_whatever_their_teams(cast: Cast, follow_up: FollowUp) -> None:
    FollowUp.objects.update(owner=cast.outsider)
    assert follow_up_for(scope_of(cast.outsider), follow_up.id) == follow_up


def test_who_may_not_sign_in_sees_nothing(cast: Cast, follow_up: FollowUp) -> None:
    Person.objects.update(is_active=False)
    cast.lina.refresh_from_db()
    assert not follow_ups_for(scope_of(cast.lina)).exists()


def test_due_soon_is_mine_and_shortly(cast: Cast, follow_up: FollowUp) -> None:
    scope = scope_of(cast.lina)
    assert list(due_soon(scope, now=NOON)) == []
    assert list(due_soon(scope, now=NOON + timedelta(minutes=30))) == [follow_up]
    assert list(due_soon(scope, now=NOON + timedelta(days=9))) == [follow_up]
    assert list(due_soon(scope_of(cast.grace), now=NOON + timedelta(days=9))) == []
