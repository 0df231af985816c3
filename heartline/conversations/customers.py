"""What this room tells the customers' room: who may see whom, where a customer is served, what must not be merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import Conflict
from heartline.conversations.attachments.store import place_of
from heartline.conversations.models import Attachment, Case, Contact, Message
from heartline.conversations.queries import cases_for
from heartline.conversations.rules import LIVE
from heartline.conversations.voices import keep_voices, part_cases
from heartline.conversations.words import add_cards
from heartline.customers.models import Customer
from heartline.customers.neighbours import NEIGHBOURS, Panel
from heartline.ledger.events import enrich_also
from heartline.people.queries import Scope

CASES_SHOWN = 12
PLACES = 50


def register() -> None:
    """Answer the customers' room from now on; called once, when Django starts."""
    NEIGHBOURS.seen = seen_customers
    NEIGHBOURS.places = live_places
    NEIGHBOURS.old_contacts = old_contacts
    NEIGHBOURS.left_empty = cases_left_empty
    NEIGHBOURS.before_merge.append(refuse_merge_in_chat)
    NEIGHBOURS.before_merge.append(keep_voices)
    NEIGHBOURS.before_unmerge.append(part_cases)
    NEIGHBOURS.after_unmerge.append(take_along)
    NEIGHBOURS.before_erasure.append(refuse_erasure_in_contact)
    NEIGHBOURS.words_gone.append(remove_files)
    NEIGHBOURS.panels.insert(0, Panel("conversations/customer_cases.html", "customer.view", _cases_panel))
    enrich_also("customers.customer_changed", add_cards)


def seen_customers(scope: Scope) -> QuerySet[Customer]:
    """Return the customers a person may see: those of cases they may see, and those who have no case yet."""
    if not scope.rights:
        return Customer.objects.none()
    if scope.everything:
        return Customer.objects.all()
    theirs = Exists(cases_for(scope).filter(customer_id=OuterRef("id")))
    return Customer.objects.filter(theirs | ~Exists(Case.objects.filter(customer_id=OuterRef("id"))))


def live_places(customer_id: int) -> Sequence[tuple[int, int]]:
    """Return case and queue of each conversation of a customer that is live or stands on somebody's desk all the same."""
    live = Exists(Contact.objects.filter(case=OuterRef("pk"), state__in=LIVE))
    cases = Case.objects.filter(live | ~Q(state="closed"), customer_id=customer_id, merged_into=None).order_by("-id")
    return list(cases.values_list("id", "queue_id")[:PLACES])


def refuse_merge_in_chat(kept: Customer, gone: Customer) -> None:
    """A browser stays with its own record, so the record that goes must not be in a chat at this moment."""
    if Contact.objects.filter(customer=gone, channel="webchat", state__in=LIVE).exists():
        raise Conflict(
            _("%(name)s is in a chat now. Keep that record, or merge when the chat has ended") % {"name": gone},
            code="in_chat",
        )


def take_along(kept: Customer, gone: Customer) -> None:
    """Let contacts that came after a merge go with the case they belong to."""
    Contact.objects.filter(case__customer=gone).exclude(customer=gone).update(customer=gone)


def refuse_erasure_in_contact(customer: Customer, now: datetime) -> None:
    """Nobody is erased while somebody talks with them."""
    if Contact.objects.filter(customer=customer, state__in=LIVE).exists():
        raise Conflict(_("There is a conversation in hand. End it first, then erase"), code="in_contact")


def remove_files(table: type[Model], ids: list[Any]) -> None:
    """Remove the bytes of attachments whose rows go; they go when the change is certain."""
    if table is Attachment:
        for token in Attachment.objects.filter(pk__in=ids).values_list("token", flat=True):
            transaction.on_commit(partial(place_of(token).unlink, missing_ok=True))


def old_contacts(channel: str, older_than: datetime) -> QuerySet[Contact]:
    """Return ended contacts of a channel whose words are still kept; cases that are open keep theirs."""
    old = Contact.objects.filter(channel=channel, state__in=("ended", "abandoned"), asked_at__lt=older_than)
    old = old.exclude(closed_at__gte=older_than).exclude(ended_at__gte=older_than)
    words = Exists(Message.objects.filter(contact=OuterRef("pk")).exclude(body=""))
    return old.filter(words | ~Q(last_text="") | ~Q(came_from=""), case__state__in=("solved", "closed"))


def cases_left_empty(contact_ids: list[Any]) -> list[tuple[type[Model], list[Any]]]:
    """Return the cases of these contacts that no message is kept of any more."""
    cases = Case.objects.filter(contacts__in=contact_ids, state__in=("solved", "closed")).distinct()
    said = Exists(Message.objects.filter(case=OuterRef("pk")).exclude(body=""))
    return [(Case, list(cases.filter(~said).values_list("pk", flat=True)))]


def _cases_panel(scope: Scope, customer: Customer, now: datetime) -> dict[str, Any]:
    cases = cases_for(scope).filter(customer=customer).select_related("queue", "owner").order_by("-opened_at", "-id")
    found = list(cases[: CASES_SHOWN + 1])
    return {"cases": found[:CASES_SHOWN], "more": len(found) > CASES_SHOWN, "reads": scope.may("message.read")}
