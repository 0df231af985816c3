"""Holding, planning, changing, taking back and letting go of replies. Each is a message exactly once, or never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean
from heartline.conversations.actions.drafts import give_back
from heartline.conversations.actions.messages import MESSAGE_LIMIT, add_message
from heartline.conversations.events import OutgoingChanged
from heartline.conversations.models import Attachment, Contact, Draft, Message, Outgoing, WritingSettings
from heartline.conversations.outgoing import rules
from heartline.conversations.outgoing.queries import writing_settings
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person
from heartline.people.setup_actions.settings import save_setting


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A reply that goes later: what it says, what goes with it, when, and what its case becomes then."""

    text: str
    client_key: str
    files: tuple[str, ...] = ()
    after: str = ""
    planned_for: datetime | None = None
    stop_if_answered: bool = False


def hold_reply(contact: Contact, person: Person, letter: Letter, *, by: Actor, now: datetime) -> Outgoing:
    """Keep a reply until it is due; the same `client_key` again returns what is there already."""
    text = _checked(letter, now)
    known = Outgoing.objects.filter(contact=contact, client_key=letter.client_key).first()
    if known:
        return known
    due = rules.due_at(now, writing_settings().hold_for(contact.channel), letter.planned_for)
    try:
        with one_change(may_fail=True):
            outgoing = Outgoing.objects.create(
                contact=contact,
                case_id=contact.case_id,
                person=person,
                body=text,
                client_key=letter.client_key,
                why="later" if letter.planned_for else "undo",
                after=letter.after,
                stop_if_answered=letter.stop_if_answered,
                made_at=now,
                due_at=due,
            )
            _take_files(outgoing, letter.files)
            _note(outgoing, by=by, now=now)
    except IntegrityError:
        return Outgoing.objects.get(contact=contact, client_key=letter.client_key)
    return outgoing


def take_back(outgoing: Outgoing, *, by: Actor, now: datetime) -> Draft:
    """Take a reply back before it goes: its words and files are its writer's draft again, on every device."""
    with one_change():
        _move(outgoing, rules.OPEN, state="cancelled")
        tokens = list(Attachment.objects.filter(outgoing=outgoing).order_by("id").values_list("token", flat=True))
        Attachment.objects.filter(outgoing=outgoing).update(outgoing=None)
        draft = give_back(outgoing.case, outgoing.person, outgoing.body, tokens, now=now)
        _note(outgoing, by=by, now=now)
    return draft


def change_plan(
    outgoing: Outgoing,
    *,
    text: str,
    planned_for: datetime,
    stop_if_answered: bool,
    version: int,
    by: Actor,
    now: datetime,
) -> Outgoing:
    """Change the words or the time of a planned reply; raises Conflict when somebody changed it since `version`."""
    if outgoing.version != version:
        raise Conflict(_("Somebody changed this reply meanwhile. Look again"), code="changed_meanwhile")
    files = tuple(Attachment.objects.filter(outgoing=outgoing).values_list("token", flat=True))
    letter = Letter(text=text, client_key=outgoing.client_key, files=files, planned_for=planned_for)
    changes = {"body": _checked(letter, now), "due_at": planned_for, "stop_if_answered": stop_if_answered}
    with one_change():
        # an answer that came before this decision stops it no more
        _move(outgoing, rules.OPEN, state="waiting", problem="", why="later", made_at=now, **changes)
        _note(outgoing, by=by, now=now)
    return outgoing


def send_now(outgoing: Outgoing, *, by: Actor, now: datetime) -> Outgoing:
    """Let a reply go at the next sweep, whatever was planned."""
    with one_change():
        _move(outgoing, rules.OPEN, state="waiting", problem="", due_at=now, stop_if_answered=False)
        _note(outgoing, by=by, now=now)
    return outgoing


def let_go(outgoing: Outgoing, *, by: Actor, now: datetime) -> Message | None:
    """Turn a reply that is due into a message, in one transaction with its own end; None when it was taken back first."""
    with one_change():
        try:
            _move(outgoing, ("waiting",), state="sent")
        except Conflict:
            return None
        files = tuple(Attachment.objects.filter(outgoing=outgoing).order_by("id").values_list("token", flat=True))
        contact = outgoing.contact
        message = add_message(
            contact, "reply", outgoing.body, client_key=outgoing.client_key, attachments=files, by=by, now=now
        )
        Attachment.objects.filter(outgoing=outgoing).update(outgoing=None)
        Outgoing.objects.filter(id=outgoing.id).update(message=message)
        _note(outgoing, by=by, now=now)
    return message


