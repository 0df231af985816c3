"""The fold: what each event does to a fact, and that reading twice changes nothing."""

from __future__ import annotations

from dataclasses import fields
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

import heartline.conversations.consultations.events
import heartline.conversations.events
import heartline.promises.events
import heartline.routing.events
import heartline.voice_of_customer.events  # noqa: F401 - each registers its kinds
from heartline.insight import facts
from heartline.insight.facts import Work, fold
from heartline.insight.tests.stories import Story, served
from heartline.ledger import events
from heartline.ledger.positions import Position
from heartline.ledger.queries import Recorded


def test_the_first_answer_counts_and_later_ones_do_not() -> None:
    story = Story().answered(40, person_id=7).handed_over(100, to_queue=2, held=60).answered(300, person_id=8)
    fact = story.fact()
    assert (fact.wait_ms, fact.answered_by, fact.transfers) == (40_000, 7, 1)
    assert (fact.queue_id, fact.queue_now_id) == (1, 2)


def test_work_is_credited_to_who_did_it() -> None:
    story = Story().answered(10).handed_over(70, to_queue=2, held=60).answered(100, person_id=8)
    fact = story.ended(400, held=300, person_id=8).finished(430, wrap_up=30, person_id=8).fact()
    assert fact.work == (Work(7, 60_000, 0, 1), Work(8, 300_000, 30_000))
    assert fact.handle_ms == 390_000


def test_work_in_progress_has_no_handle_time_yet() -> None:
    assert Story().answered(10).ended(70, held=60).fact().handle_ms is None


def test_coming_back_keeps_the_clock_and_knows_the_gap() -> None:
    fact = Story().left(30, "silent").resumed(90).answered(100).fact()
    assert (fact.outcome, fact.wait_ms, fact.line_ms, fact.times_resumed) == ("answered", 100_000, 40_000, 1)


@pytest.mark.parametrize(
    ("second", "short", "how", "outcome"),
    [
        (5, 5, "left", "short_abandon"),
        (5.001, 5, "left", "long_abandon"),
        (1, None, "left", "long_abandon"),
        (3, 5, "callback", "callback"),
        (200, 5, "silent", "long_abandon"),
    ],
)
def test_how_leaving_is_counted(second: float, short: int | None, how: str, outcome: str) -> None:
    assert Story(short=short).left(second, how).fact().outcome == outcome


def test_leaving_after_being_answered_is_not_an_abandonment() -> None:
    assert Story().answered(10).handed_over(60, to_queue=2, held=50).left(90).fact().outcome == "answered"


@pytest.mark.parametrize(("second", "in_time"), [(60, True), (60.001, False)])
def test_exactly_at_the_limit_is_in_time(second: float, in_time: bool) -> None:
    assert Story(within=60).answered(second).fact().in_time is in_time


def test_a_message_is_answered_by_a_reply_and_in_time_by_the_time_we_gave() -> None:
    story = Story(channel="webform", due=3600, within=60).said(0).answered(100)
    assert story.fact().outcome == "waiting"
    assert story.said(3000, "person", 9).fact().in_time


def test_neither_system_nor_note_stops_the_clock_of_the_first_reply() -> None:
    story = Story().said(0).said(1, "system", kind="notice").said(2, "system").said(3, "person", 9, kind="note")
    assert story.fact().response_ms is None
    fact = story.said(50, "person", 8).said(60, "person", 9).fact()
    assert (fact.response_ms, fact.replied_by) == (50_000, 8)


def test_a_score_is_credited_to_whom_the_question_was_about() -> None:
    fact = Story().answered(5).asked_how(60, about=7).rated(90, 2, about=7).fact()
    assert (fact.score, fact.score_about) == (2, 7)


def test_a_call_is_in_time_by_the_time_we_named_and_its_asking_counts_once() -> None:
    call = Story(channel="callback", keeps_place_of=120).promised(0, by=1800).answered(1700).fact()
    assert (call.continues, call.in_time, call.wait_ms) == (True, True, 1_820_000)
    alone = Story(channel="callback").promised(0, by=1800).answered(1900).fact()
    assert (alone.continues, alone.in_time) == (False, False)


def test_told_waits_are_minutes() -> None:
    fact = Story(told=(3, 5)).fact()
    assert (fact.told_low_ms, fact.told_high_ms) == (180_000, 300_000)


def test_offers_are_counted_by_how_they_ended() -> None:
    story = Story().happened(1, "routing.offer_made", person_id=7)
    story.happened(26, "routing.offer_ended", person_id=7, outcome="expired")
    story.happened(27, "routing.offer_made", person_id=8).happened(
        30, "routing.offer_ended", person_id=8, outcome="accepted"
    )
    assert story.fact().offers == facts.Offers(made=2, accepted=1, expired=1)


