"""The only writers of rules and alerts. Each change is one compare-and-set: several hosts may sweep at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.utils import translation
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, NotAllowed
from heartline.insight.events import FiguresChecked
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person, Queue, Role, Site
from heartline.people.permissions import ROLES_WITH
from heartline.people.queries import Scope
from heartline.people.setup_actions.settings import write
from heartline.service.alerts.events import AlertAcknowledged, AlertEnded, AlertRaised, AlertRuleChanged
from heartline.service.alerts.models import Alert, AlertState, Kind, Rule
from heartline.service.alerts.readings import Reading, World, readings_of
from heartline.service.alerts.rules import CALM, FOR_EVER, MOMENT_STAYS, Standing, Terms, is_quiet, step

SWEEP = Actor.system("alerts")
# What happened in a moment is over when somebody has looked at it.
MOMENTS = frozenset({Kind.LOW_RATING, Kind.FIGURES_DIFFER})


@dataclass(frozen=True)
class _Seen:
    """A subject of a rule: its alert if one stands, and how it stands now if it was read."""

    rule: Rule
    subject: str
    alert: Alert | None
    reading: Reading | None


def save_rule(scope: Scope, rule: Rule, values: Mapping[str, Any], *, by: Actor, now: datetime) -> Rule:
    """Add or change a rule. What the rule before had open is over: it may not be true any more."""
    if rule.pk is not None:
        check_may_change(scope, rule)
    check_may_change(scope, Rule(queue=values.get("queue"), team=values.get("team")))
    with one_change():
        if rule.pk is None:
            rule.created_at = now
        changed = write(rule, values)
        if changed:
            _end_all(rule, by=by, now=now)
            _note(rule, changed, by=by, now=now)
    return rule


def remove_rule(scope: Scope, rule: Rule, *, by: Actor, now: datetime) -> None:
    """Remove a rule with its alerts; the ledger keeps what was raised."""
    check_may_change(scope, rule)
    with one_change():
        _end_all(rule, by=by, now=now)
        _note(rule, ("removed",), by=by, now=now)
        rule.delete()


def may_change(scope: Scope, rule: Rule) -> bool:
    """Return whether a rule is about the person's own queue or team; what is about all is for administrators."""
    own_queue = rule.queue_id is not None and scope.sees_queue(rule.queue_id)
    return scope.everything or own_queue or rule.team_id in scope.team_ids


def check_may_change(scope: Scope, rule: Rule) -> None:
    """Raise NotAllowed unless a person may change a rule."""
    if not may_change(scope, rule):
        raise NotAllowed(_("Supervisors set rules for their own teams and queues, administrators for all"))


def acknowledge(alert: Alert, person: Person, *, by: Actor, now: datetime) -> Alert:
    """Say that somebody looks at an alert: once. What happened in a moment is over with that."""
    with one_change():
        standing = Alert.objects.filter(id=alert.id, state=AlertState.OPEN, acknowledged_at=None)
        if not standing.update(acknowledged_at=now, acknowledged_by=person):
            alert.refresh_from_db()
            name = alert.acknowledged_by.name if alert.acknowledged_by else ""
            raise Conflict(_("%(name)s looks at this already") % {"name": name} if name else _("This is over already"))
        alert.refresh_from_db()
        event = AlertAcknowledged(
            alert_id=alert.id,
            rule_id=alert.rule_id,
            name=alert.rule.name,
            queue_id=alert.queue_id,
            after_ms=_milliseconds(alert.raised_at, now),
            told_ids=told(alert.rule, alert.queue_id),
        )
        record(event, by=by, now=now, sample=_is_sample(alert))
        if alert.rule.kind in MOMENTS:
            _end(alert, "seen", by=by, now=now)
    return alert


def sweep(*, now: datetime, world: World | None = None) -> int:
    """Look at every rule that is on; returns how many alerts were raised. Without rules it costs one query."""
    swept = Rule.objects.filter(is_on=True).exclude(kind=Kind.FIGURES_DIFFER)  # the check itself tells of figures
    rules = list(swept.select_related("queue__brand__site", "team__site").order_by("id"))
    if not rules:
        return 0
    world = world or World(now)
    standing: dict[int, dict[str, Alert]] = {}
    for alert in Alert.objects.exclude(state=AlertState.ENDED).select_related("rule", "queue"):
        standing.setdefault(alert.rule_id, {})[alert.subject] = alert
    return sum(_sweep_one(rule, standing.get(rule.id, {}), world, now) for rule in rules)


