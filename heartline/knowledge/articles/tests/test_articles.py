"""Articles: made of an answer without the customer in it, reviewed by another, found once published, put into replies."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from heartline.common.errors import Conflict, Invalid, NotAllowed, NotFound
from heartline.conversations.consultations.models import Consultation
from heartline.conversations.consultations.rules import says_who, without_who
from heartline.conversations.models import Contact
from heartline.knowledge.articles import actions, queries
from heartline.knowledge.articles.models import Article, Version
from heartline.knowledge.articles.rules import halves, whole
from heartline.knowledge.search.actions import follow
from heartline.knowledge.search.queries import Place, Reader, find
from heartline.knowledge.search.rules import understand
from heartline.knowledge.search.sources import ARTICLES
from heartline.ledger.queries import history
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.queries import scope_of
from tests.cast import NOON, Cast

TEXTS = {"title_en": "Narrow doors", "body_en": "Without its door it is 58 cm deep.", "title_zh": "", "body_zh": ""}


def by(person: Person) -> dict[str, Any]:
    return {"by": actor_for(person), "now": NOON}


def written(cast: Cast, **texts: str) -> Article:
    return actions.write_article(None, {**TEXTS, **texts}, cast.installation, **by(cast.grace))


def found(person: Person, words: str) -> list[int]:
    while follow():
        pass
    reader = Reader(scope_of(person), NOON, UTC)
    return find(reader, understand(words), ARTICLES, place=Place(), limit=9).ids


def test_a_draft_made_of_an_answer_names_nobody_and_is_made_once(cast: Cast, answered: Consultation) -> None:
    article = actions.draft_from_answer(answered, **by(cast.grace))
    draft = queries.draft_of(article)
    assert draft
    assert (draft.title_zh, draft.title_en) == ("…家门框 60 厘米，BCD-452 能进吗？", "")
    assert draft.body_zh == "能。拆门后净深 58 厘米。到时打 … 找…。"
    assert (article.source, article.skill) == (answered, cast.installation)
    assert actions.draft_from_answer(answered, **by(cast.tom)) == article
    kinds = history().filter(kind="knowledge.article_changed").values_list("body", flat=True)
    assert [body["how"] for body in kinds] == ["drafted"]


def test_whoever_wrote_in_a_draft_does_not_publish_it(cast: Cast) -> None:
    article = written(cast)
    with pytest.raises(NotAllowed):
        actions.publish(article, cast.grace, **by(cast.grace))
    actions.write_article(article, {**TEXTS, "title_en": "Narrow doorways"}, None, **by(cast.supervisor))
    for writer in (cast.grace, cast.supervisor):
        with pytest.raises(NotAllowed):
            actions.publish(article, writer, **by(writer))
    published = actions.publish(article, cast.expert, **by(cast.expert))
    assert (published.title_en, published.reviewed_by) == ("Narrow doorways", cast.expert)
    with pytest.raises(Conflict):
        actions.publish(article, cast.admin, **by(cast.admin))


def test_what_is_read_stays_until_the_new_is_reviewed(cast: Cast) -> None:
    article = written(cast)
    actions.publish(article, cast.supervisor, **by(cast.supervisor))
    actions.write_article(article, {**TEXTS, "body_en": "It is 57 cm deep."}, cast.installation, **by(cast.tom))
    read = queries.published_of(article)
    assert read
    assert read.body_en == TEXTS["body_en"]
    actions.publish(article, cast.supervisor, **by(cast.supervisor))
    assert list(article.versions.values_list("number", "state")) == [(1, "past"), (2, "published")]
    actions.withdraw(article, **by(cast.supervisor))
    with pytest.raises(Conflict):
        actions.withdraw(article, **by(cast.supervisor))
    again = actions.write_article(article, {**TEXTS, "body_en": "It is 57 cm deep."}, cast.installation, **by(cast.tom))
    assert queries.draft_of(again)


def test_what_says_who_somebody_is_is_not_published(cast: Cast, answered: Consultation) -> None:
    article = actions.draft_from_answer(answered, **by(cast.grace))
    texts = dict.fromkeys(TEXTS, "") | {"title_zh": "窄门", "body_zh": "问陈雨桐"}
    for body in ("问陈雨桐", "打 16000001234", "写到 a.b@example.com"):
        actions.write_article(article, {**texts, "body_zh": body}, None, **by(cast.grace))
        with pytest.raises(Invalid) as refused:
            actions.publish(article, cast.supervisor, **by(cast.supervisor))
        assert list(refused.value.fields) == ["body_zh"]


def test_a_title_and_a_text_belong_together(cast: Cast) -> None:
    for wrong in ({"title_zh": "窄门"}, {"title_en": "", "body_en": ""}):
        with pytest.raises(Invalid):
            written(cast, **wrong)
    assert (halves({**TEXTS, "body_zh": "x"}), whole(TEXTS)) == (["zh"], ["en"])


@pytest.mark.django_db(transaction=True)  # the index follows what has been committed
def test_only_what_is_published_is_found(cast: Cast, answered: Consultation) -> None:
    article = written(cast, title_zh="窄门怎么办", body_zh="先量门框")
    assert found(cast.tom, "narrow") == []
    actions.publish(article, cast.supervisor, **by(cast.supervisor))
    assert (
        found(cast.tom, "narrow") == found(cast.tom, "门框") == found(cast.expert, "in:article doors") == [article.id]
    )
    assert found(cast.analyst, "narrow") == []
    actions.withdraw(article, **by(cast.supervisor))
    assert found(cast.tom, "narrow") == []


def test_an_article_goes_into_a_reply_in_the_customers_language(cast: Cast, contact: Contact) -> None:
    article = written(cast, title_zh="窄门", body_zh="先量门框")
    scope = scope_of(cast.grace)
    assert queries.for_contact(scope, contact) == []
    actions.publish(article, cast.supervisor, **by(cast.supervisor))
    (shown,) = queries.for_contact(scope, contact)
    assert shown == {"id": article.id, "name": "窄门", "text": "先量门框", "language": "zh-hans"}
    actions.count_use(article, **by(cast.grace))
    article.refresh_from_db()
    assert article.used_count == 1


def test_an_answer_is_made_an_article_only_by_who_may_read_it(cast: Cast, answered: Consultation) -> None:
    assert queries.answer_for(scope_of(cast.expert), answered.id) == answered, "their own words"
    with pytest.raises(NotFound):
        queries.answer_for(scope_of(cast.outsider), answered.id)


def test_pages_for_writers_reviewers_and_readers(client: Client, cast: Cast, answered: Consultation) -> None:
    client.force_login(cast.grace)
    made = client.post(f"/knowledge/from-answer/{answered.id}/")
    article = Article.objects.get()
    assert made.headers["Location"] == f"/knowledge/{article.id}/edit/"
    body = {"title_en": "Narrow doors", "body_en": "It is 58 cm deep.", "title_zh": "", "body_zh": "", "skill": ""}
    assert client.post(made.headers["Location"], {**body, "title_en": ""}).status_code == 422
    assert client.post(made.headers["Location"], body).status_code == 302
    assert client.post(f"/knowledge/{article.id}/publish/").status_code == 403
    assert client.get("/knowledge/?view=draft").status_code == 200
    client.force_login(cast.supervisor)
    assert client.post(f"/knowledge/{article.id}/publish/").status_code == 302
    assert client.post(f"/knowledge/{article.id}/publish/").status_code == 409
    client.force_login(cast.expert)
    assert "58 cm" in client.get(f"/knowledge/{article.id}/").content.decode()
    assert Version.objects.get(state="published").reviewed_by == cast.supervisor
    assert client.post(f"/knowledge/{article.id}/withdraw/").status_code == 302
    client.force_login(cast.analyst)
    assert client.get("/knowledge/").status_code == 403


@given(st.text(max_size=200), st.text(min_size=2, max_size=20))
def test_nothing_that_says_who_is_left(text: str, name: str) -> None:
    left = without_who(f"{text} {name} 13800138000 a@example.com", (name,))
    assert not any(one in left for one in ("13800138000", "a@example.com"))
    assert says_who("13800138000") == ["13800138000"]