def test_experts_count_who_answered_or_joined_and_never_served_it_themselves() -> None:
    def consulted(story: Story, how: str, expert_id: int) -> Story:
        return story.happened(20, "conversations.consultation_changed", how=how, expert_id=expert_id)

    asked = Story().answered(10).happened(15, "conversations.participant_joined", person_id=9, role="joined")
    assert consulted(asked, "asked", 9).fact().experts == 0
    assert consulted(consulted(asked, "answered", 9), "answered", 11).fact().experts == 2
    joined = Story().answered(10).happened(15, "conversations.participant_joined", person_id=9, role="expert")
    assert joined.fact().experts == 1
    assert consulted(joined, "answered", 9).fact().experts == 1, "one who joins and answers is one expert"
    joined.happened(20, "conversations.contact_moved", from_person_id=7, person_id=9, held_ms=1000)
    assert joined.ended(30, 1, person_id=9).finished(40, 1, person_id=9).fact().experts == 0, "they took it over"


def test_events_about_contacts_of_other_days_are_passed_over() -> None:
    assert fold({}, Story().answered(10).events[1:]) == {}


_STEPS = {
    "said": lambda story, second: story.said(second),
    "replied": lambda story, second: story.said(second, "person", 7),
    "answered": lambda story, second: story.answered(second),
    "left": lambda story, second: story.left(second),
    "resumed": lambda story, second: story.resumed(second),
    "handed over": lambda story, second: story.handed_over(second, to_queue=2, held=10),
    "ended": lambda story, second: story.ended(second, held=20),
    "finished": lambda story, second: story.finished(second, wrap_up=5),
    "rated": lambda story, second: story.rated(second, 4),
}


@st.composite
def days(draw: st.DrawFn) -> list[Recorded]:
    """A day: contacts to which anything happens in any order, their events mixed as the ledger would hold them."""
    stories = []
    for contact_id in range(1, draw(st.integers(1, 4)) + 1):
        story = Story(contact_id, short=5)
        waits = draw(st.lists(st.integers(1, 100), max_size=8))
        for second in accumulate(waits):
            _STEPS[draw(st.sampled_from(sorted(_STEPS)))](story, second)
        stories.append(story)
    mixed = sorted((event for story in stories for event in story.events), key=lambda event: event.at)
    return [
        Recorded(Position(0, place), e.at, e.kind, e.actor_kind, e.actor_id, e.actor_name, e.contact_id, e.body)
        for place, e in enumerate(mixed, 1)
    ]


@given(days(), st.data())
def test_folding_twice_or_in_overlapping_pieces_equals_folding_once(day: list[Recorded], data: st.DataObject) -> None:
    once = fold({}, day)
    end_of_first = data.draw(st.integers(0, len(day)))
    start_of_second = data.draw(st.integers(0, end_of_first))
    assert fold(once, day) == once
    assert fold(fold({}, day[:end_of_first]), day[start_of_second:]) == once


def test_every_kind_that_is_read_exists_with_what_is_read_from_it() -> None:
    told: dict[str, set[str]] = {}
    for event in _everything():
        told.setdefault(event.kind, set()).update(event.body)
    assert set(told) == facts.KINDS
    for kind, names in told.items():
        declared = {field.name for field in fields(events.KINDS[kind])}
        assert names <= declared, f"{kind} has no {names - declared}"


def _everything() -> list[Recorded]:
    story = Story().said(0).left(1).resumed(2)
    story.promised(2, 9).happened(2, "promises.follow_up_added_to", due_at=story.asked_at.isoformat())
    story.happened(3, "routing.offer_made", person_id=7).happened(
        4, "routing.offer_ended", person_id=7, outcome="accepted"
    )
    story.happened(4, "conversations.contact_requeued", from_queue_id=2)
    story.answered(5).happened(6, "conversations.contact_moved", from_person_id=7, person_id=8, held_ms=1000)
    story.happened(6, "conversations.participant_joined", person_id=9, role="expert")
    story.happened(6, "conversations.consultation_changed", how="answered", expert_id=9)
    story.handed_over(7, 2, 1, person_id=8).answered(8).ended(9, 1).finished(10, 1).asked_how(11).rated(12, 5)
    assert fold({}, story.events)[1].moves == 1
    return story.events


def test_a_served_contact_has_all_its_clocks() -> None:
    fact = served(5, wait=20, score=5)
    assert (fact.wait_ms, fact.response_ms, fact.handle_ms, fact.score) == (20_000, 30_000, 360_000, 5)