def hear_check(checked: FiguresChecked, *, now: datetime) -> None:
    """Raise an alert of figures that differ from the ledger; a later check that finds none ends it."""
    subject = f"day:{checked.day}"
    if checked.equal:
        standing = Alert.objects.filter(rule__kind=Kind.FIGURES_DIFFER, state=AlertState.OPEN)
        for alert in standing.exclude(subject=subject).select_related("rule", "queue"):
            _end(alert, "calm", by=SWEEP, now=now)
        return
    reading = Reading(subject, checked.count, True, label=checked.day)
    for rule in _rules_of_figures(now):
        seen_before = Alert.objects.filter(rule=rule, subject=subject).exists()
        if rule.is_on and checked.count >= rule.threshold and not seen_before:
            _begin(_Seen(rule, subject, None, reading), reading, is_raised=True, now=now)


def told(rule: Rule, queue_id: int | None) -> tuple[int, ...]:
    """Return who hears of an alert: the supervisors of the teams it is about, of figures all who see them.

    Administrators hear of every alert.
    """
    people = Person.objects.filter(is_active=True, role=Role.SUPERVISOR)
    if rule.kind == Kind.FIGURES_DIFFER:
        people = Person.objects.filter(is_active=True, role__in=ROLES_WITH["insight.view"])
    elif rule.team_id:
        people = people.filter(teams=rule.team_id)
    elif queue_id:
        people = people.filter(teams__queues=queue_id)
    else:  # nobody's in particular
        return ()
    return tuple(sorted(set(people.values_list("id", flat=True))))


def terms_of(rule: Rule) -> Terms:
    """Return how a rule's alerts begin and end."""
    if rule.kind == Kind.LOW_RATING:  # each rating once, until somebody has looked at it
        return Terms(calm=MOMENT_STAYS, cool_down=FOR_EVER)
    hold = timedelta(minutes=rule.threshold) if rule.kind == Kind.NOBODY_READY else timedelta()
    return Terms(hold, CALM, timedelta(minutes=rule.cool_down_minutes))


def zone_of(rule: Rule, queue: Queue | None) -> ZoneInfo:
    """Return by whose clock a rule's quiet hours go: the queue's site, the team's, else the first one."""
    site = queue.brand.site if queue else rule.team.site if rule.team else Site.objects.order_by("id").first()
    return ZoneInfo(site.time_zone if site else "UTC")


def _sweep_one(rule: Rule, standing: dict[str, Alert], world: World, now: datetime) -> int:
    readings = {reading.subject: reading for reading in readings_of(rule, world)}
    over = {subject for subject, reading in readings.items() if reading.over}
    subjects = over | standing.keys()
    ended = _last_ended(rule, over - standing.keys())
    raised = 0
    for subject in sorted(subjects):
        seen = _Seen(rule, subject, standing.get(subject), readings.get(subject))
        raised += _advance(seen, subject in over, ended.get(subject), world, now)
    return raised


def _advance(seen: _Seen, over: bool, last_ended: datetime | None, world: World, now: datetime) -> int:
    alert, rule = seen.alert, seen.rule
    stands = Standing(alert.state == AlertState.OPEN, alert.since, alert.calm_since) if alert else None
    queue_id = seen.reading.queue_id if seen.reading else alert.queue_id if alert else None
    local = now.astimezone(zone_of(rule, world.queues.get(queue_id) if queue_id else None)).time()
    quiet = is_quiet(local, rule.quiet_from, rule.quiet_until)
    done = step(stands, over, quiet=quiet, last_ended=last_ended, terms=terms_of(rule), now=now)
    if done in ("watch", "raise") and seen.reading:
        return _begin(seen, seen.reading, is_raised=done == "raise", now=now)
    if alert and done == "forget":
        Alert.objects.filter(id=alert.id, state=AlertState.WATCHED).delete()
    elif alert and done in ("calm", "stir"):
        Alert.objects.filter(id=alert.id).update(calm_since=now if done == "calm" else None)
    elif alert and done == "end":
        with one_change():
            _end(alert, "calm", by=SWEEP, now=now)
    return 0


