"""What a desk shows of an offer: the same shape in a snapshot and in an event on delivery."""

from __future__ import annotations

from typing import Any

from heartline.conversations.words import add_cards
from heartline.routing.models import Offer
from heartline.routing.words import LANGUAGES, sentences_in

Card = dict[str, Any]


def offer_card(offer: Offer, contact_card: Card) -> Card:
    """Return an offer with its reasons in each language and the card of its contact."""
    return {
        "offer_id": offer.id,
        "contact_id": offer.contact_id,
        "queue_id": contact_card["queue_id"],
        "offered_at": offer.offered_at.isoformat(),
        "expires_at": offer.expires_at.isoformat(),
        "reason_words": {language: sentences_in(language, offer.reasons) for language in LANGUAGES},
        "card": contact_card,
    }


def add_offer_cards(bodies: list[dict[str, Any]]) -> None:
    """Add cards of the case, and of the offer (`offer`) while it is pending."""
    add_cards(bodies)
    pending = Offer.objects.filter(id__in=[body["offer_id"] for body in bodies], state="pending")
    offers = {offer.id: offer for offer in pending}
    for body in bodies:
        offer = offers.get(body["offer_id"])
        card = next((one for one in body["cards"] if one["contact_id"] == body["contact_id"]), None)
        body["offer"] = offer_card(offer, card) if offer and card else None
