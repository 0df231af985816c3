"""What of the figures is one's own: which of them, of what of the house, over which days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.insight.catalogue import METRICS
from heartline.insight.measures import Metric
from heartline.insight.past import House, house_of
from heartline.insight.past_view import PastView, past_view
from heartline.insight.queries import metric_named
from heartline.people.requests import StaffRequest

# Only what somebody did can be theirs.
CREDITED = tuple(metric for metric in METRICS if metric.credit)


def own_house(request: StaffRequest) -> House:
    """What of the house is mine: my queues, and of its people me."""
    return replace(house_of(request.scope), teams={}, people={request.user.id: request.user.name})


def own_metric(metric_id: str) -> Metric:
    """Return a metric that somebody's work makes, or raise NotFound."""
    metric = metric_named(metric_id)
    if metric not in CREDITED:
        raise NotFound(_("Nobody’s work alone makes this figure"))
    return metric


def own_view(request: StaffRequest, chosen: Mapping[str, str], moment: datetime) -> PastView:
    """Return which days of mine are asked for: told apart by day where I am, beside the days before."""
    asked = {"by": "day", "set": "people", "against": "before", **days_of(chosen)}
    view = past_view(asked, [request.user.site.time_zone], moment)
    return replace(view, person=request.user.id)


def days_of(asked: Mapping[str, str]) -> dict[str, str]:
    """Return what of an address is mine to choose: the days."""
    return {name: asked[name] for name in ("first", "last", "at") if asked.get(name)}
