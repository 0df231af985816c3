"""Whether somebody has room for one more contact: the same limits, weights and interrupts as when it is offered."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _

from heartline.conversations.models import Contact
from heartline.people.models import Capacity, Person
from heartline.routing.plans.queries import current_plan
from heartline.routing.queries import in_hands, offered_to_them
from heartline.routing.rules import Plan, Reason, Server


def full_because(person: Person, contact: Contact) -> Reason | None:
    """Return why a person has no room for a contact, as a code and its values; None when they have."""
    return too_much(_as_they_stand(person), contact.channel, contact.queue_id, current_plan())


def too_much(server: Server, channel: str, queue_id: int, plan: Plan) -> Reason | None:
    """Return which limit one more contact of a queue would pass: of its channel, of everything carried, of the queue."""
    if not server.places(channel):
        return "hands_full", {"held": server.held.get(channel, 0), "limit": server.limits.get(channel, 0)}
    if not server.carries(channel, plan.people):
        return "load_full", {"limit": plan.people.load}
    most = plan.of(queue_id).most_per_person
    if most and server.held_of.get(queue_id, 0) >= most:
        return "queue_full", {"limit": most}
    return None


def full_words(reason: Reason) -> str:
    """Return it as it is said to whoever wanted to take one more."""
    code, values = reason
    if code == "load_full":
        words = _(
            "What you have in hand weighs as much as one carries at once (%(limit)s units). Finish something first"
        )
    elif code == "queue_full":
        words = _("You have %(limit)s of this queue already, and that is the most for one person. Finish one first")
    elif not values["limit"]:
        words = _("You take nothing of this channel")
    else:
        words = _("You have %(held)s of these, and %(limit)s is as many as you take at once. Finish one first")
    return words % values


def _as_they_stand(person: Person) -> Server:
    held, held_of = Counter[str](), Counter[int]()
    for _person, channel, queue, count in in_hands([person.id]):
        held[channel] += count
        held_of[queue] += count
    for _person, channel, queue in offered_to_them([person.id]):
        held[channel] += 1
        held_of[queue] += 1
    limits = dict(Capacity.objects.filter(person=person).values_list("channel", "limit"))
    return Server(
        id=person.id,
        name=person.name,
        available=True,
        queues=frozenset(),
        limits=limits,
        held=held,
        held_of=held_of,
    )
