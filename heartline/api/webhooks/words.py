"""Webhooks in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heartline.ledger.events import KINDS
from heartline.people.audit import what_happened

# Why Heartline switched a webhook off.
REASONS = {
    "failing": gettext_lazy("It had not answered well for five days"),
    "gone": gettext_lazy("Its address answered that it is gone for good (410)"),
    "person": gettext_lazy("The person with whose eyes it sees may not sign in any more"),
    "secret": gettext_lazy("Its secret cannot be read: the installation’s key has changed. Make a new secret"),
}
# Why there was no answer.
PROBLEMS = {
    "blocked": gettext_lazy("The address leads into a private network"),
    "timeout": gettext_lazy("No answer in time"),
    "tls": gettext_lazy("Its certificate is not good"),
    "dns": gettext_lazy("The host name is not known"),
    "connection": gettext_lazy("The connection failed"),
}
ROOMS = {
    "conversations": gettext_lazy("Cases and contacts"),
    "customers": gettext_lazy("Customers"),
    "routing": gettext_lazy("Offers"),
    "promises": gettext_lazy("Follow-ups"),
    "voice": gettext_lazy("Ratings"),
    "voice_of_customer": gettext_lazy("Ratings"),
    "people": gettext_lazy("People and settings"),
}


def kinds_by_room() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every kind of event with its words, those about customers first."""
    rooms: dict[str, list[tuple[str, str]]] = {str(name): [] for name in ROOMS.values()}
    other = str(_("Other events"))
    for kind in sorted(KINDS):
        room = ROOMS.get(kind.partition(".")[0])
        rooms.setdefault(str(room) if room else other, []).append((kind, what_happened(kind)))
    return [(room, kinds) for room, kinds in rooms.items() if kinds]
