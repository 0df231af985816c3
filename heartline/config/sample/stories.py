"""Conversations of the sample company: asked, offered, answered, talked, ended, wrapped up, rated, put right."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.actors import Actor
from heartline.config.sample.stage import Part, Stage, Story
from heartline.config.sample.tools import note_work
from heartline.config.sample.words import Left, Talk
from heartline.conversations.actions.cases import Wrapping, finish_contact
from heartline.conversations.actions.contacts import ContactRequest, abandon_contact, end_contact, open_contact
from heartline.conversations.actions.messages import add_message, mark_seen
from heartline.conversations.models import Contact, Message
from heartline.customers.actions import add_identity, change_customer, create_customer
from heartline.customers.models import Customer
from heartline.people.models import Queue
from heartline.people.queries import calendar_of
from heartline.promises.actions import finish_follow_up, open_follow_up
from heartline.promises.models import FollowUp
from heartline.routing.actions import accept_offer, decline_offer, make_offer
from heartline.routing.rules import Reasons
from heartline.voice_of_customer.actions import invite, respond

LONGEST_STORY = timedelta(minutes=45)


def talk(stage: Stage, said: Talk, at: datetime) -> Story:
    """One conversation from the first word to the thank-you, or to what is still owed."""
    yield at
    now = at
    customer = newcomer(stage, said.name, said.language, said.brand, now=now)
    describe(stage, customer, said, now=now)
    contact = ask(stage, said, customer, now=now)
    who = yield from be_answered(stage, contact, now)
    now = contact.answered_at or now
    for speaker, text in said.lines:
        now = now + (stage.seconds(20, 90) if speaker == "a" else stage.seconds(15, 70))
        yield now
        speak(stage, contact, who, speaker, text, now=now)
    yield from finish(stage, contact, who, said, now)


def leave(stage: Stage, said: Left, at: datetime) -> Story:
    """Somebody who asked and left before anybody came."""
    yield at
    customer = newcomer(stage, said.name, said.language, said.brand, now=at)
    contact = open_contact(
        ContactRequest(
            customer=customer,
            queue=queue_for(stage, said.brand, said.language),
            channel="webchat",
            language=said.language,
            text=said.text,
            client_key=stage.key(),
            told_wait=(1, 3),
            needs={"language": said.language, "skills": {}},
        ),
        by=Actor.customer(customer.id, customer.name),
        now=at,
    )
    now = at + timedelta(seconds=said.waited)
    yield now
    by = Actor.system("silent_visitors") if said.how == "silent" else Actor.customer(customer.id, customer.name)
    abandon_contact(contact, said.how, by=by, now=now)


def newcomer(stage: Stage, name: str, language: str, brand: str, *, now: datetime) -> Customer:
    """Return a customer who reaches us for the first time."""
    return create_customer(stage.company.brands[brand], name=name, language=language, by=None, now=now)


def describe(stage: Stage, customer: Customer, said: Talk, *, now: datetime) -> None:
    """Note what the shop's own system knows: tier, place, since when, a phone number."""
    since = (now - timedelta(days=stage.rng.randrange(40, 2500))).date()
    known = {"tier": said.tier, "place": said.place}
    if said.tier != "prospect":
        known["customer_since"] = since  # type: ignore[assignment]  # one field is a date
    by = Actor.system("shop")
    change_customer(customer, known, by=by, now=now)
    number = stage.rng.randrange(1000, 9999)
    phone = f"1600000{number}" if said.language == "zh-hans" else f"+44770090{number % 1000:04}"
    add_identity(customer, "phone", phone, verified=False, by=by, now=now)


def queue_for(stage: Stage, brand: str, language: str) -> Queue:
    """Return where a conversation waits."""
    if brand == "loom":
        return stage.company.queues["loom"]
    return stage.company.queues["chat-zh" if language == "zh-hans" else "chat-en"]


def ask(stage: Stage, said: Talk, customer: Customer, *, now: datetime) -> Contact:
    """Open the contact as its channel would."""
    queue = queue_for(stage, said.brand, said.language)
    due = {
        "webform": calendar_of(queue.brand).add_working(now, timedelta(hours=queue.brand.message_reply_hours)),
        "callback": now + timedelta(minutes=60),
    }.get(said.channel)
    by = Actor.customer(customer.id, customer.name)
    request = ContactRequest(
        customer=customer,
        queue=queue,
        channel=said.channel,
        language=said.language,
        text=said.text,
        client_key=stage.key(),
        due_at=due,
        told_wait=(1, 3) if said.channel == "webchat" else None,
        needs={"language": said.language, "skills": {}},
    )
    contact = open_contact(request, by=by, now=now)
    if said.channel == "callback" and due:
        open_follow_up(
            contact.case, "callback", contact=contact, owner=None, what=said.text, due_at=due, by=by, now=now
        )
    return contact


