"""Experts on demand by API: asked, followed, answered; an expert's program learns what the question needs and no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from heartline.api.tests.helpers import Program
from heartline.conversations.models import Contact, Message
from heartline.people.models import PersonSkill
from tests.cast import NOON, Cast

Programs = Callable[[str], Program]


@pytest.fixture(autouse=True)
def _skilled(cast: Cast) -> None:
    PersonSkill.objects.create(person=cast.expert, skill=cast.installation, level=5)


def test_a_question_is_asked_answered_and_seen(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, expert = program("grace"), program("expert")
    path = f"/cases/{contact.case_id}/questions"
    asked = grace.post(path, {"question": "门框 60 厘米能进吗？", "skill_id": cast.installation.id, "level": 4}).json()
    assert (asked["person_id"], asked["state"], asked["late"]) == (cast.expert.id, "asked", False)
    (mine,) = expert.get("/asked-of-me").json()["items"]
    assert (mine["customer"], mine["is_masked"]) == ("陈*桐", True)
    assert not {"case_id", "contact_id", "customer_id"} & mine.keys()
    assert expert.get(f"/cases/{contact.case_id}").status_code == 404
    here = f"/asked-of-me/{asked['id']}"
    assert expert.post(f"{here}/take").json() == {"done": True}
    assert expert.post(f"{here}/say", {"kind": "note", "text": "看看"}).status_code == 403
    assert expert.post(f"{here}/join").json() == {"done": True}
    assert expert.post(f"{here}/say", {"kind": "note", "text": "看看"}).status_code == 201
    assert expert.post(f"{here}/say", {"kind": "reply", "text": "您好"}).status_code == 403
    grace_may = grace.send("PATCH", f"/questions/{asked['id']}", {"may_reply": True})
    assert grace_may.json()["may_reply"] is True
    assert expert.post(f"{here}/say", {"kind": "reply", "text": "您好"}).status_code == 201
    assert expert.post(f"{here}/leave").json() == {"done": True}
    assert expert.post(f"{here}/take-over").status_code == 403
    assert expert.post(f"{here}/answer", {"answer": "能，拆门即可"}).json() == {"done": True}
    assert expert.get(here).status_code == 404
    assert expert.get("/answered-by-me").json()["items"][0]["answer"] == "能，拆门即可"
    told = grace.get(f"/questions/{asked['id']}").json()
    assert (told["state"], told["answered_by_id"]) == ("answered", cast.expert.id)
    assert Message.objects.get(id=told["note_id"]).kind == "note"
    assert grace.post(f"/questions/{asked['id']}/seen").json() == {"done": True}
    assert expert.get("/questions").status_code == 403


def test_a_question_is_steered_by_who_asked_and_declined_by_its_expert(
    cast: Cast, contact: Contact, program: Programs
) -> None:
    grace, expert = program("grace"), program("expert")
    body = {"question": "多重？", "person_id": cast.expert.id, "due_at": (NOON + timedelta(hours=2)).isoformat()}
    path = f"/cases/{contact.case_id}/questions"
    asked = grace.post(path, body).json()
    assert program("tom").post(f"/questions/{asked['id']}/withdraw").status_code == 403
    assert program("outsider").get(f"/questions/{asked['id']}").status_code == 404
    declined = expert.post(f"/asked-of-me/{asked['id']}/decline", {"reason": "no_time", "words": "明天"})
    assert declined.json() == {"done": True}
    assert grace.get("/questions?state=open").json()["items"][0]["person_id"] is None
    assert grace.post(f"/questions/{asked['id']}/give-on", {"person_id": cast.expert.id}).status_code == 200
    assert expert.post(f"/asked-of-me/{asked['id']}/pass-on", {"person_id": cast.tom.id}).status_code == 422
    assert grace.post(f"/questions/{asked['id']}/withdraw").json()["state"] == "withdrawn"
    assert grace.get(f"/questions?case_id={contact.case_id}&late=true").json()["items"] == []
    assert grace.post(path, {"question": "谁都行"}).status_code == 422


def test_who_can_be_asked_says_when_and_administrators_say_how_soon(cast: Cast, program: Programs) -> None:
    expert, admin = program("expert"), program("admin")
    hours = [{"weekday": 3, "opens": "20:00", "closes": "22:00"}]
    own = expert.send("PATCH", "/people/me/expertise", {"hours": hours, "at_once": 2}).json()
    assert (own["hours"], own["at_once"], own["answers"]) == (hours, 2, True)
    (listed,) = program("grace").get("/experts").json()["items"]
    assert (listed["why_not"], listed["skills"]) == (
        "outside_hours",
        [{"skill_id": cast.installation.id, "level": 5}],
    )
    assert admin.send("PATCH", f"/people/{cast.tom.id}/expertise", {"answers": True}).json()["answers"] is True
    assert expert.send("PATCH", "/people/me/expertise", {"answers": True}).status_code == 422, "not one's own to say"
    assert admin.get("/answer-times").json()["items"][-1]["answer_minutes"] == 60
    time = {"skill_id": cast.installation.id, "answer_minutes": 20, "take_minutes": 5, "warn_minutes": 5}
    made = admin.send("PUT", "/answer-times", time).json()
    assert admin.send("DELETE", f"/answer-times/{made['id']}").json() == {"done": True}
    assert admin.send("DELETE", f"/answer-times/{made['id']}").status_code == 404
    assert expert.get("/answer-times").status_code == 403


def test_an_answer_is_made_an_article_and_published_by_another(cast: Cast, contact: Contact, program: Programs) -> None:
    grace, expert = program("grace"), program("expert")
    asked = grace.post(
        f"/cases/{contact.case_id}/questions", {"question": "多宽？", "person_id": cast.expert.id}
    ).json()
    expert.post(f"/asked-of-me/{asked['id']}/answer", {"answer": "58 厘米，打 13800138000 问陈雨桐"})
    made = grace.post(f"/questions/{asked['id']}/article").json()
    assert made["draft"]["body_zh"] == "58 厘米，打 … 问…"
    here = f"/articles/{made['id']}"
    changed = grace.send("PATCH", here, {"body_zh": "58 厘米", "skill_id": cast.installation.id}).json()
    assert (changed["draft"]["body_zh"], changed["draft"]["title_zh"]) == ("58 厘米", "多宽？")
    assert grace.post(f"{here}/publish").status_code == 403
    assert expert.post(f"{here}/publish").json()["published"]["reviewed_by_id"] == cast.expert.id
    (shown,) = grace.get(f"/contacts/{contact.id}/articles").json()["items"]
    assert shown == {"id": made["id"], "name": "多宽？", "text": "58 厘米", "language": "zh-hans"}
    assert grace.post(f"{here}/used").json() == {"done": True}
    assert grace.get("/articles?state=published").json()["items"][0]["used_count"] == 1
    assert grace.post("/articles", {"title_en": "Half"}).status_code == 422
    whole = grace.post("/articles", {"title_en": "Doors", "body_en": "They come off."})
    assert (whole.status_code, whole.json()["question_id"]) == (201, None)
    assert program("supervisor").post(f"{here}/withdraw").json()["published"] is None
