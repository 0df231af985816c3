"""The desk's contract: a snapshot, then events, gives what a later snapshot would give.

Pure, and the twin of static/service/apply.js: one JSON file of cases tests both. An event is what the live stream
delivers: `{"kind", "at", "by", "body"}`. Most bodies carry cards (see `heartline.conversations.cards`), so most
handlers put cards in their place. An event may be applied again to a snapshot that holds it already; kinds that
no handler knows change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

State = dict[str, Any]
Event = Mapping[str, Any]
Handler = Callable[[State, Event], State]

LIVE = ("waiting", "active", "wrap_up")
# Kinds that change more than an event can carry: a desk that shows one of their cases begins from a new snapshot.
BEGIN_ANEW = ("conversations.contacts_moved",)
MESSAGES_KEPT = 200
OF_CASE = ("customer_id", "customer_name", "tier", "subject", "owner_id", "contacts_count")
# Parts of the desk whose rows name a customer.
OF_CUSTOMER = ("follow_ups", "mentions", "done")
OF_SNOOZED = ("customer_name", "tier", "subject")
# A question to an expert is waited for, and then told until it was seen.
OPEN_QUESTION = ("asked", "accepted")
ENDED_QUESTION = ("answered", "taken_over")
UNHEARD = {"turn": "", "turn_since": None, "last_text": "", "unread": 0}


def apply(snapshot: State, event: Event) -> State:
    """Return the desk's snapshot after an event."""
    handler = ON_DESK.get(event["kind"])
    return handler(snapshot, event) if handler else snapshot


def apply_case(talk: State, event: Event) -> State:
    """Return an open conversation's snapshot after an event; events of other cases change nothing."""
    handler = IN_CASE.get(event["kind"])
    if handler is None or event["body"].get("case_id") != talk["case"]["id"]:
        return talk
    return handler(_with_case(talk, event["body"]), event)


def begins_anew(snapshot: State, event: Event) -> bool:
    """Return whether a desk must be fetched again after an event."""
    if event["kind"] not in BEGIN_ANEW:
        return False
    cases = {event["body"]["case_id"], event["body"]["from_case_id"]}
    rows = [snapshot.get(name, {}).values() for name in ("contacts", "follow_ups", "snoozes", "done", "questions")]
    shown = {row["case_id"] for part in rows for row in part} | set(snapshot["invited"].values())
    me = snapshot["me"]["id"]
    return not cases.isdisjoint(shown) or me in event["body"]["involved_ids"]


def on_day(snapshot: State, day_start: str) -> State:
    """Return a snapshot whose list of what was done begins at `day_start`: yesterday's leaves it at midnight."""
    done = {key: row for key, row in snapshot["done"].items() if row["at"] >= day_start}
    scores = {key: score for key, score in snapshot["scores"].items() if key in done or _is_mine(snapshot, key)}
    return {**snapshot, "day_start": day_start, "done": done, "scores": scores}


def sees(snapshot: State, card: Mapping[str, Any]) -> bool:
    """Return whether a contact is the reader's to see: in their queues or hands, of a case of theirs."""
    me = snapshot["me"]
    return bool(
        me["everything"]
        or card["queue_id"] in me["queue_ids"]
        or card["owner_id"] == me["id"]
        or me["id"] in (card["assignee_id"], card["preferred_id"])
        or card["case_id"] in snapshot["invited"].values()
    )


def as_seen(snapshot: State, card: State) -> State:
    """Return a card as its reader gets it: what is said in a colleague's contact reaches only those who are in it."""
    me = snapshot["me"]
    is_in_it = (
        card["assignee_id"] in (None, me["id"])
        or me["everything"]
        or card["owner_id"] == me["id"]
        or card["case_id"] in snapshot["invited"].values()
        or card["case_id"] in snapshot.get("watched", ())
    )
    return card if is_in_it else {**card, **UNHEARD}


# The desk


