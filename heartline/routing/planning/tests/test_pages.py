"""The plan written in pages: part by part, with what is wrong beside its field, tried on a day, published, rolled back, as a file."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import ContactRequest, abandon_contact, answer_contact, open_contact
from heartline.conversations.models import Contact
from heartline.customers.models import Customer
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import PersonSkill, Queue, QueueSkill, Skill
from heartline.routing.models import PlanVersion
from heartline.routing.planning import course, days
from heartline.routing.planning.compared import changes, whole
from heartline.routing.planning.days import day_seen
from heartline.routing.planning.editing import acted
from heartline.routing.planning.labels import things
from heartline.routing.planning.trying import bounds, try_day
from heartline.routing.plans.queries import content_in_use, current_plan, draft, forget
from heartline.routing.queries import situation
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    forget()
    cache.clear()
    return assemble()


@pytest.fixture
def admin(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


def form_of(client: Client, part: str) -> dict[str, Any]:
    """Return what the page's form would send."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        values: dict[str, Any] = {}
        select = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            at = dict(attrs)
            name, value = at.get("name") or "", at.get("value") or ""
            if tag == "input" and at.get("type") in ("checkbox", "radio") and "checked" in at:
                self.values.setdefault(name, []).append(value or "on")
            elif tag == "input" and at.get("type") not in ("checkbox", "radio", "file") and name:
                self.values[name] = value
            elif tag == "select":
                self.select = name
            elif tag == "option" and "selected" in at:
                self.values[self.select] = value

    reader = Reader()
    reader.values = {}
    reader.feed(client.get(f"/setup/routing/edit/{part}/").content.decode())
    return reader.values


def save(client: Client, part: str, **more: Any) -> Any:
    return client.post(f"/setup/routing/edit/{part}/", form_of(client, part) | more)


def publish(client: Client, note: str = "") -> None:
    client.post("/setup/routing/draft/publish/", {"note": note})


def test_what_a_page_shows_is_what_it_saves(cast: Cast, admin: Client) -> None:
    for part in ("order", "everywhere", "calls", "sites"):
        save(admin, part)
    save(admin, "queues.chat-zh", own="1")
    standing = draft()
    assert standing
    assert changes({}, standing.content, things()) == []
    assert whole(standing.content)["order"] == whole({})["order"]


def test_a_tier_worth_more_is_drafted_told_in_words_and_in_use_once_it_is_published(cast: Cast, admin: Client) -> None:
    save(admin, "order", **{"order.tiers.top": "600"})
    page = admin.get("/setup/routing/").content.decode()
    assert "Order · Top" in page
    assert ">3 min<" in page
    assert ">10 min<" in page
    assert current_plan().order.tiers["top"] == 180
    publish(admin, "Top customers first")
    assert current_plan().order.tiers["top"] == 600
    version = PlanVersion.objects.get(state="published")
    assert (version.note, version.published_by) == ("Top customers first", cast.admin)
    admin.post("/setup/routing/versions/0/roll-back/")
    assert current_plan().order.tiers["top"] == 180
    admin.post(f"/setup/routing/versions/{version.number}/roll-back/")
    assert current_plan().order.tiers["top"] == 600
    assert "Top customers first" in admin.get("/setup/routing/").content.decode()


def test_a_page_asks_as_much_of_the_database_however_many_queues_there_are(cast: Cast, admin: Client) -> None:
    asked = []
    for more in range(3):
        with CaptureQueriesContext(connection) as captured:
            assert admin.get("/setup/routing/").status_code == 200
        asked.append(len(captured))
        Queue.objects.create(brand=cast.brand, key=f"more-{more}", name_en=f"More {more}")
    assert asked[1] == asked[2]


@pytest.mark.parametrize("key", ["order", "sites", "calls", "steps", "webchat", "7"])
def test_a_queue_may_be_called_as_a_part_of_the_plan_is(cast: Cast, admin: Client, key: str) -> None:
    queue = Queue.objects.create(brand=cast.brand, key=key, name_en="Odd one")
    save(admin, f"queues.{key}", own="1", **{f"queues.{key}.reserved": "3"})
    save(admin, "order", **{"order.repeat": "90"})
    standing = draft()
    assert standing
    told = [(one.where, one.now) for one in changes({}, standing.content, things())]
    assert told == [
        ("Order · Each earlier contact about the matter", "1 min 30 s"),
        ("Odd one · People kept free from other queues’ work", "3"),
    ]
    publish(admin)
    assert current_plan().of(queue.id).reserved == 3
    assert current_plan().everywhere.reserved == 0
    page = admin.get("/setup/routing/").content.decode()
    assert f'href="/setup/routing/edit/queues.{key}/"' in page
    assert admin.get(f"/setup/routing/edit/{key}.queues/").status_code == 404


