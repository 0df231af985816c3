"""Webhooks set up by programs: no program sends more than it may read, and no secret is told twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from heartline.api.models import KeptReply
from heartline.api.tests.helpers import Program
from heartline.api.webhooks.models import Webhook
from heartline.api.webhooks.tests.receiver import Receiver, verified
from heartline.ledger.models import Entry
from heartline.people.permissions import rights_of
from tests.cast import Cast, waiting_contact

Carry = Callable[[Webhook], None]
HOOK = {"name": "Shop", "url": "https://shop.example.com/hook", "kinds": ["conversations.case_opened"]}


@pytest.mark.django_db(transaction=True)  # the ledger is read as far as it is settled
def test_a_webhook_from_its_making_to_its_end(admin: Program, cast: Cast, receiver: Receiver, carry: Carry):
    made = admin.post("/webhooks", HOOK | {"url": receiver.url})
    assert made.status_code == 201
    id, secret = made.json()["id"], made.json()["secret"]
    webhook = Webhook.objects.get(id=id)
    assert admin.post(f"/webhooks/{id}/test").json() == {"done": True}
    waiting_contact(cast)
    carry(webhook)
    newest, oldest = admin.get(f"/webhooks/{id}/deliveries").json()["items"]
    assert (newest["kind"], newest["state"]) == ("conversations.case_opened", "delivered")
    assert newest["webhook_id_header"] == receiver.taken[-1].id
    assert [one["status"] for one in oldest["attempts"]] == [204]
    assert verified(secret, receiver.taken[-1])
    again = admin.post(f"/webhooks/{id}/deliveries/{newest['id']}/resend").json()
    assert again["state"] == "pending"
    carry(webhook)
    assert receiver.taken[-1].id == newest["webhook_id_header"]
    assert admin.get(f"/webhooks/{id}/deliveries", state="pending").json()["items"] == []
    changed = admin.send("PATCH", f"/webhooks/{id}", {"name": "Shop 2", "state": "off"}).json()
    assert (changed["name"], changed["state"], changed["kinds"]) == ("Shop 2", "off", HOOK["kinds"])
    assert admin.post(f"/webhooks/{id}/test").status_code == 409
    assert admin.send("DELETE", f"/webhooks/{id}").json() == {"done": True}
    assert admin.get(f"/webhooks/{id}").status_code == 404
    assert admin.get("/webhooks").json()["items"] == []


def test_a_secret_is_told_once_and_again_only_to_the_same_request(admin: Program):
    made = admin.post("/webhooks", HOOK, key="mine")
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    assert "secret" not in admin.get(f"/webhooks/{made.json()['id']}").json()
    assert secret not in str(list(KeptReply.objects.values()))
    assert secret not in str(list(Entry.objects.values()))
    again = admin.post("/webhooks", HOOK, key="mine")
    assert (again.status_code, again.json(), again.headers["Idempotent-Replayed"]) == (201, made.json(), "true")
    assert Webhook.objects.count() == 1
    renewed = admin.post(f"/webhooks/{made.json()['id']}/secret").json()["secret"]
    assert renewed != secret
    assert renewed not in str(list(KeptReply.objects.values()))


def test_a_key_that_may_not_read_words_cannot_have_them_sent(cast: Cast):
    plain = Program(cast.admin, rights={"setup.manage"})
    assert plain.post("/webhooks", HOOK | {"words": True}).status_code == 403
    made = plain.post("/webhooks", HOOK).json()
    assert plain.send("PATCH", f"/webhooks/{made['id']}", {"words": True}).status_code == 403
    full = Program(cast.admin, rights=set(rights_of("admin")))
    assert full.send("PATCH", f"/webhooks/{made['id']}", {"words": True}).json()["words"] is True
    elsewhere = plain.send("PATCH", f"/webhooks/{made['id']}", {"url": "https://other.example.com/"})
    assert elsewhere.status_code == 403, "words that others allowed must not be led elsewhere"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://shop.example.com/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"kinds": ["made.up"]}, "kinds"),
        ({"name": " "}, "name"),
        ({"is_sample": True}, "is_sample"),
        ({"position_id": 0}, "position_id"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(admin: Program, change: dict[str, object], field: str):
    reply = admin.post("/webhooks", HOOK | change)
    assert (reply.status_code, list(reply.json()["fields"])) == (422, [field])
    assert not Webhook.objects.exists()


def test_a_person_who_is_nobody_has_no_eyes(admin: Program, cast: Cast):
    assert admin.post("/webhooks", HOOK | {"person_id": 999_999}).status_code == 404
    cast.tom.is_active = False
    cast.tom.save()
    assert admin.post("/webhooks", HOOK | {"person_id": cast.tom.id}).status_code == 422


@pytest.mark.django_db(transaction=True)  # the ledger is read as far as it is settled
def test_a_delivery_of_another_webhook_is_not_found(admin: Program, cast: Cast, receiver: Receiver, carry: Carry):
    first, second = (admin.post("/webhooks", HOOK | {"url": receiver.url}).json()["id"] for _ in range(2))
    waiting_contact(cast)
    carry(Webhook.objects.get(id=first))
    (delivery,) = admin.get(f"/webhooks/{first}/deliveries").json()["items"]
    assert admin.post(f"/webhooks/{second}/deliveries/{delivery['id']}/resend").status_code == 404


def test_the_kinds_of_events_are_listed(admin: Program):
    kinds = {one["kind"]: one["meaning"] for one in admin.get("/event-kinds").json()["items"]}
    assert kinds["conversations.case_opened"]
    assert "webhooks.webhook_tested" in kinds