def stop(outgoing: Outgoing, state: str, problem: str, *, by: Actor, now: datetime) -> bool:
    """Keep a reply from going (`stopped` by the customer's own words, or `failed`) until its writer decides."""
    with one_change():
        try:
            _move(outgoing, ("waiting",), state=state, problem=problem[:300])
        except Conflict:
            return False
        _note(outgoing, by=by, now=now)
    return True


def stop_answered(*, now: datetime) -> int:
    """Stop planned replies whose customer has written since; returns how many."""
    planned = Outgoing.objects.filter(state="waiting", stop_if_answered=True).select_related("contact", "person")
    stopped = 0
    for outgoing in planned.order_by("id")[:500]:
        said = Message.objects.filter(case_id=outgoing.case_id, author_kind="customer", at__gt=outgoing.made_at)
        if said.exists():
            stopped += stop(outgoing, "stopped", "", by=Actor.system("planned_replies"), now=now)
    return stopped


def forget_done(*, now: datetime) -> int:
    """Drop what went or was taken back a day ago: the messages and the ledger have it."""
    done = Outgoing.objects.filter(state__in=("sent", "cancelled"), due_at__lt=now - timedelta(days=1))
    return int(done.delete()[0])


def save_writing_settings(values: dict[str, Any], *, by: Actor, now: datetime) -> WritingSettings:
    """Change how long replies are held."""
    found: WritingSettings = save_setting("writing", writing_settings(), values, by=by, now=now)
    return found


def _checked(letter: Letter, now: datetime) -> str:
    text = clean(letter.text, MESSAGE_LIMIT + 1)
    if len(text) > MESSAGE_LIMIT:
        message = _("This message is longer than %(limit)s characters. Send it in parts") % {"limit": MESSAGE_LIMIT}
        raise Invalid(message, fields={"text": message})
    if not text and not letter.files:
        raise Invalid(_("Write something first"), fields={"text": _("Write something first")})
    if letter.after not in rules.AFTER:
        raise Invalid(_("Choose from the list"), fields={"after": _("Choose from the list")})
    if letter.planned_for and not rules.is_plannable(now, letter.planned_for):
        message = _("Choose a time to come, within a year")
        raise Invalid(message, fields={"due_at": message})
    return text


def _take_files(outgoing: Outgoing, tokens: tuple[str, ...]) -> None:
    """Keep the files of a reply with it: only its writer's own that were not sent yet."""
    if not tokens:
        return
    free = Attachment.objects.filter(contact=outgoing.contact, token__in=tokens, message=None, outgoing=None)
    mine = free.filter(uploaded_by_kind="person", uploaded_by_id=outgoing.person_id)
    if mine.update(outgoing=outgoing) != len(set(tokens)):
        raise Invalid(_("A file has gone. Attach it again"), fields={"attachments": _("Attach it again")})


def _move(outgoing: Outgoing, sources: tuple[str, ...], **fields: Any) -> None:
    """Compare and set: whoever is second is told so."""
    fields["version"] = outgoing.version + 1
    standing = Outgoing.objects.filter(id=outgoing.id, version=outgoing.version, state__in=sources)
    if not standing.update(**fields):
        raise Conflict(_("This reply has gone already, or somebody has just changed it"), code="gone_already")
    for name, value in fields.items():
        setattr(outgoing, name, value)


def _note(outgoing: Outgoing, *, by: Actor, now: datetime) -> None:
    contact = outgoing.contact
    event = OutgoingChanged(
        outgoing_id=outgoing.id,
        contact_id=contact.id,
        case_id=outgoing.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        assignee_id=contact.assignee_id,
        person_id=outgoing.person_id,
        state=outgoing.state,
        why=outgoing.why,
        due_at=outgoing.due_at.isoformat(),
        after=outgoing.after,
    )
    record(event, by=by, now=now, sample=contact.is_sample)
