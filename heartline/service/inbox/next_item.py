"""What needs a person next: read from what is theirs, in a handful of queries however much there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heartline.conversations.models import Contact, Mention, Snooze
from heartline.conversations.queries import open_tasks_of
from heartline.people.queries import Scope
from heartline.promises.models import FollowUp
from heartline.routing.models import Offer
from heartline.service.inbox.rules import Candidate, Next, next_best
from heartline.ui.formats import span_of

READ = 50  # of each kind the most urgent ones: the rest cannot come first


def next_for(scope: Scope, now: datetime, *, here: int | None = None) -> dict[str, Any] | None:
    """Return the case that needs a person next and why, None when nothing does."""
    found = next_best(_candidates(scope), now, here=here)
    if found is None:
        return None
    return {"case_id": found.what.case_id, "offer_id": found.what.offer_id, "why": why(found, now)}


def why(found: Next, now: datetime) -> str:
    """Return the reason in the reader's language."""
    span = span_of(abs((now - found.what.at).total_seconds()) // 60 * 60, language=get_language() or "en")
    values = {"name": found.what.name or _("No name yet"), "span": span}
    return {
        "offer": _("%(name)s is offered to you"),
        "promise_late": _("%(name)s: what we owe is %(span)s late"),
        "promise_near": _("%(name)s: what we owe is due in %(span)s"),
        "promise_later": _("%(name)s: what we owe is due next, in %(span)s"),
        "task_late": _("%(name)s: your task is %(span)s late"),
        "task_near": _("%(name)s: your task is due in %(span)s"),
        "task_later": _("%(name)s: your task is due next, in %(span)s"),
        "answer_late": _("%(name)s has waited %(span)s for your answer, longer than they should"),
        "mention": _("%(name)s: a colleague called you %(span)s ago"),
        "snooze": _("%(name)s is back from snooze"),
        "answer": _("%(name)s has waited longest for your answer: %(span)s"),
        "wrap_up": _("%(name)s: the wrap-up is still to be written"),
        "waiting": _("%(name)s has waited longest in your queues: %(span)s"),
    }[found.why] % values


def _candidates(scope: Scope) -> Iterator[Candidate]:
    me = scope.person_id
    offers = Offer.objects.filter(person_id=me, state="pending").select_related("contact__customer")
    for offer in offers.order_by("expires_at")[:READ]:
        contact = offer.contact
        yield Candidate("offer", contact.case_id, offer.expires_at, offer_id=offer.pk, name=contact.customer.name)
    owed = FollowUp.objects.filter(owner_id=me, state="open").select_related("case__customer")
    for row in owed.order_by("due_at")[:READ]:
        yield Candidate("promise", row.case_id, row.due_at, name=row.case.customer.name)
    tasks = open_tasks_of(scope).exclude(due_at=None).select_related("case__customer")
    for task in tasks.order_by("due_at")[:READ]:
        if task.due_at:
            yield Candidate("task", task.case_id, task.due_at, name=task.case.customer.name)
    mentions = Mention.objects.filter(person_id=me, read_at=None).select_related("case__customer")
    for mention in mentions.order_by("at")[:READ]:
        yield Candidate("mention", mention.case_id, mention.at, name=mention.case.customer.name)
    yield from _contacts(scope)


def _contacts(scope: Scope) -> Iterator[Candidate]:
    me = scope.person_id
    snoozes = Snooze.objects.filter(person_id=me).exclude(state="over").select_related("case__customer")
    resting = {snooze.case_id for snooze in snoozes}
    for snooze in snoozes:
        if snooze.state == "awake" and snooze.woken_at:
            yield Candidate("snooze", snooze.case_id, snooze.woken_at, name=snooze.case.customer.name)
    mine = Contact.objects.filter(assignee_id=me, state__in=["active", "wrap_up"]).select_related("customer", "queue")
    for contact in mine.order_by("turn_since", "id"):
        name = contact.customer.name
        if contact.state == "wrap_up":
            yield Candidate("wrap_up", contact.case_id, contact.ended_at or contact.turn_since, name=name)
        elif contact.turn == "ours" and contact.case_id not in resting:
            limit = timedelta(seconds=contact.queue.answer_within_seconds) if contact.channel == "webchat" else None
            yield Candidate("answer", contact.case_id, contact.turn_since, limit, name=name)
    if scope.may("contact.serve"):
        waiting = Contact.objects.filter(state="waiting").select_related("customer").order_by("asked_at", "id")
        in_reach = waiting if scope.everything else waiting.filter(queue_id__in=scope.queue_ids)
        for contact in in_reach[:1]:
            yield Candidate("waiting", contact.case_id, contact.asked_at, name=contact.customer.name)
