"""apply(snapshot, events) == later snapshot, for what a case carries: tags, snoozes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from heartline.common.actors import Actor
from heartline.conversations.actions.back_office import finish_task, give_task, open_task, reopen_task, watch_case
from heartline.conversations.actions.cases import change_case
from heartline.conversations.actions.contacts import ContactRequest, answer_contact, open_contact
from heartline.conversations.actions.links import link_cases, unlink_cases
from heartline.conversations.actions.messages import add_message
from heartline.conversations.actions.moves import merge_cases, split_case, undo_move
from heartline.conversations.actions.snoozes import end_answered, end_snooze, snooze_case, wake_due, wake_spoken
from heartline.conversations.actions.tags import change_tags
from heartline.conversations.consultations.actions import answering
from heartline.conversations.consultations.actions.asking import Question, ask, change, see, withdraw
from heartline.conversations.consultations.actions.sweeping import sweep
from heartline.conversations.models import Contact, Snooze
from heartline.people.actions import actor_for
from heartline.service.tests.verify import verify_action
from tests.cast import NOON, Cast, assemble, waiting_contact

LATER = NOON + timedelta(seconds=40)
FRIDAY = NOON + timedelta(days=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def check(cast: Cast) -> Callable[..., Any]:
    """Verify an action for one who does it, one who looks on, an outsider, an expert, a supervisor and an admin."""
    people = [cast.grace, cast.tom, cast.outsider, cast.expert, cast.supervisor, cast.admin]

    def run(action: Callable[[], Any], now: datetime = LATER) -> Any:
        return verify_action(people, action, now=now)

    return run


@pytest.fixture
def active(cast: Cast) -> Contact:
    return answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)


def says(contact: Contact, text: str, key: str = "again", now: datetime = LATER) -> Any:
    by = Actor.customer(contact.customer_id, contact.customer.name)
    return add_message(contact, "reply", text, client_key=key, by=by, now=now)


def snoozed(active: Contact, cast: Cast, until: datetime = FRIDAY) -> Snooze:
    return snooze_case(active.case, cast.grace, until, by=actor_for(cast.grace), now=NOON)


def test_tags_come_and_go(cast: Cast, check: Any, active: Contact) -> None:
    by = actor_for(cast.grace)
    check(lambda: change_tags(active.case, add=["VIP", "退款"], by=by, now=LATER))
    check(lambda: change_tags(active.case, add=["ｖｉｐ", "late"], remove=["退款"], by=by, now=LATER))


def test_a_case_is_snoozed_renamed_and_taken_back(cast: Cast, check: Any, active: Contact) -> None:
    by = actor_for(cast.grace)
    check(lambda: snoozed(active, cast))
    check(lambda: change_case(active.case, {"subject": "冰箱安装"}, by=by, now=LATER))
    check(lambda: snoozed(active, cast, until=FRIDAY + timedelta(days=2)))
    check(lambda: end_snooze(Snooze.objects.get(), "taken_back", by=by, now=LATER))


def test_a_snooze_wakes_on_time_and_ends_with_the_answer(cast: Cast, check: Any, active: Contact) -> None:
    snoozed(active, cast)
    assert check(lambda: wake_due(now=FRIDAY), now=FRIDAY) == 1
    after = FRIDAY + timedelta(minutes=5)
    add_message(active, "reply", "陈女士，师傅已出发", client_key="answer", by=actor_for(cast.grace), now=after)
    assert check(lambda: end_answered(now=after), now=after) == 1


def test_thanks_wakes_nothing_and_more_than_thanks_does(cast: Cast, check: Any, active: Contact) -> None:
    snoozed(active, cast)
    says(active, "好的，谢谢您！", key="thanks")
    assert check(lambda: wake_spoken(now=LATER)) == 0
    says(active, "师傅还是没有来", key="more")
    assert check(lambda: wake_spoken(now=LATER)) == 1
    assert Snooze.objects.get().why == "spoke"
    assert wake_spoken(now=LATER) == 0


def test_whoever_has_the_case_is_reminded_when_its_sleeper_has_left(cast: Cast, check: Any, active: Contact) -> None:
    snooze_case(active.case, cast.tom, FRIDAY, by=actor_for(cast.tom), now=NOON)
    cast.tom.is_active = False
    cast.tom.save()
    check(lambda: wake_due(now=FRIDAY), now=FRIDAY)
    assert Snooze.objects.get(state="awake").person == cast.grace


def asks_again(cast: Cast, of: Contact, case: Any = None, queue: Any = None) -> Contact:
    request = ContactRequest(
        customer=of.customer,
        queue=queue or cast.chat_zh,
        channel="webchat",
        language="zh-hans",
        text="发票还没有收到",
        client_key="invoice",
        case=case,
        needs={"language": "zh-hans", "skills": {}},
    )
    return open_contact(request, by=Actor.customer(of.customer_id, "陈雨桐"), now=NOON)


def test_cases_are_linked_and_unlinked(cast: Cast, check: Any, active: Contact) -> None:
    other, by = waiting_contact(cast).case, actor_for(cast.grace)
    check(lambda: link_cases(active.case, other, by=by, now=LATER))
    check(lambda: unlink_cases(other, active.case, by=by, now=LATER))


def test_everybody_concerned_starts_anew_when_cases_are_merged(cast: Cast, check: Any, active: Contact) -> None:
    second = asks_again(cast, active, queue=cast.other_queue)
    by = actor_for(cast.grace)
    deed = check(lambda: merge_cases(active.case, second.case, by=by, now=LATER))
    check(lambda: undo_move(deed, by=by, now=LATER))


def test_everybody_concerned_starts_anew_when_a_case_is_split(cast: Cast, check: Any, active: Contact) -> None:
    second = asks_again(cast, active, case=active.case)
    check(lambda: split_case(active.case, [second.id], "发票", by=actor_for(cast.grace), now=LATER))


def test_a_task_is_given_taken_done_and_opened_again(cast: Cast, check: Any, active: Contact) -> None:
    by = actor_for(cast.grace)
    team = cast.other_team
    task = check(lambda: open_task(active.case, "查物流记录", owner=None, team=team, due_at=FRIDAY, by=by, now=LATER))
    doer = actor_for(cast.outsider)
    check(lambda: give_task(task, owner=cast.outsider, team=cast.other_team, by=doer, now=LATER))
    check(lambda: finish_task(task, "周六送到", by=doer, now=LATER))
    check(lambda: reopen_task(task, by=by, now=LATER))
    check(lambda: finish_task(task, "不需要", dropped=True, by=by, now=LATER))


def test_a_question_to_an_expert_is_asked_answered_and_seen(cast: Cast, check: Any, active: Contact) -> None:
    by, hu = actor_for(cast.grace), actor_for(cast.expert)
    question = Question(text="门框 60 厘米能进吗？", person=cast.expert)
    one = check(lambda: ask(active, question, by=by, now=LATER))
    check(lambda: answering.accept(one, cast.expert, by=hu, now=LATER))
    check(lambda: change(one, due_at=FRIDAY, by=by, now=LATER))
    check(lambda: sweep(now=FRIDAY), now=FRIDAY)
    check(lambda: answering.answer(one, cast.expert, "能，拆门即可", by=hu, now=LATER))
    check(lambda: see(one, by=by, now=LATER))


def test_a_question_is_declined_waits_and_is_withdrawn(cast: Cast, check: Any, active: Contact) -> None:
    by, hu = actor_for(cast.grace), actor_for(cast.expert)
    one = check(lambda: ask(active, Question(text="多高？", person=cast.expert), by=by, now=LATER))
    check(lambda: answering.join(one, cast.expert, by=hu, now=LATER))
    check(lambda: answering.decline(one, cast.expert, "no_time", by=hu, now=LATER))
    check(lambda: withdraw(one, by=by, now=LATER))


def test_a_watcher_hears_what_is_said(cast: Cast, check: Any, active: Contact) -> None:
    by = actor_for(cast.tom)
    check(lambda: watch_case(active.case, cast.tom, watching=True, by=by, now=LATER))
    check(lambda: says(active, "在吗", key="hello"))
    check(lambda: watch_case(active.case, cast.tom, watching=False, by=by, now=LATER))
