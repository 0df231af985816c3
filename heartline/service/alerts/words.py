"""What alerts say: one sentence each, in the reader's language, without a customer's name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from heartline.service.alerts.models import Alert, Kind, Rule
from heartline.ui import formats


def sentence(alert: Alert) -> str:
    """Return what an alert is about."""
    where = alert.queue.name if alert.queue else alert.label
    name = alert.person.name if alert.person else ""
    rule = alert.rule
    values = {
        "where": where,
        "name": name or _("nobody by name"),
        "value": alert.value,
        "limit": rule.threshold,
        "window": rule.window_minutes,
        "waited": formats.clock_span(alert.value),
        "allowed": formats.clock_span(rule.threshold),
    }
    said = {
        Kind.LONGEST_WAIT: _("%(where)s: a customer has waited %(waited)s, the limit is %(allowed)s"),
        Kind.ABANDONED: _(
            "%(where)s: %(value)s %% left before being served in the last %(window)s min, the limit is %(limit)s %%"
        ),
        Kind.LOW_RATING: _("%(where)s: a customer of %(name)s gave %(value)s of 5"),
        Kind.CUSTOMER_SILENT: _("%(where)s: a customer of %(name)s has been silent for %(value)s min"),
        Kind.COLLEAGUE_SILENT: _("%(where)s: a customer of %(name)s has waited %(value)s min for an answer"),
        Kind.NOBODY_READY: _("%(where)s: nobody has been available for %(limit)s min"),
        Kind.WEBHOOK_FAILING: _("Webhook %(where)s has been failing for %(value)s min"),
        Kind.FIGURES_DIFFER: _(
            "Checked anew from the record, the figures of %(where)s did not agree in %(value)s places"
        ),
    }
    return said[Kind(rule.kind)] % values


def limit_of(rule: Rule) -> str:
    """Return a rule's limit with its unit."""
    units = {
        Kind.LONGEST_WAIT: formats.clock_span(rule.threshold),
        Kind.ABANDONED: _("%(n)s %% of at least %(least)s in %(window)s min")
        % {"n": rule.threshold, "least": rule.at_least, "window": rule.window_minutes},
        Kind.LOW_RATING: _("%(n)s of 5") % {"n": rule.threshold},
        Kind.FIGURES_DIFFER: _("from %(n)s on") % {"n": rule.threshold},
    }
    return units.get(Kind(rule.kind)) or _("%(n)s min") % {"n": rule.threshold}


def place_of(rule: Rule) -> str:
    """Return what a rule is about: a queue, a team's queues, all."""
    if rule.queue:
        return rule.queue.name
    return rule.team.name if rule.team else _("All queues")
