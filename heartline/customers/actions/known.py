"""What is known about one customer: who they are and where they are reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean, fold
from heartline.customers.actions.tiers import moved_by_hand, moved_by_rule
from heartline.customers.events import CustomerChanged, CustomerCreated, IdentityAdded, IdentityRemoved
from heartline.customers.models import Customer, Identity, IdentityKind
from heartline.customers.neighbours import NEIGHBOURS
from heartline.ledger.actions import one_change, record
from heartline.people.models import Brand

CHANGEABLE = frozenset(
    "name form_of_address language tier tier_by_hand place about customer_since organisation attributes "
    "do_not_contact needs_care".split()
)
NO_CLAIMS: Mapping[str, str] = MappingProxyType({})


def create_customer(
    brand: Brand,
    *,
    name: str,
    language: str,
    claims: Mapping[str, str] = NO_CLAIMS,
    by: Actor | None,
    now: datetime,
) -> Customer:
    """Create a customer whom somebody of ours writes down or, with nobody as `by`, who reached us through a brand.

    `claims` are addresses by kind that nobody has verified; empty ones are passed over.
    """
    addresses = [(kind, normalise(kind, value)) for kind, value in claims.items() if value.strip()]
    with one_change():
        customer = Customer.objects.create(
            name=clean(name, 200), language=language, created_at=now, is_sample=brand.is_sample
        )
        event = CustomerCreated(customer_id=customer.id, brand_id=brand.id, language=language)
        by = by or Actor.customer(customer.id, customer.name)
        record(event, by=by, now=now, sample=customer.is_sample)
        for kind, value in addresses:
            identity = Identity.objects.create(customer=customer, kind=kind, value=value, created_at=now)
            _note_added(identity, customer, by=by, now=now)
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
            if kind != IdentityKind.VISITOR:
                Customer.objects.filter(id=customer.id).update(duplicates_checked_at=None)
            _note_added(identity, customer, by=by, now=now)
    return identity


def _note_added(identity: Identity, customer: Customer, *, by: Actor, now: datetime) -> None:
    event = IdentityAdded(
        customer_id=customer.id,
        identity_id=identity.pk,
        identity_kind=identity.kind,
        verified=identity.verified_at is not None,
    )
    record(event, by=by, now=now, sample=customer.is_sample)


def remove_identity(identity: Identity, *, by: Actor, now: datetime) -> None:
    """Take an address away from a customer."""
    customer, id = identity.customer, identity.pk
    with one_change():
        identity.delete()
        event = IdentityRemoved(customer_id=customer.id, identity_id=id, identity_kind=identity.kind)
        record(event, by=by, now=now, sample=customer.is_sample)


def change_customer(
    customer: Customer,
    changes: dict[str, Any],
    *,
    case_id: int | None = None,
    queue_id: int | None = None,
    why: str = "hand",
    by: Actor,
    now: datetime,
) -> Customer:
    """Change what we know about a customer; whoever follows their live conversations hears of it.

    A tier that is set here was chosen by hand: rules leave it alone until `tier_by_hand` is set to False.
    """
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise Invalid(_("These fields cannot be changed: %(names)s") % {"names": ", ".join(sorted(unknown))})
    check_stands(customer)
    with one_change():
        before = customer.tier
        changed = _write(customer, changes, now=now)
        if not changed:
            return customer
        moved = moved_by_rule(customer, now=now)
        if moved:
            customer.save(update_fields=["tier", "tier_checked_at"])
            record(moved, by=by, now=now, sample=customer.is_sample)
        elif "tier" in changed:
            record(moved_by_hand(customer, before, why), by=by, now=now, sample=customer.is_sample)
        names = tuple(dict.fromkeys((*changed, "tier"))) if moved else changed
        tell_changed(customer, names, case_id=case_id, queue_id=queue_id, by=by, now=now)
    return customer


def check_stands(customer: Customer) -> None:
    """Refuse to write about somebody who was erased, or on a record that went into another."""
    standing = Customer.objects.filter(id=customer.id).values_list("erased_at", "merged_into_id").first()
    if standing is None or any(standing):
        raise Conflict(_("This customer has just been merged or erased. Look again"), code="customer_gone")


def tell_changed(
    customer: Customer,
    changed: tuple[str, ...],
    *,
    case_id: int | None = None,
    queue_id: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Record that something about a customer changed, once for each of their live conversations."""
    places: list[tuple[int | None, int | None]] = [(case_id, queue_id)] if case_id else []
    if NEIGHBOURS.places:
        places += [place for place in NEIGHBOURS.places(customer.id) if place[0] != case_id]
    for case, queue in places or [(None, None)]:
        event = CustomerChanged(
            customer_id=customer.id,
            case_id=case,
            queue_id=queue,
            changed=changed,
            tier=customer.tier,
            language=customer.language,
        )
        record(event, by=by, now=now, sample=customer.is_sample)


def _write(customer: Customer, changes: dict[str, Any], *, now: datetime) -> tuple[str, ...]:
    changed = tuple(name for name, value in changes.items() if getattr(customer, name) != value)
    if not changed:
        return ()
    for name in changed:
        setattr(customer, name, changes[name])
    fields = list(changed)
    if "tier" in changed and "tier_by_hand" not in changes:
        customer.tier_by_hand = True
        fields.append("tier_by_hand")
    if "name" in changed:
        customer.duplicates_checked_at = None
        fields.append("duplicates_checked_at")
    _check(customer, changed)
    customer.save(update_fields=fields)
    return changed


def _check(customer: Customer, changed: Iterable[str]) -> None:
    names = set(changed)
    try:
        customer.clean_fields(exclude=[field.name for field in Customer._meta.fields if field.name not in names])
    except ValidationError as error:
        fields = {name: " ".join(messages) for name, messages in error.message_dict.items()}
        raise Invalid(_("Something here cannot be used"), fields=fields) from error


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