def test_how_often_and_how_soon_somebody_is_rung_again_is_published(cast: Cast, admin: Client) -> None:
    assert "3 attempts at most; again 20 min after the first" in admin.get("/setup/routing/").content.decode()
    save(admin, "calls", **{"calls.attempts": "5", "calls.later_gap": "soon"})
    assert "Write a whole number" in admin.get("/setup/routing/edit/calls/").content.decode()
    save(admin, "calls", **{"calls.attempts": "5", "calls.later_gap": "3600"})
    page = admin.get("/setup/routing/").content.decode()
    assert "Calls back · Attempts at most" in page
    publish(admin)
    assert (current_plan().calls.attempts, current_plan().calls.later_gap) == (5, 3600)
    file = admin.get("/setup/routing/versions/0/file.toml").content.decode()
    assert "[calls]\nattempts = 5\nfirst_gap = 1200\nlater_gap = 3600\nengaged_gap = 300\n" in file


CALENDAR = b"""BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r
BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas\r\nEND:VEVENT\r
BEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20270101\r\nSUMMARY:New Year\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"""


def test_a_site_is_closed_on_the_days_of_a_calendar_file_and_keeps_its_hours(cast: Cast, admin: Client) -> None:
    days = [datetime(2026, 12, day, 2, tzinfo=UTC) for day in (24, 25)]  # ten in the morning in Hangzhou
    before = current_plan().sites.get(cast.site.id)
    with time_machine.travel(NOON, tick=False):
        for file in (CALENDAR, CALENDAR, b"nothing"):
            admin.post("/setup/routing/holidays/", {"site": "hangzhou", "file": SimpleUploadedFile("cn.ics", file)})
        told = admin.get("/setup/routing/edit/sites/").content.decode()
    assert "2 days are added to the draft" in told
    assert "0 days are added to the draft" in told
    assert "no calendar file" in told
    publish(admin)
    after = current_plan().sites[cast.site.id]
    assert [after.is_open(day) for day in days] == [True, False]
    assert before is None or before.is_open(days[0])
    if before:
        assert sorted(after.spans) == sorted(before.spans)


def test_what_cannot_be_used_is_kept_and_told_beside_its_field(cast: Cast, admin: Client) -> None:
    save(admin, "order", **{"order.repeat": "soon"})
    page = admin.get("/setup/routing/edit/order/").content.decode()
    assert 'value="soon"' in page
    assert "Write a whole number" in page
    publish(admin)
    assert not PlanVersion.objects.filter(state="published").exists()


def test_steps_are_added_moved_and_removed_by_buttons(cast: Cast, admin: Client) -> None:
    save(admin, "queues.chat-zh", own="1", act="add-step:queues.chat-zh")
    save(
        admin,
        "queues.chat-zh",
        **{
            "queues.chat-zh.steps.0.until": "90",
            "queues.chat-zh.steps.0.asked": "must",
            "queues.chat-zh.steps.1.who": "house",
        },
    )
    publish(admin)
    first, last = current_plan().of(cast.chat_zh.id).steps
    assert (first.until, first.anywhere, last.until, last.anywhere) == (90, False, None, True)
    save(admin, "queues.chat-zh", act="up:queues.chat-zh.steps.1")
    publish(admin)
    first, last = current_plan().of(cast.chat_zh.id).steps
    assert (first.until, first.anywhere, last.anywhere) == (90, True, False)
    save(admin, "queues.chat-zh", act="remove:queues.chat-zh.steps.0")
    publish(admin)
    assert len(current_plan().of(cast.chat_zh.id).steps) == 1


def test_buttons_that_do_not_fit_change_nothing() -> None:
    plan = {"everywhere": {"steps": [{"who": "queue"}]}}
    for act in (
        "remove:everywhere.steps.0",
        "up:everywhere.steps.0",
        "down:everywhere.steps.4",
        "remove:nothing.here.1",
        "add-step:nowhere",
        "x",
    ):
        assert acted(plan, act) == plan


def test_anothers_draft_is_never_written_over_unasked(cast: Cast, admin: Client) -> None:
    mine = form_of(admin, "order")
    save(admin, "order", **{"order.live": "1000"})
    refused = admin.post("/setup/routing/edit/order/", mine | {"order.live": "2000"})
    assert refused.status_code == 409
    assert 'value="2000"' in refused.content.decode(), "what was written is still there"
    assert admin.post("/setup/routing/edit/order/autosave", mine | {"order.live": "2000"}).status_code == 409
    admin.post("/setup/routing/edit/order/", mine | {"order.live": "2000", "force": "1"})
    standing = draft()
    assert standing
    assert standing.content["order"]["live"] == 2000


def test_a_draft_saves_itself_and_says_what_is_wrong(cast: Cast, admin: Client) -> None:
    sent = form_of(admin, "everywhere") | {"everywhere.steps.0.who": "moon"}
    told = admin.post("/setup/routing/edit/everywhere/autosave", sent).json()
    assert set(told["problems"]) == {"everywhere.steps.0.who"}
    assert told["saved"] == 1


def test_the_file_goes_out_and_comes_back_the_same(cast: Cast, admin: Client) -> None:
    save(admin, "order", **{"order.live": "1000"})
    publish(admin)
    file = admin.get("/setup/routing/versions/0/file.toml").content
    admin.post(
        "/setup/routing/upload/",
        {"file": SimpleUploadedFile("plan.toml", file.replace(b"live = 1000", b"live = 1200"))},
    )
    standing = draft()
    assert standing
    (change,) = changes(content_in_use(), standing.content, things())
    assert (change.where, change.was, change.now) == ("Order · The customer is there", "16 min 40 s", "20 min")
    admin.post("/setup/routing/draft/discard/")
    admin.post("/setup/routing/upload/", {"file": SimpleUploadedFile("plan.toml", b"live = = 3")})
    assert draft() is None


