"""Whose alerts and rules a person may see, and how often a rule would have told somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.clock import day_bounds
from heartline.common.errors import NotFound
from heartline.insight.events import FiguresChecked
from heartline.insight.facts import LIVE, ContactFact
from heartline.insight.today import recompute
from heartline.ledger.queries import read_day
from heartline.people.models import Queue
from heartline.people.queries import Scope
from heartline.service.alerts.actions import terms_of, zone_of
from heartline.service.alerts.models import Alert, AlertState, Kind, Rule
from heartline.service.alerts.readings import World
from heartline.service.alerts.rules import is_quiet, share_left, times_raised, within

# What yesterday can be told of from the ledger alone; who was silent or ready is not kept minute by minute.
TOLD_AFTERWARDS = frozenset({Kind.LONGEST_WAIT, Kind.ABANDONED, Kind.LOW_RATING})


def rules_for(scope: Scope) -> QuerySet[Rule]:
    """Return the rules that are about what a person sees: of their queues and teams, and those about all."""
    rules = Rule.objects.select_related("queue", "team").order_by("-is_on", "kind", "name", "id")
    if scope.everything:
        return rules
    near = Q(queue_id__in=scope.queue_ids) | Q(team_id__in=scope.team_ids) | Q(queue=None, team=None)
    return rules.filter(near) if scope.may("alert.handle") else rules.none()


def rule_for(scope: Scope, rule_id: int) -> Rule:
    """Return one rule the person may see, or raise NotFound."""
    found = rules_for(scope).filter(id=rule_id).first()
    if found is None:
        raise NotFound(_("There is no such rule, or it is not yours to see"))
    return found


def alerts_for(scope: Scope) -> QuerySet[Alert]:
    """Return the alerts that were raised where a person leads, and those of figures they may see, the newest first."""
    found = Alert.objects.exclude(state=AlertState.WATCHED).order_by("-raised_at", "-id")
    found = found.select_related("rule", "queue", "person", "contact", "acknowledged_by")
    if scope.everything:
        return found
    led = Q(queue_id__in=scope.queue_ids if scope.may("alert.handle") else ())
    return found.filter(led | Q(rule__kind=Kind.FIGURES_DIFFER) if scope.may("insight.view") else led)


def open_alerts(scope: Scope) -> list[Alert]:
    """Return what is open, what nobody looks at yet first."""
    found = list(alerts_for(scope).filter(state=AlertState.OPEN)[:50])
    return sorted(found, key=lambda alert: alert.acknowledged_at is not None)


def alert_for(scope: Scope, alert_id: int) -> Alert:
    """Return one alert the person may see, or raise NotFound."""
    found = alerts_for(scope).filter(id=alert_id).first()
    if found is None:
        raise NotFound(_("There is no such alert, or it is not yours to see"))
    return found


def raised_yesterday(rule: Rule, *, now: datetime) -> int | None:
    """Return how often a rule would have been raised yesterday, looked at once a minute; None when that is not known."""
    if rule.kind == Kind.FIGURES_DIFFER:
        return _differed(rule, now)
    if Kind(rule.kind) not in TOLD_AFTERWARDS:
        return None
    world = World(now)
    return sum(_on_queue(rule, queue, now) for queue in world.of_rule(rule))


def _differed(rule: Rule, now: datetime) -> int:
    """Return 1 when the check of the last day and night found as much as a rule says."""
    checks = read_day(now - timedelta(days=1), now, frozenset({FiguresChecked.kind}))
    return int(any(one.body.get("count", 0) >= rule.threshold for one in checks))


def _on_queue(rule: Rule, queue: Queue, now: datetime) -> int:
    zone = zone_of(rule, queue)
    start, end = day_bounds(day_bounds(now, str(zone))[0] - timedelta(hours=12), str(zone))
    # Who asked shortly before midnight waited and left in the day that is asked about.
    facts = [fact for fact in recompute(start - timedelta(hours=2), end).values() if fact.queue_id == queue.id]
    if rule.kind == Kind.LOW_RATING:
        return sum(_is_low(fact, rule) and start <= (fact.scored_at or end) < end for fact in facts)
    over = _waits(rule, facts) if rule.kind == Kind.LONGEST_WAIT else _leaves(rule, facts)

    def quiet(moment: datetime) -> bool:
        return is_quiet(moment.astimezone(zone).time(), rule.quiet_from, rule.quiet_until)

    return times_raised(over, quiet, start, end, terms_of(rule))


def _is_low(fact: ContactFact, rule: Rule) -> bool:
    return fact.score is not None and fact.score <= rule.threshold


def _waits(rule: Rule, facts: Iterable[ContactFact]) -> Callable[[datetime], bool]:
    limit = timedelta(seconds=rule.threshold)
    spans = [
        (since + limit, fact.served_at or fact.left_at)
        for fact in facts
        for since in [fact.asked_at if fact.channel in LIVE else fact.due_at]
        if since
    ]
    return lambda moment: any(start < moment and (end is None or moment < end) for start, end in spans)


def _leaves(rule: Rule, facts: Iterable[ContactFact]) -> Callable[[datetime], bool]:
    facts, window = list(facts), timedelta(minutes=rule.window_minutes)
    left = [fact.left_at for fact in facts if fact.outcome == "long_abandon" and fact.left_at]
    answered = [fact.served_at for fact in facts if fact.outcome == "answered" and fact.served_at]

    def over(moment: datetime) -> bool:
        share = share_left(within(left, moment, window), within(answered, moment, window), rule.at_least)
        return share is not None and share > rule.threshold

    return over
