"""The page of results and the quick search, over HTTP."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from heartline.common.actors import Actor
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Attachment
from heartline.knowledge.search.tests.conftest import keep_up
from heartline.knowledge.search.tests.test_finding import contact_of
from tests.cast import NOON


def reader(person, language="en"):
    person.language = language
    person.save(update_fields=["language"])
    client = Client()
    client.force_login(person)
    return client


def text(client, **query):
    page = client.get(reverse("search:page"), query)
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture
def told(cast):
    """A contact with a message, a note and a file."""
    contact = contact_of(cast, "王小明", "我的冰箱 <b>fridge</b> 不制冷", subject="Fridge is warm")
    by = Actor.person(cast.grace.id, cast.grace.name)
    note = add_message(contact, "note", "fridge: see the fitter", client_key="2", by=by, now=NOON)
    Attachment.objects.create(
        token="t" * 30,
        contact=contact,
        message=note,
        name="冰箱 fridge.jpg",
        media_type="image/jpeg",
        size=1,
        sha256="0" * 64,
        uploaded_by_kind="customer",
        at=NOON,
    )
    keep_up()
    return contact


def test_everything_is_shown_by_kind_with_marks(cast, told):
    page = text(reader(cast.grace), q="fridge")
    for key in ("cases", "messages", "files"):
        assert f'id="found-{key}"' in page
    assert "<mark>Fridge</mark> is warm" in page
    assert "&lt;b&gt;<mark>fridge</mark>&lt;/b&gt;" in page
    assert "冰箱 <mark>fridge</mark>.jpg" in page
    assert 'aria-label="Internal note"' in page
    assert reverse("desk:case_page", args=[told.case_id]) in page


def test_a_kind_is_shown_page_by_page(cast, told):
    by = Actor.person(cast.grace.id, cast.grace.name)
    for number in range(30):
        add_message(told, "reply", f"fridge {number}", client_key=f"n{number}", by=by, now=NOON)
    from heartline.knowledge.search.actions import begin_anew

    begin_anew()
    keep_up()
    client = reader(cast.grace)
    glance = text(client, q="fridge")
    assert glance.count('class="hit-text"') == 5
    first = text(client, q="fridge", kind="messages")
    assert first.count('class="hit-text"') == 20
    after = first.split("after=")[1].split('"')[0]
    second = text(client, q="fridge", kind="messages", after=after)
    assert second.count('class="hit-text"') == 12
    assert "First page" in second


def test_nothing_found_says_what_to_try(cast, told):
    assert "Nothing for “qqzz”" in text(reader(cast.grace), q="qqzz")
    page = text(reader(cast.grace, "zh-hans"), q="qqzz")
    assert "没找到“qqzz”" in page
    assert "手机号后四位" in page


def test_an_empty_question_shows_how_to_ask(cast):
    page = text(reader(cast.grace, "zh-hans"))
    assert "状态：待办" in page
    assert "<details" in page


def test_what_was_typed_is_text(cast, told):
    page = text(reader(cast.grace), q='"><script>alert(1)</script>')
    assert "<script>alert" not in page


def test_the_quick_search_answers_with_the_best_of_each_kind(cast, told):
    answer = reader(cast.grace).get(reverse("search:quick"), {"q": "fridge"}).json()
    assert [group["key"] for group in answer["groups"]] == ["cases", "messages", "files"]
    hit = answer["groups"][0]["hits"][0]
    assert hit["title"] == [["Fridge", True], [" is warm", False]]
    assert hit["facts"][:2] == ["王小明", f"#{told.case_id}"]


def test_the_quick_search_begins_with_what_was_served_last(cast, told):
    from heartline.conversations.actions.contacts import answer_contact

    client = reader(cast.grace)
    assert client.get(reverse("search:quick")).json() == {"groups": []}
    answer_contact(told, cast.grace, by=Actor.person(cast.grace.id, cast.grace.name), now=NOON)
    (group,) = client.get(reverse("search:quick")).json()["groups"]
    assert [hit["address"] for hit in group["hits"]] == [reverse("desk:case_page", args=[told.case_id])]


@pytest.mark.parametrize("name", ["page", "quick"])
def test_who_may_ask(cast, told, name):
    assert reader(cast.analyst).get(reverse(f"search:{name}"), {"q": "fridge"}).status_code == 403
    assert Client().get(reverse(f"search:{name}")).status_code == 302
    assert "<mark>" not in reader(cast.outsider).get(reverse(f"search:{name}"), {"q": "fridge"}).content.decode()


def test_a_search_asks_the_database_few_times(cast, told, django_assert_max_num_queries):
    client = reader(cast.grace)
    text(client, q="fridge")
    with django_assert_max_num_queries(48):
        text(client, q="fridge warm")
