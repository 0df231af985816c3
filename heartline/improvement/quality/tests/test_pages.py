"""The pages: who is led where, what a tab keeps, and lists that cost the same however long they are."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heartline.improvement.quality.actions.reviews import share_review
from heartline.improvement.quality.models import Draw, Review, Scorecard
from heartline.improvement.quality.tests.stage import YESTERDAY, scored, served, to_score
from heartline.people.actions import actor_for
from tests.cast import NOON


@pytest.fixture(autouse=True)
def noon(time_machine_at_noon):
    """Pages read the clock: it stands at noon."""


@pytest.fixture
def time_machine_at_noon():
    import time_machine

    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize(
    ("who", "where"), [("grace", "mine"), ("expert", "work"), ("supervisor", "team"), ("admin", "team")]
)
def test_everybody_is_led_to_what_they_have_a_use_for(cast, client, who, where):
    client.force_login(getattr(cast, who))
    assert client.get("/quality/").headers["Location"] == reverse(f"quality:{where}")


def test_a_card_is_built_page_by_page_and_nothing_typed_is_lost(cast, client):
    client.force_login(cast.supervisor)
    made = client.post("/quality/cards/new/", {"name_en": "Chat", "name_zh": ""})
    card = Scorecard.objects.get()
    address = f"/quality/cards/{card.pk}/1/"
    assert made.headers["Location"] == address
    typed = {"s1-name_en": "Care", "q2-text_en": "Kind?", "q2-weight": "3", "q2-kind": "yes_no"}
    assert client.post(address, {**typed, "saved": "0", "do": "add:s1"}).headers["Location"] == f"{address}#q3"
    refused = client.post(address, {**typed, "saved": "1", "do": "publish"})
    assert refused.status_code == 422
    assert "Write the question in at least one language" in refused.content.decode()
    stale = client.post(address, {**typed, "q2-text_en": "Friendly?", "saved": "0", "do": ""})
    assert stale.status_code == 422
    assert 'value="Friendly?"' in stale.content.decode(), "what was typed is still there"
    assert client.post(address, {**typed, "saved": "2", "do": "remove:q3"}).status_code == 302
    assert client.post(address, {**typed, "saved": "3", "do": "publish"}).status_code == 302
    (question,) = card.versions.get().asks().questions()
    assert (question.text_en, question.weight, question.na) == ("Kind?", 3, False)
    assert client.post(address, {**typed, "saved": "4", "do": ""}).status_code == 422


def test_a_sample_is_drawn_on_its_page(cast, version, client):
    served(cast)
    client.force_login(cast.supervisor)
    day = YESTERDAY.date().isoformat()
    asked = {
        "version": version.pk, "kind": "random", "count": 2, "rating_up_to": 2, "first_weeks": 8, "first_day": day,
        "last_day": day, "double_percent": 20, "evaluators": [cast.expert.pk],
    }  # fmt: skip
    assert client.post("/quality/samples/new/", {**asked, "count": 0}).status_code == 422
    assert client.post("/quality/samples/new/", {**asked, "first_day": "2026-11-26"}).status_code == 422
    assert client.post("/quality/samples/new/", {**asked, "evaluators": [cast.tom.pk]}).status_code == 422
    assert client.post("/quality/samples/new/", asked).status_code == 302
    drawn = Draw.objects.get()
    assert drawn.seed
    page = client.get(f"/quality/samples/{drawn.pk}/").content.decode()
    assert "1 drawn out of 1" in page


def keep(client, review, **sent):
    address = f"/quality/api/reviews/{review.pk}/answers"
    accept = {"accept": "application/json"}
    return client.post(address, json.dumps(sent), content_type="application/json", headers=accept)


def test_an_answer_is_kept_and_another_tab_hears_that_it_is_older(cast, version, client):
    review = to_score(served(cast), version, cast.expert)
    client.force_login(cast.expert)
    assert keep(client, review, question="q1", value=1, base=0).json() == {"saved": 1}
    late = keep(client, review, question="q1", value=0, base=0)
    assert (late.status_code, late.json()["code"]) == (409, "answer_changed")
    for wrong in ({"value": True}, {"value": 7}, {"messages": ["x"]}, {"question": "q9"}, {"value": None, "na": 1}):
        assert keep(client, review, **{"question": "q1", "base": 1, **wrong}).status_code == 422, wrong
    state = client.get(f"/quality/api/reviews/{review.pk}").json()
    assert state["answers"]["q1"]["value"] == 1
    client.force_login(cast.supervisor)
    assert keep(client, review, question="q1", value=0, base=1).status_code == 404
    assert client.get(f"/quality/reviews/{review.pk}/score/").status_code == 404


def test_the_agent_answers_on_their_own_page(cast, version, client):
    review = scored(served(cast), version, cast.supervisor)
    client.force_login(cast.grace)
    assert client.get(f"/quality/mine/{review.pk}/").status_code == 404
    share_review(review, by=actor_for(cast.supervisor), now=NOON)
    assert "Did they let the customer finish?" in client.get(f"/quality/mine/{review.pk}/").content.decode()
    client.post(f"/quality/mine/{review.pk}/say/", {"act": "acknowledged"})
    assert Review.objects.get().feedback == "acknowledged"
    client.force_login(cast.lina)
    assert client.get(f"/quality/mine/{review.pk}/").status_code == 404


PAGES = ("/quality/to-score/", "/quality/team/", "/quality/cards/", "/quality/agreement/", "/quality/mine/")


def test_lists_cost_the_same_however_long_they_are(cast, version, client):
    client.force_login(cast.supervisor)

    def asked(address):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def more():
        share_review(scored(served(cast), version, cast.supervisor), by=actor_for(cast.supervisor), now=NOON)
        to_score(served(cast), version, cast.supervisor)
        to_score(served(cast, cast.tom), version, cast.expert)

    more()
    for address in PAGES:
        asked(address)  # what is looked up once and remembered
    before = {address: asked(address) for address in PAGES}
    more()
    more()
    assert {address: asked(address) for address in PAGES} == before
    assert max(before.values()) < 25


HUGE = ["9" * 25, "9" * 5000]


@pytest.mark.parametrize("number", HUGE)
def test_a_number_nobody_ever_counted_to_names_nothing(cast, client, version, number):
    review = to_score(served(cast), version, cast.supervisor)
    client.force_login(cast.supervisor)
    note = {"text": "Well done", "next_step": "", "messages": [number]}
    assert client.post(f"/quality/team/{cast.grace.pk}/coaching/", note).status_code == 302
    assert client.post(f"/quality/reviews/{review.pk}/hand-on/", {"to": number}).status_code == 404
    card = {"saved": number, "do": ""}
    assert client.post(f"/quality/cards/{version.card_id}/{version.number}/", card).status_code == 422


def test_a_draft_takes_no_number_that_no_row_can_have(cast, client, version):
    review = to_score(served(cast), version, cast.supervisor)
    client.force_login(cast.supervisor)

    def send(part, **body):
        address = f"/quality/api/reviews/{review.pk}/{part}"
        return client.post(address, json.dumps(body), "application/json").status_code

    assert send("answers", question="q1", value=1, messages=[2**70]) == 422
    assert send("answers", question="q1", value=1, base=2**63 - 1) == 409
    assert send("comment", comment="x", base=2**63 - 1) == 409
    assert send("comment", comment="x", base=-(2**70)) == 409
