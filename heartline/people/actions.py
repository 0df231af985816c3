"""Changes to our people's presence; changes to settings are in `heartline.people.setup_actions`."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.actors import Actor
from heartline.ledger.actions import one_change, record
from heartline.people.events import PresenceChanged
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
        if state == PresenceState.AVAILABLE:
            presence.seen_at = now
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
