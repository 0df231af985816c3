"""A company to measure on: teams of agents with sessions, and customers who chat with them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any


@dataclass(frozen=True)
class Pair:
    """An agent and a customer in one running chat, each with what lets them in."""

    person_id: int
    cookie: str
    visitor_token: str
    contact_id: int
    case_id: int


@dataclass(frozen=True)
class Stage:
    """What a load script needs to know."""

    brand_key: str
    queue_ids: list[int]
    agents: list[tuple[int, str]]
    pairs: list[Pair]


def set_stage(*, teams: int, agents_each: int, chats_each: int = 1, capacity: int = 5) -> Stage:
    """Write the company into the current installation; everybody is available, each chat has been answered."""
    from django.db import transaction

    with transaction.atomic():
        return _set_stage(teams, agents_each, chats_each, capacity)


def add_chats(agent: tuple[int, str], queue_id: int, count: int) -> list[Pair]:
    """Give an agent more chats of a queue, each answered."""
    from django.db import transaction

    from heartline.people.models import Queue

    with transaction.atomic():
        queue = Queue.objects.select_related("brand").get(id=queue_id)
        return [_pair(*agent, queue, datetime.now(UTC)) for _ in range(count)]


def _set_stage(teams: int, agents_each: int, chats_each: int, capacity: int) -> Stage:
    now = datetime.now(UTC)
    brand = _brand()
    _reason()
    queues, agents, pairs = [], [], []
    for number in range(teams):
        queue, team = _queue_and_team(brand, number)
        queues.append(queue.id)
        for place in range(agents_each):
            person = _agent(f"agent{number}-{place}", team, capacity, now)
            cookie = _cookie(person)
            agents.append((person.id, cookie))
            pairs += [_pair(person.id, cookie, queue, now) for _ in range(chats_each)]
    return Stage(brand.key, queues, agents, pairs)


def _brand() -> Any:
    from heartline.people.models import Brand, OpeningHours, Site

    site = Site.objects.create(name_en="Hangzhou", name_zh="杭州", time_zone="Asia/Shanghai")
    brand = Brand.objects.create(
        key="bench",
        name_en="Bench",
        name_zh="长凳",
        site=site,
        phone="400-555-0142",
        is_default=True,
        languages=["en", "zh-hans"],
    )
    for weekday in range(7):
        OpeningHours.objects.create(brand=brand, weekday=weekday, opens=time(0), closes=time(0))
    return brand


def _reason() -> None:
    from heartline.conversations.models import ContactReason

    ContactReason.objects.create(key="question", name_en="Question", name_zh="咨询")


def _queue_and_team(brand: Any, number: int) -> tuple[Any, Any]:
    from heartline.people.models import Queue, Team

    queue = Queue.objects.create(
        brand=brand, key=f"queue-{number}", name_en=f"Queue {number}", name_zh=f"队列 {number}", is_default=number == 0
    )
    team = Team.objects.create(name_en=f"Team {number}", name_zh=f"班组 {number}", site=brand.site)
    team.queues.add(queue)
    return queue, team


def _agent(name: str, team: Any, capacity: int, now: datetime) -> Any:
    from heartline.people.models import Capacity, Person, PersonLanguage, Presence, PresenceState, Role

    person = Person(email=f"{name}@example.com", name=name, role=Role.AGENT, site=team.site)
    person.set_unusable_password()
    person.save()
    person.teams.add(team)
    for language in ("en", "zh-hans"):
        PersonLanguage.objects.create(person=person, language=language)
    Capacity.objects.create(person=person, channel="webchat", limit=capacity)
    Presence.objects.create(person=person, since=now, seen_at=now, state=PresenceState.AVAILABLE)
    return person


def _cookie(person: Any) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={CSRF}"


CSRF = "a" * 32


def customer_headers(token: str, number: int) -> dict[str, str]:
    """Return the headers of one customer's browser, each at an address of its own behind the trusted proxy."""
    address = f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
    return {"X-Forwarded-For": address} | ({"Authorization": f"Bearer {token}"} if token else {})


def _pair(person_id: int, cookie: str, queue: Any, now: datetime) -> Pair:
    from heartline.common.actors import Actor
    from heartline.common.ids import token_hash
    from heartline.conversations.actions.contacts import ContactRequest, answer_contact, open_contact
    from heartline.customers.actions import add_identity, create_customer
    from heartline.people.models import Person

    token = secrets.token_urlsafe(24)
    customer = create_customer(queue.brand, name="A customer", language="en", by=None, now=now)
    by = Actor.customer(customer.id, customer.name)
    add_identity(customer, "visitor", token_hash(token), verified=True, by=by, now=now)
    request = ContactRequest(
        customer=customer,
        queue=queue,
        channel="webchat",
        language="en",
        text="Hello",
        client_key="first",
        needs={"language": "en", "skills": {}},
    )
    contact = open_contact(request, by=by, now=now)
    person = Person.objects.get(id=person_id)
    answer_contact(contact, person, by=Actor.person(person.id, person.name), now=now)
    return Pair(person.id, cookie, token, contact.id, contact.case_id)
