"""What was said from the floor, for who may read it: announcements until read, whispers to oneself, and who has read what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.conversations.models import Case
from heartline.conversations.queries import sees
from heartline.people.models import Person
from heartline.people.permissions import ROLES_WITH
from heartline.people.queries import Scope
from heartline.service.floor.models import Announcement, AnnouncementRead, Whisper

SHOWN = 20


@dataclass(frozen=True)
class Told:
    """An announcement with who has read it and who has not."""

    announcement: Announcement
    read: tuple[str, ...]
    unread: tuple[str, ...]
    is_live: bool
    may_take_back: bool


def live_announcements(now: datetime) -> QuerySet[Announcement]:
    """Return the announcements whose time is not over and that nobody took back."""
    return Announcement.objects.filter(expires_at__gt=now, withdrawn_at=None).order_by("-at", "-id")


def unread_announcements(scope: Scope, *, now: datetime) -> list[Announcement]:
    """Return what a person was told and has not read; one's own one knows."""
    mine = Q(everybody=True) | Q(teams__in=scope.team_ids)
    found = live_announcements(now).filter(mine).exclude(author_id=scope.person_id).distinct()
    return list(found.exclude(reads__person_id=scope.person_id)[:SHOWN])


def announcement_for(scope: Scope, announcement_id: int) -> Announcement:
    """Return an announcement that was made to a person or by them, or raise NotFound."""
    mine = Q(everybody=True) | Q(teams__in=scope.team_ids) | Q(author_id=scope.person_id)
    rows = Announcement.objects.all() if scope.everything else Announcement.objects.filter(mine)
    found = rows.filter(id=announcement_id).first()
    if found is None:
        raise NotFound(_("There is no such announcement"))
    return found


def own_announcement_for(scope: Scope, announcement_id: int) -> Announcement:
    """Return an announcement that a person may take back, or raise NotFound."""
    found = announcement_for(scope, announcement_id)
    if not _may_take_back(scope, found):
        raise NotFound(_("There is no such announcement"))
    return found


def announcements_of(scope: Scope, *, now: datetime) -> list[Told]:
    """Return the last announcements that a supervisor made or that went to their teams, with who has read them."""
    mine = Q(author_id=scope.person_id) | Q(teams__in=scope.team_ids) | Q(everybody=True)
    rows = Announcement.objects.all() if scope.everything else Announcement.objects.filter(mine).distinct()
    found = list(rows.order_by("-at", "-id").prefetch_related("teams")[:SHOWN])
    reads: dict[int, dict[int, str]] = {}
    for row in AnnouncementRead.objects.filter(announcement__in=found).select_related("person").order_by("at"):
        reads.setdefault(row.announcement_id, {})[row.person_id] = row.person.name
    people = list(_listeners())
    return [_told(scope, one, reads.get(one.id, {}), people, now) for one in found]


def whispers_for(scope: Scope, case: Case | None) -> list[Whisper]:
    """Return what was whispered to a person and not read yet, and all of a case that they may know of.

    Whoever else serves, watches or was invited into the case sees nothing: only both sides, and those who may whisper.
    """
    unread = Q(person_id=scope.person_id, read_at=None)
    here = Q()
    if case is not None and sees(scope, case):
        both = Q(person_id=scope.person_id) | Q(author_id=scope.person_id)
        here = Q(contact__case=case) if scope.may("contact.whisper") else Q(contact__case=case) & both
    rows = Whisper.objects.filter(unread | here if here else unread).select_related("contact__customer", "person")
    return list(rows.order_by("-at", "-id")[:SHOWN])


def whisper_shown(scope: Scope, said: Whisper) -> dict[str, Any]:
    """Return a whisper for a desk."""
    return {
        "id": said.id,
        "case_id": said.contact.case_id,
        "from": said.author_name,
        "to": said.person.name,
        "mine": said.person_id == scope.person_id,
        "about": said.contact.customer.name,
        "text": said.body,
        "at": said.at.isoformat(),
        "read": said.read_at is not None,
    }


def _listeners() -> QuerySet[Person]:
    return (
        Person.objects.filter(is_active=True, role__in=ROLES_WITH["desk.use"])
        .prefetch_related("teams")
        .order_by("name", "id")
    )


def _may_take_back(scope: Scope, one: Announcement) -> bool:
    """Return whether it is a person's own, or was made to their teams alone: not what went to other teams or to everybody."""
    if scope.everything or one.author_id == scope.person_id:
        return True
    return not one.everybody and {team.id for team in one.teams.all()} <= scope.team_ids


def _told(scope: Scope, one: Announcement, reads: dict[int, str], people: list[Person], now: datetime) -> Told:
    teams = {team.id for team in one.teams.all()}
    due = [
        person
        for person in people
        if person.id != one.author_id and (one.everybody or teams & {team.id for team in person.teams.all()})
    ]
    return Told(
        announcement=one,
        read=tuple(reads.values()),
        unread=tuple(person.name for person in due if person.id not in reads),
        is_live=one.withdrawn_at is None and one.expires_at > now,
        may_take_back=_may_take_back(scope, one),
    )
