"""What needs a supervisor now, the most pressing first, each with the act that mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from heartline.people.queries import Scope
from heartline.promises.models import FollowUp
from heartline.service.floor.people import PersonLine
from heartline.service.floor.waits import Waiting

SHOWN = 6


@dataclass(frozen=True)
class Need:
    """Something to do now: a picture, how pressing (late or waiting), what it is, more about it, and one act.

    `act` is give (a contact to somebody), presence (of a person) or open (an address); `target` is its id or address.
    """

    id: str
    icon: str
    tone: str
    title: str
    text: str
    act: str
    target: int | str
    word: str
    since: datetime | None = None


def needs_of(
    scope: Scope, waiting: Iterable[Waiting], people: Iterable[PersonLine], owed: Iterable[FollowUp], now: datetime
) -> tuple[Need, ...]:
    """Return what needs the reader, at most a screenful; those who only look on get none."""
    if not scope.may("contact.reassign"):
        return ()
    waiting = list(waiting)
    found = [*_nobody_can(waiting), *_late_waits(waiting), *_owed(scope, owed, now), *_missed(scope, people)]
    return tuple(found[:SHOWN])


def _nobody_can(waiting: list[Waiting]) -> list[Need]:
    stuck = [one for one in waiting if one.nobody_can and not one.held_back]
    if not stuck:
        return []
    count = len(stuck)
    title = ngettext(
        "%(n)s customer waits and nobody can take it", "%(n)s customers wait and nobody can take them", count
    )
    text = _("%(who)s: %(why)s") % {"who": stuck[0].who, "why": stuck[0].why[0] if stuck[0].why else ""}
    give = _("Give to")
    return [
        Need(
            "stuck", "user-x", "late", title % {"n": count}, text, "give", stuck[0].contact_id, give, stuck[0].asked_at
        )
    ]


def _late_waits(waiting: list[Waiting]) -> list[Need]:
    late = [one for one in waiting if one.is_late and not one.nobody_can and not one.held_back]
    if not late:
        return []
    count = len(late)
    title = ngettext("%(n)s customer past the told wait", "%(n)s customers past the told wait", count)
    text = _("%(who)s: %(why)s") % {"who": late[0].who, "why": late[0].why[0] if late[0].why else ""}
    return [
        Need(
            "late",
            "triangle-alert",
            "late",
            title % {"n": count},
            text,
            "give",
            late[0].contact_id,
            _("Give to"),
            late[0].asked_at,
        )
    ]


def _owed(scope: Scope, owed: Iterable[FollowUp], now: datetime) -> list[Need]:
    pressing = [one for one in owed if one.due_at <= now or one.warn_at <= now or one.owner is None]
    return [_owed_one(one, now, scope.may("personal.read")) for one in pressing]


def _owed_one(one: FollowUp, now: datetime, names: bool) -> Need:
    late = one.due_at <= now
    titles = {
        ("low_score", True): _("Low score not followed up in time"),
        ("low_score", False): _("Low score, reply nearly due"),
        ("callback", True): _("Callback late"),
        ("callback", False): _("Callback nearly due"),
    }
    who = (names and one.case.customer.name) or _("Case %(id)s") % {"id": one.case_id}
    owner = one.owner.name if one.owner else ""
    text = (
        _("%(owner)s owes it to %(who)s") % {"owner": owner, "who": who}
        if owner
        else _("%(who)s: nobody owns it") % {"who": who}
    )
    return Need(
        id=f"owed-{one.id}",
        icon="callback" if one.kind == "callback" else "promise",
        tone="late" if late or not owner else "waiting",
        title=titles.get((one.kind, late), one.get_kind_display()),
        text=text,
        act="open",
        target=reverse("desk:case_page", args=[one.case_id]),
        word=pgettext("verb", "Open"),
        since=one.due_at,
    )


def _missed(scope: Scope, people: Iterable[PersonLine]) -> list[Need]:
    if not scope.may("presence.others"):
        return []
    return [
        Need(
            id=f"missed-{person.id}",
            icon="bell",
            tone="waiting",
            title=_("%(name)s did not answer an offer") % {"name": person.name},
            text=_("Set to not ready, so that customers are not kept waiting"),
            act="presence",
            target=person.id,
            word=_("Change"),
            since=person.since,
        )
        for person in people
        if person.missed_offer and person.doing == "not_ready"
    ]