def _case_moved(snapshot: State, event: Event) -> State:
    """Put the case's cards in place of those that were there."""
    body = event["body"]
    cards = {str(card["contact_id"]): card for card in body.get("cards", ())}
    others = {key: card for key, card in snapshot["contacts"].items() if card["case_id"] != body["case_id"]}
    live = {
        key: as_seen(snapshot, card) for key, card in cards.items() if card["state"] in LIVE and sees(snapshot, card)
    }
    offers = {key: _fresh_offer(offer, cards, body) for key, offer in snapshot["offers"].items()}
    return {**_renamed(snapshot, body), "contacts": {**others, **live}, "offers": offers}


def _renamed(snapshot: State, body: Mapping[str, Any]) -> State:
    """Let what the reader has snoozed, owes, was called to or has done follow what its case and customer are called."""
    key, case = str(body["case_id"]), body.get("case")
    if not case:
        return snapshot
    for part in OF_CUSTOMER:
        snapshot = _named(snapshot, part, body["case_id"], case)
    row = snapshot.get("snoozes", {}).get(key)
    if not row:
        return snapshot
    return {**snapshot, "snoozes": {**snapshot["snoozes"], key: {**row, **{name: case[name] for name in OF_SNOOZED}}}}


def _named(snapshot: State, part: str, case_id: int, case: Mapping[str, Any]) -> State:
    """Let rows of a case name its customer as the case does."""
    rows, name = snapshot.get(part, {}), case.get("customer_name", "")
    stale = {id for id, row in rows.items() if row.get("case_id") == case_id and row.get("customer_name", name) != name}
    if not stale:
        return snapshot
    changed = {id: {**row, "customer_name": name} if id in stale else row for id, row in rows.items()}
    return {**snapshot, part: changed}


def _fresh_offer(offer: State, cards: Mapping[str, State], body: Mapping[str, Any]) -> State:
    """Give an offer its card as it is now; of a contact that has ended, what the card says of the case follows it."""
    card, case = offer["card"], body.get("case") or {}
    if card.get("case_id") == body["case_id"]:
        card = {**card, **{name: case[name] for name in OF_CASE if name in case}}
    return {**offer, "card": cards.get(str(offer["contact_id"]), card)}


def _joined(snapshot: State, event: Event) -> State:
    body = event["body"]
    if body["person_id"] == snapshot["me"]["id"]:
        snapshot = {**snapshot, "invited": {**snapshot["invited"], str(body["contact_id"]): body["case_id"]}}
    return _case_moved(snapshot, event)


def _left(snapshot: State, event: Event) -> State:
    body = event["body"]
    if body["person_id"] == snapshot["me"]["id"]:
        snapshot = {**snapshot, "invited": _without(snapshot["invited"], body["contact_id"])}
    return _case_moved(snapshot, event)


def _finished(snapshot: State, event: Event) -> State:
    body = event["body"]
    moved = _case_moved(snapshot, event)
    if body["person_id"] != snapshot["me"]["id"] or event["at"] < snapshot["day_start"]:
        return moved
    row = {name: body[name] for name in ("contact_id", "case_id", "channel", "reason_id", "resolution")}
    row |= {"customer_name": body["case"]["customer_name"], "at": event["at"]}
    return {**moved, "done": {**moved["done"], str(body["contact_id"]): row}}


def _responded(snapshot: State, event: Event) -> State:
    """Keep scores of one's own contacts, whether they are wrapped up already or not yet."""
    body = event["body"]
    key = str(body["contact_id"])
    if key in snapshot["done"] or _is_mine(snapshot, key):
        snapshot = {**snapshot, "scores": {**snapshot["scores"], key: body["score"]}}
    return _case_moved(snapshot, event)


def _is_mine(snapshot: State, key: str) -> bool:
    card = snapshot["contacts"].get(key)
    return bool(card and card["assignee_id"] == snapshot["me"]["id"])


def _offered(snapshot: State, event: Event) -> State:
    moved, offer = _case_moved(snapshot, event), event["body"].get("offer")
    if not offer or event["body"]["person_id"] != snapshot["me"]["id"]:
        return moved
    return {**moved, "offers": {**moved["offers"], str(offer["offer_id"]): offer}}


