"""Opening a contact on behalf of a customer who reached us in a way this system does not see: a shop, a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import Invalid
from heartline.common.questions import first, written_once
from heartline.conversations.actions.contacts import ContactRequest, open_contact
from heartline.conversations.models import Case, Contact
from heartline.conversations.queries import case_for, customer_for
from heartline.customers.actions import create_customer
from heartline.customers.models import Customer, IdentityKind
from heartline.ledger.actions import one_change
from heartline.people.actions import actor_for
from heartline.people.models import Queue
from heartline.promises.actions import open_follow_up
from heartline.promises.callbacks.actions import agree
from heartline.service.actions import Worker

FURTHEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class NewCustomer:
    """A customer we do not know yet; addresses are claims."""

    name: str
    language: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class OnBehalf:
    """What somebody of us knows of a customer's wish. A callback says by when we call, and needs a number."""

    channel: str
    queue_id: int
    want: str
    customer_id: int | None = None
    new_customer: NewCustomer | None = None
    case_id: int | None = None
    due_at: datetime | None = None
    client_key: str


def open_on_behalf(worker: Worker, asked: OnBehalf) -> Contact:
    """Open a contact that waits in a queue like any other; what the customer wants is in our words, not theirs."""
    by = actor_for(worker.person)
    queue = first(_queue(asked.queue_id))
    if queue is None or not worker.scope.sees_queue(queue.id):
        raise _wrong("queue_id", _("There is no such queue, or it is not yours to see"))
    _check_due(asked.due_at, worker.now)
    with one_change():
        customer = _customer(worker, asked, queue)
        case = _case(worker, asked, customer)
        language = customer.language
        request = ContactRequest(
            customer=customer,
            queue=queue,
            channel=asked.channel,
            language=language,
            text="",
            want=asked.want,
            client_key=asked.client_key,
            case=case,
            due_at=asked.due_at.astimezone(UTC) if asked.due_at else None,
            needs={"language": language, "skills": {}},
        )
        contact = open_contact(request, by=by, now=worker.now)
        if asked.channel == "callback":
            agree(contact, contact.due_at, by_staff=True, now=worker.now)
            _owe_a_call(worker, contact, asked)
    return contact


@written_once
def _queue(queue_id: int) -> QuerySet[Queue]:
    return Queue.objects.filter(id=queue_id).select_related("brand")


def _check_due(due_at: datetime | None, now: datetime) -> None:
    if due_at and due_at <= now:
        raise _wrong("due_at", _("This time has passed"))
    if due_at and due_at > now + FURTHEST:
        raise _wrong("due_at", _("This is more than a year ahead"))


def _customer(worker: Worker, asked: OnBehalf, queue: Queue) -> Customer:
    if (asked.customer_id is None) == (asked.new_customer is None):
        raise _wrong("customer_id", _("Give either a customer we know or a new one"))
    if asked.customer_id is not None:
        return customer_for(worker.scope, asked.customer_id)
    new = asked.new_customer
    assert new is not None
    claims: dict[str, str] = {IdentityKind.EMAIL: new.email, IdentityKind.PHONE: new.phone}
    by = actor_for(worker.person)
    return create_customer(queue.brand, name=new.name, language=new.language, claims=claims, by=by, now=worker.now)


def _case(worker: Worker, asked: OnBehalf, customer: Customer) -> Case | None:
    """Return the case a contact is about; it must be this customer's, as both ids come from outside."""
    if asked.case_id is None:
        return None
    case = case_for(worker.scope, asked.case_id)
    if case.customer_id != customer.id:
        raise _wrong("case_id", _("This case is another customer's"))
    return case


def _owe_a_call(worker: Worker, contact: Contact, asked: OnBehalf) -> None:
    phone = contact.customer.identities.filter(kind=IdentityKind.PHONE).order_by("-verified_at", "-id").first()
    if phone is None:
        raise _wrong("phone", _("There is no number to call. Add one first"))
    if asked.due_at is None:
        raise _wrong("due_at", _("Say by when we call"))
    open_follow_up(
        contact.case,
        "callback",
        contact=contact,
        owner=None,
        what=asked.want,
        due_at=asked.due_at,
        phone=phone.value,
        by=actor_for(worker.person),
        now=worker.now,
    )


def _wrong(name: str, message: str) -> Invalid:
    return Invalid(message, fields={name: message})
