"""Views of the inbox, how people are told, and what needs a person next."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heartline.conversations.actions.contacts import answer_contact, end_contact
from heartline.conversations.actions.tags import change_tags
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.queries import scope_of
from heartline.promises.actions import open_follow_up
from heartline.service.inbox.filters import checked
from heartline.service.inbox.next_item import next_for
from heartline.service.inbox.rules import Candidate, next_best
from heartline.service.models import InboxView
from tests.cast import NOON, Cast, assemble, waiting_contact


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def call(person: Person, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    client = Client(headers={"accept": "application/json"})
    client.force_login(person)
    address = f"/desk/api/{path}"
    answer = client.get(address) if body is None else client.post(address, json.dumps(body), "application/json")
    return answer.status_code, answer.json()


# Views


def test_a_filter_keeps_what_means_something() -> None:
    given = {"queue": 3, "channel": " webchat ", "owner": "me", "state": "asleep", "unread": True, "overdue": 1, "x": 2}
    assert checked(given) == {"queue": 3, "channel": "webchat", "owner": "me", "unread": True}
    assert checked({"queue": True, "tag": "", "tier": ["top"], "owner": "tom"}) == {}
    assert checked({"owner": ["me"], "state": {"active": 1}, "unread": "yes"}) == {}


def test_ones_own_view_is_ones_own(cast: Cast) -> None:
    status, saved = call(cast.grace, "views", {"name": "Mine, unread", "filters": {"owner": "me", "unread": True}})
    assert status == 200
    assert saved["view"]["filters"] == {"owner": "me", "unread": True}
    assert [view["name"] for view in call(cast.grace, "views")[1]["views"]] == ["Mine, unread"]
    assert call(cast.tom, "views")[1]["views"] == []
    assert call(cast.tom, f"views/{saved['view']['id']}/remove", {})[0] == 404
    assert call(cast.grace, f"views/{saved['view']['id']}", {"name": "Unread"})[1]["view"]["name"] == "Unread"
    assert call(cast.grace, f"views/{saved['view']['id']}/remove", {})[0] == 200
    assert InboxView.objects.count() == 0


def test_a_supervisor_shares_a_view_with_the_team(cast: Cast) -> None:
    team = str(cast.team.id)
    assert call(cast.grace, "views", {"name": "Ours", "filters": {}, "whose": team})[0] == 422
    status, saved = call(
        cast.supervisor, "views", {"name": "Chinese", "filters": {"language": "zh-hans"}, "whose": team}
    )
    assert (status, saved["view"]["level"]) == (200, "team")
    (seen,) = call(cast.grace, "views")[1]["views"]
    assert (seen["name"], seen["mine"]) == ("Chinese", False)
    assert call(cast.grace, f"views/{seen['id']}/remove", {})[0] == 403
    assert call(cast.outsider, "views")[1]["views"] == []


def test_a_view_needs_a_name(cast: Cast) -> None:
    status, problem = call(cast.grace, "views", {"name": "  ", "filters": {}})
    assert status == 422
    assert "name" in problem["fields"]


def test_tags_are_told_of_cases_one_may_see(cast: Cast) -> None:
    mine, other = waiting_contact(cast), waiting_contact(cast, queue=cast.other_queue)
    for contact in (mine, other):
        change_tags(contact.case, add=["vip"], by=actor_for(cast.admin), now=NOON)
    assert call(cast.grace, "live-tags")[1]["tags"] == {str(mine.case_id): ["vip"]}


def test_how_one_is_told_is_kept(cast: Cast) -> None:
    assert call(cast.grace, "notices", {"sound_yours": False})[1]["notices"]["sound_yours"] is False
    assert call(cast.grace, "notices", {"sound_team": True})[1]["notices"] == {
        "sound_yours": False,
        "sound_team": True,
        "outside_yours": True,
        "outside_team": False,
    }
    assert call(cast.tom, "notices", {})[1]["notices"]["sound_yours"] is True


# What comes next


def at(minutes: float) -> Any:
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("candidates", "case_id", "why"),
    [
        ([], None, ""),
        ([Candidate("promise", 1, at(-5)), Candidate("offer", 2, at(0.3))], 2, "offer"),
        ([Candidate("answer", 1, at(-60)), Candidate("promise", 2, at(20))], 2, "promise_near"),
        ([Candidate("promise", 1, at(20)), Candidate("promise", 2, at(-5))], 2, "promise_late"),
        ([Candidate("promise", 1, at(90)), Candidate("waiting", 2, at(-1))], 2, "waiting"),
        ([Candidate("promise", 1, at(90)), Candidate("task", 2, at(80))], 2, "task_later"),
        ([Candidate("mention", 1, at(-9)), Candidate("answer", 2, at(-9), timedelta(minutes=2))], 2, "answer_late"),
        ([Candidate("answer", 1, at(-9)), Candidate("mention", 2, at(-1))], 2, "mention"),
        ([Candidate("answer", 1, at(-3)), Candidate("answer", 2, at(-9))], 2, "answer"),
        ([Candidate("wrap_up", 1, at(-9)), Candidate("answer", 2, at(-1))], 2, "answer"),
        ([Candidate("waiting", 1, at(-9)), Candidate("snooze", 2, at(-1))], 2, "snooze"),
    ],
)
def test_what_needs_one_most_comes_first(candidates: list[Candidate], case_id: int | None, why: str) -> None:
    for order in (candidates, candidates[::-1]):
        found = next_best(order, NOON)
        assert (found.what.case_id if found else None, found.why if found else "") == (case_id, why)


def test_what_is_open_already_comes_last() -> None:
    both = [Candidate("answer", 1, at(-9)), Candidate("waiting", 2, at(-1))]
    found = next_best(both, NOON, here=1)
    assert found
    assert found.what.case_id == 2
    alone = next_best(both[:1], NOON, here=1)
    assert alone
    assert alone.what.case_id == 1


def test_the_key_leads_to_what_is_ones_own_and_says_why(cast: Cast) -> None:
    scope = scope_of(cast.grace)
    assert next_for(scope, NOON) is None
    waiting = waiting_contact(cast, now=NOON - timedelta(minutes=8))
    waiting_contact(cast, queue=cast.other_queue, now=NOON - timedelta(minutes=60))
    first = next_for(scope, NOON)
    assert first == {
        "case_id": waiting.case_id,
        "offer_id": None,
        "why": "陈雨桐 has waited longest in your queues: 8 min",
    }
    mine = answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    ended = answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    end_contact(ended, ended_by="person", by=actor_for(cast.grace), now=NOON)
    due = NOON + timedelta(minutes=12)
    open_follow_up(
        ended.case,
        "callback",
        contact=ended,
        owner=cast.grace,
        what="回电",
        due_at=due,
        by=actor_for(cast.grace),
        now=NOON,
    )
    assert [next_for(scope, NOON, here=here)["case_id"] for here in (None, ended.case_id)] == [  # type: ignore[index]  # there is one
        ended.case_id,
        mine.case_id,
    ]
    assert call(cast.grace, f"next?here={ended.case_id}")[1]["next"]["case_id"] == mine.case_id


def test_more_work_costs_no_more_queries(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            next_for(scope_of(cast.grace), NOON)
        return len(found)

    answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    few = queries()
    for _number in range(5):
        answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
        waiting_contact(cast)
    assert queries() == few
