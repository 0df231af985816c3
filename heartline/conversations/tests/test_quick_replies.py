"""Quick replies: filled with what is known, in the customer's language, each level its own, found by typing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from heartline.common.errors import Invalid, NotAllowed, NotFound
from heartline.conversations.models import Contact, QuickReply
from heartline.conversations.quick_replies.actions import remove_quick_reply, save_quick_reply
from heartline.conversations.quick_replies.queries import filled_for, quick_replies_for, quick_reply_for
from heartline.conversations.quick_replies.rules import VARIABLES, fill, unfilled, unknown
from heartline.conversations.quick_replies.words import variable_words
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.queries import scope_of
from tests.cast import NOON, Cast, assemble, waiting_contact

HELLO = {
    "name": "Hello",
    "text_en": "Hello {{customer.name}}",
    "text_zh": "{{customer.name}}您好，我是{{ agent.name }}",
}


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def contact(cast: Cast) -> Contact:
    return waiting_contact(cast)


def save(writer: Person, /, **values: Any) -> QuickReply:
    return save_quick_reply(scope_of(writer), QuickReply(), {**HELLO, **values}, by=actor_for(writer), now=NOON)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_what_is_not_known_stays_in_sight():
    assert fill("{{customer.name}}, {{ case.number }}", {"case.number": "7"}) == (
        "{{customer.name}}, 7",
        ("customer.name",),
    )
    assert unfilled("Hi {{customer.name}} and {{ customer.name }}") == ("customer.name",)
    assert unfilled("In Jinja you write {{ user.name }}") == ()
    assert set(variable_words()) == set(VARIABLES)
    assert unknown("{{custmer.name}} {{case.number}} {{x}}") == ("custmer.name", "x")


def test_it_is_filled_in_the_customers_language(cast: Cast, contact: Contact) -> None:
    save(cast.admin)
    save(cast.admin, name="English only", text_zh="", text_en="{{brand.name}}, {{brand.phone}}, {{case.number}}")
    found = {row["name"]: row for row in filled_for(scope_of(cast.grace), contact, cast.grace)["replies"]}
    assert found["Hello"]["text"] == "陈雨桐您好，我是欧嘉怡"
    assert found["Hello"]["language"] == "zh-hans"
    assert found["English only"]["language"] == "en"
    assert found["English only"]["text"] == f"清禾家居, 400-555-0142, {contact.case_id}"


def test_a_name_nobody_knows_is_said_to_be_missing(cast: Cast, contact: Contact) -> None:
    contact.customer.name = ""
    save(cast.admin)
    (found,) = filled_for(scope_of(cast.grace), contact, cast.grace)["replies"]
    assert found["missing"] == ("customer.name",)
    assert found["text"].startswith("{{customer.name}}")


def test_each_level_is_used_by_its_own(cast: Cast) -> None:
    mine, team = save(cast.grace, person=cast.grace), save(cast.supervisor, team=cast.team)
    everybodys = save(cast.admin)
    assert set(quick_replies_for(scope_of(cast.grace))) == {mine, team, everybodys}
    assert set(quick_replies_for(scope_of(cast.tom))) == {team, everybodys}
    assert set(quick_replies_for(scope_of(cast.outsider))) == {everybodys}
    assert set(quick_replies_for(scope_of(cast.admin))) == {team, everybodys}
    with pytest.raises(NotFound):
        quick_reply_for(scope_of(cast.tom), mine.id)


def test_nobody_writes_at_a_level_that_is_not_theirs(cast: Cast) -> None:
    for person, values in (
        (cast.grace, {}),
        (cast.grace, {"team": cast.team}),
        (cast.grace, {"person": cast.tom}),
        (cast.supervisor, {"team": cast.other_team}),
        (cast.supervisor, {}),
    ):
        with pytest.raises(NotAllowed):
            save(person, **values)
    everybodys = save(cast.admin)
    with pytest.raises(NotAllowed):  # nor takes what is everybody's for themselves
        save_quick_reply(
            scope_of(cast.grace), everybodys, {**HELLO, "person": cast.grace}, by=actor_for(cast.grace), now=NOON
        )
    with pytest.raises(NotAllowed):
        remove_quick_reply(scope_of(cast.supervisor), everybodys, by=actor_for(cast.supervisor), now=NOON)


def test_a_text_is_needed_and_its_variables_must_exist(cast: Cast) -> None:
    with pytest.raises(Invalid):
        save(cast.admin, text_en=" ", text_zh="")
    with pytest.raises(Invalid) as refused:
        save(cast.admin, text_en="Hello {{customer.nme}}")
    assert "customer.nme" in refused.value.fields["text_en"]


def test_the_pages(cast: Cast, contact: Contact) -> None:
    agent, admin = client_of(cast.grace), client_of(cast.admin)
    form = {**HELLO, "shortcut": "hello", "level": "own"}
    assert agent.post("/desk/quick-replies/new/", form).status_code == 302
    assert agent.post("/desk/quick-replies/new/", {**form, "level": "everybody"}).status_code == 422
    assert admin.post("/desk/quick-replies/new/", {**form, "level": "everybody"}).status_code == 302
    mine, everybodys = QuickReply.objects.order_by("id")
    assert mine.person == cast.grace
    assert everybodys.person is None
    assert "/hello" in agent.get("/desk/quick-replies/").content.decode()
    assert agent.get(f"/desk/quick-replies/{mine.id}/").status_code == 200
    assert agent.get(f"/desk/quick-replies/{everybodys.id}/").status_code == 403
    assert client_of(cast.tom).get(f"/desk/quick-replies/{mine.id}/").status_code == 404
    assert agent.post(f"/desk/quick-replies/{mine.id}/remove/").status_code == 302
    assert list(QuickReply.objects.all()) == [everybodys]


def test_the_composer_gets_them_filled_and_each_use_is_counted(cast: Cast, contact: Contact) -> None:
    reply, agent = save(cast.admin), client_of(cast.grace)
    found = json.loads(agent.get(f"/desk/quick-replies/api/for-contact/{contact.id}").content)
    assert [row["id"] for row in found["replies"]] == [reply.id]
    assert agent.post(f"/desk/quick-replies/api/{reply.id}/used").status_code == 200
    reply.refresh_from_db()
    assert reply.used_count == 1
    elsewhere = client_of(cast.outsider).get(f"/desk/quick-replies/api/for-contact/{contact.id}")
    assert elsewhere.status_code == 404
