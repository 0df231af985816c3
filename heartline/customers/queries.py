"""Permission-checked reading of customers. Who may not see somebody gets the same answer as for nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import Invalid, NotFound
from heartline.common.text import fold
from heartline.customers.actions.known import normalise
from heartline.customers.models import Customer, Identity, IdentityKind, SavedView, Suggestion, Tier
from heartline.customers.neighbours import NEIGHBOURS
from heartline.people.queries import Scope

ADDRESSES = (IdentityKind.EMAIL, IdentityKind.PHONE, IdentityKind.EXTERNAL)


@dataclass(frozen=True)
class Wanted:
    """Which customers a list shows."""

    text: str = ""
    tier: str = ""
    language: str = ""
    organisation: int | None = None
    do_not_contact: bool = False
    since: date | None = None


def customers_for(scope: Scope) -> QuerySet[Customer]:
    """Return the customers a person may see; records that went into others and erased ones are left out."""
    if not scope.may("customer.view") or NEIGHBOURS.seen is None:
        return Customer.objects.none()
    return NEIGHBOURS.seen(scope).filter(merged_into=None, erased_at=None)


def customer_for(scope: Scope, customer_id: int) -> Customer:
    """Return one customer the person may see, also an erased one, or raise NotFound."""
    if not scope.may("customer.view") or NEIGHBOURS.seen is None:
        raise not_there()
    found = NEIGHBOURS.seen(scope).filter(id=customer_id, merged_into=None).select_related("organisation").first()
    if found is None:
        raise not_there()
    return found


def living_customer_for(scope: Scope, customer_id: int) -> Customer:
    """Return one customer the person may see and change: not an erased one."""
    found = customer_for(scope, customer_id)
    if found.erased_at:
        raise not_there()
    return found


def not_there() -> NotFound:
    """Return the answer for a customer who is not there, or not for this reader."""
    return NotFound(_("There is no such customer, or they are not yours to see"))


def now_known_as(scope: Scope, customer_id: int) -> int | None:
    """Return the record that an old one went into, if the reader may see it."""
    seen: set[int] = set()
    here: int | None = customer_id
    while here is not None and here not in seen:
        seen.add(here)
        into = Customer.objects.filter(id=here).values_list("merged_into_id", flat=True).first()
        if into is None:
            break
        here = into
    if here is None or here == customer_id:
        return None
    return here if customers_for(scope).filter(id=here).exists() else None


def found_by(scope: Scope, wanted: Wanted) -> QuerySet[Customer]:
    """Return the customers that a list shows. Who may not read names can only look for a whole address or number."""
    rows = customers_for(scope)
    for name in ("tier", "language"):
        if getattr(wanted, name):
            rows = rows.filter(**{name: getattr(wanted, name)})
    if wanted.organisation:
        rows = rows.filter(organisation_id=wanted.organisation)
    if wanted.do_not_contact:
        rows = rows.filter(do_not_contact=True)
    if wanted.since:
        rows = rows.filter(created_at__date__gte=wanted.since)
    return rows.filter(_named(wanted.text, scope)) if wanted.text.strip() else rows


def _named(text: str, scope: Scope) -> Q:
    words = fold(text)
    wanted = Q(
        pk__in=Identity.objects.filter(_addressed(text, in_part=scope.may("personal.read"))).values("customer_id")
    )
    if words.isdecimal() and len(words) < 19:
        wanted |= Q(pk=int(words))
    if scope.may("personal.read"):
        parts = Q()
        for word in words.split():
            parts &= Q(name_folded__contains=word)
        wanted |= parts | Q(organisation__name_folded__contains=words)
    return wanted


def _addressed(text: str, *, in_part: bool) -> Q:
    """Return the test for addresses: whole ones however they are written; beginnings and ends for who may read them."""
    bare = fold(text)
    wanted = Q(kind=IdentityKind.EXTERNAL, value=text.strip()[:254])
    if "@" in bare:
        wanted |= Q(kind=IdentityKind.EMAIL, **{"value__startswith" if in_part else "value": bare[:254]})
    digits = "".join(character for character in bare if character.isdecimal())
    if in_part and len(digits) == 4 and bare == digits:
        wanted |= Q(kind=IdentityKind.PHONE, tail=digits)
    if len(digits) >= 6:
        try:
            wanted |= Q(kind=IdentityKind.PHONE, value=normalise(IdentityKind.PHONE, bare))
        except Invalid:
            wanted |= Q(kind=IdentityKind.PHONE, value=f"+{digits}"[:254])
    return wanted


def reached_at(kind: str, value: str) -> list[Customer]:
    """Return the customers whom an address reaches, the record that others went into in their place; oldest first."""
    rows = Identity.objects.filter(kind=kind, value=value, customer__erased_at=None).select_related("customer")
    found: dict[int, Customer] = {}
    for row in rows.order_by("customer_id")[:20]:
        customer = kept_as(row.customer)
        found.setdefault(customer.id, customer)
    return list(found.values())


def kept_as(customer: Customer) -> Customer:
    """Return the record that a record went into, after however many merges; itself when it stands."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def known_before_as(customer: Customer) -> list[int]:
    """Return the ids under which the ledger knows a customer: their own, and those of records merged into them."""
    found = [customer.id]
    level = [customer.id] if customer.has_merged else []
    while level:
        level = list(Customer.objects.filter(merged_into_id__in=level).values_list("id", flat=True))
        found += level
    return found


def tier_words() -> dict[str, str]:
    """Return the name of each tier of the customer pyramid in the reader's language, from the top."""
    return {tier.value: str(tier.label) for tier in Tier}


def suggestions_for(scope: Scope) -> QuerySet[Suggestion]:
    """Return the open suggestions of duplicates of which a person may see both sides."""
    seen = customers_for(scope).values("id")
    return Suggestion.objects.filter(state="open", first__in=seen, second__in=seen).select_related("first", "second")


def suggestion_for(scope: Scope, suggestion_id: int) -> Suggestion:
    """Return one open suggestion, or raise NotFound."""
    found = suggestions_for(scope).filter(id=suggestion_id).first()
    if found is None:
        raise NotFound(_("There is no such suggestion any more"))
    return found


def views_for(scope: Scope) -> QuerySet[SavedView]:
    """Return a person's saved views and those that colleagues share.

    What a colleague looked for may be a name: who may not read names gets only shared views without words.
    """
    shared = Q(is_shared=True) if scope.may("personal.read") else Q(is_shared=True, query__q__isnull=True)
    return SavedView.objects.filter(Q(person_id=scope.person_id) | shared).select_related("person")