def _offer_ended(snapshot: State, event: Event) -> State:
    moved = _case_moved(snapshot, event)
    return {**moved, "offers": _without(moved["offers"], event["body"]["offer_id"])}


def _presence(snapshot: State, event: Event) -> State:
    body = event["body"]
    now = {name: body[name] for name in ("state", "reason", "since")}
    colleague = snapshot["colleagues"].get(str(body["person_id"]))
    if colleague:
        colleagues = {**snapshot["colleagues"], str(body["person_id"]): {**colleague, **now}}
        snapshot = {**snapshot, "colleagues": colleagues}
    return {**snapshot, "presence": now} if body["person_id"] == snapshot["me"]["id"] else snapshot


def _slept(snapshot: State, event: Event) -> State:
    """Keep what the reader has snoozed until they have dealt with it."""
    moved, body = _case_moved(snapshot, event), event["body"]
    if body["person_id"] != snapshot["me"]["id"]:
        return moved
    kept = _without(moved["snoozes"], body["case_id"])
    mine = next((one for one in body["matter"]["snoozes"] if one["person_id"] == body["person_id"]), None)
    if mine is None:
        return {**moved, "snoozes": kept}
    row = {name: value for name, value in mine.items() if name != "name"}
    row |= {name: body["case"][name] for name in OF_SNOOZED}
    return {**moved, "snoozes": {**kept, str(body["case_id"]): row}}


def _watched(snapshot: State, event: Event) -> State:
    body = event["body"]
    if body["person_id"] == snapshot["me"]["id"]:
        others = {id for id in snapshot["watched"] if id != body["case_id"]}
        snapshot = {**snapshot, "watched": sorted(others | ({body["case_id"]} if body["watching"] else set()))}
    return _case_moved(snapshot, event)


def _mentioned(snapshot: State, event: Event) -> State:
    """Keep what calls the reader and was not read yet."""
    body = event["body"]
    if body["person_id"] != snapshot["me"]["id"]:
        return snapshot
    kept = _without(snapshot["mentions"], body["mention_id"])
    card = body.get("mention")
    return {**snapshot, "mentions": {**kept, str(card["id"]): card} if card else kept}


def _mentions_read(snapshot: State, event: Event) -> State:
    body = event["body"]
    if body["person_id"] != snapshot["me"]["id"]:
        return snapshot
    read = {str(id) for id in body["mention_ids"]}
    return {**snapshot, "mentions": {key: card for key, card in snapshot["mentions"].items() if key not in read}}


def _asked_an_expert(snapshot: State, event: Event) -> State:
    """Keep what the reader has asked until they have seen the end of it."""
    body = event["body"]
    if body["asked_by_id"] != snapshot["me"]["id"]:
        return snapshot
    kept, card = _without(snapshot["questions"], body["consultation_id"]), body.get("consultation")
    if card and (card["state"] in OPEN_QUESTION or (card["state"] in ENDED_QUESTION and not card["is_seen"])):
        kept = {**kept, str(card["id"]): card}
    return {**snapshot, "questions": kept}


def _owed(snapshot: State, event: Event) -> State:
    """Keep the reader's own open follow-ups."""
    moved, follow_up = _case_moved(snapshot, event), event["body"].get("follow_up")
    kept = _without(moved["follow_ups"], event["body"]["follow_up_id"])
    if follow_up and follow_up["state"] == "open" and follow_up["owner_id"] == snapshot["me"]["id"]:
        kept = {**kept, str(follow_up["id"]): follow_up}
    return {**moved, "follow_ups": kept}


# An open conversation


