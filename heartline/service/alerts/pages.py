"""`/floor/alerts/`: what is open, what was, and the rules that say so."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Conflict
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest
from heartline.service.alerts import actions
from heartline.service.alerts.forms import RuleForm
from heartline.service.alerts.models import Alert, AlertState, Rule
from heartline.service.alerts.queries import alert_for, alerts_for, open_alerts, raised_yesterday, rule_for, rules_for
from heartline.service.alerts.words import limit_of, place_of, sentence
from heartline.ui.responses import json_ok

PAST_SHOWN = 50


@require_safe
def listed(request: StaffRequest) -> HttpResponse:
    """Show what is open and what was."""
    past = alerts_for(request.scope).filter(state=AlertState.ENDED)[:PAST_SHOWN]
    context = {
        "now": now(),
        "open": lines_of(open_alerts(request.scope)),
        "past": lines_of(past),
        "any_rule": rules_for(request.scope).exists(),
    }
    return render(request, "alerts/list.html", context)


@require_GET
def open_now(request: StaffRequest) -> JsonResponse:
    """Return how many alerts nobody looks at yet, for the bell."""
    waiting = [alert for alert in open_alerts(request.scope) if not alert.acknowledged_at]
    return json_ok({"count": len(waiting)})


@require_POST
def acknowledge(request: StaffRequest, alert_id: int) -> HttpResponse:
    """Say that one looks at an alert."""
    try:
        actions.acknowledge(alert_for(request.scope, alert_id), request.user, by=by(request), now=now())
    except Conflict as refusal:
        messages.info(request, str(refusal.message))
    return redirect("floor:page" if request.POST.get("back") == "floor" else "alerts:list")


@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    """Show the rules one may see."""
    found = rules_for(request.scope)
    rows = [(rule, place_of(rule), limit_of(rule), actions.may_change(request.scope, rule)) for rule in found]
    return render(request, "alerts/rules.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: StaffRequest, id: int | None = None) -> HttpResponse:
    """Add or change a rule; `look` says first how often it would have told somebody yesterday."""
    standing = rule_for(request.scope, id) if id else None
    if standing:
        actions.check_may_change(request.scope, standing)
    instance = rule_for(request.scope, id) if id else None
    form = RuleForm(request.scope, request.POST or None, instance=instance)
    preview = ""
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            preview = _preview(Rule(created_at=now(), **form.values()))
        elif attempt(form, lambda: _save(request, standing or Rule(), form)):
            messages.success(request, _("%(name)s is saved") % {"name": form.cleaned_data["name"]})
            return redirect("alerts:rules")
    context = {"form": form, "rule": standing, "preview": preview}
    return render(request, "alerts/rule.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: StaffRequest, id: int) -> HttpResponse:
    """Remove a rule."""
    found = rule_for(request.scope, id)
    name = found.name
    actions.remove_rule(request.scope, found, by=by(request), now=now())
    messages.success(request, _("%(name)s is removed") % {"name": name})
    return redirect("alerts:rules")


def lines_of(alerts: Iterable[Alert]) -> list[tuple[Alert, str]]:
    """Return alerts with what they say."""
    return [(alert, sentence(alert)) for alert in alerts]


def _save(request: StaffRequest, thing: Rule, form: RuleForm) -> Rule:
    return actions.save_rule(request.scope, thing, form.values(), by=by(request), now=now())


def _preview(rule: Rule) -> str:
    times = raised_yesterday(rule, now=now())
    if times is None:
        return _("How often it would have been raised yesterday cannot be told: who was silent or ready is not kept")
    if not times:
        return _("Yesterday it would not have been raised")
    return _("Yesterday it would have been raised this often: %(times)s") % {"times": times}
