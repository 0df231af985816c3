"""apply(snapshot, events) == later snapshot, for every action that changes what a desk shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from heartline.common.actors import Actor
from heartline.conversations.actions.cases import (
    Wrapping,
    change_case,
    finish_contact,
    join_contact,
    leave_contact,
    note_tried,
)
from heartline.conversations.actions.contacts import (
    ContactRequest,
    abandon_contact,
    answer_contact,
    end_contact,
    move_to_person,
    open_contact,
    requeue_contact,
    resume_contact,
    return_contact,
)
from heartline.conversations.actions.drafts import save_draft
from heartline.conversations.actions.messages import add_message, mark_seen
from heartline.conversations.models import Contact
from heartline.people.actions import actor_for, notice_gone_browsers, set_presence
from heartline.people.models import Person
from heartline.promises.actions import finish_follow_up, hand_over_follow_up, note_late, open_follow_up, warn_due
from heartline.routing.actions import (
    accept_offer,
    decline_offer,
    expire_offers,
    give_back_contact,
    make_offer,
    reassign_contact,
    take_back_offer,
    take_contact,
    transfer_contact,
    withdraw_stale_offers,
)
from heartline.routing.lease import claim
from heartline.routing.models import Offer
from heartline.service.tests.verify import verify_action
from heartline.voice_of_customer.actions import invite, respond
from tests.cast import NOON, Cast, assemble, waiting_contact

LATER = NOON + timedelta(seconds=40)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def check(cast: Cast) -> Callable[..., Any]:
    """Verify an action for an agent who does it, one who looks on, an outsider, an expert, a supervisor and an admin."""
    people = [cast.grace, cast.tom, cast.outsider, cast.expert, cast.supervisor, cast.admin]

    def run(action: Callable[[], Any], now: datetime = LATER) -> Any:
        return verify_action(people, action, now=now)

    return run


@pytest.fixture
def waiting(cast: Cast) -> Contact:
    return waiting_contact(cast)


@pytest.fixture
def active(cast: Cast, waiting: Contact) -> Contact:
    return answer_contact(waiting, cast.grace, by=actor_for(cast.grace), now=NOON)


def customer_of(contact: Contact) -> Actor:
    return Actor.customer(contact.customer_id, contact.customer.name)


def offered(contact: Contact, person: Person) -> Offer:
    set_presence(person, "available", by=actor_for(person), now=NOON)
    offer = make_offer(contact, person, (("longest_without", {}),), fence=fence(), now=NOON)
    assert offer is not None
    return offer


def fence() -> int:
    found = claim("tests")
    assert found is not None
    return found


def say(contact: Contact, by: Actor, kind: str = "reply", key: str = "second") -> Any:
    return add_message(contact, kind, "好的，那我等您消息", client_key=key, by=by, now=LATER)


def request_for(contact: Contact, cast: Cast, **changes: Any) -> ContactRequest:
    given: dict[str, Any] = {
        "customer": contact.customer,
        "queue": cast.chat_zh,
        "channel": "webchat",
        "language": "zh-hans",
        "text": "还是没有人来",
        "client_key": "again",
        "case": contact.case,
    }
    return ContactRequest(**(given | changes))


# Contacts


def test_a_customer_asks(cast: Cast, check: Any) -> None:
    contact = check(lambda: waiting_contact(cast, now=LATER))
    assert contact.state == "waiting"


def test_a_customer_asks_again_about_the_same(cast: Cast, check: Any, active: Contact) -> None:
    elsewhere = request_for(active, cast, queue=cast.other_queue)
    check(lambda: open_contact(elsewhere, by=customer_of(active), now=LATER))


def test_an_agent_answers(cast: Cast, check: Any, waiting: Contact) -> None:
    check(lambda: answer_contact(waiting, cast.grace, by=actor_for(cast.grace), now=LATER))


def test_answering_one_contact_takes_over_the_other_of_its_case(cast: Cast, check: Any, active: Contact) -> None:
    second = open_contact(request_for(active, cast, queue=cast.other_queue), by=customer_of(active), now=NOON)
    check(lambda: answer_contact(second, cast.outsider, by=actor_for(cast.outsider), now=LATER))


def test_what_is_in_ones_hands_stays_in_sight(cast: Cast, check: Any, active: Contact) -> None:
    move_to_person(active, cast.outsider, why="skills", by=actor_for(cast.supervisor), now=NOON)
    second = open_contact(request_for(active, cast), by=customer_of(active), now=NOON)
    check(lambda: answer_contact(second, cast.tom, by=actor_for(cast.tom), now=LATER))
    check(lambda: change_case(active.case, {"subject": "冰箱"}, by=actor_for(cast.tom), now=LATER))
    check(lambda: say(active, customer_of(active)))


def test_a_supervisor_moves_a_contact(cast: Cast, check: Any, active: Contact) -> None:
    by = actor_for(cast.supervisor)
    check(lambda: move_to_person(active, cast.outsider, why="skills", by=by, now=LATER))


def test_a_waiting_contact_is_put_into_another_queue(cast: Cast, check: Any) -> None:
    contact, by = waiting_contact(cast), actor_for(cast.supervisor)
    check(lambda: requeue_contact(contact, cast.other_queue, by=by, now=LATER))


def test_a_contact_is_given_back(cast: Cast, check: Any, active: Contact) -> None:
    check(lambda: give_back_contact(active, by=actor_for(cast.grace), now=LATER))


def test_a_contact_goes_out_of_sight_and_comes_back(cast: Cast, check: Any, active: Contact) -> None:
    by = actor_for(cast.grace)

    def there_and_back() -> None:
        return_contact(active, to_queue=cast.other_queue, preferred=None, why="transfer", by=by, now=LATER)
        answer_contact(active, cast.outsider, by=actor_for(cast.outsider), now=LATER)
        say(active, actor_for(cast.outsider))
        return_contact(active, to_queue=cast.chat_en, preferred=None, why="transfer", by=by, now=LATER)

    check(there_and_back)


@pytest.mark.parametrize("how", ["left", "silent", "callback"])
def test_a_customer_leaves_before_being_served(check: Any, waiting: Contact, how: str) -> None:
    check(lambda: abandon_contact(waiting, how, by=customer_of(waiting), now=LATER))


def test_a_customer_comes_back(check: Any, waiting: Contact) -> None:
    abandon_contact(waiting, "silent", by=customer_of(waiting), now=NOON)
    check(lambda: resume_contact(waiting, by=customer_of(waiting), now=LATER))


@pytest.mark.parametrize("ended_by", ["customer", "person"])
def test_a_contact_ends(cast: Cast, check: Any, active: Contact, ended_by: str) -> None:
    check(lambda: end_contact(active, ended_by=ended_by, by=actor_for(cast.grace), now=LATER))


@pytest.mark.parametrize("resolution", ["solved", "promised"])
def test_a_contact_is_wrapped_up(cast: Cast, check: Any, active: Contact, resolution: str) -> None:
    by = actor_for(cast.grace)
    end_contact(active, ended_by="person", by=by, now=NOON)
    wrapping = Wrapping(reason=cast.reason, resolution=resolution, told_to_expect="周二", what_happened="没来")
    check(lambda: finish_contact(active, wrapping, by=by, now=LATER))


# Words


def test_everybody_speaks(cast: Cast, check: Any, active: Contact) -> None:
    def talk() -> None:
        say(active, customer_of(active), key="customer")
        say(active, actor_for(cast.grace), key="agent")
        say(active, actor_for(cast.tom), kind="note", key="note")
        say(active, Actor.system("webchat"), kind="notice", key="notice")

    check(talk)


def test_a_waiting_customer_speaks(check: Any, waiting: Contact) -> None:
    check(lambda: say(waiting, customer_of(waiting)))


@pytest.mark.parametrize("side", ["person", "customer"])
@pytest.mark.parametrize("seen", ["delivered", "read"])
def test_messages_are_seen(cast: Cast, check: Any, active: Contact, side: str, seen: str) -> None:
    say(active, customer_of(active), key="customer")
    last = say(active, actor_for(cast.grace), key="agent")
    by = actor_for(cast.grace) if side == "person" else customer_of(active)
    changed = check(lambda: mark_seen(active, last.id, seen=seen, side=side, by=by, now=LATER))
    assert changed


def test_a_draft_is_no_event(cast: Cast, check: Any, active: Contact) -> None:
    check(lambda: save_draft(active.case, cast.grace, "reply", "陈女士", version=0, now=LATER))


# The case


@pytest.mark.parametrize(
    "change", [{"subject": "冰箱"}, {"wants": "周六安装"}, {"state": "solved"}, {"owner": "outsider"}]
)
def test_a_case_changes(cast: Cast, check: Any, active: Contact, change: dict[str, Any]) -> None:
    changes = {name: getattr(cast, value) if name == "owner" else value for name, value in change.items()}
    check(lambda: change_case(active.case, changes, by=actor_for(cast.grace), now=LATER))


def test_something_is_tried_twice(cast: Cast, check: Any, active: Contact) -> None:
    by = actor_for(cast.grace)

    def tried() -> None:
        note_tried(active.case, "step", "rebook", "网上改约", by=by, now=NOON)
        note_tried(active.case, "step", "rebook", "网上改约", outcome="没有时段", by=by, now=LATER)

    check(tried)


def test_a_supervisor_and_an_expert_come_and_go(cast: Cast, check: Any, active: Contact) -> None:
    by = actor_for(cast.supervisor)
    check(lambda: join_contact(active, cast.supervisor, "joined", by=by, now=LATER))
    check(lambda: join_contact(active, cast.expert, "expert", by=by, now=LATER))
    check(lambda: say(active, actor_for(cast.expert), kind="note"))
    check(lambda: leave_contact(active, cast.expert, by=by, now=LATER))
    check(lambda: leave_contact(active, cast.supervisor, by=by, now=LATER))


# Offers


def test_an_offer_is_made(cast: Cast, check: Any, waiting: Contact) -> None:
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=NOON)
    why: Any = (("helped_last_time", {}),)
    assert check(lambda: make_offer(waiting, cast.grace, why, fence=fence(), now=LATER))


def test_an_offer_is_accepted(cast: Cast, check: Any, waiting: Contact) -> None:
    offer = offered(waiting, cast.grace)
    check(lambda: accept_offer(offer.id, cast.grace, by=actor_for(cast.grace), now=NOON))


def test_an_offer_is_declined(cast: Cast, check: Any, waiting: Contact) -> None:
    offer = offered(waiting, cast.grace)
    check(lambda: decline_offer(offer.id, cast.grace, "busy", by=actor_for(cast.grace), now=NOON))


def test_an_offer_lapses(cast: Cast, check: Any, waiting: Contact) -> None:
    offered(waiting, cast.grace)
    assert check(lambda: expire_offers(now=LATER)) == 1


def test_an_offer_is_withdrawn(cast: Cast, check: Any, waiting: Contact) -> None:
    offered(waiting, cast.grace)
    abandon_contact(waiting, "left", by=customer_of(waiting), now=NOON)
    assert check(lambda: withdraw_stale_offers(now=LATER)) == 1


def test_an_offer_is_taken_back(cast: Cast, check: Any, waiting: Contact) -> None:
    offer = offered(waiting, cast.grace)
    check(lambda: take_back_offer(offer.id, by=actor_for(cast.supervisor), now=LATER))


def test_a_contact_is_pulled_from_under_an_offer(cast: Cast, check: Any, waiting: Contact) -> None:
    offered(waiting, cast.grace)
    check(lambda: take_contact(waiting, cast.tom, by=actor_for(cast.tom), now=LATER))


@pytest.mark.parametrize(
    ("to_queue", "to_person"), [("other_queue", None), ("other_queue", "outsider"), ("chat_zh", "outsider")]
)
def test_a_contact_is_handed_over(
    cast: Cast, check: Any, active: Contact, to_queue: str, to_person: str | None
) -> None:
    card = {"wants": "确定的安装日期", "tried": "改约", "promised": "", "do_not_ask": "地址"}
    person, queue = getattr(cast, to_person or "", None), getattr(cast, to_queue)
    by = actor_for(cast.grace)
    check(lambda: transfer_contact(active, to_queue=queue, to_person=person, by=by, now=LATER, **card))
    check(lambda: say(active, customer_of(active)))
    taker = cast.outsider if queue == cast.other_queue else cast.tom
    check(lambda: answer_contact(active, taker, by=actor_for(taker), now=LATER))


def test_a_waiting_contact_is_assigned(cast: Cast, check: Any, waiting: Contact) -> None:
    by = actor_for(cast.supervisor)
    check(lambda: reassign_contact(waiting, cast.outsider, why="urgent", by=by, now=LATER))


# People


@pytest.mark.parametrize(("state", "reason"), [("available", ""), ("on_break", "meal"), ("offline", "")])
def test_presence_changes(cast: Cast, check: Any, state: str, reason: str) -> None:
    check(lambda: set_presence(cast.grace, state, reason=reason, by=actor_for(cast.grace), now=LATER))


def test_a_browser_is_gone(cast: Cast, check: Any) -> None:
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=NOON)
    later = NOON + timedelta(minutes=5)
    assert check(lambda: notice_gone_browsers(now=later), now=later) == 1


# What is owed, and what customers say


def test_a_follow_up_lives(cast: Cast, check: Any, active: Contact) -> None:
    due = NOON + timedelta(hours=2)
    late = due + timedelta(minutes=1)

    def owe(what: str, when: datetime) -> Any:
        return open_follow_up(
            active.case,
            "callback",
            contact=active,
            owner=cast.grace,
            what=what,
            due_at=when,
            by=customer_of(active),
            now=LATER,
        )

    owed = check(lambda: owe("请回电", due + timedelta(hours=1)))
    check(lambda: owe("中午前", due))
    check(lambda: hand_over_follow_up(owed, cast.tom, why="given", by=actor_for(cast.grace), now=LATER))
    assert check(lambda: warn_due(now=due - timedelta(minutes=1)), now=due) == 1
    assert check(lambda: note_late(now=late), now=late) == 1
    owed.refresh_from_db()
    check(lambda: finish_follow_up(owed, "已回电", by=actor_for(cast.tom), now=late), now=late)


@pytest.mark.parametrize("score", [2, 5])
def test_a_customer_is_asked_and_answers(cast: Cast, check: Any, active: Contact, score: int) -> None:
    by = actor_for(cast.grace)
    end_contact(active, ended_by="person", by=by, now=NOON)
    finish_contact(active, Wrapping(reason=cast.reason, resolution="solved"), by=by, now=NOON)
    asked = check(lambda: invite(active, by=by, now=LATER))
    customer = customer_of(active)
    check(lambda: respond(asked[0], score, "等了一整天", came_by="link", by=customer, now=LATER))
