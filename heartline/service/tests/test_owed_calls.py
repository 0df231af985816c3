"""A call that is owed is kept by the call itself, and by nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.conversations.actions.cases import Wrapping
from heartline.conversations.actions.contacts import ContactRequest, answer_contact, end_contact, open_contact
from heartline.conversations.models import Case, Contact
from heartline.people.actions import actor_for
from heartline.people.queries import scope_of
from heartline.promises.actions import open_follow_up
from heartline.promises.models import FollowUp
from heartline.service.actions import Worker, wrap_up
from heartline.service.choices import for_wrap_up
from heartline.service.tests.verify import verify_action
from tests.cast import NOON, Cast, assemble, waiting_contact

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def call(cast: Cast) -> Contact:
    """A call that has just ended, in a case whose chat is over too."""
    chat = waiting_contact(cast)
    return talked(asked_for(chat.case, cast), cast)


@pytest.fixture
def owed(call: Contact, cast: Cast) -> FollowUp:
    return open_follow_up(
        call.case, "callback", contact=call, owner=cast.grace, what="", due_at=LATER, by=actor_for(cast.grace), now=NOON
    )


def asked_for(case: Case, cast: Cast) -> Contact:
    """Open a call in a case."""
    request = ContactRequest(
        customer=case.customer,
        queue=cast.chat_zh,
        channel="callback",
        language="zh-hans",
        text="请回电",
        client_key=f"call-{case.contacts.count()}",
        case=case,
    )
    return open_contact(request, by=actor_for(cast.grace), now=NOON)


def talked(contact: Contact, cast: Cast) -> Contact:
    answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON)
    return end_contact(contact, ended_by="person", by=actor_for(cast.grace), now=NOON)


def wrapped(contact: Contact, cast: Cast, resolution: str) -> None:
    """Wrap up a contact, and check that every open desk learns of it by events alone."""
    wrapping = Wrapping(reason=cast.reason, resolution=resolution, note="周六上午安装")
    worker = Worker(person=cast.grace, scope=scope_of(cast.grace), now=LATER)
    verify_action([cast.grace, cast.tom, cast.supervisor], lambda: wrap_up(worker, contact, wrapping), now=LATER)


@pytest.mark.parametrize(
    ("resolution", "outcome", "case_state"),
    [
        ("solved", "Solved · 周六上午安装", "solved"),
        ("unsolved", "Could not be solved · 周六上午安装", "waiting_internal"),
    ],
)
def test_wrapping_up_the_call_keeps_it(
    cast: Cast, call: Contact, owed: FollowUp, resolution: str, outcome: str, case_state: str
) -> None:
    wrapped(call, cast, resolution)
    owed.refresh_from_db()
    assert (owed.state, owed.outcome, owed.done_by) == ("done", outcome, cast.grace)
    assert Case.objects.get(id=call.case_id).state == case_state


def test_what_wrap_up_says_is_owed_leaves_out_the_call_it_keeps(cast: Cast, call: Contact, owed: FollowUp) -> None:
    chat = call.case.contacts.get(channel="webchat")
    assert for_wrap_up(call)["still_owed"] == 0
    assert for_wrap_up(chat)["still_owed"] == 1


def test_a_call_after_which_we_still_owe_something_is_still_owed(cast: Cast, call: Contact, owed: FollowUp) -> None:
    wrapped(call, cast, "promised")
    assert FollowUp.objects.get(id=owed.id).state == "open"


def test_a_second_call_in_the_case_keeps_it_owed(cast: Cast, call: Contact, owed: FollowUp) -> None:
    second = asked_for(call.case, cast)
    wrapped(call, cast, "solved")
    assert FollowUp.objects.get(id=owed.id).state == "open"
    wrapped(talked(second, cast), cast, "solved")
    assert FollowUp.objects.get(id=owed.id).state == "done"


def test_a_chat_in_the_case_does_not_keep_it(cast: Cast, call: Contact, owed: FollowUp) -> None:
    chat = call.case.contacts.get(channel="webchat")
    wrapped(talked(chat, cast), cast, "solved")
    assert FollowUp.objects.get(id=owed.id).state == "open"


def test_what_was_marked_done_before_stays_as_it_was_said(cast: Cast, call: Contact, owed: FollowUp) -> None:
    FollowUp.objects.filter(id=owed.id).update(state="done", outcome="已回电", done_at=NOON)
    wrapped(call, cast, "solved")
    owed.refresh_from_db()
    assert owed.outcome == "已回电"
