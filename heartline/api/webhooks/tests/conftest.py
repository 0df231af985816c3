"""A company at noon, and a receiver of its webhooks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import time_machine

from heartline.api.budget import BUDGET
from heartline.api.tests.helpers import Program
from heartline.api.webhooks import courier
from heartline.api.webhooks.actions.webhooks import create_webhook
from heartline.api.webhooks.models import Webhook
from heartline.api.webhooks.tests.receiver import Receiver
from heartline.people.actions import actor_for
from heartline.people.models import Person
from tests.cast import NOON, Cast, assemble


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    BUDGET.forget()
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def admin(cast: Cast) -> Program:
    return Program(cast.admin)


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = ["127.0.0.1"]
    receiver = Receiver()
    server = receiver.start()
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture
def add(cast: Cast, receiver: Receiver) -> Callable[..., tuple[Webhook, str]]:
    """Return what adds a webhook to the receiver."""

    def add(*kinds: str, person: Person | None = None, words: bool = False) -> tuple[Webhook, str]:
        who, by = person or cast.admin, actor_for(cast.admin)
        return create_webhook(who, "Shop", receiver.url, kinds, words=words, by=by, now=NOON)

    return add


@pytest.fixture
def carry() -> Callable[[Webhook], None]:
    """Return what gives one webhook its turn, in this thread."""
    return lambda webhook: courier.serve(webhook.id, threading.Event())
