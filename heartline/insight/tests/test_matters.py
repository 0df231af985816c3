"""What a customer's contacts tell about each other, worked out by hand, with each way in which figures go wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from heartline.insight.catalogue import BY_ID
from heartline.insight.facts import ContactFact
from heartline.insight.facts.matters import Told, linked, tell
from heartline.insight.facts.spans import Doings, fold_spans
from heartline.insight.measures import Figure, measure
from heartline.insight.tests.stories import MORNING, Story, served
from heartline.ledger.positions import Position
from heartline.ledger.queries import Recorded

PLACES = count(1000)
LATER = MORNING + timedelta(days=100)


def figure(id: str, rows: Iterable[object], now: datetime = LATER) -> Figure:
    return measure(BY_ID[id], rows, now)


def event(kind: str, second: float, *, actor: int | None = None, **body: Any) -> Recorded:
    at, kind_of_actor = MORNING + timedelta(seconds=second), "person" if actor else "system"
    told_of = {"customer_id": 1, "queue_id": 1} | body
    return Recorded(Position(0, next(PLACES)), at, kind, kind_of_actor, actor, "", None, told_of)


def told(*stories: Story, more: Iterable[Recorded] = ()) -> Told:
    events = [one for story in stories for one in story.events]
    return tell(sorted([*events, *more], key=lambda one: one.at))


def contact(number: int, customer: str, reason: int, day: float) -> ContactFact:
    at = MORNING + timedelta(days=day)
    instant = {"opened_at": at, "asked_at": at, "answered_at": at, "ended_at": at, "finished_at": at}
    return replace(served(number, wait=0), **instant, customer_id=ord(customer), reason_id=reason, resolution="solved")  # type: ignore[arg-type] # all instants


@pytest.mark.parametrize(
    ("days", "first_contact", "repeat"),
    [(7, 4 / 6, 2 / 8), (30, 3 / 5, 3 / 8)],
)
def test_first_contact_and_repeat_are_what_the_published_vector_says(
    days: int, first_contact: float, repeat: float
) -> None:
    # (customer, reason, day): A bill 0, 3, 12; B bill 1; B login 2; C ship 5, 5.5; D ship 9
    bill, login, ship = 1, 2, 3
    told_of = [("A", bill, 0), ("A", bill, 3), ("A", bill, 12), ("B", bill, 1), ("B", login, 2)]
    told_of += [("C", ship, 5), ("C", ship, 5.5), ("D", ship, 9)]  # type: ignore[list-item] # half a day
    facts = [contact(number, *about) for number, about in enumerate(told_of, 1)]
    rows = [fact for name in "ABCD" for fact in linked([one for one in facts if one.customer_id == ord(name)])]
    assert figure(f"first_contact_{days}", rows).value == pytest.approx(first_contact)
    assert figure(f"repeat_{days}", rows).value == pytest.approx(repeat)


def test_a_contact_whose_window_is_open_is_left_out() -> None:
    fact = served(1, wait=5)
    closed = fact.finished_at or MORNING
    assert figure("first_contact_7", [fact], closed + timedelta(days=7)).n == 1
    assert figure("first_contact_7", [fact], closed + timedelta(days=6, hours=23)).n == 0


def test_a_broken_promise_or_an_unsolved_matter_is_not_settled() -> None:
    fact = served(1, wait=5)
    rows = [fact, replace(fact, promises_broken=1), replace(fact, resolution="promised")]
    assert figure("first_contact_7", rows).hits == 1


def test_the_call_that_goes_on_from_a_chat_is_no_coming_back() -> None:
    chat = Story(1).left(50, "callback")
    call = Story(2, channel="callback", asked_at=MORNING + timedelta(seconds=60), keeps_place_of=60, first_place=50)
    for one in call.events:
        one.body["case_id"] = 1
    call.answered(100).ended(200, 100).finished(210, 10)
    assert [fact.until_next_ms for fact in told(chat, call).contacts] == [None, None]


def test_next_responses_are_by_turn_and_robots_do_not_answer() -> None:
    story = Story().answered(5).said(10).said(20, "system").said(30, "person", 7)
    story.said(100).said(105).said(110, "person", 7, kind="note").said(160, "person", 8).said(200)
    turns = told(story).turns
    assert [(turn.number, turn.response_ms, turn.replied_by) for turn in turns] == [
        (1, 20_000, 7),
        (2, 60_000, 8),
        (3, None, None),
    ]
    assert (figure("next_response", turns).n, figure("next_response", turns).value) == (1, 60_000)


def test_no_state_of_a_case_stops_the_clock() -> None:
    """Calling it "waiting for the customer" after they have spoken makes nobody look quicker."""
    story = Story().answered(5).said(10).said(20, "person", 7).said(100).said(400, "person", 7)
    states = [
        event("conversations.case_changed", second, case_id=1, changed=("state",), state=state)
        for second, state in ((101, "waiting"), (150, "solved"), (200, "open"), (250, "waiting"))
    ]
    quiet, changed = told(story).turns, told(story, more=states).turns
    assert [turn.response_ms for turn in changed] == [turn.response_ms for turn in quiet] == [10_000, 300_000]


def test_each_gets_credit_for_their_own_part_after_a_transfer() -> None:
    story = Story().answered(10).handed_over(70, to_queue=2, held=60).answered(100, person_id=8)
    pieces = told(story.ended(400, held=300, person_id=8).finished(430, wrap_up=30, person_id=8)).pieces
    assert [(piece.person_id, piece.work_ms, piece.hand_overs) for piece in pieces] == [(7, 60_000, 1), (8, 330_000, 0)]
    assert figure("own_time", pieces).value == 195_000
    assert figure("own_handed_over", pieces).value == 0.5
    facts = told(story).contacts
    assert figure("handle_time", facts).value == 390_000
    assert figure("misrouted", facts).value == 1


def test_a_case_that_is_opened_again_leaves_the_solved_ones_and_their_time() -> None:
    first = Story(1).answered(5).ended(60, 55).finished(70, 10)
    solved = [
        event("conversations.case_opened", 0, case_id=1),
        event("conversations.case_changed", 70, actor=7, case_id=1, changed=("state",), state="solved"),
    ]
    cases = told(first, more=solved).cases
    assert (figure("solved", cases).value, figure("to_final_resolution", cases).value) == (1, 70_000)
    assert cases[0].solved_by == 7
    again = Story(2, asked_at=MORNING + timedelta(days=1), first_place=50)
    again.events[0].body["case_id"] = 1
    cases = told(first, again, more=solved).cases
    assert (figure("solved", cases).value, figure("to_final_resolution", cases).n) == (0, 0)
    assert figure("to_first_resolution", cases).value == 70_000
    assert (figure("reopened_7", cases).hits, figure("reopened_7", cases).n, cases[0].contacts) == (1, 1, 2)
    assert figure("reopened_7", cases, MORNING + timedelta(days=2)).n == 0


def test_a_hundred_solved_may_be_one_customer() -> None:
    changed = [
        event("conversations.case_changed", 9, case_id=number, changed=("state",), state="solved")
        for number in (1, 2, 3)
    ]
    cases = told(Story(1), Story(2), Story(3), more=changed).cases
    assert (figure("solved", cases).value, figure("customers_solved", cases).value) == (3, 1)


def test_promises_are_counted_by_when_they_were_due() -> None:
    def owed(id: int, due: float, *more: Recorded) -> list[Recorded]:
        at = (MORNING + timedelta(seconds=due)).isoformat()
        told_of: dict[str, Any] = {
            "case_id": 1,
            "follow_up_kind": "callback",
            "owner_id": 7,
            "due_at": at,
            "contact_id": None,
        }
        return [event("promises.follow_up_opened", 1, follow_up_id=id, **told_of), *more]

    def after(name: str, id: int, second: float, due: float = 0) -> Recorded:
        at = (MORNING + timedelta(seconds=due)).isoformat()
        return event(f"promises.follow_up_{name}", second, follow_up_id=id, owner_id=7, due_at=at, late_ms=0)

    more = [*owed(1, 100, after("done", 1, 100)), *owed(2, 100, after("warned", 2, 60), after("late", 2, 101, 100))]
    more += [*owed(3, 100, after("late", 3, 101, 100)), *owed(4, 9999)]
    promises = told(Story(1), more=more).promises
    now = MORNING + timedelta(seconds=200)
    kept, warned = figure("promises_kept", promises, now), figure("promises_warned", promises, now)
    assert (kept.hits, kept.n, warned.hits, warned.n) == (1, 3, 1, 2)


def test_with_two_chats_at_once_a_minute_is_one_minute() -> None:
    def state(second: float, name: str) -> Recorded:
        return event("people.presence_changed", second, person_id=7, state=name)

    def hand(second: float, name: str, contact_id: int) -> Recorded:
        return event(f"conversations.contact_{name}", second, contact_id=contact_id, person_id=7, from_person_id=7)

    day = [
        state(0, "available"),
        hand(100, "answered", 1),
        hand(150, "answered", 2),
        hand(250, "finished", 1),
        hand(300, "finished", 2),
        state(400, "on_break"),
        state(1000, "offline"),
    ]
    doings, spans = fold_spans(Doings({}), day)
    occupancy = figure("occupancy", spans)
    assert (occupancy.hits, occupancy.n) == (200_000, 400_000)  # breaks apart
    assert figure("time_available", spans).value == 0.4
    first, then = fold_spans(Doings({}), day[:3])
    assert fold_spans(first, day[3:]) == (doings, spans[len(then) :])
    assert then == spans[: len(then)]


def test_withdrawn_offers_are_nobodys_fault() -> None:
    story = Story()
    for offer_id, outcome in enumerate(("withdrawn", "expired", "accepted"), 1):
        about = {"offer_id": offer_id, "person_id": 7}
        story.happened(offer_id, "routing.offer_made", **about)
        story.happened(offer_id + 0.5, "routing.offer_ended", **about, outcome=outcome, reason="", open_ms=500)
    answered = figure("offers_answered", told(story).offers)
    assert (answered.hits, answered.n) == (1, 2)
