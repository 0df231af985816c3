"""Changes to our people: added, invited, given a role and skills, deactivated. There is always an administrator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, NotFound
from heartline.common.ids import new_token, token_hash
from heartline.ledger.actions import one_change, record
from heartline.people.actions import actor_for, end_sessions, person_changed, set_presence
from heartline.people.models import InvitationLink, Person, Presence, PresenceState, Role, Team
from heartline.people.permissions import ROLES_WITH
from heartline.people.setup_actions.settings import replace_levels, replace_links, write

INVITED_FOR = timedelta(days=7)
USUAL_LIMITS = {"webchat": 3, "webform": 4, "callback": 1}

# Somebody may not serve customers any more: whoever listens takes out of their hands what is theirs, in the same
# transaction, and answers how much it was.
stopped_serving = Signal()


@dataclass(frozen=True, kw_only=True)
class Abilities:
    """What a person can be given: teams, skills with levels, languages, how much at once per channel."""

    teams: list[Team] = field(default_factory=list)
    levels: Mapping[int, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)


def save_person(person: Person, values: Mapping[str, Any], abilities: Abilities, *, by: Actor, now: datetime) -> Person:
    """Add or change a person; their live streams start anew with what they may see now."""
    with one_change():
        adding, served = person.pk is None, _serves(person)
        if adding:
            person.set_unusable_password()
        elif values.get("role", person.role) != Role.ADMIN:
            _keep_an_administrator(person)
        could = None if adding else _could(person)
        changed = list(write(person, values))
        if adding:
            Presence.objects.create(person=person, since=now)
        given = _give(person, abilities)
        changed += given
        if served and not _serves(person):
            _empty_hands(person, by=by, now=now)
        if changed:
            event = person_changed(person, tuple(changed), could if given else None)
            record(event, by=by, now=now, sample=person.is_sample)
    return person


def deactivate(person: Person, *, by: Actor, now: datetime) -> int:
    """End a person's right to sign in, with every session and stream; returns how many contacts they gave back."""
    with one_change():
        _keep_an_administrator(person)
        if not Person.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
            return 0
        person.is_active = False
        InvitationLink.objects.filter(person=person).delete()
        given_back = _empty_hands(person, by=by, now=now)
        set_presence(person, PresenceState.OFFLINE, by=by, now=now)
        record(person_changed(person, ("is_active",)), by=by, now=now, sample=person.is_sample)
        end_sessions(person, by=by, now=now)
    return given_back


def reactivate(person: Person, *, by: Actor, now: datetime) -> None:
    """Let a person sign in again, with the password and second step they had."""
    with one_change():
        if Person.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
            person.is_active = True
            record(person_changed(person, ("is_active",)), by=by, now=now, sample=person.is_sample)


def invite(person: Person, *, by: Actor, now: datetime) -> str:
    """Return the token of a new invitation link; an earlier link stops working."""
    if not person.is_active:
        raise Conflict(_("%(name)s may not sign in. Let them sign in again first") % {"name": person.name})
    token = new_token()
    with one_change():
        InvitationLink.objects.update_or_create(
            person=person,
            defaults={"token_hash": token_hash(token), "made_at": now, "expires_at": now + INVITED_FOR},
        )
        record(person_changed(person, ("invited",)), by=by, now=now, sample=person.is_sample)
    return token


def invited_by(token: str, *, now: datetime) -> Person:
    """Return the person whom an invitation link is for; a spent, expired or invented one is not found."""
    link = InvitationLink.objects.filter(token_hash=token_hash(token), expires_at__gt=now, person__is_active=True)
    found = link.select_related("person__site").first() if token else None
    if found is None:
        raise NotFound(_("This link has been used or has expired. Ask your administrator for a new one"))
    return found.person


def accept_invitation(token: str, password: str, *, now: datetime) -> Person:
    """Spend an invitation link: set the person's password. Their second step, if they have one, stays."""
    with one_change():
        person = invited_by(token, now=now)
        if not InvitationLink.objects.filter(token_hash=token_hash(token)).delete()[0]:
            raise NotFound(_("This link has been used or has expired. Ask your administrator for a new one"))
        person.set_password(password)
        person.save(update_fields=["password"])
        record(person_changed(person, ("password",)), by=actor_for(person), now=now, sample=person.is_sample)
    return person


def _give(person: Person, abilities: Abilities) -> list[str]:
    """Set what a person can do, and return the names of what changed."""
    done = {
        "teams": replace_links(person.teams, abilities.teams),
        "skills": replace_levels(person.skills, abilities.levels),
        "languages": _replace_languages(person, set(abilities.languages)),
        "capacity": _replace_limits(person, {name: limit for name, limit in abilities.limits.items() if limit > 0}),
    }
    return [name for name, changed in done.items() if changed]


def _could(person: Person) -> dict[str, Any]:
    """Return what a person can do, as the ledger keeps it before it changes."""
    return {
        "teams": sorted(person.teams.values_list("id", flat=True)),
        "skills": dict(person.skills.values_list("skill__key", "level")),
        "languages": sorted(person.languages.values_list("language", flat=True)),
        "limits": dict(person.capacities.values_list("channel", "limit")),
    }


def _replace_languages(person: Person, wanted: set[str]) -> bool:
    if set(person.languages.values_list("language", flat=True)) == wanted:
        return False
    person.languages.all().delete()
    for language in sorted(wanted):
        person.languages.create(language=language)
    return True


def _replace_limits(person: Person, wanted: dict[str, int]) -> bool:
    if dict(person.capacities.values_list("channel", "limit")) == wanted:
        return False
    person.capacities.all().delete()
    for channel, limit in wanted.items():
        person.capacities.create(channel=channel, limit=limit)
    return True


def _serves(person: Person) -> bool:
    return person.role in ROLES_WITH["contact.serve"]


def _empty_hands(person: Person, *, by: Actor, now: datetime) -> int:
    return sum(int(count or 0) for _, count in stopped_serving.send(Person, person=person, by=by, now=now))


def _keep_an_administrator(person: Person) -> None:
    """Refuse a change after which nobody could manage the installation. All administrators are locked meanwhile."""
    administrators = Person.objects.select_for_update().filter(role=Role.ADMIN, is_active=True)
    ids = set(administrators.values_list("pk", flat=True))
    if ids == {person.pk}:
        raise Conflict(_("%(name)s is the only administrator. Add another one first") % {"name": person.name})