def be_answered(stage: Stage, contact: Contact, now: datetime) -> Part[str]:
    """Wait to be offered and taken; now and then somebody is in the middle of something. Returns who took it."""
    now = now + (stage.seconds(2, 25) if contact.channel == "webchat" else stage.seconds(120, 900))
    yield now
    declined = 0
    while True:
        who = stage.free_for(contact)
        if who is None:
            now = now + timedelta(seconds=20)
            yield now
            continue
        stage.last_offered[who] = now
        why: Reasons = (("speaks_language", {"language": contact.language}), ("longest_without", {}))
        offer = make_offer(contact, stage.person(who), why, fence=stage.fence, now=now)
        assert offer is not None, "nobody else dispatches the sample company"
        stage.take(who, contact)  # what is offered already counts
        now = now + stage.seconds(3, 14)
        yield now
        if declined == 0 and stage.rng.random() < 0.06:
            declined += 1
            stage.let_go(who, contact)
            decline_offer(offer.id, stage.person(who), "busy", by=stage.by(who), now=now)
            continue
        accept_offer(offer.id, stage.person(who), by=stage.by(who), now=now)
        contact.refresh_from_db()
        return who


def speak(stage: Stage, contact: Contact, who: str, speaker: str, text: str, *, now: datetime) -> Message:
    """Say one thing: the customer, the person serving, or a note among colleagues."""
    customer = Actor.customer(contact.customer_id, contact.customer.name)
    by = customer if speaker == "c" else stage.by(who)
    return add_message(contact, "note" if speaker == "n" else "reply", text, client_key=stage.key(), by=by, now=now)


def finish(stage: Stage, contact: Contact, who: str, said: Talk, now: datetime) -> Story:
    """End, be wrapped up, be asked, answer, and have a low answer put right."""
    now = now + stage.seconds(10, 60)
    yield now
    customer = Actor.customer(contact.customer_id, contact.customer.name)
    last = contact.messages.order_by("-id").values_list("id", flat=True)[0]
    mark_seen(contact, last, seen="read", side="customer", by=customer, now=now)
    by_customer = contact.channel == "webchat" and stage.rng.random() < 0.4
    end_contact(
        contact,
        ended_by="customer" if by_customer else "person",
        by=customer if by_customer else stage.by(who),
        now=now,
    )
    stage.let_go(who, contact)
    asked = invite(contact, by=stage.by(who), now=now)
    _settle_callback(stage, contact, who, now=now)
    now = now + stage.seconds(20, 80)
    yield now
    wrapping = Wrapping(
        reason=stage.company.reasons[said.reason],
        resolution=said.how,
        root_cause=said.cause,
        told_to_expect=said.told,
        what_happened=said.happened,
    )
    finish_contact(contact, wrapping, by=stage.by(who), now=now)
    note_work(stage, contact.case, said.work, by=stage.by(who), now=now)
    if asked and said.score:
        now = now + stage.seconds(30, 600)
        yield now
        respond(asked[0], said.score, said.comment, came_by="chat", by=customer, now=now)
        if said.outcome:
            yield from put_right(stage, contact, said.outcome, now)


def put_right(stage: Stage, contact: Contact, outcome: str, now: datetime) -> Story:
    """Have the supervisor follow a low answer up, when there is still time before the present."""
    now = min(now + stage.seconds(3600, 14400), stage.end)
    yield now
    owed = (
        FollowUp.objects.select_related("case").filter(case_id=contact.case_id, kind="low_score", state="open").first()
    )
    if owed:
        finish_follow_up(owed, outcome, by=stage.by("ruth"), now=now)


def _settle_callback(stage: Stage, contact: Contact, who: str, *, now: datetime) -> None:
    owed = FollowUp.objects.select_related("case").filter(contact=contact, kind="callback", state="open").first()
    if owed:
        done = "已回电，接通" if contact.language == "zh-hans" else "Called back and got through"
        finish_follow_up(owed, done, by=stage.by(who), now=now)
