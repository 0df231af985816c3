"""The wallboard: the figures of what was chosen, for whoever passes by, and nobody's name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from heartline.common.errors import NotFound
from heartline.conversations.actions.contacts import answer_contact
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import Person, Team
from heartline.people.queries import scope_of
from heartline.service.floor.wall import MOST_LINES, Choice, choosable, fitting, narrowed, wall_for
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(seconds=90)


@pytest.fixture
def cast() -> Cast:
    cast = assemble()
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=NOON)
    return cast


def get(person: Person, address: str) -> Any:
    client = Client()
    client.force_login(person)
    with time_machine.travel(LATER, tick=False):
        return client.get(address)


@pytest.mark.parametrize("who", ["supervisor", "analyst", "admin"])
def test_nobody_is_named_on_a_wall_or_in_what_feeds_it(cast: Cast, who: str) -> None:
    answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    waiting = waiting_contact(cast)
    person: Person = getattr(cast, who)
    page = get(person, "/floor/wall/").content.decode()
    state = get(person, "/floor/wall/state").json()
    assert state["html"].strip()[:80] in page
    for told in (page, state["html"]):
        for name in ("陈雨桐", "冰箱", "Grace Okafor", f"/case/{waiting.case_id}", str(person.email)):
            assert name not in told


def test_a_wall_says_what_the_floor_says(cast: Cast) -> None:
    waiting_contact(cast)
    with translation.override("en"):
        wall = wall_for(scope_of(cast.supervisor), Choice(), now=LATER)
    assert wall.floor.headline.lead == "Chat, Chinese is behind:"
    assert wall.longest_since == NOON
    assert wall.doing == (("available", "1 free"),)
    assert [clock.zone for clock in wall.clocks] == ["Asia/Shanghai"]


def test_a_wall_of_a_queue_shows_that_queue_and_who_serves_it(cast: Cast) -> None:
    waiting_contact(cast)
    only = wall_for(scope_of(cast.supervisor), Choice(queues=(cast.chat_en.id,)), now=LATER)
    assert [one.drawn.line.queue_id for one in only.lines] == [cast.chat_en.id]
    assert only.floor.waiting == ()
    assert only.title == cast.chat_en.name


def test_an_administrators_wall_of_a_team_is_that_team(cast: Cast) -> None:
    waiting_contact(cast, queue=cast.other_queue)
    other = Team.objects.get(members=cast.outsider)
    wall = wall_for(scope_of(cast.admin), Choice(teams=(other.id,)), now=LATER)
    assert {one.drawn.line.queue_id for one in wall.lines} == {cast.other_queue.id}
    assert len(wall.floor.waiting) == 1
    assert {person.id for person in (*wall.floor.people, *wall.floor.signed_out)} == {cast.outsider.id}


def test_another_teams_wall_does_not_exist(cast: Cast) -> None:
    other = Team.objects.get(members=cast.outsider)
    for choice in (Choice(teams=(other.id,)), Choice(queues=(cast.other_queue.id,)), Choice(queues=(99999,))):
        with pytest.raises(NotFound):
            narrowed(scope_of(cast.supervisor), choice)
    assert get(cast.supervisor, f"/floor/wall/?team={other.id}").status_code == 404
    assert get(cast.supervisor, "/floor/wall/state?queue=seven").status_code == 404
    assert get(cast.grace, "/floor/wall/").status_code == 403


def test_no_right_beyond_looking_comes_with_a_wall(cast: Cast) -> None:
    for choice in (Choice(), Choice(queues=(cast.chat_zh.id,))):
        assert narrowed(scope_of(cast.admin), choice).rights == {"floor.view"}


def test_what_can_be_chosen_is_what_can_be_seen(cast: Cast) -> None:
    names = {one.name for one in choosable(scope_of(cast.supervisor), Choice())}
    assert {cast.chat_zh.name, cast.chat_en.name} < names
    assert cast.other_queue.name not in names
    assert [one.chosen for one in choosable(scope_of(cast.supervisor), Choice())].count(True) == 1


def test_with_too_many_lines_the_calm_ones_are_left_out_and_nothing_is_reordered(cast: Cast) -> None:
    waiting_contact(cast)
    (first, *_rest) = wall_for(scope_of(cast.supervisor), Choice(), now=LATER).floor.queues
    calm = [type("Drawn", (), {"line": type("Line", (), {"late": 0, "waiting": ()})()})() for _ in range(MOST_LINES)]
    shown = fitting([*calm, first])
    assert len(shown) == MOST_LINES
    assert shown[-1] is first
