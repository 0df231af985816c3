"""Changes to our people's presence; changes to settings are in `heartline.people.setup_actions`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import F
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid
from heartline.ledger.actions import one_change, record
from heartline.people.events import PersonChanged, PresenceChanged, SignedIn
from heartline.people.models import Person, Presence, PresenceState
from heartline.people.queries import team_ids_of

# A laptop that sleeps stops its stream at once; 45 s rides over a reload and a short loss of network.
BROWSER_GONE_AFTER = timedelta(seconds=45)


def actor_for(person: Person) -> Actor:
    """Return the actor that stands for a person."""
    return Actor.person(person.id, person.name)


def set_presence(person: Person, state: str, *, reason: str = "", by: Actor, now: datetime) -> Presence:
    """Set a person's presence; setting what is already so records nothing."""
    with one_change():
        presence, _ = Presence.objects.select_for_update().get_or_create(person=person, defaults={"since": now})
        if (presence.state, presence.reason) == (state, reason):
            return presence
        before = presence.state
        presence.state, presence.reason, presence.since = state, reason, now
        if state == PresenceState.AVAILABLE or (by.kind, by.id) == ("person", person.id):
            presence.seen_at = now  # whoever chooses is there, whatever the last stream's heartbeat says
        presence.save(update_fields=["state", "reason", "since", "seen_at"])
        record(_presence_changed(person, presence, before), by=by, now=now, sample=person.is_sample)
    return presence


def note_seen(person_ids: list[int], *, now: datetime) -> None:
    """Remember that people's live streams are open; not an event, only a heartbeat."""
    Presence.objects.filter(person_id__in=person_ids).update(seen_at=now)


def notice_gone_browsers(*, now: datetime) -> int:
    """Set away everybody who should be reachable and whose browser has been gone; returns how many."""
    reachable = Presence.objects.exclude(state__in=[PresenceState.OFFLINE, PresenceState.AWAY])
    gone = reachable.filter(seen_at__lt=now - BROWSER_GONE_AFTER).select_related("person")
    people = [presence.person for presence in gone]
    for person in people:
        set_presence(person, PresenceState.AWAY, reason="browser_gone", by=Actor.system("presence"), now=now)
    return len(people)


def change_own_account(person: Person, changes: dict[str, str], *, now: datetime) -> Person:
    """Change what people decide for themselves: the name customers see, and the language of the pages."""
    unknown = set(changes) - {"public_name", "language"}
    if unknown:
        raise Invalid(_("These fields cannot be changed: %(names)s") % {"names": ", ".join(sorted(unknown))})
    changed = tuple(sorted(name for name, value in changes.items() if getattr(person, name) != value))
    if changed:
        with one_change():
            for name in changed:
                setattr(person, name, changes[name])
            person.save(update_fields=list(changed))
            record(person_changed(person, changed), by=actor_for(person), now=now, sample=person.is_sample)
    return person


def end_sessions(person: Person, *, by: Actor, now: datetime) -> None:
    """End every session of a person, wherever they are signed in."""
    with one_change():
        Person.objects.filter(id=person.id).update(sessions_round=F("sessions_round") + 1)
        person.refresh_from_db(fields=["sessions_round"])
        UserSession.objects.filter(user=person).delete()
        record(person_changed(person, ("sessions",)), by=by, now=now, sample=person.is_sample)


def end_session(person: Person, session_id: int, *, by: Actor, now: datetime) -> None:
    """End one session of a person; ending what has ended changes nothing."""
    found = UserSession.objects.filter(user=person, pk=session_id).first()
    if found is None:
        return
    with one_change():
        found.end()
        record(person_changed(person, ("sessions",)), by=by, now=now, sample=person.is_sample)


def person_changed(person: Person, changed: tuple[str, ...], could: dict[str, Any] | None = None) -> PersonChanged:
    """Return the event that tells of a changed person; their live streams start anew with today's rights."""
    return PersonChanged(
        person_id=person.id,
        person_name=person.name,
        team_ids=team_ids_of(person),
        role=person.role,
        is_active=person.is_active,
        changed=changed,
        could=could,
    )


def note_sign_in(person: Person | None, outcome: str, method: str, *, now: datetime) -> None:
    """Record that a person signed in or out, or that a sign-in was refused; an unknown person is nobody."""
    with one_change():
        event = SignedIn(
            person_id=person.id if person else 0,
            person_name=person.name if person else "",
            outcome=outcome,
            method=method,
        )
        by = actor_for(person) if person and outcome != "refused" else Actor.system("sign_in")
        record(event, by=by, now=now, sample=bool(person and person.is_sample))


def _presence_changed(person: Person, presence: Presence, before: str) -> PresenceChanged:
    return PresenceChanged(
        person_id=person.id,
        person_name=person.name,
        team_ids=team_ids_of(person),
        state=presence.state,
        reason=presence.reason,
        from_state=before,
        since=presence.since.isoformat(),
    )
