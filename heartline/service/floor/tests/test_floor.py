"""The floor at a moment: what it says, who waits and why, who does what, what needs a supervisor; and for whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import answer_contact, end_contact
from heartline.conversations.models import Case, Contact
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import Person
from heartline.people.queries import scope_of
from heartline.promises.actions import open_follow_up
from heartline.routing.models import Offer
from heartline.service.floor.queries import Floor, floor_for
from heartline.service.floor.queues import WIDTH, Scale, scale_of
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    cast = assemble()
    for person in (cast.grace, cast.tom, cast.lina):
        set_presence(person, "available", by=actor_for(person), now=NOON)
    return cast


def seen_by(person: Person, now: datetime) -> Floor:
    with translation.override("en"):
        return floor_for(scope_of(person), now=now)


def told(contact: Contact, minutes: int) -> Contact:
    Contact.objects.filter(id=contact.id).update(told_wait_low=1, told_wait_high=minutes)
    return contact


def test_an_empty_floor_says_so(cast: Cast) -> None:
    floor = seen_by(cast.supervisor, NOON)
    assert (floor.headline.lead, floor.headline.rest) == ("", "Nobody is waiting")
    assert [(one.line.name, one.line.waiting) for one in floor.queues] == [("Chat, Chinese", ()), ("Chat, English", ())]
    assert (floor.free, floor.needs) == (3, ())


def test_waits_within_what_we_told_are_calm(cast: Cast) -> None:
    told(waiting_contact(cast), 3)
    floor = seen_by(cast.supervisor, NOON + timedelta(minutes=2))
    assert floor.headline.rest == "1 customer waits, within the wait we told"
    assert floor.late == 0


def test_a_wait_longer_than_told_is_named_with_its_queue(cast: Cast) -> None:
    told(waiting_contact(cast), 3)
    floor = seen_by(cast.supervisor, NOON + timedelta(minutes=4))
    assert floor.headline.lead == "Chat, Chinese is behind:"
    assert floor.headline.rest == "1 customer has waited longer than we told them"
    line = floor.queues[0]
    assert (line.line.late, [mark.is_late for mark in line.marks]) == (1, [True])
    assert line.marks[0].x > line.told_x
    assert floor.needs[0].act == "give"


def test_without_a_told_wait_the_limit_of_the_queue_counts_and_is_called_that(cast: Cast) -> None:
    waiting_contact(cast)
    assert seen_by(cast.supervisor, NOON + timedelta(seconds=60)).late == 0
    floor = seen_by(cast.supervisor, NOON + timedelta(seconds=61))
    assert floor.headline.rest == "1 customer has waited past the limit of the queue"


def test_somebody_whom_nobody_can_serve_needs_the_supervisor_first(cast: Cast) -> None:
    for person in (cast.grace, cast.lina):
        set_presence(person, "offline", by=actor_for(person), now=NOON)
    waiting_contact(cast)
    floor = seen_by(cast.supervisor, NOON + timedelta(seconds=10))
    assert floor.headline.lead == "Somebody is missing:"
    assert floor.waiting[0].why == ("Nobody signed in serves in Chinese",)
    assert floor.needs[0].title == "1 customer waits and nobody can take it"


def test_everybody_is_shown_by_what_they_do(cast: Cast) -> None:
    served = answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    ended = answer_contact(waiting_contact(cast), cast.lina, by=actor_for(cast.lina), now=NOON)
    end_contact(ended, ended_by="person", by=actor_for(cast.lina), now=NOON + timedelta(minutes=5))
    set_presence(cast.tom, "on_break", reason="meal", by=actor_for(cast.tom), now=NOON + timedelta(minutes=1))
    floor = seen_by(cast.supervisor, NOON + timedelta(minutes=6))
    doing = {person.name: (person.doing, person.words) for person in floor.people}
    assert doing["Grace Okafor"] == ("serving", "1 contact")
    assert doing["李娜"] == ("wrap_up", "wrap-up")
    assert doing["Tom Reid"] == ("on_break", "Meal")
    grace = next(person for person in floor.people if person.id == cast.grace.id)
    assert [(one.contact_id, one.who) for one in grace.hands] == [(served.id, "陈雨桐")]
    assert grace.hands[0].since == NOON
    assert "Ruth Adeyemi" in [person.name for person in floor.signed_out]


def test_who_is_free_for_a_queue_speaks_its_language_and_has_room(cast: Cast) -> None:
    for queue, language in ((cast.chat_zh, "zh-hans"), (cast.chat_en, "en")):
        queue.language = language
        queue.save(update_fields=["language"])
    free = {one.line.name: (one.line.free, one.line.able) for one in seen_by(cast.supervisor, NOON).queues}
    assert free == {"Chat, Chinese": (2, 2), "Chat, English": (2, 2)}
    for _turn in range(3):
        answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    free = {one.line.name: (one.line.free, one.line.able) for one in seen_by(cast.supervisor, NOON).queues}
    assert free == {"Chat, Chinese": (1, 2), "Chat, English": (1, 2)}


def test_a_pending_offer_is_shown_with_whom_it_is_made_to(cast: Cast) -> None:
    contact = waiting_contact(cast)
    offer = Offer.objects.create(
        contact=contact, person=cast.lina, offered_at=NOON, expires_at=NOON + timedelta(seconds=25), fence=1
    )
    floor = seen_by(cast.supervisor, NOON + timedelta(seconds=5))
    assert (floor.waiting[0].offer_id, floor.waiting[0].offered_to) == (offer.id, "李娜")
    assert next(person.words for person in floor.people if person.id == cast.lina.id) == "has an offer"


def test_a_missed_offer_and_what_is_owed_late_need_the_supervisor(cast: Cast) -> None:
    system = Actor.system("dispatcher")
    set_presence(cast.tom, "not_ready", reason="missed_offer", by=system, now=NOON)
    case = waiting_contact(cast).case
    open_follow_up(
        case,
        "low_score",
        contact=None,
        owner=cast.grace,
        what="",
        due_at=NOON + timedelta(hours=1),
        by=system,
        now=NOON,
    )
    needs = {need.id: need for need in seen_by(cast.supervisor, NOON + timedelta(hours=2)).needs}
    missed = needs[f"missed-{cast.tom.id}"]
    assert (missed.title, missed.act, missed.target) == ("Tom Reid did not answer an offer", "presence", cast.tom.id)
    (owed,) = [need for id, need in needs.items() if id.startswith("owed-")]
    assert (owed.title, owed.text) == ("Low score not followed up in time", "Grace Okafor owes it to 陈雨桐")
    assert owed.target == f"/desk/case/{case.id}/"


def test_an_analyst_sees_how_it_goes_and_no_customer(cast: Cast) -> None:
    contact = waiting_contact(cast)
    answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    floor = seen_by(cast.analyst, NOON + timedelta(minutes=9))
    assert not floor.names
    assert floor.waiting[0].who == f"Case {contact.case_id}"
    assert floor.needs == ()
    assert "陈雨桐" not in repr(floor)
    assert Case.objects.get(id=contact.case_id).subject not in repr(floor)


def test_another_teams_queue_and_people_are_not_on_the_floor(cast: Cast) -> None:
    waiting_contact(cast, queue=cast.other_queue)
    floor = seen_by(cast.supervisor, NOON)
    assert floor.waiting == ()
    assert "Ben Cole" not in {person.name for person in (*floor.people, *floor.signed_out)}
    assert len(seen_by(cast.admin, NOON).waiting) == 1


def test_work_from_elsewhere_counts_as_load_without_saying_whose(cast: Cast) -> None:
    contact = waiting_contact(cast, queue=cast.other_queue)
    answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON)
    grace = next(person for person in seen_by(cast.supervisor, NOON).people if person.id == cast.grace.id)
    assert [(one.is_ours, one.subject, one.who) for one in grace.hands] == [(False, "", f"Case {contact.case_id}")]
    assert [(load.held, load.limit) for load in grace.loads if load.channel == "webchat"] == [(1, 3)]


def test_the_floor_and_the_figures_say_the_same(cast: Cast) -> None:
    contact = waiting_contact(cast)
    answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON + timedelta(seconds=30))
    floor = seen_by(cast.supervisor, NOON + timedelta(minutes=1))
    level = floor.day.level.figure
    assert (level.hits, level.n) == (1, 1)
    assert floor.queues[0].line.in_time.figure.value == 1
    assert floor.queues[0].line.in_time.address == f"/insight/service_level/?queue={cast.chat_zh.id}&channel=webchat"


@pytest.mark.parametrize(
    ("longest", "minutes", "step"), [(0, 4, 1), (4, 5, 1), (9, 10, 2), (10, 15, 5), (300, 360, 120)]
)
def test_the_scale_holds_every_wait_with_few_marks(longest: float, minutes: float, step: int) -> None:
    scale = scale_of([FakeLine(longest)])  # type: ignore[list-item]  # all a scale asks of a line
    assert scale.minutes == minutes
    assert [tick.minutes for tick in scale.ticks][:2] == [0, step]
    assert len(scale.ticks) <= 6
    assert 0 < scale.at(longest) < WIDTH


def test_a_wait_beyond_the_scale_stays_on_the_line() -> None:
    assert Scale(4.0, ()).at(99) == Scale(4.0, ()).at(4)


class FakeLine:
    is_live = True
    told_minutes = None

    def __init__(self, longest: float) -> None:
        self.waits_minutes = (longest,)


def test_a_fuller_floor_asks_the_database_no_more_often(cast: Cast, django_assert_num_queries: Any) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            contact = waiting_contact(cast)
            if number % 2:
                answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON)

    fill(4)
    seen_by(cast.supervisor, NOON)
    with CaptureQueriesContext(connection) as few:
        seen_by(cast.supervisor, NOON)
    fill(12)
    seen_by(cast.supervisor, NOON)
    with django_assert_num_queries(len(few)):
        seen_by(cast.supervisor, NOON)
