"""Which things an event may have changed the words of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from heartline.conversations.models import Attachment, Case, Message
from heartline.customers.models import Customer
from heartline.knowledge.search.sources import ARTICLES, CASES, CUSTOMERS, FILES, MESSAGES, Kind
from heartline.ledger.queries import Recorded

# Frequent events that change no words. What is not named here is read again: once too often costs little.
QUIET = frozenset(
    f"conversations.{name}"
    for name in (
        "contact_answered contact_moved contact_requeued contact_returned contact_abandoned contact_resumed contact_ended "
        "contact_opened messages_seen handover_accepted participant_joined participant_left tried"
    ).split()
)
ADDING = frozenset({"conversations.message_added", "conversations.file_added"})
ROOMS = ("conversations.", "customers.", "knowledge.")
# After these only the customer's own entry differs. Any other event about a customer, a new name among them, may
# have changed whatever bears their name.
OF_THE_CUSTOMER_ALONE = frozenset(
    f"customers.{name}"
    for name in "customer_created identity_added identity_removed tier_changed note_changed consent_changed".split()
)
_SUBJECT = re.compile(r"(?:.*_)?(customer|case|message|attachment|article|gone)_(?:id|ids)")
_KINDS: dict[str, Kind] = {
    "customer": CUSTOMERS,
    "gone": CUSTOMERS,  # in a merge, the record that went into another
    "case": CASES,
    "message": MESSAGES,
    "attachment": FILES,
    "article": ARTICLES,
}


def places_of(event: Recorded) -> set[int]:
    """Return the entries to be read again after an event."""
    if not event.kind.startswith(ROOMS) or event.kind in QUIET:
        return set()
    if event.kind == "customers.organisation_changed":
        members = Customer.objects.filter(organisation_id=event.body["organisation_id"])
        return CUSTOMERS.places(members.values_list("id", flat=True))
    named = _named(event.body)
    if event.kind in ADDING:
        files = Attachment.objects.filter(message_id__in=named[MESSAGES]).values_list("id", flat=True)
        return MESSAGES.places(named[MESSAGES]) | FILES.places(named[FILES]) | FILES.places(files)
    places = {place for kind, ids in named.items() if kind is not CUSTOMERS for place in kind.places(ids)}
    if event.kind.startswith("customers."):
        places |= CUSTOMERS.places(named[CUSTOMERS]) | _bearing_names(event, named[CUSTOMERS])
    return places


def _named(body: dict[str, Any]) -> dict[Kind, set[int]]:
    found: dict[Kind, set[int]] = {kind: set() for kind in _KINDS.values()}
    for name, value in body.items():
        match = _SUBJECT.fullmatch(name)
        if match and value:
            found[_KINDS[match[1]]].update(value if isinstance(value, list) else [value])
    return found


def _bearing_names(event: Recorded, customer_ids: Iterable[int]) -> set[int]:
    """Return the entries in which the name of a customer stands as well."""
    changed = event.body.get("changed")
    if event.kind in OF_THE_CUSTOMER_ALONE or (changed is not None and "name" not in changed):
        return set()
    cases = list(Case.objects.filter(customer_id__in=customer_ids).values_list("id", flat=True))
    messages = Message.objects.filter(case_id__in=cases).values_list("id", flat=True)
    files = Attachment.objects.filter(contact__case_id__in=cases).values_list("id", flat=True)
    return CASES.places(cases) | MESSAGES.places(messages) | FILES.places(files)