def _with_case(talk: State, body: Mapping[str, Any]) -> State:
    """Put the case, its contacts and their hand-over cards as the event brings them."""
    case = body.get("case") or talk["case"]
    cards = {str(card["contact_id"]): card for card in body.get("cards", ()) if card["case_id"] == case["id"]}
    handovers = {str(card["id"]): card for card in body.get("handovers", ())}
    # Contacts that have ended come with no event any more; what their cards say of the case follows it.
    shared = {name: case[name] for name in OF_CASE if name in case}
    contacts = {key: {**card, **shared} for key, card in {**talk["contacts"], **cards}.items()}
    talk = {**talk, "case": case, "contacts": contacts, "handovers": {**talk["handovers"], **handovers}}
    return _named(talk, "follow_ups", case["id"], case)


def _as_is(talk: State, _: Event) -> State:
    return talk


def _carried(talk: State, event: Event) -> State:
    """Put what the case carries as the event brings it."""
    return {**talk, "matter": event["body"]["matter"]}


def _said(talk: State, event: Event) -> State:
    body = event["body"]
    key = str(body["message_id"])
    if key in talk["messages"]:
        return talk
    message = {
        "id": body["message_id"],
        "contact_id": body["contact_id"],
        "kind": body["message_kind"],
        "author_kind": body["author_kind"],
        "author_id": body["author_id"],
        "author_name": body["author_name"],
        "text": body["text"],
        "at": body["at"],
        "client_key": body["client_key"],
        "attachments": body["attachments"],
        "delivered_at": None,
        "read_at": None,
    }
    messages = {**talk["messages"], key: message}
    newest = sorted(messages, key=int)[-MESSAGES_KEPT:]
    return {**talk, "messages": {key: messages[key] for key in newest}}


def _seen(talk: State, event: Event) -> State:
    body = event["body"]
    author = "customer" if body["side"] == "person" else "person"
    field = "read_at" if body["seen"] == "read" else "delivered_at"
    messages = {
        key: {**message, field: message[field] or body["at"]} if _is_seen(message, body, author) else message
        for key, message in talk["messages"].items()
    }
    return {**talk, "messages": messages}


def _is_seen(message: State, body: Mapping[str, Any], author: str) -> bool:
    return bool(
        message["contact_id"] == body["contact_id"]
        and message["id"] <= body["upto_id"]
        and message["author_kind"] == author
        and message["kind"] != "note"
    )


def _came_in(talk: State, event: Event) -> State:
    body = event["body"]
    person = {"contact_id": body["contact_id"], "person_id": body["person_id"], "name": body["person_name"]}
    person |= {"role": body["role"], "joined_at": event["at"]}
    return {**talk, "participants": {**talk["participants"], _pair(body): person}}


def _went_out(talk: State, event: Event) -> State:
    return {**talk, "participants": _without(talk["participants"], _pair(event["body"]))}


def _tried(talk: State, event: Event) -> State:
    body = event["body"]
    row = {"kind": body["tried_kind"], "at": event["at"]}
    row |= {name: body[name] for name in ("key", "label", "outcome", "times")}
    return {**talk, "tried": {**talk["tried"], f"{row['kind']}:{row['key']}": row}}


def _case_owed(talk: State, event: Event) -> State:
    follow_up = event["body"].get("follow_up")
    kept = _without(talk["follow_ups"], event["body"]["follow_up_id"])
    if follow_up and follow_up["state"] == "open":
        kept = {**kept, str(follow_up["id"]): follow_up}
    return {**talk, "follow_ups": kept}


def _outgoing(talk: State, event: Event) -> State:
    """Keep what is held or planned until it has gone or was taken back."""
    body = event["body"]
    kept = _without(talk["outgoing"], body["outgoing_id"])
    card = body.get("outgoing")
    return {**talk, "outgoing": {**kept, str(card["id"]): card} if card else kept}


def _consulted(talk: State, event: Event) -> State:
    body = event["body"]
    kept, card = _without(talk["consultations"], body["consultation_id"]), body.get("consultation")
    return {**talk, "consultations": {**kept, str(card["id"]): card} if card else kept}


def _draft_shared(talk: State, event: Event) -> State:
    body = event["body"]
    kept = _without(talk["shared_drafts"], body["draft_id"])
    card = body.get("draft")
    return {**talk, "shared_drafts": {**kept, str(card["id"]): card} if card else kept}


