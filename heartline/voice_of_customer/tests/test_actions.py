"""Asked once per case, answered once, credited to who served, a low answer owed a reply."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from heartline.common.errors import Conflict, Invalid, NotFound
from heartline.conversations.actions.contacts import ContactRequest, answer_contact, end_contact, open_contact
from heartline.conversations.models import Contact
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.promises.models import FollowUp
from heartline.voice_of_customer.actions import ask_for_call, invite, respond
from heartline.voice_of_customer.models import Invitation, Response
from heartline.voice_of_customer.queries import invitation_by_token, open_invitation_of
from heartline.voice_of_customer.tests.helpers import customer_of, ended_contact, invited
from tests.cast import NOON, Cast, assemble, waiting_contact


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def answer(invitation: Invitation, score: Any = 4, comment: str = "", **changes: Any) -> Response:
    given: dict[str, Any] = {"came_by": "link", "by": customer_of(invitation.contact), "now": NOON}
    return respond(invitation, score, comment, **(given | changes))


def test_the_customer_is_asked_about_who_served(cast: Cast) -> None:
    invitation, token = invited(cast)
    assert (invitation.about, invitation.expires_at) == (cast.grace, NOON + timedelta(days=14))
    assert invitation_by_token(token, NOON) == invitation
    body = Entry.objects.get(kind="voice_of_customer.invited").body
    assert body["about_id"] == cast.grace.id
    assert token not in str(body)
    assert token not in str(list(Invitation.objects.values()))


def test_nobody_is_asked_before_it_is_over_or_when_nobody_served(cast: Cast) -> None:
    contact = waiting_contact(cast)
    assert invite(contact, by=customer_of(contact), now=NOON) is None
    answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON)
    assert invite(contact, by=customer_of(contact), now=NOON) is None
    assert not Entry.objects.filter(kind="voice_of_customer.invited").exists()


def test_a_case_is_asked_about_once_however_many_contacts_it_has(cast: Cast) -> None:
    invitation, _ = invited(cast)
    request = ContactRequest(
        customer=invitation.case.customer,
        queue=cast.chat_zh,
        channel="webchat",
        language="zh-hans",
        text="又坏了",
        client_key="again",
        case=invitation.case,
    )
    contact = open_contact(request, by=customer_of(invitation.contact), now=NOON)
    answer_contact(contact, cast.lina, by=actor_for(cast.lina), now=NOON)
    end_contact(contact, ended_by="customer", by=customer_of(contact), now=NOON)
    assert invite(contact, by=customer_of(contact), now=NOON) is None
    assert open_invitation_of(contact, NOON) == invitation


def test_the_database_itself_refuses_a_second_invitation_and_a_second_response(cast: Cast) -> None:
    invitation, _ = invited(cast)
    answer(invitation)
    for row in (Invitation.objects.get(), Response.objects.get()):
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_responses_without_a_receipt_do_not_hinder_each_other(cast: Cast) -> None:
    for _ in range(2):
        answer(invited(cast)[0], receipt="")
    assert Response.objects.filter(receipt_hash=None).count() == 2


def test_an_answer_counts_once(cast: Cast) -> None:
    invitation, token = invited(cast)
    answer(invitation, 5, "  谢谢小欧  ")
    with pytest.raises(Conflict):
        answer(invitation, 1)
    assert (Response.objects.get().score, Response.objects.get().comment) == (5, "谢谢小欧")
    with pytest.raises(NotFound):
        invitation_by_token(token, NOON)
    body = Entry.objects.get(kind="voice_of_customer.responded").body
    assert (body["score"], body["about_id"], body["has_comment"]) == (5, cast.grace.id, True)
    assert "谢谢小欧" not in str(body)
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("score", [0, 6, -1, True, "5", 4.0, None])
def test_only_the_five_answers_are_answers(cast: Cast, score: Any) -> None:
    with pytest.raises(Invalid):
        answer(invited(cast)[0], score)
    assert not Response.objects.exists()


def test_after_a_fortnight_the_question_is_closed(cast: Cast) -> None:
    invitation, token = invited(cast)
    late = NOON + timedelta(days=14)
    assert invitation_by_token(token, late - timedelta(seconds=1)) == invitation
    with pytest.raises(NotFound):
        invitation_by_token(token, late)
    with pytest.raises(Conflict):
        answer(invitation, 5, now=late)
    assert open_invitation_of(invitation.contact, late) is None


@pytest.mark.parametrize("token", ["", " ", "x" * 32, "x" * 33, None, 0, "é" * 32, "a\x00" * 16])
def test_what_is_no_secret_of_ours_is_told_alike(cast: Cast, token: Any) -> None:
    invited(cast)
    with pytest.raises(NotFound):
        invitation_by_token(token, NOON)


@pytest.mark.parametrize("change", ["shorter", "longer", "case", "last"])
def test_a_secret_that_is_nearly_right_is_wrong(cast: Cast, change: str) -> None:
    token = invited(cast)[1]
    other = {"shorter": token[:-1], "longer": token + "A", "case": token.swapcase(), "last": token[:-1] + "!"}[change]
    with pytest.raises(NotFound):
        invitation_by_token(other, NOON)


@pytest.mark.parametrize("score", [1, 2])
def test_a_low_answer_is_owed_a_reply_at_once(cast: Cast, score: int) -> None:
    invitation, _ = invited(cast)
    answer(invitation, score, "等了三天")
    follow_up = FollowUp.objects.get()
    assert (follow_up.case, follow_up.kind, follow_up.owner) == (invitation.case, "low_score", cast.grace)
    assert follow_up.due_at == NOON.replace(hour=4, minute=0) + timedelta(days=1)  # noon in Hangzhou
    assert follow_up.what == {1: "非常不满意：等了三天", 2: "不满意：等了三天"}[score]


@pytest.mark.parametrize("score", [3, 4, 5])
def test_other_answers_owe_nothing(cast: Cast, score: int) -> None:
    answer(invited(cast)[0], score)
    assert not FollowUp.objects.exists()


def test_answer_and_follow_up_stand_or_fall_together(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    invitation, _ = invited(cast)
    monkeypatch.setattr("heartline.voice_of_customer.actions.open_follow_up", fail)
    with pytest.raises(RuntimeError):
        answer(invitation, 1)
    assert not Response.objects.exists()
    assert not Entry.objects.filter(kind="voice_of_customer.responded").exists()


def test_a_wish_to_be_called_joins_what_is_owed(cast: Cast) -> None:
    response = answer(invited(cast)[0], 1)
    actor = customer_of(response.invitation.contact)
    follow_up = ask_for_call(response, "138 0013 8000", "没人回电话", by=actor, now=NOON)
    assert FollowUp.objects.get() == follow_up
    assert (follow_up.phone, [more.what for more in follow_up.additions.all()]) == ("+8613800138000", ["没人回电话"])
    assert Response.objects.get().comment == "没人回电话"
    identity = response.case.customer.identities.get(kind="phone")
    assert (identity.value, identity.verified_at) == ("+8613800138000", None)


@pytest.mark.parametrize(("phone", "field"), [("", "comment"), ("12", "phone")])
def test_neither_a_number_nor_words_is_refused(cast: Cast, phone: str, field: str) -> None:
    response = answer(invited(cast)[0], 1)
    with pytest.raises(Invalid) as refused:
        ask_for_call(response, phone, " ", by=customer_of(response.invitation.contact), now=NOON)
    assert field in refused.value.fields


def test_people_see_the_answers_of_their_own_cases(cast: Cast) -> None:
    from heartline.people.queries import scope_of
    from heartline.voice_of_customer.queries import responses_for

    response = answer(invited(cast)[0])
    seen = {name for name in vars(cast) if hasattr(getattr(cast, name), "role")} - {"outsider", "expert"}
    for name in seen:
        assert list(responses_for(scope_of(getattr(cast, name)))) == [response]
    for name in ("outsider", "expert"):
        assert not responses_for(scope_of(getattr(cast, name))).exists()


def in_threads(count: int, work: Any) -> list[Any]:
    def run(number: int) -> Any:
        try:
            return work(number)
        except Exception as problem:
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_at_once_ask_once() -> None:
    contact = ended_contact(assemble())
    actor = customer_of(contact)
    asked = in_threads(10, lambda _: invite(Contact.objects.get(id=contact.id), by=actor, now=NOON))
    assert sum(isinstance(one, tuple) for one in asked) == 1
    assert asked.count(None) == 9
    assert Entry.objects.filter(kind="voice_of_customer.invited").count() == 1


@pytest.mark.django_db(transaction=True)
def test_threads_that_answer_at_once_answer_once() -> None:
    invitation, _ = invited(assemble())
    answers = in_threads(20, lambda number: answer(Invitation.objects.get(id=invitation.id), 1 + number % 2))
    assert sum(isinstance(one, Response) for one in answers) == 1
    assert sum(isinstance(one, Conflict) for one in answers) == 19
    assert Entry.objects.filter(kind="voice_of_customer.responded").count() == 1
    assert FollowUp.objects.count() == 1
    assert FollowUp.objects.get().additions.count() == 0