@pytest.mark.usefixtures("settled")
def test_a_day_is_tried_beside_what_happened(cast: Cast, admin: Client) -> None:
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=NOON - timedelta(hours=1))
    for seconds, tier in ((0, ""), (10, ""), (20, "top")):
        contact = waiting_contact(cast, now=NOON + timedelta(seconds=seconds))
        Customer.objects.filter(id=contact.customer_id).update(tier=tier or "small")
    first, second, third = Contact.objects.order_by("id")
    answer_contact(first, cast.grace, by=actor_for(cast.grace), now=NOON + timedelta(seconds=30))
    answer_contact(second, cast.grace, by=actor_for(cast.grace), now=NOON + timedelta(seconds=200))
    abandon_contact(third, "left", by=actor_for(cast.grace), now=NOON + timedelta(seconds=300))
    set_presence(cast.grace, "offline", by=actor_for(cast.grace), now=NOON + timedelta(hours=2))
    with time_machine.travel(TOMORROW, tick=False):
        trial = try_day({}, *bounds(NOON.date()))
        page = admin.get("/setup/routing/preview/").content.decode()
    happened, draft_of = trial.total.happened, trial.total.draft
    assert (happened.n, happened.answered, happened.left, happened.p50) == (3, 2, 1, 30.0)
    assert (draft_of.answered, draft_of.left) == (3, 0), "one person with three places takes all three at once"
    assert "The plan in use, on a day that was" in page
    assert "Grace Okafor" in page


@pytest.mark.usefixtures("settled")
def test_a_long_day_shows_how_far_it_has_come_and_can_be_stopped(
    cast: Cast, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "QUICK", 0)
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=NOON - timedelta(hours=1))
    waiting_contact(cast)
    waiting_contact(cast, now=NOON + timedelta(hours=3))
    address = f"/setup/routing/preview/?day={NOON.date()}"
    with time_machine.travel(TOMORROW, tick=False):
        waits = admin.get(address).content.decode()
        assert "The day is gone through, twice" in waits
        key = re.findall(r"go=([\w-]+)", waits)[0]
        assert admin.get(f"/setup/routing/preview/{key}/").json() == {"share": 0.0}
        begin = course.begin

        def begun(*given: Any, **more: Any) -> course.Course:
            found = begin(*given, **more)
            assert admin.post(f"/setup/routing/preview/{key}/").json()["stops"]
            return found

        monkeypatch.setattr(course, "begin", begun)
        stopped = admin.get(f"{address}&go={key}").content.decode()
        assert "This was stopped before the day was over" in stopped
        monkeypatch.setattr(course, "begin", begin)
        whole = admin.get(f"{address}&go={key}").content.decode()
        assert "This was stopped" not in whole
        assert admin.get(f"/setup/routing/preview/{key}/").json()["share"] > 0
        assert "The plan in use, on a day that was" in admin.get(address).content.decode(), (
            "it is not gone through again"
        )
    supervisor = Client()
    supervisor.force_login(cast.supervisor)
    assert supervisor.get(f"/setup/routing/preview/{key}/").status_code == 403


@pytest.mark.usefixtures("settled")
def test_a_day_is_told_for_every_tier(cast: Cast) -> None:
    customer = waiting_contact(cast).customer
    customer.tier = "inactive"
    customer.save()
    asked = ContactRequest(
        customer=customer, queue=cast.chat_en, channel="email", language="en", text="Where is it?", client_key="second"
    )
    open_contact(asked, by=Actor.customer(customer.id, customer.name), now=NOON)
    assert [group.key for group in try_day({}, *bounds(NOON.date())).tiers] == ["inactive", "prospect"]


@pytest.mark.usefixtures("settled")
def test_a_day_asks_for_the_skills_of_its_queues_as_offers_do(cast: Cast) -> None:
    skill = Skill.objects.create(key="refunds", name_en="Refunds")
    QueueSkill.objects.create(queue=cast.chat_zh, skill=skill, level=3)
    PersonSkill.objects.create(person=cast.grace, skill=skill, level=4)
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=NOON - timedelta(hours=1))
    waiting_contact(cast)
    known, seen = situation(), day_seen(*bounds(NOON.date()))
    (work,), (arrival,) = known.works, seen.arrivals
    assert arrival.work.skills == work.skills == (("refunds", 3),)
    (server,) = (one for one in known.servers if one.id == cast.grace.id)
    (shift,) = (one for one in seen.shifts if one.server.id == cast.grace.id)
    assert replace(shift.server, last_offered_at=server.last_offered_at) == server


def test_only_administrators_write_the_plan(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.supervisor)
    for address in ("", "edit/order/", "preview/", "versions/0/file.toml"):
        assert client.get(f"/setup/routing/{address}").status_code == 403
