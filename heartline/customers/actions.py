"""The only writer of customers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid
from heartline.common.text import clean, fold
from heartline.customers.events import CustomerChanged, CustomerCreated, IdentityAdded
from heartline.customers.models import Customer, Identity, IdentityKind
from heartline.ledger.actions import one_change, record
from heartline.people.models import Brand

CHANGEABLE = frozenset({"name", "form_of_address", "language", "tier", "place", "about", "customer_since"})


def create_customer(brand: Brand, *, name: str, language: str, now: datetime) -> Customer:
    """Create a customer who reached us through a brand."""
    with one_change():
        customer = Customer.objects.create(
            name=clean(name, 200), language=language, created_at=now, is_sample=brand.is_sample
        )
        event = CustomerCreated(customer_id=customer.id, brand_id=brand.id, language=language)
        record(event, by=Actor.customer(customer.id, customer.name), now=now, sample=customer.is_sample)
    return customer


def add_identity(customer: Customer, kind: str, value: str, *, verified: bool, by: Actor, now: datetime) -> Identity:
    """Add an address to a customer, normalised; adding it twice changes nothing."""
    normal = normalise(kind, value)
    with one_change():
        identity, created = Identity.objects.get_or_create(
            customer=customer,
            kind=kind,
            value=normal,
            defaults={"created_at": now, "verified_at": now if verified else None},
        )
        if created:
            event = IdentityAdded(
                customer_id=customer.id, identity_id=identity.id, identity_kind=kind, verified=verified
            )
            record(event, by=by, now=now, sample=customer.is_sample)
    return identity


def change_customer(
    customer: Customer,
    changes: dict[str, Any],
    *,
    case_id: int | None = None,
    queue_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Customer:
    """Change what we know about a customer; the case in hand tells who sees it live."""
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise Invalid(_("These fields cannot be changed: %(names)s") % {"names": ", ".join(sorted(unknown))})
    changed = tuple(name for name, value in changes.items() if getattr(customer, name) != value)
    if not changed:
        return customer
    with one_change():
        for name in changed:
            setattr(customer, name, changes[name])
        customer.full_clean(exclude=["created_at"])
        customer.save(update_fields=list(changed))
        event = CustomerChanged(
            customer_id=customer.id,
            case_id=case_id,
            queue_id=queue_id,
            changed=changed,
            tier=customer.tier,
            language=customer.language,
        )
        record(event, by=by, now=now, sample=customer.is_sample)
    return customer


def normalise(kind: str, value: str) -> str:
    """Return an address in the form it is compared in, or raise Invalid saying what is wrong with it."""
    if kind == IdentityKind.EMAIL:
        return _email(value)
    if kind == IdentityKind.PHONE:
        return phone_number(value)
    return value.strip()[:254]


def phone_number(value: str, region: str = "CN") -> str:
    """Return a phone number in E.164; accepts full-width digits, spaces, dashes and a leading 0086."""
    try:
        parsed = phonenumbers.parse(fold(value), region)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        message = _("This phone number cannot be right. A mobile number has 11 digits; start others with +")
        raise Invalid(message, fields={"phone": message})
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _email(value: str) -> str:
    address = fold(value)
    try:
        validate_email(address)
    except ValidationError:
        message = _("This e-mail address cannot be right. It looks like name@example.com")
        raise Invalid(message, fields={"email": message}) from None
    return address
