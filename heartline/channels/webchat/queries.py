"""Whose browser it is, and what they may see of their own contact."""

from __future__ import annotations

from heartline.common.ids import token_hash
from heartline.conversations.models import Contact
from heartline.customers.models import Customer

CHANNEL = "webchat"
TOKEN_LENGTHS = range(20, 200)


def customer_of_token(token: str) -> Customer | None:
    """Return the customer in whose browser a token lies; only its hash is known here."""
    if len(token) not in TOKEN_LENGTHS or not token.isascii():
        return None
    return Customer.objects.filter(identities__kind="visitor", identities__value=token_hash(token)).first()


def contact_of_token(token: str) -> Contact | None:
    """Return the latest chat of the browser that holds a token."""
    customer = customer_of_token(token)
    return contact_of(customer) if customer else None


def contact_of(customer: Customer) -> Contact | None:
    """Return a customer's latest chat."""
    related = ("case", "case__brand", "case__brand__site", "queue", "queue__brand", "assignee", "customer")
    return customer.contacts.filter(channel=CHANNEL).select_related(*related).order_by("-id").first()
