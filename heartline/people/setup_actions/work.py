"""Changes to queues and teams: what waits together, who serves it, what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from heartline.common.actors import Actor
from heartline.ledger.actions import one_change, record
from heartline.people.actions import person_changed
from heartline.people.models import Queue, Team
from heartline.people.setup_actions.settings import note, replace_levels, replace_links, write


def save_queue(
    queue: Queue, values: Mapping[str, Any], *, levels: Mapping[int, int], by: Actor, now: datetime
) -> Queue:
    """Save a queue and the skills it asks for. A brand has exactly one queue that takes what no other takes."""
    with one_change():
        defaults = Queue.objects.filter(brand=values["brand"], is_default=True)
        is_default = bool(values.get("is_default")) or not defaults.exclude(pk=queue.pk).exists()
        changed = write(queue, {**values, "is_default": is_default})
        if queue.is_default:
            defaults.exclude(pk=queue.pk).update(is_default=False)
        if replace_levels(queue.skills, levels):
            changed = (*changed, "skills")
        note("queue", queue, changed, brand_id=queue.brand_id, queue_id=queue.pk, by=by, now=now)
    return queue


def save_team(team: Team, values: Mapping[str, Any], *, queues: list[Queue], by: Actor, now: datetime) -> Team:
    """Save a team and the queues it serves; what its members see changes with them at once."""
    with one_change():
        changed = write(team, values)
        if replace_links(team.queues, queues):
            changed = (*changed, "queues")
            for person in team.members.all():
                record(person_changed(person, ("queues",)), by=by, now=now, sample=person.is_sample)
        note("team", team, changed, by=by, now=now)
    return team
