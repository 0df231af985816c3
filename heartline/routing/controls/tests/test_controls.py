"""What supervisors decide changes who gets what and when, is kept with who and why, ends by itself, and is undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.common.errors import Conflict, Invalid, NotFound
from heartline.conversations.actions.contacts import answer_contact
from heartline.ledger.queries import history
from heartline.people.actions import set_presence
from heartline.people.models import Person
from heartline.people.queries import scope_of
from heartline.routing.controls import actions
from heartline.routing.controls.actions import MANUAL_CAP, Words
from heartline.routing.controls.models import ContactControl, QueuePause
from heartline.routing.controls.queries import (
    contact_to_control,
    control_to_undo,
    emergencies_for,
    emergency_to_end,
    pause_of,
    queue_to_control,
    told_to_customers,
)
from heartline.routing.controls.words import pause_words
from heartline.routing.queries import explanations
from heartline.routing.tests.helpers import TEST, by, dispatch, pending
from tests.cast import NOON, Cast, waiting_contact

LATER = NOON + timedelta(seconds=30)
SOON = NOON + timedelta(minutes=15)


def offered_to(contact: object) -> Person | None:
    offer = pending(contact)  # type: ignore[arg-type]  # any contact
    return offer.person if offer else None


def test_a_pin_keeps_a_contact_for_one_person_and_ends_by_itself(cast: Cast) -> None:
    contact = waiting_contact(cast)
    set_presence(cast.lina, "on_break", by=TEST, now=NOON)
    actions.pin_contact(contact, cast.lina, until=SOON, why="She knows them", by=cast.supervisor, now=NOON)
    dispatch(LATER)
    assert offered_to(contact) is None
    assert explanations(LATER)[contact.id].why == (("waits_for_person", {"name": "李娜", "seconds": 870}),)
    dispatch(SOON)
    assert offered_to(contact) == cast.grace


def test_a_pinned_contact_is_offered_to_its_person_alone(cast: Cast) -> None:
    contact = waiting_contact(cast)
    dispatch(LATER)
    other = cast.lina if offered_to(contact) == cast.grace else cast.grace
    actions.pin_contact(contact, other, until=SOON, why="", by=cast.supervisor, now=LATER)
    assert offered_to(contact) is None
    dispatch(LATER)
    offer = pending(contact)
    assert offer
    assert offer.person == other
    assert offer.reasons[0][0] == "pinned"


def test_a_pin_to_somebody_who_is_not_here_is_refused(cast: Cast) -> None:
    contact = waiting_contact(cast)
    for person, until in (
        (cast.tom, SOON),
        (cast.analyst, SOON),
        (cast.grace, NOON),
        (cast.grace, NOON + timedelta(days=1)),
    ):
        with pytest.raises(Invalid):
            actions.pin_contact(contact, person, until=until, why="", by=cast.supervisor, now=NOON)


def test_whoever_is_pinned_and_leaves_is_waited_for_no_longer(cast: Cast) -> None:
    contact = waiting_contact(cast)
    actions.pin_contact(contact, cast.lina, until=SOON, why="", by=cast.supervisor, now=NOON)
    set_presence(cast.lina, "offline", by=TEST, now=NOON)
    dispatch(LATER)
    assert offered_to(contact) == cast.grace


def test_a_raised_contact_goes_first_and_says_why(cast: Cast) -> None:
    set_presence(cast.lina, "on_break", by=TEST, now=NOON)
    first, second = waiting_contact(cast), waiting_contact(cast, now=NOON + timedelta(seconds=5))
    actions.raise_contact(second, 300, why="Their child is ill", by=cast.supervisor, now=LATER)
    dispatch(LATER)
    offer = pending(second)
    assert offered_to(first) is None
    assert offer
    assert ["manual", {"seconds": 300}] in [list(reason) for reason in offer.reasons]


def test_raises_together_count_for_no_more_than_the_cap(cast: Cast) -> None:
    contact = waiting_contact(cast)
    for _ in range(2):
        actions.raise_contact(contact, MANUAL_CAP - 600, why="", by=cast.supervisor, now=NOON)
    assert ContactControl.objects.get().manual_seconds == MANUAL_CAP
    with pytest.raises(Conflict):
        actions.raise_contact(contact, 60, why="", by=cast.supervisor, now=NOON)


def test_a_moved_contact_keeps_its_wait(cast: Cast) -> None:
    contact = waiting_contact(cast)
    actions.move_contact(contact, cast.chat_en, why="They write English", by=cast.supervisor, now=LATER)
    contact.refresh_from_db()
    assert (contact.queue, contact.asked_at, contact.case.queue) == (cast.chat_en, NOON, cast.chat_en)
    with pytest.raises(Conflict):
        actions.move_contact(contact, cast.chat_en, why="", by=cast.supervisor, now=LATER)


def test_every_decision_can_be_undone_once_while_they_wait(cast: Cast) -> None:
    contact = waiting_contact(cast)
    pin = actions.pin_contact(contact, cast.lina, until=SOON, why="", by=cast.supervisor, now=NOON)
    more = actions.raise_contact(contact, 300, why="", by=cast.supervisor, now=NOON)
    move = actions.move_contact(contact, cast.chat_en, why="", by=cast.supervisor, now=NOON)
    for one in (pin, more, move):
        actions.undo_control(
            control_to_undo(scope_of(cast.supervisor), one.id, now=LATER), by=cast.supervisor, now=LATER
        )
    contact.refresh_from_db()
    standing = ContactControl.objects.get()
    assert (standing.pinned_to, standing.manual_seconds, contact.queue) == (None, 0, cast.chat_zh)
    with pytest.raises(Conflict):
        actions.undo_control(pin, by=cast.supervisor, now=LATER)


def test_what_does_not_wait_is_not_controlled(cast: Cast) -> None:
    contact = waiting_contact(cast)
    answer_contact(contact, cast.grace, by=by(cast.grace), now=NOON)
    with pytest.raises(Conflict):
        actions.raise_contact(contact, 60, why="", by=cast.supervisor, now=NOON)


def test_a_paused_queue_offers_nothing_and_keeps_place_and_clock(cast: Cast) -> None:
    contact = waiting_contact(cast)
    dispatch(NOON)
    actions.pause_queue(
        cast.chat_zh, Words(told_zh="系统维护。", why="Outage"), until=SOON, by=cast.supervisor, now=NOON
    )
    dispatch(LATER)
    assert offered_to(contact) is None, "what was offered is taken back, and nothing new is"
    assert explanations(LATER)[contact.id].why == (("paused", {"seconds": 870}),)
    dispatch(SOON)
    assert offered_to(contact) is not None
    contact.refresh_from_db()
    assert contact.asked_at == NOON


def test_a_pause_ends_sooner_by_hand_and_of_itself_by_the_clock(cast: Cast) -> None:
    actions.pause_queue(cast.chat_zh, Words(), until=SOON, by=cast.supervisor, now=NOON)
    with pytest.raises(Conflict):
        actions.pause_queue(cast.chat_zh, Words(), until=SOON, by=cast.supervisor, now=LATER)
    actions.resume_queue(cast.chat_zh, by=cast.supervisor, now=LATER)
    with pytest.raises(Conflict):
        actions.resume_queue(cast.chat_zh, by=cast.supervisor, now=LATER)
    actions.pause_queue(cast.chat_zh, Words(), until=SOON, by=cast.supervisor, now=LATER)
    assert actions.end_what_is_due(now=LATER) == 0
    assert actions.end_what_is_due(now=SOON) == 1
    assert pause_of(cast.chat_zh.id, SOON) is None
    assert list(
        history(queue_id=cast.chat_zh.id).filter(kind="routing.queue_resumed").values_list("body__how", flat=True)
    ) == ["due", "ended"]


def test_a_pause_that_is_over_stands_in_nobodys_way(cast: Cast) -> None:
    actions.pause_queue(cast.chat_zh, Words(), until=SOON, by=cast.supervisor, now=NOON)
    actions.pause_queue(cast.chat_zh, Words(), until=SOON + timedelta(minutes=5), by=cast.supervisor, now=SOON)
    assert QueuePause.objects.filter(ended_at=None).count() == 1


def test_customers_are_told_in_their_language_and_until_when(cast: Cast) -> None:
    pause = actions.pause_queue(cast.chat_zh, Words(told_zh="系统维护。"), until=SOON, by=cast.supervisor, now=NOON)
    told = {tongue: pause_words(pause, language=tongue, zone="Asia/Shanghai", now=NOON) for tongue in ("en", "zh-hans")}
    assert told["zh-hans"] == "系统维护。11:53 恢复接待，你的排队位置会保留".replace("你", "您")
    assert told["en"] == "We can’t take chats just now. We start again at 11:53, and your place in line is kept"


def test_an_emergency_is_told_to_the_brands_it_is_for_until_it_ends(cast: Cast) -> None:
    admin, lead = scope_of(cast.admin), scope_of(cast.supervisor)
    told = actions.tell_emergency(
        Words(told_en="Stop using heater H2"), [cast.brand], everywhere=False, until=SOON, by=cast.supervisor, now=NOON
    )
    assert emergencies_for(lead, LATER) == emergencies_for(admin, LATER) == [told]
    assert told_to_customers(cast.brand, "zh-hans", LATER) == ["Stop using heater H2"]
    actions.end_emergency(emergency_to_end(lead, told.id, LATER), by=cast.supervisor, now=LATER)
    assert told_to_customers(cast.brand, "zh-hans", LATER) == []
    with pytest.raises(Conflict):
        actions.end_emergency(told, by=cast.supervisor, now=LATER)


def test_an_emergency_says_something_to_somebody_for_a_while(cast: Cast) -> None:
    for words, brands, until in (
        (Words(), [cast.brand], SOON),
        (Words(told_en="x"), [], SOON),
        (Words(told_en="x"), [cast.brand], NOON),
    ):
        with pytest.raises(Invalid):
            actions.tell_emergency(words, brands, everywhere=False, until=until, by=cast.admin, now=NOON)
    everywhere = actions.tell_emergency(Words(told_en="x"), [], everywhere=True, until=SOON, by=cast.admin, now=NOON)
    assert told_to_customers(cast.brand, "en", LATER) == [everywhere.told]
    with pytest.raises(NotFound):
        emergency_to_end(scope_of(cast.supervisor), everywhere.id, LATER)


def test_supervisors_reach_the_queues_of_their_teams_alone(cast: Cast) -> None:
    elsewhere = waiting_contact(cast, queue=cast.other_queue)
    lead = scope_of(cast.supervisor)
    for reach in (lambda: contact_to_control(lead, elsewhere.id), lambda: queue_to_control(lead, cast.other_queue.id)):
        with pytest.raises(NotFound):
            reach()
    assert contact_to_control(scope_of(cast.admin), elsewhere.id) == elsewhere
