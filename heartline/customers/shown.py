"""What a reader sees of a customer: masked on the server, by right, before anything reaches a page or a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from heartline.common.text import masked_name
from heartline.customers.models import Attribute, Customer, Identity, IdentityKind
from heartline.people.queries import Scope
from heartline.ui import formats

ICONS = {"email": "mail", "phone": "phone", "external": "key-round", "visitor": "globe"}


@dataclass(frozen=True)
class AddressShown:
    """An address as a reader sees it. `link` opens a phone or a mail program and is empty while it is masked."""

    id: int
    kind: str
    word: str
    icon: str
    text: str
    link: str
    proved: bool


@dataclass(frozen=True)
class ValueShown:
    """An attribute and its value, in words."""

    name: str
    text: str
    kind: str


def name_for(scope: Scope, customer: Customer) -> str:
    """Return a customer's name as the reader may see it; a number when there is none."""
    if customer.erased_at:
        return _("Erased customer")
    if not customer.name:
        return _("Customer %(id)s") % {"id": customer.id}
    return customer.name if scope.may("personal.read") else masked_name(customer.name)


def addresses_for(scope: Scope, rows: Iterable[Identity], *, in_full: bool) -> list[AddressShown]:
    """Return addresses, masked unless they were asked for in full by somebody who may read them."""
    clear = in_full and scope.may("personal.read")
    return [_address(row, clear=clear) for row in rows]


def values_for(scope: Scope, customer: Customer, attributes: Iterable[Attribute], language: str) -> list[ValueShown]:
    """Return the attributes that have a value; those that say who somebody is only to who may read that."""
    shown = []
    for attribute in attributes:
        value = customer.attributes.get(attribute.key)
        if value:
            hidden = attribute.is_personal and not scope.may("personal.read")
            text = "***" if hidden else value_in_words(attribute.kind, value)
            shown.append(ValueShown(attribute.name_in(language), text, attribute.kind))
    return shown


def value_in_words(kind: str, value: str) -> str:
    """Return a kept value as people read it."""
    if kind == "number":
        whole, dot, part = value.partition(".")
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        return sign + (f"{int(digits):,}" if digits.isdecimal() else digits) + dot + part
    return value


def _address(row: Identity, *, clear: bool) -> AddressShown:
    text, link = row.value, ""
    if row.kind == IdentityKind.VISITOR:
        text = _("A browser that wrote to us")
    elif not clear:
        text = masked_address(row.kind, row.value)
    elif row.kind == IdentityKind.PHONE:
        text, link = formats.phone(row.value), f"tel:{row.value}"
    elif row.kind == IdentityKind.EMAIL:
        link = f"mailto:{row.value}"
    word = str(IdentityKind(row.kind).label)
    return AddressShown(row.pk, row.kind, word, ICONS[row.kind], text, link, bool(row.verified_at))


def masked_address(kind: str, value: str) -> str:
    """Return an address with its middle hidden."""
    if kind in ("phone", "email"):
        return formats.masked(value, kind)
    return value[:1] + "***" + value[-1:] if len(value) > 3 else "***"


def row_for(scope: Scope, customer: Customer) -> dict[str, Any]:
    """Return a line of a list; addresses are always masked there."""
    known = [row for row in customer.identities.all() if row.kind != IdentityKind.VISITOR]
    return {
        "id": customer.id,
        "name": name_for(scope, customer),
        "organisation": customer.organisation,
        "tier": customer.get_tier_display(),
        "language": customer.get_language_display(),
        "place": customer.place,
        "since": customer.customer_since,
        "do_not_contact": customer.do_not_contact,
        "is_sample": customer.is_sample,
        "addresses": addresses_for(scope, known[:2], in_full=False),
        "more": max(0, len(known) - 2),
    }