def _asked(talk: State, event: Event) -> State:
    if talk["survey"]:
        return talk
    return {**talk, "survey": {"asked_at": event["at"], "score": None, "at": None}}


def _rated(talk: State, event: Event) -> State:
    asked_at = talk["survey"]["asked_at"] if talk["survey"] else None
    return {**talk, "survey": {"asked_at": asked_at, "score": event["body"]["score"], "at": event["at"]}}


def _pair(body: Mapping[str, Any]) -> str:
    return f"{body['contact_id']}:{body['person_id']}"


def _without(rows: Mapping[str, Any], key: int | str) -> dict[str, Any]:
    return {name: row for name, row in rows.items() if name != str(key)}


ON_DESK: dict[str, Handler] = {
    "conversations.case_changed": _case_moved,
    "conversations.snooze_changed": _slept,
    "conversations.watch_changed": _watched,
    "conversations.contact_opened": _case_moved,
    "conversations.contact_answered": _case_moved,
    "conversations.contact_moved": _case_moved,
    "conversations.contact_returned": _case_moved,
    "conversations.contact_requeued": _case_moved,
    "conversations.contact_abandoned": _case_moved,
    "conversations.contact_resumed": _case_moved,
    "conversations.contact_ended": _case_moved,
    "conversations.contact_finished": _finished,
    "conversations.consultation_changed": _asked_an_expert,
    "conversations.mentioned": _mentioned,
    "conversations.mentions_read": _mentions_read,
    "conversations.message_added": _case_moved,
    "conversations.messages_seen": _case_moved,
    "conversations.participant_joined": _joined,
    "conversations.participant_left": _left,
    "customers.customer_changed": _case_moved,
    "routing.offer_made": _offered,
    "routing.offer_ended": _offer_ended,
    "people.presence_changed": _presence,
    "promises.call_moved": _case_moved,
    "promises.follow_up_opened": _owed,
    "promises.follow_up_added_to": _owed,
    "promises.follow_up_handed_over": _owed,
    "promises.follow_up_warned": _owed,
    "promises.follow_up_late": _owed,
    "promises.follow_up_done": _owed,
    "voice_of_customer.responded": _responded,
}

IN_CASE: dict[str, Handler] = {
    "conversations.case_changed": _as_is,
    "conversations.case_tagged": _carried,
    "conversations.case_fields_changed": _carried,
    "conversations.cases_linked": _carried,
    "conversations.task_changed": _carried,
    "conversations.watch_changed": _carried,
    "conversations.snooze_changed": _carried,
    "conversations.contact_opened": _as_is,
    "conversations.contact_answered": _as_is,
    "conversations.contact_moved": _as_is,
    "conversations.contact_returned": _as_is,
    "conversations.contact_requeued": _as_is,
    "conversations.contact_abandoned": _as_is,
    "conversations.contact_resumed": _as_is,
    "conversations.contact_ended": _as_is,
    "conversations.contact_finished": _as_is,
    "conversations.handover_accepted": _as_is,
    "conversations.message_added": _said,
    "conversations.messages_seen": _seen,
    "conversations.consultation_changed": _consulted,
    "conversations.draft_shared": _draft_shared,
    "conversations.outgoing_changed": _outgoing,
    "conversations.participant_joined": _came_in,
    "conversations.participant_left": _went_out,
    "conversations.tried": _tried,
    "customers.customer_changed": _as_is,
    "routing.offer_made": _as_is,
    "routing.offer_ended": _as_is,
    "promises.call_moved": _as_is,
    "promises.follow_up_opened": _case_owed,
    "promises.follow_up_added_to": _case_owed,
    "promises.follow_up_handed_over": _case_owed,
    "promises.follow_up_warned": _case_owed,
    "promises.follow_up_late": _case_owed,
    "promises.follow_up_done": _case_owed,
    "voice_of_customer.invited": _asked,
    "voice_of_customer.responded": _rated,
}
