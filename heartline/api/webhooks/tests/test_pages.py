"""Webhooks in the set-up: what an administrator sees and does, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from heartline.api.webhooks.models import Webhook
from heartline.api.webhooks.tests.receiver import Receiver
from tests.cast import PASSWORD, Cast, waiting_contact

Add = Callable[..., tuple[Webhook, str]]


@pytest.fixture
def client(cast: Cast) -> Client:
    """Return a browser of the administrator, who has just said who they are."""
    client = Client()
    client.post("/account/login/", {"login": cast.admin.email, "password": PASSWORD})
    client.post("/account/reauthenticate/?next=/setup/webhooks/", {"password": PASSWORD})
    return client


def test_a_webhook_is_made_and_its_secret_shown_once(client: Client, cast: Cast):
    empty = client.get("/setup/webhooks/").content.decode()
    assert "No webhooks yet" in empty
    given = {
        "name": "Shop",
        "url": "https://shop.example.com/hook",
        "person": cast.admin.id,
        "kinds": ["conversations.case_opened"],
    }
    made = client.post("/setup/webhooks/new/", given)
    webhook = Webhook.objects.get()
    assert (webhook.kinds, webhook.words, webhook.person) == (given["kinds"], False, cast.admin)
    assert "whsec_" in made.content.decode()
    assert made.headers["Cache-Control"] == "no-store"
    assert "whsec_" not in client.get(f"/setup/webhooks/{webhook.id}/").content.decode()
    assert "shop.example.com" in client.get("/setup/webhooks/").content.decode()


def test_what_does_not_fit_is_said_where_it_stands(client: Client, cast: Cast):
    reply = client.post("/setup/webhooks/new/", {"name": "x", "url": "https://10.0.0.1/", "person": cast.admin.id})
    assert reply.status_code == 422
    assert "private network" in reply.content.decode()
    assert not Webhook.objects.exists()


@pytest.mark.django_db(transaction=True)  # the ledger is read as far as it is settled
def test_what_can_be_done_with_a_webhook(client: Client, add: Add, receiver: Receiver, carry, cast: Cast):
    webhook, _ = add("conversations.case_opened")
    base = f"/setup/webhooks/{webhook.id}/"
    waiting_contact(cast)
    receiver.answers = [500]
    carry(webhook)
    page = client.get(base).content.decode()
    assert "Failing, first" in page
    assert "500" in page
    delivery = webhook.deliveries.get()
    assert client.post(f"{base}deliveries/{delivery.id}/again/").status_code == 302
    carry(webhook)
    assert "delivered" in {row.state for row in webhook.deliveries.all()}
    assert client.get(base, {"state": "failed"}).status_code == 200
    assert client.get(base, {"state": "nonsense", "page": "x"}).status_code == 200
    for path, data, state in (("switch/", {"on": "no"}, "off"), ("switch/", {"on": "yes"}, "on"), ("test/", {}, "on")):
        assert client.post(base + path, data).status_code == 302
        webhook.refresh_from_db()
        assert webhook.state == state
    assert "whsec_" in client.post(f"{base}secret/").content.decode()
    assert client.get(f"{base}secret/").status_code == 302
    changed = {"name": "Stall", "url": receiver.url, "person": cast.grace.id, "words": "on"}
    assert client.post(f"{base}change/", changed).status_code == 302
    webhook.refresh_from_db()
    assert (webhook.name, webhook.person, webhook.words, webhook.kinds) == ("Stall", cast.grace, True, [])
    assert client.post(f"{base}remove/").status_code == 302
    assert not Webhook.objects.exists()


def test_an_unlocked_desk_is_not_enough_to_send_events_elsewhere(cast: Cast, add: Add):
    webhook, _ = add()
    client = Client()
    client.force_login(cast.admin)
    for path in ("new/", f"{webhook.id}/change/", f"{webhook.id}/secret/"):
        reply = client.post(f"/setup/webhooks/{path}", {"name": "x"})
        where = reply.headers["Location"].partition("?")[0]
        assert (reply.status_code, where) == (302, "/account/reauthenticate/")
    assert client.get(f"/setup/webhooks/{webhook.id}/").status_code == 200


@pytest.mark.parametrize("name", ["grace", "expert", "supervisor", "analyst"])
def test_nobody_else_gets_in(cast: Cast, add: Add, name: str):
    webhook, _ = add()
    client = Client()
    client.force_login(getattr(cast, name))
    for path in ("", "new/", f"{webhook.id}/"):
        assert client.get(f"/setup/webhooks/{path}").status_code == 403


@pytest.mark.django_db(transaction=True)  # the ledger is read as far as it is settled
def test_markup_in_names_and_answers_is_text(client: Client, cast: Cast, add: Add, receiver: Receiver, carry):
    webhook, _ = add("conversations.case_opened")
    Webhook.objects.filter(id=webhook.id).update(name="<script>alert(1)</script>")

    def answer(handler):
        handler.send_response(500)
        handler.end_headers()
        handler.wfile.write(b"<script>alert(2)</script>")

    receiver.answers = [answer]
    waiting_contact(cast)
    carry(webhook)
    for path in ("", f"{webhook.id}/", f"{webhook.id}/change/"):
        assert "<script>alert" not in client.get(f"/setup/webhooks/{path}").content.decode()
