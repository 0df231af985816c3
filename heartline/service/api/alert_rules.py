"""Rules that raise alerts, and the alerts that were, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.forms import model_to_dict
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import Invalid
from heartline.common.filled import checked
from heartline.common.paging import page_of
from heartline.common.schemas import Done, Id, Page, PageAsked, Sent, WallClock
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest
from heartline.service.alerts import actions
from heartline.service.alerts.forms import FIELDS, RuleForm
from heartline.service.alerts.models import AlertState, Rule
from heartline.service.alerts.queries import alerts_for, raised_yesterday, rule_for, rules_for
from heartline.service.api.floor import AlertShown, alert_shown

router = Router(tags=["Alerts"])

RuleKind = Literal[
    "longest_wait",
    "abandoned",
    "low_rating",
    "customer_silent",
    "colleague_silent",
    "nobody_ready",
    "webhook_failing",
    "figures_differ",
]
Minutes = Annotated[int, Field(ge=0, le=1440)]


class RuleSent(Sent):
    """When somebody should look: about a queue, about a team's queues, or, with neither, about all.

    `threshold` is in seconds, percent, points of five, minutes or differences, as the kind goes. Quiet times are the site's, as 22:00.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    kind: RuleKind
    threshold: Annotated[int, Field(ge=1, le=86400)]
    window_minutes: Annotated[int, Field(ge=5, le=1440)] = 30
    at_least: Annotated[int, Field(ge=1, le=2**31 - 1)] = 10
    queue_id: Id | None = None
    team_id: Id | None = None
    quiet_from: WallClock | None = None
    quiet_until: WallClock | None = None
    cool_down_minutes: Minutes = 15
    by_browser: bool = True
    by_mail: bool = False
    is_on: bool = True


class RuleChanges(RuleSent):
    """What to change of a rule; what is left out stays. What it had open is over with that."""

    name: Annotated[str, Field(min_length=1, max_length=80)] = "-"
    kind: RuleKind = "longest_wait"
    threshold: Annotated[int, Field(ge=1, le=86400)] = 1


class RuleShown(BaseModel):
    """A rule, and whether the caller may change it."""

    id: int
    name: str
    kind: str
    threshold: int
    window_minutes: int
    at_least: int
    queue_id: int | None
    team_id: int | None
    quiet_from: WallClock | None
    quiet_until: WallClock | None
    cool_down_minutes: int
    by_browser: bool
    by_mail: bool
    is_on: bool
    may_change: bool


class PreviewShown(BaseModel):
    """How often a rule would have been raised yesterday; null where that is not kept."""

    times: int | None


class EndedAlertShown(AlertShown):
    """An alert that is over."""

    ended_at: datetime | None


@router.get("/alert-rules", response=Page[RuleShown])
def list_alert_rules(request: StaffRequest, asked: Query[PageAsked]) -> Page[RuleShown]:
    """Return the rules about what the caller sees, newest first."""
    found, following = page_of(rules_for(request.scope), asked.cursor, asked.limit)
    return Page(items=[_shown(request, row) for row in found], next=following)


@router.post("/alert-rules", response={201: RuleShown})
def add_alert_rule(request: StaffRequest, sent: RuleSent) -> RuleShown:
    """Add a rule: supervisors for their own queues and teams, administrators for all."""
    return _saved(request, Rule(), sent.model_dump())


@router.post("/alert-rules/preview", response=PreviewShown)
def preview_alert_rule(request: StaffRequest, sent: RuleSent) -> PreviewShown:
    """Return how often a rule would have told somebody yesterday; nothing is kept."""
    now = clock.now()
    return PreviewShown(times=raised_yesterday(Rule(created_at=now, **_values(request, sent.model_dump())), now=now))


@router.patch("/alert-rules/{rule_id}", response=RuleShown)
def change_alert_rule(request: StaffRequest, rule_id: Id, sent: RuleChanges) -> RuleShown:
    """Change a rule."""
    row = rule_for(request.scope, rule_id)
    standing = model_to_dict(row, FIELDS) | {"queue_id": row.queue_id, "team_id": row.team_id}
    return _saved(request, row, standing | sent.model_dump(exclude_unset=True))


@router.delete("/alert-rules/{rule_id}", response=Done)
def remove_alert_rule(request: StaffRequest, rule_id: Id) -> Done:
    """Remove a rule with its alerts; the record keeps what was raised."""
    row = rule_for(request.scope, rule_id)
    actions.remove_rule(request.scope, row, by=actor_for(request.user), now=clock.now())
    return Done()


@router.get("/alerts/ended", response=Page[EndedAlertShown])
def list_ended_alerts(request: StaffRequest, asked: Query[PageAsked]) -> Page[EndedAlertShown]:
    """Return the alerts that are over, newest first."""
    rows = alerts_for(request.scope).filter(state=AlertState.ENDED)
    found, following = page_of(rows, asked.cursor, asked.limit)
    items = [EndedAlertShown(**alert_shown(row).model_dump(), ended_at=row.ended_at) for row in found]
    return Page(items=items, next=following)


def _saved(request: StaffRequest, row: Rule, given: dict[str, Any]) -> RuleShown:
    values, by = _values(request, given), actor_for(request.user)
    return _shown(request, actions.save_rule(request.scope, row, values, by=by, now=clock.now()))


def _values(request: StaffRequest, given: dict[str, Any]) -> dict[str, Any]:
    """Return a rule's fields as its page would take them."""
    queue, team = given["queue_id"], given["team_id"]
    if queue and team:
        text = _("Choose a queue or a team, not both")
        raise Invalid(text, fields={"team_id": text})
    about = f"queue:{queue}" if queue else f"team:{team or 0}"
    form = RuleForm(request.scope, {**given, "about": about})
    checked(form, {"about": "queue_id" if queue else "team_id"})
    return form.values()


def _shown(request: StaffRequest, row: Rule) -> RuleShown:
    quiet: dict[str, Any] = {
        name: f"{at:%H:%M}" if (at := getattr(row, name)) else None for name in ("quiet_from", "quiet_until")
    }
    names = RuleShown.model_fields.keys() - {"may_change", *quiet}
    plain = {name: getattr(row, name) for name in names}
    return RuleShown(**plain, **quiet, may_change=actions.may_change(request.scope, row))
