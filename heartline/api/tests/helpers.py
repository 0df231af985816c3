"""A program that speaks to the API with a key of its own."""

from __future__ import annotations

import itertools
import json
from typing import Any

from django.test import Client

from heartline.api.actions import create_key
from heartline.common import clock
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.permissions import rights_of

_numbers = itertools.count(1)


class Program:
    """Sends requests as one person's program; every POST has a new Idempotency-Key unless one is given."""

    def __init__(self, person: Person, rights: set[str] | None = None) -> None:
        now = clock.now()
        wanted = rights_of(person.role) if rights is None else rights
        self.person = person
        self.key, self.secret = create_key(person, "test", wanted, 30, by=actor_for(person), now=now)
        self.client = Client(raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        """Read."""
        return self.client.get(f"/api/v1{path}", query, headers=self.headers())

    def send(self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        """Change something."""
        name = key if key is not None else f"key-{next(_numbers)}"
        data = "" if body is None else body if isinstance(body, str) else json.dumps(body)
        every = self.headers() | {"idempotency-key": name} | headers
        return self.client.generic(method, f"/api/v1{path}", data, "application/json", headers=every)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """Change something that is not safe to repeat without a key."""
        return self.send("POST", path, body, **options)

    def headers(self) -> dict[str, str]:
        """Return what says who asks."""
        return {"authorization": f"Bearer {self.secret}"}
