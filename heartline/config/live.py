"""Who may listen to live push, and what the open streams tell us about presence."""

from __future__ import annotations

from functools import partial
from http.cookies import CookieError, SimpleCookie

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import close_old_connections
from django.utils.crypto import constant_time_compare

from heartline.channels.webchat.queries import contact_of_token
from heartline.common import clock
from heartline.conversations.actions.contacts import note_visitors_seen
from heartline.conversations.queries import cases_for, own_case_ids
from heartline.ledger import topics
from heartline.ledger.live import LiveApplication, Reader
from heartline.people.actions import note_seen
from heartline.people.models import Person
from heartline.people.queries import scope_of, topics_of
from heartline.people.sessions import SessionStore

WATCH_LIMIT = 8


def live_application() -> LiveApplication:
    """Return the live application with the doors for people and for customers."""
    doors = {"/live/staff": staff_reader, "/live/visitor": visitor_reader}
    return LiveApplication(doors, on_seen=_tell_presence, still_valid=_sessions_that_go_on)


def staff_reader(headers: dict[str, str], asked: dict[str, str]) -> Reader | None:
    """Return the reader for a signed-in person's cookie, or None; `watch` names cases they look at besides their own."""
    key = _session_key(headers.get("cookie", ""))
    watched = [int(word) for word in asked.get("watch", "").split(",")[:WATCH_LIMIT] if word.isdecimal()]
    try:
        person_id = _person_of_session(key) if key else None
        return _reader_for(person_id, key, watched) if person_id else None
    finally:
        close_old_connections()


def visitor_reader(headers: dict[str, str], asked: dict[str, str]) -> Reader | None:
    """Return the reader for a visitor's bearer token, or None."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    try:
        contact = contact_of_token(token.strip()) if scheme.lower() == "bearer" and token.strip() else None
        return Reader(frozenset({topics.contact(contact.id)}), contact_id=contact.id) if contact else None
    finally:
        close_old_connections()


def _reader_for(person_id: int, session_key: str, watched: list[int]) -> Reader | None:
    person = Person.objects.filter(id=person_id, is_active=True).first()
    scope = scope_of(person) if person else None
    if scope is None or not scope.rights:
        return None
    visible = cases_for(scope).filter(id__in=watched).values_list("id", flat=True) if watched else ()
    names = topics_of(scope, own_case_ids(scope) | frozenset(visible))
    again = partial(_reader_for, person_id, session_key, watched)
    return Reader(names, person_id=person_id, session_key=session_key, refresh=again)


def _session_key(cookie_header: str) -> str:
    try:
        cookie = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _person_of_session(key: str) -> int | None:
    """Return whose session this is: unexpired, by a known back end, and of the present password."""
    stored = SessionStore(session_key=key).load()
    if stored.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS or SESSION_KEY not in stored:
        return None
    person = Person.objects.filter(id=stored[SESSION_KEY], is_active=True).first()
    if person is None or not constant_time_compare(stored.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash()):
        return None
    return person.id


def _tell_presence(people: list[int], contacts: list[int]) -> None:
    try:
        now = clock.now()
        note_seen(people, now=now)
        note_visitors_seen(contacts, now=now)
    finally:
        close_old_connections()


def _sessions_that_go_on(keys: set[str]) -> set[str]:
    try:
        live = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now())
        return set(live.values_list("session_key", flat=True))
    finally:
        close_old_connections()
