"""The alert of figures: a nightly check that differs is told to all who see figures, until one agrees or it was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from heartline.insight.checks import tell
from heartline.insight.events import FiguresChecked
from heartline.insight.tasks import check
from heartline.insight.today import DayStore
from heartline.ledger import topics
from heartline.ledger.actions import one_change
from heartline.ledger.events import audience_of, enrich
from heartline.ledger.positions import START
from heartline.ledger.queries import Recorded, read_after
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.queries import scope_of, topics_of
from heartline.service.alerts.actions import acknowledge, save_rule, sweep
from heartline.service.alerts.forms import RuleForm
from heartline.service.alerts.letters import send_letters
from heartline.service.alerts.models import Alert, AlertState, Rule
from heartline.service.alerts.queries import open_alerts, raised_yesterday
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db
NIGHT = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return assemble()


def checked(now: datetime, count: int) -> None:
    day = (now - NIGHT).date().isoformat()
    with one_change():
        tell(FiguresChecked(day=day, contacts=9, equal=not count, differing=(), count=count), now=now)


def told(kind: str) -> list[Recorded]:
    return [event for event in read_after(START) if event.kind == f"service.{kind}"]


def states() -> list[str]:
    return list(Alert.objects.order_by("id").values_list("state", flat=True))


def a_rule(cast: Cast, **more: object) -> Rule:
    given = {"name": "Figures", "kind": "figures_differ", "threshold": 1, **more}
    return save_rule(scope_of(cast.admin), Rule(), given, by=actor_for(cast.admin), now=NOON)


def test_a_check_that_differs_raises_an_alert_that_nobody_had_to_ask_for(cast: Cast) -> None:
    waiting_contact(cast)
    kept = DayStore().kept(NOON + timedelta(hours=1))
    check(replace(kept, facts={}), now=NOON + timedelta(hours=1))
    (alert,) = open_alerts(scope_of(cast.analyst))
    assert (alert.value, alert.label) == (1, "2026-11-25")
    (event,) = told("alert_raised")
    assert event.body["by_browser"]
    body = dict(event.body)
    enrich([(event.kind, body)])
    assert body["words"] == {
        "en": "Checked anew from the record, the figures of 2026-11-25 did not agree in 1 places",
        "zh-hans": "按事件台账重新核算，2026-11-25 的数字有 1 处不一致",
    }
    assert raised_yesterday(alert.rule, now=NOON + timedelta(hours=2)) == 1
    assert raised_yesterday(alert.rule, now=NOON + timedelta(days=2)) == 0


def test_all_who_see_figures_are_told_and_nobody_else(cast: Cast) -> None:
    checked(NOON, 2)
    reached = audience_of("service.alert_raised", told("alert_raised")[0].body)
    assert topics.EVERYTHING in reached
    for person in (cast.analyst, cast.supervisor, cast.outsider):
        sees = scope_of(person).may("insight.view")
        assert bool(topics_of(scope_of(person), frozenset()) & reached) == sees
        assert bool(open_alerts(scope_of(person))) == sees
    assert not open_alerts(scope_of(cast.grace))


def test_an_analyst_sees_no_alert_of_a_queue(cast: Cast) -> None:
    a_wait = {"name": "Look", "kind": "longest_wait", "threshold": 60, "queue": cast.chat_zh}
    save_rule(scope_of(cast.admin), Rule(), a_wait, by=actor_for(cast.admin), now=NOON)
    waiting_contact(cast)
    assert sweep(now=NOON + timedelta(minutes=2)) == 1
    assert len(open_alerts(scope_of(cast.supervisor))) == 1
    assert open_alerts(scope_of(cast.analyst)) == []


def test_it_stays_until_a_later_check_agrees(cast: Cast) -> None:
    checked(NOON, 2)
    for minutes in (1, 10):
        sweep(now=NOON + timedelta(minutes=minutes))
    checked(NOON, 0)  # another host checked the same day
    checked(NOON + NIGHT, 3)
    assert states() == ["open", "open"]
    checked(NOON + 2 * NIGHT, 0)
    assert states() == ["ended", "ended"]
    assert [event.body["why"] for event in told("alert_ended")] == ["calm", "calm"]


def test_it_is_over_when_somebody_has_seen_it_and_is_not_raised_again_for_that_day(cast: Cast) -> None:
    checked(NOON, 2)
    (alert,) = open_alerts(scope_of(cast.analyst))
    acknowledge(alert, cast.analyst, by=actor_for(cast.analyst), now=NOON + timedelta(hours=8))
    checked(NOON, 2)
    assert states() == ["ended"]
    assert told("alert_ended")[0].body["why"] == "seen"
    checked(NOON + NIGHT, 2)
    assert states() == ["ended", "open"]
    assert Rule.objects.count() == 1


def test_a_rule_says_from_how_many_on_and_may_be_off(cast: Cast) -> None:
    rule = a_rule(cast, threshold=3)
    checked(NOON, 2)
    assert not Alert.objects.exists()
    checked(NOON + NIGHT, 3)
    save_rule(scope_of(cast.admin), rule, {"is_on": False}, by=actor_for(cast.admin), now=NOON + NIGHT)
    checked(NOON + 2 * NIGHT, 9)
    assert states() == [AlertState.ENDED]
    assert Rule.objects.count() == 1


def test_a_letter_goes_to_all_who_see_figures(cast: Cast) -> None:
    a_rule(cast, by_mail=True)
    checked(NOON, 1)
    assert send_letters(now=NOON) == 1
    readers = {letter.to[0] for letter in mail.outbox}
    assert readers == {one.email for one in Person.objects.all() if scope_of(one).may("insight.view")}
    assert {cast.admin.email, cast.analyst.email} <= readers


def test_it_is_of_the_whole_house(cast: Cast) -> None:
    given = {
        "name": "Figures", "kind": "figures_differ", "threshold": "1", "window_minutes": "30", "at_least": "10",
        "cool_down_minutes": "15",
    }  # fmt: skip
    scope = scope_of(cast.admin)
    assert not RuleForm(scope, {**given, "about": f"queue:{cast.chat_zh.id}"}).is_valid()
    assert RuleForm(scope, {**given, "about": "team:0"}).is_valid()


def test_an_analyst_opens_the_pages_and_says_that_it_was_seen(cast: Cast) -> None:
    checked(NOON, 2)
    alert = Alert.objects.get()
    client = Client()
    client.force_login(cast.analyst)
    assert "<alert-bell" in client.get("/floor/").content.decode()
    page = client.get("/floor/alerts/").content.decode()
    assert "did not agree in 2 places" in page
    assert 'href="/insight/"' in page
    assert "/floor/alerts/rules/" not in page
    assert client.get("/floor/alerts/api/open").json() == {"count": 1}
    assert client.post(f"/floor/alerts/{alert.id}/acknowledge/").status_code == 302
    assert client.get("/floor/alerts/api/open").json() == {"count": 0}
    assert "/floor/alerts/rules/" not in client.get("/floor/alerts/").content.decode()
