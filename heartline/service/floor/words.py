"""What the floor says before it shows: one sentence that judges, and a line of figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heartline.insight.catalogue import BY_ID
from heartline.insight.measures import measure
from heartline.insight.queries import DayOfWork
from heartline.insight.shown import Shown, shown
from heartline.service.floor.people import PersonLine
from heartline.service.floor.queues import QueueLine
from heartline.service.floor.waits import Waiting


@dataclass(frozen=True)
class Headline:
    """A sentence: `lead` is coloured because somebody must act, `rest` goes on."""

    lead: str
    rest: str


@dataclass(frozen=True)
class DayFigures:
    """How the day goes: answered in time against the aim, and how customers said it was."""

    level: Shown
    aims: tuple[int, ...]
    satisfied: Shown


def headline(lines: Iterable[QueueLine], waiting: Iterable[Waiting], people: Iterable[PersonLine]) -> Headline:
    """Return what the floor comes to right now."""
    waiting, people = [one for one in waiting if not one.held_back], list(people)
    behind = sorted((line for line in lines if line.late), key=lambda line: -line.late)
    if behind:
        return _behind(behind)
    stuck = [one for one in waiting if one.nobody_can]
    if stuck:
        rest = ngettext(
            "%(n)s customer waits and nobody signed in can take it",
            "%(n)s customers wait and nobody signed in can take them",
            len(stuck),
        )
        return Headline(_("Somebody is missing:"), rest % {"n": len(stuck)})
    if waiting:
        within = ngettext(
            "%(n)s customer waits, within the wait we told",
            "%(n)s customers wait, all within the wait we told",
            len(waiting),
        )
        return Headline("", within % {"n": len(waiting)})
    return Headline("", _("Nobody is waiting") if people else _("Nobody is waiting, and nobody is signed in"))


def day_figures(work: DayOfWork, now: datetime) -> DayFigures:
    """Return the figures of today for the line under the headline."""
    return DayFigures(
        level=shown(measure(BY_ID["service_level"], work.facts), work.view),
        aims=tuple(sorted({card.answer_target_percent for card in work.queues.values()})),
        satisfied=shown(measure(BY_ID["satisfied"], work.facts), work.view),
    )


def _behind(behind: list[QueueLine]) -> Headline:
    late = sum(line.late for line in behind)
    others = len(behind) - 1
    words = {"queue": behind[0].name, "n": late, "more": others}
    several = ngettext("%(queue)s and %(more)s more are behind:", "%(queue)s and %(more)s more are behind:", others)
    lead = several if others else _("%(queue)s is behind:")
    told = all(one.told_minutes or one.due_at for line in behind for one in line.waiting if one.is_late)
    longer = ngettext(
        "%(n)s customer has waited longer than we told them",
        "%(n)s customers have waited longer than we told them",
        late,
    )
    past = ngettext(
        "%(n)s customer has waited past the limit of the queue",
        "%(n)s customers have waited past the limit of the queue",
        late,
    )
    return Headline(lead % words, (longer if told else past) % words)
