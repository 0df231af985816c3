"""Everything about one customer as rows: contacts with what came before and after them, turns, offers, cases, promises.

Pure. A customer, with whatever records were merged into theirs, is the piece that is folded at once: contacts of one
customer tell about each other (who had to come back?), those of two never do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from heartline.insight.facts.contacts import KINDS as CONTACT_KINDS
from heartline.insight.facts.contacts import OPENED, ContactFact, milliseconds, take
from heartline.insight.facts.rows import Matter, OfferMade, Piece, Promise, Turn
from heartline.ledger.queries import Recorded

SOLVED = ("solved", "closed")
_Matter = tuple[str, int]


@dataclass(frozen=True)
class Told:
    """All rows of a customer."""

    contacts: list[ContactFact]
    pieces: list[Piece]
    turns: list[Turn]
    offers: list[OfferMade]
    cases: list[Matter]
    promises: list[Promise]


@dataclass
class _Notes:
    """What is gathered while reading, by number."""

    facts: dict[int, ContactFact] = field(default_factory=dict)
    turns: dict[int, list[Turn]] = field(default_factory=dict)
    offers: dict[int, OfferMade] = field(default_factory=dict)
    cases: dict[int, Matter] = field(default_factory=dict)
    promises: dict[int, Promise] = field(default_factory=dict)


def tell(events: Iterable[Recorded]) -> Told:
    """Return the rows that the events about one customer make; they come oldest first."""
    notes = _Notes()
    for event in events:
        take(notes.facts, event)
        if change := _CHANGES.get(event.kind):
            change(notes, event)
    contacts = linked(list(notes.facts.values()), notes.promises.values())
    return Told(
        contacts=contacts,
        pieces=[piece for fact in contacts if fact.finished_at for piece in _pieces(fact)],
        turns=[turn for turns in notes.turns.values() for turn in turns],
        offers=list(notes.offers.values()),
        cases=list(notes.cases.values()),
        promises=list(notes.promises.values()),
    )


def linked(contacts: list[ContactFact], promises: Iterable[Promise] = ()) -> list[ContactFact]:
    """Return a customer's contacts in order, each told the gaps to the last and the next one about the same matter.

    The same matter is the same case, or the same reason in two finished contacts, on whatever channel. A call that goes on
    from a chat is no coming back. Gaps run from the end of one contact to the opening of the next.
    """
    broken: dict[int | None, int] = {}
    for promise in promises:
        broken[promise.contact_id] = broken.get(promise.contact_id, 0) + (promise.late_at is not None)
    ordered = sorted(contacts, key=lambda fact: (fact.opened_at, fact.contact_id))
    for fact in ordered:
        fact.promises_broken = broken.get(fact.contact_id, 0)
    _tell_the_last(ordered)
    _tell_the_next(ordered)
    return ordered


def _tell_the_last(ordered: list[ContactFact]) -> None:
    finished: dict[_Matter, tuple[int, ContactFact]] = {}
    for place, fact in enumerate(ordered):
        if not fact.continues:
            found = [finished[matter] for matter in _matters_of(fact) if matter in finished]
            last = max(found, key=itemgetter(0))[1] if found else None
            fact.since_last_ms = _gap(last, fact) if last else None
        if fact.finished_at:
            finished |= dict.fromkeys(_matters_of(fact), (place, fact))


def _tell_the_next(ordered: list[ContactFact]) -> None:
    later: dict[_Matter, tuple[int, ContactFact]] = {}
    for place, fact in reversed(list(enumerate(ordered))):
        if fact.continues:
            continue
        found = [later[matter] for matter in _matters_of(fact) if matter in later]
        after = min(found, key=itemgetter(0))[1] if found else None
        fact.until_next_ms = _gap(fact, after) if after else None
        later |= dict.fromkeys(_matters_of(fact), (place, fact))


def _matters_of(fact: ContactFact) -> tuple[_Matter, ...]:
    """By what a contact is known to be about the same matter as another one."""
    case = ("case", fact.case_id)
    return (case,) if fact.reason_id is None else (case, ("reason", fact.reason_id))


def _gap(first: ContactFact, second: ContactFact) -> int:
    return milliseconds(first.ended_at or first.left_at or first.opened_at, second.opened_at)


def _pieces(fact: ContactFact) -> Iterable[Piece]:
    for part in fact.work:
        yield Piece(
            **about(fact),
            opened_at=fact.opened_at,
            person_id=part.person_id,
            held_ms=part.held_ms,
            wrap_up_ms=part.wrap_up_ms,
            hand_overs=part.hand_overs,
        )


def about(fact: ContactFact) -> dict[str, Any]:
    """Return what rows about a contact are about, and sliced by."""
    return {
        "customer_id": fact.customer_id,
        "case_id": fact.case_id,
        "contact_id": fact.contact_id,
        "queue_id": fact.queue_id,
        "channel": fact.channel,
        "tier": fact.tier,
    }


def _opened(notes: _Notes, event: Recorded) -> None:
    """A new contact makes a solved case open again, whatever else is recorded about the case."""
    body = event.body
    matter = notes.cases.setdefault(body["case_id"], _matter(event))
    if matter.solved_at:
        _reopen(matter, event.at)
    if not matter.contacts:
        matter.channel, matter.tier, matter.queue_id = body["channel"], body["tier"], body["queue_id"]
    matter.contacts += 1


def _case_opened(notes: _Notes, event: Recorded) -> None:
    notes.cases.setdefault(event.body["case_id"], _matter(event))


def _matter(event: Recorded) -> Matter:
    body = event.body
    return Matter(
        customer_id=body["customer_id"],
        case_id=body["case_id"],
        contact_id=None,
        queue_id=body["queue_id"],
        channel=body.get("channel", ""),
        tier=body.get("tier", ""),
        opened_at=event.at,
    )


def _case_changed(notes: _Notes, event: Recorded) -> None:
    matter = notes.cases.get(event.body["case_id"])
    if matter is None or "state" not in event.body["changed"]:
        return
    if event.body["state"] not in SOLVED:
        if matter.solved_at:
            _reopen(matter, event.at)
    elif not matter.solved_at:
        _solve(matter, event)


def _solve(matter: Matter, event: Recorded) -> None:
    """Credit goes to whoever set it solved, not to whoever owns the case by then."""
    matter.solved_at, matter.solved_by = event.at, event.actor_id if event.actor_kind == "person" else None
    if not matter.first_solved_at:
        matter.first_solved_at, matter.first_solved_by = matter.solved_at, matter.solved_by


def _reopen(matter: Matter, at: datetime) -> None:
    matter.solved_at = matter.solved_by = None
    matter.reopened_at = matter.reopened_at or at
    matter.reopenings += 1


def _contacts_moved(notes: _Notes, event: Recorded) -> None:
    """Cases were merged or split: contacts belong to another case from now on."""
    for id in event.body["contact_ids"]:
        if id in notes.facts:
            for row in (notes.facts[id], *notes.turns.get(id, ())):
                row.case_id = event.body["case_id"]
    moved = len(event.body["contact_ids"])
    for case_id, more in ((event.body["case_id"], moved), (event.body["from_case_id"], -moved)):
        if matter := notes.cases.get(case_id):
            matter.contacts = max(0, matter.contacts + more)


def _said(notes: _Notes, event: Recorded) -> None:
    """A robot's words never end a turn, and neither does an internal note."""
    body, fact = event.body, notes.facts.get(event.body["contact_id"])
    if fact is None or body["message_kind"] != "reply":
        return
    turns = notes.turns.setdefault(fact.contact_id, [])
    is_open = bool(turns) and turns[-1].replied_at is None
    if body["author_kind"] == "customer" and not is_open:
        turns.append(Turn(**about(fact), number=len(turns) + 1, said_at=event.at))
    elif body["author_kind"] == "person" and is_open:
        turns[-1].replied_at, turns[-1].replied_by = event.at, body["author_id"]


