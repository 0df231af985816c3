"""A case in an agent's hands, and an expert's answer in it."""

from __future__ import annotations

import pytest

from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.consultations.actions import answering
from heartline.conversations.consultations.actions.asking import Question, ask
from heartline.conversations.consultations.models import Consultation
from heartline.conversations.models import Contact
from heartline.customers.actions import add_identity
from heartline.people.actions import actor_for
from tests.cast import NOON, Cast, assemble, waiting_contact


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def contact(cast: Cast) -> Contact:
    return answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)


@pytest.fixture
def answered(cast: Cast, contact: Contact) -> Consultation:
    """An answer that names the customer and says how to reach her."""
    add_identity(contact.customer, "phone", "13800138000", verified=False, by=actor_for(cast.grace), now=NOON)
    question = Question(text="陈雨桐家门框 60 厘米，BCD-452 能进吗？", person=cast.expert, skill=cast.installation)
    one = ask(contact, question, by=actor_for(cast.grace), now=NOON)
    text = "能。拆门后净深 58 厘米。到时打 138 0013 8000 找陈雨桐。"
    return answering.answer(one, cast.expert, text, by=actor_for(cast.expert), now=NOON)
