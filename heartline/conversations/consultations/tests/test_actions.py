"""A question from asking to answer: fair, private, on time, never lost, and never in the customer's way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.common.errors import Conflict, Invalid, NotAllowed, NotFound
from heartline.conversations.actions.cases import leave_contact
from heartline.conversations.actions.contacts import end_contact
from heartline.conversations.consultations.actions import answering, asking
from heartline.conversations.consultations.actions.asking import Question, ask
from heartline.conversations.consultations.actions.settings import hours_from, save_answer_time, save_expertise
from heartline.conversations.consultations.actions.sweeping import sweep
from heartline.conversations.consultations.models import Asking, Consultation
from heartline.conversations.consultations.queries import (
    answer_time,
    asked_of,
    asked_of_one,
    consultation_for,
    consultations_for,
    experts,
)
from heartline.conversations.consultations.tests.conftest import House
from heartline.conversations.models import Message, Participant
from heartline.conversations.queries import cases_for, sees
from heartline.ledger.queries import history
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.queries import scope_of
from tests.cast import NOON

TEXT = "门框 60 厘米，这款冰箱能进吗？"


def asked(house: House, **more: object) -> Consultation:
    given: dict[str, object] = {"text": TEXT, "skill": house.cast.installation, "language": "zh-hans", **more}
    return ask(house.contact, Question(**given), by=house.grace, now=NOON)  # type: ignore[arg-type]  # named fields


def hows(consultation: Consultation) -> list[str]:
    found = history(contact_id=consultation.contact_id).filter(kind="conversations.consultation_changed")
    return [entry.body["how"] for entry in found.order_by("id")]


def answer(consultation: Consultation, person: Person, text: str = "能，拆门即可。", **at: object) -> Consultation:
    now = NOON + timedelta(minutes=5)
    return answering.answer(consultation, person, text, by=actor_for(person), now=at.get("now", now))  # type: ignore[arg-type]


def test_the_answer_is_a_note_of_the_case_and_the_contact_goes_on(house: House) -> None:
    before = (house.contact.state, house.contact.turn, house.contact.version)
    one = asked(house, level=4)
    assert one.person_id == house.hu.id
    assert one.due_at == NOON + timedelta(hours=1)
    assert Asking.objects.get().why[0] == ["skill", {"level": 5, "needed": 4}]
    answering.accept(one, house.hu, by=actor_for(house.hu), now=NOON)
    answer(one, house.hu)
    note = Message.objects.get(kind="note")
    assert (note.body, note.author, one.note) == ("能，拆门即可。", house.hu, note)
    assert one.state == "answered"
    assert one.answered_by_id == house.hu.id
    assert not asked_of(house.hu.id).exists()
    assert hows(one) == ["asked", "accepted", "answered"]
    house.contact.refresh_from_db()
    assert (house.contact.state, house.contact.turn, house.contact.version) == before
    assert Asking.objects.get().state == "answered"


def test_the_words_of_question_and_answer_are_in_no_event(house: House) -> None:
    one = answer(asked(house), house.hu if Consultation.objects.get().person == house.hu else house.wu)
    said = str(list(history(contact_id=one.contact_id).values_list("body", flat=True)))
    assert TEXT not in said
    assert "拆门" not in said


def test_an_expert_sees_the_question_only_while_it_is_theirs_and_never_the_case(house: House) -> None:
    one = asked(house, person=house.hu)
    scope = scope_of(house.hu)
    assert asked_of_one(scope, one.id) == one
    assert not sees(scope, house.contact.case)
    assert not consultations_for(scope).exists()
    with pytest.raises(NotFound):
        asked_of_one(scope_of(house.wu), one.id)
    answer(one, house.hu)
    with pytest.raises(NotFound):
        asked_of_one(scope, one.id)
    with pytest.raises(NotFound):
        consultation_for(scope_of(house.cast.outsider), one.id)
    assert consultation_for(scope_of(house.cast.tom), one.id) == one, "whose case it may be"


def test_who_joins_sees_the_case_until_they_leave_and_writes_to_the_customer_only_when_let(house: House) -> None:
    one, by = asked(house, person=house.hu), actor_for(house.hu)
    inside = answering.join(one, house.hu, by=by, now=NOON)
    assert cases_for(scope_of(house.hu)).get() == house.contact.case
    assert not inside.may_reply
    asking.change(one, may_reply=True, by=house.grace, now=NOON)
    inside.refresh_from_db()
    assert inside.may_reply
    assert one.state == "accepted"
    leave_contact(house.contact, house.hu, by=by, now=NOON)
    assert not cases_for(scope_of(house.hu)).exists()
    assert Participant.objects.filter(left_at=None).count() == 0


def test_who_declines_is_not_asked_again_and_nobody_left_means_it_waits_for_somebody(house: House) -> None:
    one = asked(house, level=3)
    first = one.person
    assert first
    answering.decline(one, first, "not_mine", by=actor_for(first), now=NOON)
    second = one.person
    assert second
    assert {first, second} == {house.hu, house.wu}, "eva knows too little"
    answering.decline(one, second, "no_time", "tomorrow", by=actor_for(second), now=NOON)
    assert (one.state, one.person) == ("asked", None)
    assert hows(one) == ["asked", "declined", "declined", "waits"]
    with pytest.raises(NotAllowed):
        answer(one, second)
    assert sweep(now=NOON) == 0
    house.eva.skills.update(level=3)
    assert sweep(now=NOON) == 1
    one.refresh_from_db()
    assert one.person == house.eva


def test_a_question_nobody_takes_goes_on_is_warned_of_and_listed_as_late(house: House) -> None:
    one = asked(house, level=3)
    first = one.person
    assert sweep(now=NOON + timedelta(minutes=9)) == 0
    assert sweep(now=NOON + timedelta(minutes=10)) == 1
    one.refresh_from_db()
    assert one.person not in (None, first)
    assert Asking.objects.get(person=first).state == "unanswered"
    answering.accept(one, one.person, by=actor_for(one.person), now=NOON + timedelta(minutes=11))
    assert sweep(now=NOON + timedelta(minutes=40)) == 0, "it is taken, and not due soon"
    assert sweep(now=NOON + timedelta(minutes=45)) == 1
    assert sweep(now=NOON + timedelta(minutes=46)) == 0, "warned once"
    assert sweep(now=NOON + timedelta(minutes=60)) == 1
    assert sweep(now=NOON + timedelta(minutes=61)) == 0, "late once"
    assert hows(one) == ["asked", "unanswered", "accepted", "warned", "late"]
    one.refresh_from_db()
    assert one.late_at
    answer(one, Person.objects.get(consultations=one), now=NOON + timedelta(hours=2))


def test_who_is_asked_by_name_has_it_until_it_is_due_and_then_the_next_who_can(house: House) -> None:
    one = asked(house, person=house.eva)
    assert sweep(now=NOON + timedelta(minutes=30)) == 0
    sweep(now=NOON + timedelta(minutes=60))
    one.refresh_from_db()
    assert one.person != house.eva
    alone = asked(house, person=house.eva, skill=None)
    sweep(now=NOON + timedelta(hours=3))
    alone.refresh_from_db()
    assert alone.person == house.eva, "without a skill there is nobody else to ask"


def test_somebody_who_left_us_holds_no_question_up(house: House) -> None:
    one = asked(house, person=house.hu)
    answering.accept(one, house.hu, by=actor_for(house.hu), now=NOON)
    Person.objects.filter(id=house.hu.id).update(is_active=False)
    sweep(now=NOON + timedelta(seconds=5))
    one.refresh_from_db()
    assert one.person in (house.wu, house.eva)


def test_people_say_when_they_can_be_asked_and_how_much(house: House) -> None:
    by = actor_for(house.hu)
    save_expertise(house.hu, {"at_once": 1}, by=by, now=NOON)
    save_expertise(house.wu, {"asks_me": False}, by=actor_for(house.wu), now=NOON)
    save_expertise(house.eva, {"hours": hours_from({3: "20:00-22:00"})}, by=actor_for(house.eva), now=NOON)
    first = asked(house)
    assert first.person == house.hu
    answering.accept(first, house.hu, by=by, now=NOON)
    second = asked(house)
    assert second.person is None, "one is full, one is off, one is at home"
    assert hows(second) == ["asked", "accepted", "asked", "waits"]
    later = NOON + timedelta(hours=9)  # 20:38 in Hangzhou, a Thursday
    sweep(now=later)
    second.refresh_from_db()
    assert second.person == house.eva
    with pytest.raises(Invalid):
        save_expertise(house.hu, {"at_once": 0}, by=by, now=NOON)
    with pytest.raises(Invalid):
        save_expertise(house.hu, {"quiet_until": NOON}, by=by, now=NOON)
    with pytest.raises(Invalid):
        hours_from({1: "nine to five"})


def test_two_who_answer_at_once_leave_one_answer(house: House) -> None:
    one = asked(house, person=house.hu)
    stale = Consultation.objects.get(id=one.id)
    answering.pass_on(one, house.hu, house.wu, by=actor_for(house.hu), now=NOON)
    with pytest.raises(Conflict):
        answer(stale, house.hu)
    answer(one, house.wu)
    with pytest.raises(Conflict):
        answer(one, house.wu)
    assert Message.objects.filter(kind="note").count() == 1


def test_who_asked_withdraws_gives_on_and_changes_the_time(house: House) -> None:
    one = asked(house, person=house.hu)
    asking.change(one, due_at=NOON + timedelta(minutes=20), by=house.grace, now=NOON)
    assert one.warn_at == NOON + timedelta(minutes=10)
    with pytest.raises(Conflict):
        asking.give_on(one, house.hu, by=house.grace, now=NOON)
    asking.give_on(one, house.wu, by=house.grace, now=NOON)
    assert one.person == house.wu
    asking.withdraw(one, by=house.grace, now=NOON)
    assert not asked_of(house.wu.id).exists()
    assert hows(one) == ["asked", "changed", "given_on", "withdrawn"]
    with pytest.raises(Conflict):
        asking.withdraw(one, by=house.grace, now=NOON)
    assert not asking.see(one, by=actor_for(house.cast.tom), now=NOON), "only who asked has seen it"
    assert asking.see(one, by=house.grace, now=NOON)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " "}, "question"),
        ({"text": "?" * 2001}, "question"),
        ({"skill": None}, "skill"),
        ({"due_at": NOON}, "due_at"),
        ({"due_at": NOON + timedelta(days=31)}, "due_at"),
    ],
)
def test_what_cannot_be_asked(house: House, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(house, **wrong)
    assert list(refused.value.fields) == [field]


def test_nobody_is_asked_who_is_no_expert_or_asks_themselves(house: House) -> None:
    for person in (house.cast.tom, house.cast.grace):
        with pytest.raises(Invalid):
            asked(house, person=person)
    save_expertise(house.cast.tom, {"answers": True}, by=actor_for(house.cast.admin), now=NOON)
    assert asked(house, person=house.cast.tom).person == house.cast.tom
    save_expertise(house.hu, {"answers": False}, by=actor_for(house.cast.admin), now=NOON)
    assert house.hu.id not in experts()


def test_an_answer_comes_also_after_the_contact_has_ended(house: House) -> None:
    one = asked(house, person=house.hu)
    end_contact(house.contact, ended_by="person", by=house.grace, now=NOON)
    one = Consultation.objects.get(id=one.id)
    with pytest.raises(Conflict):
        answering.join(one, house.hu, by=actor_for(house.hu), now=NOON)
    answer(one, house.hu)
    assert Message.objects.filter(kind="note").exists()


def test_how_soon_answers_are_due_by_skill_and_for_the_rest(house: House) -> None:
    by, skill = actor_for(house.cast.admin), house.cast.installation
    times = {"answer_minutes": 30, "take_minutes": 5, "warn_minutes": 10}
    save_answer_time(None, times, by=by, now=NOON)
    assert answer_time(skill).answer_minutes == 30
    save_answer_time(skill, {**times, "answer_minutes": 20}, by=by, now=NOON)
    assert (answer_time(skill).answer_minutes, answer_time(None).answer_minutes) == (20, 30)
    assert asked(house).due_at == NOON + timedelta(minutes=20)
    with pytest.raises(Invalid):
        save_answer_time(skill, {**times, "take_minutes": 31}, by=by, now=NOON)
