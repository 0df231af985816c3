"""Webhooks, for programs that set them up. A program never sends more than it may read itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.api.facts import MAY_READ_WORDS
from heartline.api.requests import ApiRequest
from heartline.api.webhooks.actions import webhooks as actions
from heartline.api.webhooks.courier import id_of
from heartline.api.webhooks.models import Delivery, Webhook
from heartline.api.webhooks.queries import deliveries_of, delivery_of, webhook_for, webhooks_for
from heartline.common.errors import NotFound
from heartline.common.paging import page_of
from heartline.common.schemas import Done, Id, Page, PageAsked, Sent
from heartline.ledger.actions import one_change
from heartline.ledger.events import KINDS
from heartline.people.actions import actor_for
from heartline.people.models import Person

router = Router(tags=["Webhooks"])

Name = Annotated[str, Field(min_length=1, max_length=80)]
Url = Annotated[str, Field(min_length=1, max_length=500)]
Kinds = Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=200)]


class WebhookShown(BaseModel):
    """An address that hears of events. `kinds` empty: every kind. `waiting`: deliveries to be sent."""

    id: int
    name: str
    url: str
    person_id: int
    kinds: list[str]
    words: bool
    state: str
    reason: str
    created_at: datetime
    delivered_at: datetime | None
    failing_since: datetime | None
    waiting: int


class WebhookMade(WebhookShown):
    """A new webhook and its secret, told this once."""

    secret: str


class SecretShown(BaseModel):
    """A secret, told this once. The one before signs beside it for a day."""

    secret: str


class WebhookSent(Sent):
    """A webhook. It sees what `person_id` may see (the caller, unless told); `words` sends what people wrote, too."""

    name: Name
    url: Url
    kinds: Kinds = []
    words: bool = False
    person_id: Id | None = None


class WebhookChanges(Sent):
    """What to change of a webhook; what is left out stays."""

    name: Name = ""
    url: Url = ""
    kinds: Kinds = []
    words: bool = False
    person_id: Id = 1
    state: Literal["on", "off"] = "on"


class AttemptShown(BaseModel):
    """One try: the status that was answered, or the problem when there was no answer."""

    at: datetime
    status: int | None
    problem: str
    milliseconds: int
    answer: str


class DeliveryShown(BaseModel):
    """One event for one webhook. `webhook_id_header` is what its receiver knows it by."""

    id: int
    webhook_id_header: str
    kind: str
    happened_at: datetime
    state: str
    next_at: datetime
    ended_at: datetime | None
    attempts: list[AttemptShown]


class DeliveriesAsked(PageAsked):
    """Which deliveries are wanted."""

    state: Literal["pending", "delivered", "failed", "withheld"] | None = None


class KindShown(BaseModel):
    """A kind of event and what it tells."""

    kind: str
    version: int
    meaning: str


class KindsShown(BaseModel):
    """Every kind of event there is."""

    items: list[KindShown]


@router.get("/event-kinds", response=KindsShown)
def list_event_kinds(request: ApiRequest) -> KindsShown:
    """Return every kind of event, for choosing what to follow."""
    kinds = [KINDS[name] for name in sorted(KINDS)]
    return KindsShown(
        items=[KindShown(kind=one.kind, version=one.version, meaning=(one.__doc__ or "").strip()) for one in kinds]
    )


@router.get("/webhooks", response=Page[WebhookShown])
def list_webhooks(request: ApiRequest, asked: Query[PageAsked]) -> Page[WebhookShown]:
    """Return all webhooks, oldest first."""
    found, following = page_of(webhooks_for(request.scope), asked.cursor, asked.limit, newest_first=False)
    return Page(items=[_shown(row) for row in found], next=following)


@router.post("/webhooks", response={201: WebhookMade})
def create_webhook(request: ApiRequest, sent: WebhookSent) -> WebhookMade:
    """Add a webhook that hears of what happens from now on. Its secret is told in this reply and never again."""
    given = sent.model_dump()
    given["person"] = _person(given.pop("person_id"), request)
    _check_words(request, words=sent.words)
    request.keep_sealed = True
    webhook, secret = actions.create_webhook(**given, by=actor_for(request.user), now=request.now)
    return WebhookMade(**_shown(webhook).model_dump(), secret=secret)


@router.get("/webhooks/{webhook_id}", response=WebhookShown)
def read_webhook(request: ApiRequest, webhook_id: Id) -> WebhookShown:
    """Return one webhook and how it does."""
    return _shown(webhook_for(request.scope, webhook_id))


@router.patch("/webhooks/{webhook_id}", response=WebhookShown)
def change_webhook(request: ApiRequest, webhook_id: Id, sent: WebhookChanges) -> WebhookShown:
    """Change a webhook, or switch it on (it goes on where it stopped) or off."""
    webhook, by = webhook_for(request.scope, webhook_id), actor_for(request.user)
    given = sent.model_dump(exclude_unset=True)
    state = given.pop("state", None)
    if "person_id" in given:
        given["person"] = _person(given.pop("person_id"), request)
    _check_words(request, words=bool(given) and given.get("words", webhook.words))
    with one_change():
        actions.change_webhook(webhook, given, by=by, now=request.now)
        if state:
            switch = actions.switch_on if state == "on" else actions.switch_off
            switch(webhook, by=by, now=request.now)
    return _shown(webhook_for(request.scope, webhook_id))


@router.delete("/webhooks/{webhook_id}", response=Done)
def remove_webhook(request: ApiRequest, webhook_id: Id) -> Done:
    """Remove a webhook and its log; what was not delivered never will be."""
    actions.remove_webhook(webhook_for(request.scope, webhook_id), by=actor_for(request.user), now=request.now)
    return Done()


@router.post("/webhooks/{webhook_id}/secret", response=SecretShown)
def renew_webhook_secret(request: ApiRequest, webhook_id: Id) -> SecretShown:
    """Make a new secret. For a day deliveries carry two signatures, so that receivers can change over."""
    request.keep_sealed = True
    webhook = webhook_for(request.scope, webhook_id)
    return SecretShown(secret=actions.renew_secret(webhook, by=actor_for(request.user), now=request.now))


@router.post("/webhooks/{webhook_id}/test", response=Done)
def test_webhook(request: ApiRequest, webhook_id: Id) -> Done:
    """Send a `webhooks.webhook_tested` event through this webhook alone."""
    actions.send_test(webhook_for(request.scope, webhook_id), by=actor_for(request.user), now=request.now)
    return Done()


@router.get("/webhooks/{webhook_id}/deliveries", response=Page[DeliveryShown])
def list_deliveries(request: ApiRequest, webhook_id: Id, asked: Query[DeliveriesAsked]) -> Page[DeliveryShown]:
    """Return a webhook's log, newest first; what ended more than 30 days ago is forgotten."""
    rows = deliveries_of(webhook_for(request.scope, webhook_id), asked.state or "")
    found, following = page_of(rows, asked.cursor, asked.limit)
    return Page(items=[_delivery(row) for row in found], next=following)