def _offered(notes: _Notes, event: Recorded) -> None:
    body, fact = event.body, notes.facts.get(event.body["contact_id"])
    if fact:
        offer = OfferMade(**about(fact), offer_id=body["offer_id"], person_id=body["person_id"], made_at=event.at)
        notes.offers[offer.offer_id] = offer


def _offer_ended(notes: _Notes, event: Recorded) -> None:
    body = event.body
    if offer := notes.offers.get(body["offer_id"]):
        offer.outcome, offer.reason, offer.open_ms = body["outcome"], body["reason"], body["open_ms"]


def _promised(notes: _Notes, event: Recorded) -> None:
    body = event.body
    fact = notes.facts.get(body.get("contact_id") or 0)
    matter = notes.cases.get(body["case_id"])
    notes.promises[body["follow_up_id"]] = Promise(
        customer_id=body["customer_id"],
        case_id=body["case_id"],
        contact_id=body.get("contact_id"),
        queue_id=fact.queue_id if fact else body["queue_id"],
        channel=fact.channel if fact else (matter.channel if matter else ""),
        tier=fact.tier if fact else (matter.tier if matter else ""),
        follow_up_id=body["follow_up_id"],
        kind=body["follow_up_kind"],
        opened_at=event.at,
        due_at=datetime.fromisoformat(body["due_at"]),
        owner_id=body["owner_id"],
    )


def _promise_changed(notes: _Notes, event: Recorded) -> None:
    body, promise = event.body, notes.promises.get(event.body["follow_up_id"])
    if promise is None:
        return
    promise.owner_id = body["owner_id"]
    name = event.kind.rpartition("follow_up_")[2]
    if name == "added_to":
        promise.due_at = datetime.fromisoformat(body["due_at"])
    elif name == "late":
        promise.late_at = datetime.fromisoformat(body["due_at"])
    elif name == "warned":
        promise.warned_at = event.at
    elif name == "done":
        promise.done_at = event.at


_CHANGES: dict[str, Callable[[_Notes, Recorded], None]] = {
    OPENED: _opened,
    "conversations.case_opened": _case_opened,
    "conversations.case_changed": _case_changed,
    "conversations.contacts_moved": _contacts_moved,
    "conversations.message_added": _said,
    "routing.offer_made": _offered,
    "routing.offer_ended": _offer_ended,
    "promises.follow_up_opened": _promised,
    "promises.follow_up_added_to": _promise_changed,
    "promises.follow_up_handed_over": _promise_changed,
    "promises.follow_up_warned": _promise_changed,
    "promises.follow_up_late": _promise_changed,
    "promises.follow_up_done": _promise_changed,
}
CUSTOMER_KINDS = frozenset({*CONTACT_KINDS, *_CHANGES})
