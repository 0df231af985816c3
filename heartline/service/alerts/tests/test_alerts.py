"""Alerts from tables to bells: raised once, told to whom it concerns, acknowledged, ended, all in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from heartline.common.errors import Conflict, NotAllowed, NotFound
from heartline.conversations.actions.contacts import abandon_contact, answer_contact
from heartline.conversations.actions.messages import add_message
from heartline.insight.facts import ContactFact
from heartline.insight.today import recompute
from heartline.ledger import topics
from heartline.ledger.events import audience_of, enrich, public_view
from heartline.ledger.positions import START
from heartline.ledger.queries import Recorded, read_after
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import Person
from heartline.people.queries import scope_of, topics_of
from heartline.service.alerts.actions import acknowledge, remove_rule, save_rule, sweep
from heartline.service.alerts.letters import send_letters
from heartline.service.alerts.models import Alert, Rule
from heartline.service.alerts.queries import alert_for, open_alerts, raised_yesterday, rules_for
from heartline.service.alerts.readings import FAILING, Failing, World
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def facts_of(now: datetime) -> Iterable[ContactFact]:
    return recompute(now - timedelta(days=1), now + timedelta(days=1)).values()


def look(now: datetime) -> int:
    return sweep(now=now, world=World(now, facts_of))


def a_rule(cast: Cast, kind: str, threshold: int, **more: Any) -> Rule:
    given = {"name": "Look", "kind": kind, "threshold": threshold, "queue": cast.chat_zh, **more}
    return save_rule(scope_of(cast.admin), Rule(), given, by=actor_for(cast.admin), now=NOON - timedelta(days=1))


def told(kind: str) -> list[Recorded]:
    return [event for event in read_after(START) if event.kind == f"service.{kind}"]


def test_a_long_wait_is_raised_once_acknowledged_and_ends_when_calm(cast: Cast) -> None:
    a_rule(cast, "longest_wait", 60)
    contact = waiting_contact(cast)
    assert look(NOON + timedelta(seconds=60)) == 0
    assert [look(NOON + timedelta(seconds=seconds)) for seconds in (75, 90, 105)] == [1, 0, 0]
    (alert,) = open_alerts(scope_of(cast.supervisor))
    acknowledge(alert, cast.supervisor, by=actor_for(cast.supervisor), now=NOON + timedelta(seconds=110))
    with pytest.raises(Conflict, match="Ruth Adeyemi looks at this already"):
        acknowledge(alert, cast.admin, by=actor_for(cast.admin), now=NOON + timedelta(seconds=111))
    answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON + timedelta(minutes=3))
    for minutes in (3, 4, 6, 7):
        look(NOON + timedelta(minutes=minutes))
    assert Alert.objects.get().state == "ended"
    waiting_contact(cast, now=NOON)
    assert look(NOON + timedelta(minutes=8)) == 0, "it cools down"
    assert look(NOON + timedelta(minutes=22)) == 1
    assert [len(told(kind)) for kind in ("alert_raised", "alert_acknowledged", "alert_ended")] == [2, 1, 1]
    assert told("alert_ended")[0].body["why"] == "calm"


def test_it_is_told_to_those_who_lead_there_and_never_to_customers(cast: Cast) -> None:
    a_rule(cast, "longest_wait", 60)
    waiting_contact(cast)
    look(NOON + timedelta(minutes=2))
    event = told("alert_raised")[0]
    reached = audience_of(event.kind, event.body)
    assert reached == {topics.EVERYTHING, topics.person(cast.supervisor.id)}
    for person in (cast.grace, cast.analyst, cast.outsider):
        assert not topics_of(scope_of(person), frozenset()) & reached
    assert public_view(event.kind, event.body) is None
    body = dict(event.body)
    enrich([(event.kind, body)])
    assert body["words"]["en"] == "Chat, Chinese: a customer has waited 2:00, the limit is 1:00"
    assert "陈雨桐" not in str(body)


def test_quiet_hours_hold_back_what_is_new(cast: Cast) -> None:
    a_rule(cast, "longest_wait", 60, quiet_from=time(11, 0), quiet_until=time(11, 45))  # NOON is 11:38 in Hangzhou
    waiting_contact(cast)
    assert look(NOON + timedelta(minutes=2)) == 0
    assert look(NOON + timedelta(minutes=8)) == 1


def test_silence_names_the_colleague_and_not_the_customer(cast: Cast) -> None:
    a_rule(cast, "colleague_silent", 5)
    a_rule(cast, "customer_silent", 5)
    contact = answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    assert look(NOON + timedelta(minutes=4)) == 0
    assert look(NOON + timedelta(minutes=5)) == 1
    add_message(
        contact, "reply", "您好", client_key="hello-there", by=actor_for(cast.grace), now=NOON + timedelta(minutes=6)
    )
    assert look(NOON + timedelta(minutes=12)) == 1
    raised = told("alert_raised")
    assert [event.body["rule_kind"] for event in raised] == ["colleague_silent", "customer_silent"]
    assert {event.body["person_id"] for event in raised} == {cast.grace.id}


def test_nobody_ready_counts_only_in_service_hours_and_after_a_while(cast: Cast) -> None:
    a_rule(cast, "nobody_ready", 3)
    assert [look(NOON + timedelta(minutes=minutes)) for minutes in (0, 2, 3)] == [0, 0, 1]
    Alert.objects.all().delete()
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=NOON)
    assert [look(NOON + timedelta(minutes=minutes)) for minutes in (20, 24)] == [0, 0]
    set_presence(cast.grace, "offline", by=actor_for(cast.grace), now=NOON)
    night = NOON + timedelta(hours=12)
    assert [look(night), look(night + timedelta(minutes=9))] == [0, 0]


def test_a_share_needs_enough_customers(cast: Cast) -> None:
    a_rule(cast, "abandoned", 30, at_least=3, window_minutes=30)
    for number in range(3):
        contact = waiting_contact(cast)
        at = NOON + timedelta(minutes=number + 1)
        if number < 2:
            abandon_contact(contact, "left", by=actor_for(cast.grace), now=at)
            assert look(at) == 0
        else:
            answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=at)
    assert look(NOON + timedelta(minutes=4)) == 1
    assert Alert.objects.get().value == 67
    assert raised_yesterday(Rule.objects.get(), now=NOON + timedelta(days=1)) == 1
    assert raised_yesterday(Rule(kind="nobody_ready", threshold=3), now=NOON) is None


def test_a_failing_webhook_concerns_administrators(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    a_rule(cast, "webhook_failing", 10, queue=None)
    monkeypatch.setitem(FAILING, "webhook", lambda: [Failing(7, "CRM", NOON)])
    assert [look(NOON + timedelta(minutes=minutes)) for minutes in (9, 10)] == [0, 1]
    event = told("alert_raised")[0]
    assert audience_of(event.kind, event.body) == {topics.EVERYTHING}
    assert open_alerts(scope_of(cast.supervisor)) == []


def test_a_letter_goes_once_in_the_readers_language(cast: Cast) -> None:
    Person.objects.filter(id=cast.supervisor.id).update(language="zh-hans")
    a_rule(cast, "longest_wait", 60, by_mail=True)
    waiting_contact(cast)
    look(NOON + timedelta(minutes=2))
    assert [send_letters(now=NOON + timedelta(minutes=2)) for _turn in range(2)] == [1, 0]
    (letter,) = mail.outbox
    assert letter.to == [cast.supervisor.email]
    assert "中文会话" in letter.subject
    assert "陈雨桐" not in str(letter.message())


def test_a_letter_that_fails_is_tried_again_and_nobody_gets_it_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = Person.objects.create(
        email="second@example.com", name="Second", role="supervisor", site=cast.supervisor.site
    )
    second.teams.add(cast.team)
    a_rule(cast, "longest_wait", 60, by_mail=True)
    waiting_contact(cast)
    look(NOON + timedelta(minutes=2))
    tried: list[str] = []

    def refuse(_subject: str, _text: str, _sender: None, to: list[str]) -> None:
        tried.extend(to)
        if to == [cast.supervisor.email]:
            raise ValueError("no such mailbox")

    monkeypatch.setattr("heartline.service.alerts.letters.send_mail", refuse)
    for minutes in range(2, 45):
        send_letters(now=NOON + timedelta(minutes=minutes))
    assert tried.count("second@example.com") == 1
    assert tried.count(cast.supervisor.email) == 17, "every two minutes, for half an hour"
    assert Alert.objects.get().mail == "failed"


def test_a_letter_that_a_dying_process_left_is_written_by_the_next(cast: Cast) -> None:
    a_rule(cast, "longest_wait", 60, by_mail=True)
    waiting_contact(cast)
    look(NOON + timedelta(minutes=2))
    Alert.objects.update(mail="sending", mail_tried_at=NOON + timedelta(minutes=2))
    assert [send_letters(now=NOON + timedelta(minutes=minutes)) for minutes in (3, 13, 14)] == [0, 1, 0]
    assert len(mail.outbox) == 1


def test_supervisors_rule_over_their_own_and_see_no_others(cast: Cast) -> None:
    own, by = scope_of(cast.supervisor), actor_for(cast.supervisor)
    given = {"name": "Mine", "kind": "longest_wait", "threshold": 60, "team": cast.team}
    mine = save_rule(own, Rule(), given, by=by, now=NOON)
    for about in ({"queue": cast.other_queue}, {}):
        with pytest.raises(NotAllowed):
            save_rule(own, Rule(), {**given, "team": None, **about}, by=by, now=NOON)
    theirs = a_rule(cast, "longest_wait", 60, queue=cast.other_queue)
    assert list(rules_for(own)) == [mine]
    waiting_contact(cast, queue=cast.other_queue)
    look(NOON + timedelta(minutes=2))
    with pytest.raises(NotFound):
        alert_for(own, Alert.objects.get(rule=theirs).id)
    remove_rule(scope_of(cast.admin), theirs, by=by, now=NOON + timedelta(minutes=3))
    assert told("alert_ended")[0].body["why"] == "rule"


def test_the_pages_say_how_often_and_refuse_half_a_quiet_time(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.supervisor)
    data = {
        "name": "Long waits", "kind": "longest_wait", "threshold": "60", "about": f"queue:{cast.chat_zh.id}",
        "window_minutes": "30", "at_least": "10", "cool_down_minutes": "15", "by_browser": "on", "is_on": "on",
    }  # fmt: skip
    waiting = waiting_contact(cast, now=NOON - timedelta(days=1))
    answer_contact(waiting, cast.grace, by=actor_for(cast.grace), now=NOON - timedelta(days=1) + timedelta(minutes=5))
    with time_machine.travel(NOON, tick=False):
        assert "this often: 1" in client.post("/floor/alerts/rules/new/", {**data, "look": "1"}).content.decode()
        assert client.post("/floor/alerts/rules/new/", {**data, "quiet_from": "22:00"}).status_code == 422
        assert client.post("/floor/alerts/rules/new/", data).status_code == 302
        waiting_contact(cast, now=NOON - timedelta(minutes=5))
        look(NOON)
        alert = Alert.objects.get()
        assert "a customer has waited" in client.get("/floor/alerts/").content.decode()
        assert client.get("/floor/alerts/api/open").json() == {"count": 1}
        assert client.post(f"/floor/alerts/{alert.id}/acknowledge/", {"back": "floor"}).headers["Location"] == "/floor/"
        assert client.get("/floor/alerts/api/open").json() == {"count": 0}
        assert "Ruth Adeyemi looks at it" in client.get("/floor/").content.decode()


def test_the_list_of_rules_leads_only_to_what_one_may_change(cast: Cast) -> None:
    own, all_of_us = a_rule(cast, "longest_wait", 60), a_rule(cast, "low_rating", 2, queue=None)
    client = Client()
    client.force_login(cast.supervisor)
    page = client.get("/floor/alerts/rules/").content.decode()
    assert f"/floor/alerts/rules/{own.id}/" in page
    assert f"/floor/alerts/rules/{all_of_us.id}/" not in page
    assert client.get(f"/floor/alerts/rules/{all_of_us.id}/").status_code == 403