def _begin(seen: _Seen, reading: Reading, *, is_raised: bool, now: datetime) -> int:
    try:
        with one_change(may_fail=True):
            alert = seen.alert or _create(seen.rule, reading, now)
            if not is_raised:
                return 0
            waiting = Alert.objects.filter(id=alert.id, state=AlertState.WATCHED)
            mail = "due" if seen.rule.by_mail else ""
            if not waiting.update(state=AlertState.OPEN, raised_at=now, value=round(reading.value), mail=mail):
                return 0
            alert.refresh_from_db()
            record(_raised(alert), by=SWEEP, now=now, sample=_is_sample(alert))
    except IntegrityError:  # another host was first
        return 0
    return 1


def _create(rule: Rule, reading: Reading, now: datetime) -> Alert:
    return Alert.objects.create(
        rule=rule,
        subject=reading.subject,
        label=reading.label[:80],
        queue_id=reading.queue_id,
        contact_id=reading.contact_id,
        person_id=reading.person_id,
        state=AlertState.WATCHED,
        value=round(reading.value),
        since=now,
    )


def _raised(alert: Alert) -> AlertRaised:
    rule = alert.rule
    return AlertRaised(
        alert_id=alert.id,
        rule_id=rule.id,
        name=rule.name,
        rule_kind=rule.kind,
        subject=alert.subject,
        queue_id=alert.queue_id,
        contact_id=alert.contact_id,
        person_id=alert.person_id,
        value=alert.value,
        threshold=rule.threshold,
        by_browser=rule.by_browser,
        told_ids=told(rule, alert.queue_id),
    )


def _rules_of_figures(now: datetime) -> list[Rule]:
    """Return the rules about figures. Nobody has to ask for that alert: where there is no rule yet, there is one now."""
    rules = Rule.objects.filter(kind=Kind.FIGURES_DIFFER).order_by("id")
    if not rules:
        admin = Person.objects.filter(is_active=True, role=Role.ADMIN).order_by("id").first()
        with translation.override(admin.language if admin else "en"):
            name = _("Figures checked each night")
        rule = Rule(name=name, kind=Kind.FIGURES_DIFFER, threshold=1, created_at=now)
        rule.save()
        _note(rule, ("added",), by=SWEEP, now=now)
        return [rule]
    return list(rules)


def _end_all(rule: Rule, *, by: Actor, now: datetime) -> None:
    Alert.objects.filter(rule=rule, state=AlertState.WATCHED).delete()
    for alert in Alert.objects.filter(rule=rule, state=AlertState.OPEN).select_related("rule"):
        _end(alert, "rule", by=by, now=now)


def _end(alert: Alert, why: str, *, by: Actor, now: datetime) -> None:
    standing = Alert.objects.filter(id=alert.id, state=AlertState.OPEN)
    if standing.update(state=AlertState.ENDED, ended_at=now):
        event = AlertEnded(
            alert_id=alert.id,
            rule_id=alert.rule_id,
            name=alert.rule.name,
            queue_id=alert.queue_id,
            lasted_ms=_milliseconds(alert.raised_at, now),
            why=why,
            told_ids=told(alert.rule, alert.queue_id),
        )
        record(event, by=by, now=now, sample=_is_sample(alert))


def _note(rule: Rule, changed: tuple[str, ...], *, by: Actor, now: datetime) -> None:
    event = AlertRuleChanged(
        rule_id=rule.pk,
        name=rule.name,
        rule_kind=rule.kind,
        queue_id=rule.queue_id,
        team_id=rule.team_id,
        changed=changed,
    )
    record(event, by=by, now=now, sample=bool(rule.queue and rule.queue.is_sample))


def _last_ended(rule: Rule, subjects: Iterable[str]) -> dict[str, datetime]:
    """Return when the last alert of each subject ended that may be raised now."""
    rows = Alert.objects.filter(rule=rule, subject__in=list(subjects), ended_at__isnull=False).order_by("ended_at")
    return {subject: ended for subject, ended in rows.values_list("subject", "ended_at") if ended}


def _is_sample(alert: Alert) -> bool:
    return bool(alert.queue and alert.queue.is_sample)


def _milliseconds(start: datetime | None, end: datetime) -> int:
    return max(0, round((end - (start or end)) / timedelta(milliseconds=1)))
