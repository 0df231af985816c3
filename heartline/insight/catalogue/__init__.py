"""The metric catalogue: every figure anybody sees is defined here, once, with its formula and version.

Definitions follow published practice where there is one and say so in `why`. To change one, add a Version: figures
are always shown with the version they were made by. `docs/adding-a-metric.md` walks through a new one.
"""

from heartline.insight.catalogue.access import ACCESS, OFFERED
from heartline.insight.catalogue.customers import CUSTOMERS
from heartline.insight.catalogue.effort import EFFORT

__all__ = ["BY_ID", "METRICS", "OFFERED", "OF_DAY", "SETS", "TOLD"]

METRICS = (*ACCESS, *EFFORT, *CUSTOMERS)
BY_ID = {metric.id: metric for metric in METRICS}
# What the contacts of one day are enough for, as they stand.
OF_DAY = tuple(metric for metric in METRICS if metric.is_of_day)
# The waits we told and those that came: drawn beside each other.
TOLD = tuple(BY_ID[id] for id in ("wait_told_from", "wait_told_to", "wait_after_telling", "wait_told_kept"))
# Figures that are read together, as the columns of one table.
SETS = {
    "access": (
        "offered",
        "service_level",
        "abandonment_rate",
        "speed_of_answer",
        "first_response",
        "next_response",
        "satisfied",
    ),
    "effort": (
        "answered",
        "handle_time",
        "time_in_hand",
        "wrap_up",
        "transfer_rate",
        "misrouted",
        "occupancy",
    ),
    "customers": (
        "solved",
        "first_contact_7",
        "repeat_7",
        "reopened_7",
        "contacts_per_case",
        "promises_kept",
        "satisfied",
    ),
    "people": (
        "own_handled",
        "own_time",
        "own_handed_over",
        "first_contact_7",
        "first_response",
        "offers_answered",
        "occupancy",
        "satisfied",
    ),
}
