"""The only writer of what other systems tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from django.db import IntegrityError
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean
from heartline.customers.models import Customer
from heartline.customers.neighbours import NEIGHBOURS
from heartline.customers.outside.events import OutsideEventTold
from heartline.customers.outside.models import OutsideEvent
from heartline.ledger.actions import one_change, record

# Clocks of other systems may be a little ahead of ours.
AHEAD = timedelta(minutes=10)
COMPARED = ("what", "title", "text", "url", "amount", "currency", "happened_at", "customer_id")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What another system says: which one, its own name for the event, what happened and when."""

    source: str
    key: str
    what: str
    title: str
    happened_at: datetime
    text: str = ""
    url: str = ""
    amount: Decimal | None = None
    currency: str = ""


def tell_event(customer: Customer, told: Told, *, by: Actor, now: datetime) -> tuple[OutsideEvent, bool]:
    """Put an event on a customer's timeline; returns it and whether it is new. The same key again adds nothing."""
    values = _checked(told, now)
    known = OutsideEvent.objects.filter(source=values["source"], key=values["key"]).first()
    if known is None:
        try:
            return _create(customer, values, by=by, now=now), True
        except IntegrityError:  # somebody told us the same at this moment
            known = OutsideEvent.objects.get(source=values["source"], key=values["key"])
    different = {**values, "customer_id": customer.id}
    if any(getattr(known, name) != different[name] for name in COMPARED):
        message = _("This key stands for another event already. Choose a new one")
        raise Conflict(message, code="event_differs", fields={"key": message})
    return known, False


def _create(customer: Customer, values: dict[str, object], *, by: Actor, now: datetime) -> OutsideEvent:
    told_by = by.id if by.kind == "person" else None
    places = NEIGHBOURS.places(customer.id) if NEIGHBOURS.places else ()
    with one_change(may_fail=True):
        row = OutsideEvent.objects.create(customer=customer, told_at=now, told_by_id=told_by, **values)
        event = OutsideEventTold(
            customer_id=customer.id,
            outside_id=row.pk,
            source=row.source,
            what=row.what,
            happened_at=row.happened_at.isoformat(),
            queue_ids=tuple(sorted({queue_id for _case_id, queue_id in places})),
        )
        record(event, by=by, now=now, sample=customer.is_sample)
    return row


def _checked(told: Told, now: datetime) -> dict[str, object]:
    """Return what is kept, or raise Invalid naming the field."""
    values: dict[str, object] = {
        "source": clean(told.source, 40),
        "key": clean(told.key, 200),
        "what": clean(told.what, 60),
        "title": clean(told.title, 200),
        "text": clean(told.text, 4000),
        "url": told.url.strip(),
        "amount": told.amount,
        "currency": told.currency,
        "happened_at": told.happened_at,
    }
    wrong = {name: _("This cannot be empty") for name in ("source", "key", "what", "title") if not values[name]}
    if told.url and not _is_link(told.url.strip()):
        wrong["url"] = _("Links start with https:// or http://")
    if told.happened_at > now + AHEAD:
        wrong["happened_at"] = _("This has not happened yet")
    if (told.amount is None) != (not told.currency):
        wrong["amount"] = _("An amount needs its currency")
    if wrong:
        raise Invalid(_("Some fields cannot be used: %(names)s") % {"names": ", ".join(sorted(wrong))}, fields=wrong)
    return values


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and not re.search(r"[\x00-\x20\x7f]", text)
    except ValueError:
        return False
