"""Quality and coaching by program: from the scorecard to the talk about it, with what nobody sees too early."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from heartline.api.tests.helpers import Program
from heartline.improvement.quality.models import CardVersion, CoachingNote, Review
from heartline.improvement.quality.tests.stage import YESTERDAY, published, scored, served, to_score
from tests.cast import Cast

Programs = Callable[[str], Program]
SECTIONS: list[dict[str, Any]] = [
    {"name_en": "Care", "questions": [{"text_en": "Was the identity checked?", "critical": True}]},
    {"name_en": "Words", "questions": [{"text_en": "How clear?", "kind": "scale", "top": 3, "steps_en": list("abcd")}]},
]


@pytest.fixture
def version(cast: Cast) -> CardVersion:
    return published(cast)


def test_a_scorecard_is_built_and_published(cast: Cast, program: Programs) -> None:
    lead = program("supervisor")
    card = lead.post("/quality/scorecards", {"name_en": "Calls", "queue_ids": [cast.chat_zh.id]}).json()
    assert (card["queue_ids"], card["newest"], card["is_active"]) == ([cast.chat_zh.id], None, True)
    one = f"/quality/scorecards/{card['id']}"
    refused = lead.post("/quality/scorecards", {"name_en": "Calls", "queue_ids": [cast.other_queue.id]})
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"queue_ids"})
    (begun,) = lead.get(f"{one}/versions").json()["items"]
    path = f"{one}/versions/1"
    assert lead.post(f"{path}/publish").status_code == 422, "nothing is asked yet"
    written = lead.send("PUT", path, {"base": begun["saved"], "sections": SECTIONS}).json()
    keys = [question["key"] for section in written["sections"] for question in section["questions"]]
    assert len(set(keys)) == 2
    assert lead.send("PUT", path, {"base": begun["saved"], "sections": SECTIONS}).status_code == 409
    assert lead.post(f"{path}/publish").json()["published_at"]
    assert lead.send("PUT", path, {"base": written["saved"], "sections": SECTIONS}).status_code == 409
    following = lead.post(f"{one}/versions").json()
    turned = [following["sections"][1], {**following["sections"][0], "key": "z9"}]
    kept = lead.send("PUT", f"{one}/versions/2", {"base": 0, "sections": turned}).json()["sections"]
    assert kept[0]["key"] == following["sections"][1]["key"]
    assert kept[1]["key"] not in {section["key"] for section in following["sections"]}
    assert kept[1]["questions"][0]["key"] == keys[0], "a question keeps its key wherever it goes"
    many = [{"name_en": "x", "questions": [{"text_en": "y"}] * 25}] * 2
    assert lead.send("PUT", f"{one}/versions/2", {"base": 1, "sections": many}).status_code == 422
    changed = lead.send("PATCH", one, {"is_active": False}).json()
    assert (changed["is_active"], changed["name_en"], changed["newest"]) == (False, "Calls", 1)
    assert program("expert").get("/quality/scorecards").status_code == 403


def test_a_sample_is_drawn_scored_shared_and_appealed(cast: Cast, version: CardVersion, program: Programs) -> None:
    contact, lead, expert, grace = served(cast), program("supervisor"), program("expert"), program("grace")
    day = YESTERDAY.date().isoformat()
    wish = {"version_id": version.pk, "first_day": day, "last_day": day, "seed": "plum", "double_percent": 0}
    wish |= {"evaluator_ids": [cast.expert.id]}
    evaluators = {row["id"] for row in lead.get("/quality/evaluators").json()["items"]}
    assert evaluators >= {cast.expert.id, cast.supervisor.id}
    assert cast.grace.id not in evaluators
    late = lead.post("/quality/samples", {**wish, "last_day": "2020-01-01"})
    assert (late.status_code, set(late.json()["fields"])) == (422, {"last_day"})
    drawn = lead.post("/quality/samples", wish).json()
    assert (drawn["drawn"], drawn["drawn_from"], drawn["seed"]) == (1, 1, "plum")
    (pick,) = lead.get(f"/quality/samples/{drawn['id']}/contacts").json()["items"]
    assert (pick["contact_id"], pick["person_id"]) == (contact.id, cast.grace.id)
    (task,) = expert.get("/quality/to-score").json()["items"]
    assert "pick_id" not in task
    path = f"/quality/reviews/{task['id']}"
    assert lead.get(path).status_code == 404, "nobody reads a review that is being written"
    assert [one["kind"] for one in expert.get(f"{path}/messages").json()["items"]] == ["reply", "reply"]
    missing = expert.post(f"{path}/submit")
    assert set(missing.json()["fields"]) == {"q1", "q2", "q3"}
    for question, value in (("q1", 1), ("q2", 3), ("q3", 1)):
        kept = expert.send("PUT", f"{path}/answers/{question}", {"value": value, "base": 0})
        assert kept.json()["saved"] == 1, kept.content
    assert expert.send("PUT", f"{path}/answers/q1", {"value": 0, "base": 0}).status_code == 409
    assert expert.send("PUT", f"{path}/answers/q2", {"value": 9, "base": 1}).status_code == 422
    assert expert.send("PUT", f"{path}/comment", {"comment": "好", "base": 0}).json()["comment_saved"] == 1
    assert grace.get("/quality/mine").json()["items"] == []
    done = expert.post(f"{path}/submit").json()
    assert (float(done["result"]), done["missing"], done["failed"]) == (100, [], [])
    assert lead.post(f"{path}/share").json()["shared_at"]
    mine = f"/quality/mine/{task['id']}"
    assert grace.get(mine).json()["comment"] == "好"
    assert len(grace.get(f"{mine}/messages").json()["items"]) == 2
    assert program("tom").get(mine).status_code == 404
    assert grace.post(f"{mine}/remarks", {"kind": "disputed", "text": "我说过日期"}).status_code == 201
    assert grace.post(f"{mine}/remarks", {"kind": "disputed", "text": "再说"}).status_code == 409
    (disputed,) = lead.get("/quality/reviews", feedback="disputed", person_id=cast.grace.id, shared="true").json()[
        "items"
    ]
    assert disputed["id"] == task["id"]
    assert expert.post(f"{path}/reopen", {"text": "重看一遍"}).json()["result"] is None
    again = grace.get(mine).json()
    assert (again["answers"], again["result"], again["comment"], again["sections"]) == ([], None, "", {})


def test_a_review_is_handed_on_before_it_is_begun(cast: Cast, version: CardVersion, program: Programs) -> None:
    contact = served(cast)
    review, lead = to_score(contact, version, cast.expert), program("supervisor")
    assert [one["id"] for one in lead.get("/quality/open-reviews").json()["items"]] == [review.pk]
    path = f"/quality/reviews/{review.pk}/hand-on"
    assert lead.post(path, {"person_id": cast.tom.id}).status_code == 422, "an agent scores nobody"
    assert lead.post(path, {"person_id": cast.supervisor.id}).json()["evaluator_id"] == cast.supervisor.id
    assert program("expert").post(path, {"person_id": cast.expert.id}).status_code == 403


def test_several_calibrate_and_see_nothing_of_each_other_before(
    cast: Cast, version: CardVersion, program: Programs
) -> None:
    contact, lead, expert = served(cast), program("supervisor"), program("expert")
    who = {"contact_id": contact.id, "version_id": version.pk, "evaluator_ids": [cast.expert.id, cast.supervisor.id]}
    other = lead.post("/quality/calibrations", {**who, "contact_id": 999_999})
    assert (other.status_code, set(other.json()["fields"])) == (422, {"contact_id"})
    session = lead.post("/quality/calibrations", who).json()
    path = f"/quality/calibrations/{session['id']}"
    for person, value in ((expert, 1), (lead, 0)):
        (task,) = person.get("/quality/to-score").json()["items"]
        for question in ("q1", "q2", "q3"):
            person.send("PUT", f"/quality/reviews/{task['id']}/answers/{question}", {"value": value, "base": 0})
        assert person.post(f"/quality/reviews/{task['id']}/submit").status_code == 200
    assert [one["answers"] for one in expert.get(path).json()["reviews"]] == [[], []]
    agreed = {"value": 1, "reason": "身份确实核对了"}
    assert lead.send("PUT", f"{path}/agreed/q3", agreed).status_code == 409
    compared = lead.post(f"{path}/compare").json()
    assert {len(one["answers"]) for one in compared["reviews"]} == {3}
    (kept,) = expert.send("PUT", f"{path}/agreed/q3", agreed).json()["agreed"]
    assert (kept["question"], kept["value"], kept["by_id"]) == ("q3", 1, cast.expert.id)
    assert lead.post(f"{path}/close").json()["state"] == "closed"
    assert lead.get("/quality/calibrations", state="scoring").json()["items"] == []
    assert program("grace").get(path).status_code == 403


def test_coaching_is_written_agreed_to_and_closed(cast: Cast, version: CardVersion, program: Programs) -> None:
    contact, lead, grace = served(cast), program("supervisor"), program("grace")
    review = scored(contact, version, cast.supervisor)
    message = contact.messages.first()
    assert message
    body = {"text": "先说日期", "next_step": "每次都说日期", "review_id": review.pk, "message_ids": [message.id]}
    path = f"/people/{cast.grace.id}/coaching"
    note = lead.post(path, body).json()
    assert (note["contact_id"], note["message_ids"]) == (contact.id, [message.id])
    assert lead.post(f"/people/{cast.outsider.id}/coaching", body).status_code == 404
    one = f"/quality/coaching/{note['id']}"
    assert program("tom").get(one).status_code == 404
    assert lead.post(f"{one}/agree", {}).status_code == 403
    assert grace.post(f"{one}/agree", {"text": "好"}).json()["agents_words"] == "好"
    assert grace.post(f"{one}/close", {"text": "做到了"}).json()["outcome"] == "做到了"
    assert grace.get("/quality/coaching", state="open").json()["items"] == []
    assert CoachingNote.objects.count() == 1


def test_what_reviews_come_to(cast: Cast, version: CardVersion, program: Programs) -> None:
    for _number in range(5):
        scored(served(cast), version, cast.supervisor)
    Review.objects.update(shared_at=YESTERDAY)
    trend = program("grace").get("/quality/mine/trend").json()
    assert (trend["whole"]["n"], trend["whole"]["value"], len(trend["months"])) == (5, 100.0, 6)
    lead = program("supervisor")
    assert trend in lead.get("/quality/trends").json()["items"]
    (agreement,) = lead.get("/quality/agreement").json()["items"]
    assert (agreement["pairs"], len(agreement["questions"])) == (0, 3)


def test_lists_cost_the_same_however_long_they_are(
    cast: Cast, version: CardVersion, program: Programs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lead = program("supervisor")
    for _number in range(4):
        scored(served(cast), version, cast.supervisor)
        to_score(served(cast), version, cast.expert)
    lead.get("/people/me")  # what a key costs once a minute
    queries = {
        "scorecards": 4,
        "reviews": 3,
        "open-reviews": 3,
        "samples": 3,
        "calibrations": 3,
        "coaching": 3,
        "trends": 4,
    }
    for name, number in queries.items():
        with django_assert_num_queries(number):
            assert lead.get(f"/quality/{name}").status_code == 200