@router.post("/webhooks/{webhook_id}/deliveries/{delivery_id}/resend", response=DeliveryShown)
def resend_delivery(request: ApiRequest, webhook_id: Id, delivery_id: Id) -> DeliveryShown:
    """Deliver something once more, with the same id."""
    webhook = webhook_for(request.scope, webhook_id)
    delivery = delivery_of(webhook, delivery_id)
    actions.send_again(delivery, by=actor_for(request.user), now=request.now)
    return _delivery(delivery_of(webhook, delivery_id))


def _person(person_id: int | None, request: ApiRequest) -> Person:
    if person_id is None:
        return request.user
    found = Person.objects.filter(id=person_id).first()
    if found is None:
        raise NotFound(_("There is no such person"))
    return found


def _check_words(request: ApiRequest, *, words: bool) -> None:
    if words:
        request.scope.require(*MAY_READ_WORDS)


def _shown(webhook: Webhook) -> WebhookShown:
    names = [name for name in WebhookShown.model_fields if name != "waiting"]
    return WebhookShown(waiting=getattr(webhook, "waiting", 0), **{name: getattr(webhook, name) for name in names})


def _delivery(delivery: Delivery) -> DeliveryShown:
    tries = [
        AttemptShown(**{name: getattr(one, name) for name in AttemptShown.model_fields})
        for one in getattr(delivery, "log", ())
    ]
    names = [name for name in DeliveryShown.model_fields if name not in ("webhook_id_header", "attempts")]
    given = {name: getattr(delivery, name) for name in names}
    return DeliveryShown(webhook_id_header=id_of(delivery), attempts=tries, **given)
