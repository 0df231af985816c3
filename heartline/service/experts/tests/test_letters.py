"""Who is asked and not here gets one letter, with nothing of the case in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.consultations.actions.asking import Question, ask
from heartline.people.actions import actor_for
from heartline.people.models import Presence
from heartline.service.experts.letters import send_letters
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = assemble()
    contact = answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    question = Question(text="门框 60 厘米能进吗？", person=cast.expert)
    ask(contact, question, by=actor_for(cast.grace), now=NOON)
    return cast


def test_one_letter_a_minute_later_in_the_experts_language(cast: Cast) -> None:
    assert send_letters(now=NOON + timedelta(seconds=59)) == 0
    assert send_letters(now=NOON + timedelta(seconds=60)) == 1
    assert send_letters(now=NOON + timedelta(seconds=80)) == 0
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([cast.expert.email], "Grace Okafor向你提问")
    assert "12:38" in letter.body
    assert not any(word in letter.body for word in ("门框", "陈雨桐", "冰箱"))


def test_who_has_a_page_open_gets_none(cast: Cast) -> None:
    now = NOON + timedelta(seconds=70)
    Presence.objects.filter(person=cast.expert).update(seen_at=now - timedelta(seconds=10))
    assert send_letters(now=now) == 0
    assert mail.outbox == []
