"""What people decide about webhooks."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from heartline.api.sealing import seal
from heartline.api.webhooks.events import WebhookChanged, WebhookTested
from heartline.api.webhooks.models import Delivery, DeliveryState, Webhook, WebhookSecret, WebhookState
from heartline.api.webhooks.rules import SECRET_MARK
from heartline.api.webhooks.wire import check_url
from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean
from heartline.ledger.actions import one_change, record
from heartline.ledger.events import KINDS
from heartline.ledger.queries import head
from heartline.people.models import Person

# While receivers change over, both secrets sign.
OLD_SECRET_STAYS = timedelta(hours=24)
MOST = 50


def create_webhook(
    person: Person, name: str, url: str, kinds: Iterable[str], *, words: bool, by: Actor, now: datetime
) -> tuple[Webhook, str]:
    """Add a webhook that hears of what happens from now on; returns it and its secret, which is shown this once."""
    values = _checked({"person": person, "name": name, "url": url, "kinds": list(kinds), "words": words})
    if Webhook.objects.count() >= MOST:
        raise Conflict(_("There are %(most)s webhooks already. Remove one first") % {"most": MOST})
    start = head()
    with one_change():
        webhook = Webhook.objects.create(**values, created_at=now, position_tx=start.tx, position_id=start.id)
        secret = _new_secret(webhook, now)
        _note(webhook, ("added",), by=by, now=now)
    return webhook, secret


def change_webhook(webhook: Webhook, values: Mapping[str, Any], *, by: Actor, now: datetime) -> Webhook:
    """Change where a webhook goes, what it hears of, or whose eyes it sees with."""
    checked = _checked(values)
    changed = tuple(sorted(name for name, value in checked.items() if getattr(webhook, name) != value))
    if not changed:
        return webhook
    with one_change():
        for name in changed:
            setattr(webhook, name, checked[name])
        webhook.save(update_fields=list(changed))
        _note(webhook, changed, by=by, now=now)
    return webhook


def switch_on(webhook: Webhook, *, by: Actor, now: datetime) -> None:
    """Let a webhook go on where it stopped: nothing that happened meanwhile is left out."""
    if not webhook.person.is_active:
        raise Conflict(_("%(name)s may not sign in, so this webhook sees nothing") % {"name": webhook.person.name})
    _switch(webhook, WebhookState.ON, by=by, now=now)


def switch_off(webhook: Webhook, *, by: Actor, now: datetime) -> None:
    """Hold a webhook back until somebody switches it on again."""
    _switch(webhook, WebhookState.OFF, by=by, now=now)


def renew_secret(webhook: Webhook, *, by: Actor, now: datetime) -> str:
    """Return a new secret, shown this once; the one before signs beside it for a day."""
    with one_change():
        webhook.secrets.filter(ends_at=None).update(ends_at=now + OLD_SECRET_STAYS)
        secret = _new_secret(webhook, now)
        _note(webhook, ("secret",), by=by, now=now)
    return secret


def remove_webhook(webhook: Webhook, *, by: Actor, now: datetime) -> None:
    """Remove a webhook with its log; what was not delivered never will be."""
    with one_change():
        _note(webhook, ("removed",), by=by, now=now)
        webhook.delete()


def send_test(webhook: Webhook, *, by: Actor, now: datetime) -> None:
    """Send a test the way everything goes: through the ledger, to this webhook alone."""
    if webhook.state != WebhookState.ON:
        raise Conflict(_("Switch this webhook on first"))
    with one_change():
        record(WebhookTested(webhook_id=webhook.id, name=webhook.name), by=by, now=now, sample=False)


def send_again(delivery: Delivery, *, by: Actor, now: datetime) -> Delivery:
    """Deliver something once more, with the same id; its tries so far stay in the log."""
    if delivery.webhook.state != WebhookState.ON:
        raise Conflict(_("Switch this webhook on first"))
    with one_change():
        waiting = Delivery.objects.filter(id=delivery.id).exclude(state=DeliveryState.PENDING)
        waiting.update(attempts=0, ended_at=None)
        Delivery.objects.filter(id=delivery.id).update(state=DeliveryState.PENDING, next_at=now)
        Webhook.objects.filter(id=delivery.webhook_id).update(rest_until=None)
        _note(delivery.webhook, ("sent_again",), by=by, now=now)
    delivery.refresh_from_db()
    return delivery


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are kept, or raise Invalid naming the field."""
    checked = dict(values)
    if "name" in checked:
        checked["name"] = clean(checked["name"], 80)
        if not checked["name"]:
            raise Invalid(_("Give this webhook a name"), fields={"name": _("Give this webhook a name")})
    if "url" in checked:
        checked["url"] = check_url(checked["url"])
    if "kinds" in checked:
        checked["kinds"] = sorted(set(checked["kinds"]))
        if not set(checked["kinds"]) <= KINDS.keys():
            raise Invalid(_("There is no such event"), fields={"kinds": _("There is no such event")})
    if "person" in checked and not checked["person"].is_active:
        message = _("%(name)s may not sign in, so this webhook sees nothing") % {"name": checked["person"].name}
        raise Invalid(message, fields={"person": message})
    return checked


def _switch(webhook: Webhook, state: str, *, by: Actor, now: datetime) -> None:
    if webhook.state == state:
        return
    with one_change():
        webhook.state, webhook.reason = state, ""
        webhook.failures, webhook.failing_since, webhook.rest_until, webhook.told_at = 0, None, None, None
        webhook.save(update_fields=["state", "reason", "failures", "failing_since", "rest_until", "told_at"])
        _note(webhook, ("state",), by=by, now=now)


def _new_secret(webhook: Webhook, now: datetime) -> str:
    secret = SECRET_MARK + base64.b64encode(secrets.token_bytes(32)).decode()
    WebhookSecret.objects.create(webhook=webhook, sealed=seal(secret), created_at=now)
    return secret


def _note(webhook: Webhook, changed: tuple[str, ...], *, by: Actor, now: datetime) -> None:
    event = WebhookChanged(
        webhook_id=webhook.id,
        person_id=webhook.person_id,
        name=webhook.name,
        changed=changed,
        state=webhook.state,
        reason=webhook.reason,
    )
    record(event, by=by, now=now, sample=False)
