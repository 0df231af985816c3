"""The ledger in words: one sentence for each kind of event in a customer's history, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heartline.conversations.models.case import RESOLUTIONS
from heartline.customers.models import Purpose, Tier
from heartline.people.models.organisation import CHANNELS
from heartline.promises.callbacks.models import Try
from heartline.routing.words import sentence
from heartline.ui.formats import span_of

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """What ids in events are called, for the reader."""

    people: Mapping[int, str]
    queues: Mapping[int, str]
    reasons: Mapping[int, str]
    outside: Mapping[int, str] = field(default_factory=dict)
    tried: Mapping[int, str] = field(default_factory=dict)

    def person(self, id: int | None) -> str:
        """Return a person's name."""
        return self.people.get(id or 0, _("a colleague"))

    def queue(self, id: int | None) -> str:
        """Return a queue's name."""
        return self.queues.get(id or 0, _("a queue"))


@dataclass(frozen=True)
class Told:
    """One line of a history: an icon, how it is meant (late, waiting, kept or nothing), and the sentence."""

    icon: str
    tone: str
    text: str


Teller = Callable[[Body, str, Names], Told | None]


def tell(kind: str, body: Body, actor: str, names: Names) -> Told | None:
    """Return what happened in words, or None for kinds that are no part of a customer's story."""
    teller = TELLERS.get(kind)
    return teller(body, actor, names) if teller else None


def _opened(body: Body, actor: str, names: Names) -> Told:
    values = {"channel": _channel(body), "queue": names.queue(body["queue_id"])}
    text = _("Asked for us: %(channel)s, %(queue)s") % values
    return Told({"webchat": "chat", "webform": "form", "callback": "callback"}.get(body["channel"], "inbox"), "", text)


def _answered(body: Body, actor: str, names: Names) -> Told:
    values = {"name": body["person_name"], "wait": _span(body["waited_ms"])}
    return Told("user-check", "", _("%(name)s took it after %(wait)s") % values)


def _moved(body: Body, actor: str, names: Names) -> Told:
    values = {"actor": actor, "from": names.person(body["from_person_id"]), "to": body["person_name"]}
    return Told("repeat", "", _("%(actor)s gave it from %(from)s to %(to)s") % values)


def _returned(body: Body, actor: str, names: Names) -> Told:
    if body["why"] == "no_answer":
        return Told("wait", "", _("It waits again at its old place, to be rung later"))
    if body["why"] != "transfer":
        text = _("%(actor)s gave it back to %(queue)s") % {"actor": actor, "queue": names.queue(body["queue_id"])}
        return Told("undo-2", "", text)
    values = {"actor": actor, "queue": names.queue(body["queue_id"]), "name": names.person(body["preferred_id"])}
    if body["preferred_id"]:
        return Told("hand-over", "", _("%(actor)s handed it over to %(name)s, %(queue)s") % values)
    return Told("hand-over", "", _("%(actor)s handed it over to %(queue)s") % values)


def _controlled(body: Body, actor: str, names: Names) -> Told | None:
    """What a supervisor decided about its place; that it was moved is told by the move itself."""
    values = {"actor": actor, "name": names.person(body["person_id"]), "span": _span(body["seconds"] * 1000)}
    if body["control"] == "move":
        return None
    if body["undone"]:
        return Told("undo-2", "", _("%(actor)s took a decision about its place back") % values)
    if body["control"] == "pin":
        return Told("pin", "", _("%(actor)s kept it for %(name)s") % values)
    return Told("chevron-up", "", _("%(actor)s raised it in line by %(span)s") % values)


def _requeued(body: Body, actor: str, names: Names) -> Told:
    values = {"actor": actor, "queue": names.queue(body["queue_id"]), "from_queue": names.queue(body["from_queue_id"])}
    return Told("hand-over", "", _("%(actor)s moved it from %(from_queue)s to %(queue)s, at its old place") % values)


def _handover_accepted(body: Body, actor: str, names: Names) -> Told:
    text = _("%(name)s accepted the hand-over") % {"name": names.person(body["person_id"])}
    return Told("check", "kept", text)


def _abandoned(body: Body, actor: str, names: Names) -> Told:
    if body["how"] == "callback":
        text = _("Chose to be called after waiting %(wait)s") % {"wait": _span(body["waited_ms"])}
        return Told("callback", "waiting", text)
    return Told("x", "late", _("Left before being served, after %(wait)s") % {"wait": _span(body["waited_ms"])})


def _resumed(body: Body, actor: str, names: Names) -> Told:
    return Told("refresh-cw", "", _("Came back and kept the place in line"))


def _ended(body: Body, actor: str, names: Names) -> Told:
    if body["ended_by"] == "person":
        return Told("circle-check", "", _("%(actor)s ended the contact") % {"actor": actor})
    return Told("circle-check", "", _("The customer ended the contact"))


def _finished(body: Body, actor: str, names: Names) -> Told:
    resolution = str(dict(RESOLUTIONS).get(body["resolution"], body["resolution"]))
    values = {"reason": names.reasons.get(body["reason_id"], ""), "resolution": resolution}
    tone = {"solved": "kept", "no_answer_needed": "kept", "unsolved": "late"}.get(body["resolution"], "waiting")
    return Told("clipboard-list", tone, _("Wrapped up: %(reason)s. %(resolution)s") % values)


def _case_changed(body: Body, actor: str, names: Names) -> Told | None:
    changed = set(body["changed"])
    if changed & {"subject", "wants"}:
        return Told("square-pen", "", _("%(actor)s wrote down what the customer wants") % {"actor": actor})
    if "owner" in changed:
        return Told("user", "", _("Owner is now %(name)s") % {"name": names.person(body["owner_id"])})
    if "state" in changed:
        # Whose move it is meanwhile is told by what was wrapped up and by who writes next.
        said = {"open": _("Case open again"), "solved": _("Case solved"), "closed": _("Case closed")}.get(body["state"])
        return Told("info", "", said) if said else None
    return Told("tag", "", _("Reason: %(reason)s") % {"reason": names.reasons.get(body["reason_id"], "")})


def _fields_changed(body: Body, actor: str, names: Names) -> Told:
    if body["type_id"] != body["from_type_id"]:
        return Told("list-tree", "", _("%(actor)s said what type of case it is") % {"actor": actor})
    return Told("list-tree", "", _("%(actor)s filled in details of the case") % {"actor": actor})


def _contacts_moved(body: Body, actor: str, names: Names) -> Told:
    values = {"actor": actor, "from": body["from_case_id"], "to": body["case_id"]}
    if body["how"] == "merged":
        return Told("merge", "", _("%(actor)s merged case %(from)s into case %(to)s") % values)
    if body["how"] == "split":
        return Told("split", "", _("%(actor)s split case %(to)s off case %(from)s") % values)
    if body["how"] == "moved":
        return Told("arrow-right", "", _("%(actor)s moved a contact from case %(from)s to case %(to)s") % values)
    return Told("undo-2", "", _("%(actor)s took it back: case %(to)s has its contacts again") % values)


def _task(body: Body, actor: str, names: Names) -> Told:
    doer = names.person(body["person_id"]) if body["person_id"] else _("a team")
    values = {"actor": actor, "name": doer}
    if body["how"] in ("opened", "given"):
        return Told("clipboard-list", "waiting", _("%(actor)s gave a task to %(name)s") % values)
    if body["how"] == "done":
        return Told("check", "kept", _("%(actor)s did a task") % values)
    if body["how"] == "dropped":
        return Told("x", "", _("%(actor)s closed a task that is not needed") % values)
    return Told("undo-2", "waiting", _("%(actor)s opened a task again") % values)


def _linked(body: Body, actor: str, names: Names) -> Told:
    values = {"actor": actor, "other": body["other_id"]}
    if body["linked"]:
        return Told("link", "", _("%(actor)s linked case %(other)s") % values)
    return Told("link", "", _("%(actor)s unlinked case %(other)s") % values)


def _snoozed(body: Body, actor: str, names: Names) -> Told | None:
    name = names.person(body["person_id"])
    if body["state"] == "asleep":
        return Told("clock", "", _("%(name)s snoozed it") % {"name": name})
    if body["state"] == "awake":
        said = (
            _("Back from snooze for %(name)s: the customer wrote")
            if body["why"] == "spoke"
            else _("Back from snooze for %(name)s")
        )
        return Told("bell", "waiting", said % {"name": name})
    return None


def _tried(body: Body, actor: str, names: Names) -> Told:
    what = names.tried.get(body["tried_id"], "")
    if body["tried_kind"] == "person":
        return Told("x", "", _("%(name)s had it and passed it on") % {"name": what})
    return Told("x", "", _("Tried: %(what)s") % {"what": what})


def _consulted(body: Body, actor: str, names: Names) -> Told | None:
    """What became of a question to an expert, in a sentence; what only its expert needs to know is left out."""
    to = names.person(body["expert_id"])
    values = {"actor": actor, "name": to, "before": names.person(body["from_expert_id"])}
    values["after"] = _span(body["after_ms"])
    if body["how"] == "asked" and not body["expert_id"]:
        return Told("circle-question-mark", "", _("%(actor)s asked for an expert") % values)
    told = {
        "asked": ("circle-question-mark", "", _("%(actor)s asked %(name)s a question")),
        "accepted": ("user-check", "", _("%(name)s took the question")),
        "answered": ("message-circle", "kept", _("%(name)s answered the question after %(after)s")),
        "declined": ("x", "", _("%(before)s could not answer")),
        "passed": ("repeat", "", _("%(before)s passed the question on to %(name)s")),
        "unanswered": ("wait", "late", _("%(before)s did not take the question")),
        "waits": ("wait", "waiting", _("The question waits: no expert can take it now")),
        "given_on": ("repeat", "", _("The question went to %(name)s")),
        "withdrawn": ("undo-2", "", _("%(actor)s withdrew the question")),
        "taken_over": ("hand-over", "", _("%(before)s took the contact over instead of answering")),
        "late": ("wait", "late", _("The expert’s answer is late")),
    }.get(body["how"])
    if told is None or (body["how"] == "given_on" and not body["expert_id"]):
        return None
    icon, tone, text = told
    return Told(icon, tone, text % values)


def _joined(body: Body, actor: str, names: Names) -> Told:
    if body["role"] == "expert" and body["person_name"] != actor:
        text = _("%(actor)s asked %(name)s for advice") % {"actor": actor, "name": body["person_name"]}
        return Told("user-plus", "", text)
    return Told("user-plus", "", _("%(name)s joined") % {"name": body["person_name"]})


def _left(body: Body, actor: str, names: Names) -> Told:
    return Told("user-x", "", _("%(name)s left the contact") % {"name": names.person(body["person_id"])})


def _owed(body: Body, actor: str, names: Names) -> Told:
    if body["follow_up_kind"] == "callback":
        return Told("callback", "waiting", _("We promised to call back"))
    return Told("promise", "waiting", _("We owe a reply to a low score"))


def _rang(body: Body, actor: str, names: Names) -> Told:
    """What came of an attempt to reach a customer, in a sentence."""
    outcome = dict(Try.OUTCOMES).get(body["outcome"], body["outcome"])
    values = {"actor": actor, "outcome": outcome, "number": body["number"]}
    if body["outcome"] == "reached":
        return Told("callback", "kept", _("%(actor)s rang and got through") % values)
    last = "" if body["again_at"] else _("It was the last attempt")
    text = _("%(actor)s rang, attempt %(number)s: %(outcome)s") % values
    return Told("callback", "waiting" if body["again_at"] else "late", f"{text} · {last}" if last else text)


def _call_moved(body: Body, actor: str, names: Names) -> Told:
    if body["slot_at"]:
        return Told("callback", "", _("The customer chose another time to be called"))
    return Told("callback", "", _("The customer wants to be called as soon as it is their turn"))


def _called_off(body: Body, actor: str, names: Names) -> Told:
    return Told("callback", "", _("The customer needs no call any more"))


def _told_late(body: Body, actor: str, names: Names) -> Told:
    return Told("callback", "late", _("We told the customer that our call is late"))


def _owed_more(body: Body, actor: str, names: Names) -> Told | None:
    if body.get("was_moved"):  # the attempt, or the customer's choice, is told already
        return None
    return Told("promise", "waiting", _("More was asked of what we owe"))


def _owed_by_other(body: Body, actor: str, names: Names) -> Told:
    return Told("repeat", "", _("What we owe is now for %(name)s") % {"name": names.person(body["owner_id"])})


def _owed_soon(body: Body, actor: str, names: Names) -> Told:
    return Told("wait", "waiting", _("What we owe is nearly due"))


def _owed_late(body: Body, actor: str, names: Names) -> Told:
    return Told("broken", "late", _("What we owe was not done in time"))


def _owed_done(body: Body, actor: str, names: Names) -> Told:
    if body["late_ms"]:
        return Told("kept", "waiting", _("Done what we owed, %(late)s late") % {"late": _span(body["late_ms"])})
    return Told("kept", "kept", _("Done what we owed, in time"))


def _asked(body: Body, actor: str, names: Names) -> Told:
    return Told("star", "", _("Asked how it was"))


def _rated(body: Body, actor: str, names: Names) -> Told:
    tone = "late" if body["score"] <= 2 else "kept" if body["score"] >= 4 else ""
    return Told("star", tone, _("Rated %(score)s of 5") % {"score": body["score"]})


def _customer_created(body: Body, actor: str, names: Names) -> Told:
    return Told("user", "", _("First came to us"))


def _tier_changed(body: Body, actor: str, names: Names) -> Told:
    tiers = dict(Tier.choices)
    values = {"actor": actor, "from": tiers.get(body["from_tier"], ""), "to": tiers.get(body["tier"], "")}
    if body["why"] == "rule":
        return Told("layers", "", _("Tier by rule: from %(from)s to %(to)s") % values)
    return Told("layers", "", _("%(actor)s changed the tier from %(from)s to %(to)s") % values)


def _consent_changed(body: Body, actor: str, names: Names) -> Told:
    values = {"actor": actor, "what": dict(Purpose.choices).get(body["purpose"], "")}
    if body["is_given"]:
        return Told("circle-check", "", _("%(actor)s wrote down: agrees to %(what)s") % values)
    return Told("ban", "", _("%(actor)s wrote down: refuses %(what)s") % values)


def _customers_merged(body: Body, actor: str, names: Names) -> Told:
    return Told(
        "merge", "", _("%(actor)s merged record %(id)s into this one") % {"actor": actor, "id": body["gone_id"]}
    )


def _customers_unmerged(body: Body, actor: str, names: Names) -> Told:
    values = {"actor": actor, "kept": body["customer_id"], "id": body["gone_id"]}
    return Told("undo-2", "", _("%(actor)s took records %(kept)s and %(id)s apart") % values)


def _told_from_outside(body: Body, actor: str, names: Names) -> Told:
    return Told("external-link", "", names.outside.get(body["outside_id"]) or _("Another system told us of something"))


def _offer_ended(body: Body, actor: str, names: Names) -> Told | None:
    values = {"name": names.person(body["person_id"])}
    if body["outcome"] == "declined":
        return Told("x", "", _("%(name)s could not take it") % values)
    return Told("wait", "late", _("%(name)s did not answer") % values) if body["outcome"] == "expired" else None


def _limit_passed(body: Body, actor: str, names: Names) -> Told:
    values = {"name": names.person(body["person_id"]), "why": sentence(body["limit"], body["values"])}
    return Told("triangle-alert", "", _("%(name)s took it beyond what they take at once: %(why)s") % values)


def _channel(body: Body) -> str:
    return str(dict(CHANNELS).get(body["channel"], body["channel"]))


def _span(milliseconds: int) -> str:
    return span_of(milliseconds / 1000, language=get_language() or "en")


TELLERS: dict[str, Teller] = {
    "conversations.case_changed": _case_changed,
    "conversations.contact_opened": _opened,
    "conversations.contact_answered": _answered,
    "conversations.contact_moved": _moved,
    "conversations.contact_returned": _returned,
    "conversations.contact_requeued": _requeued,
    "routing.contact_controlled": _controlled,
    "conversations.handover_accepted": _handover_accepted,
    "conversations.contact_abandoned": _abandoned,
    "conversations.contact_resumed": _resumed,
    "conversations.contact_ended": _ended,
    "conversations.contact_finished": _finished,
    "conversations.case_fields_changed": _fields_changed,
    "conversations.snooze_changed": _snoozed,
    "conversations.contacts_moved": _contacts_moved,
    "conversations.cases_linked": _linked,
    "conversations.consultation_changed": _consulted,
    "conversations.task_changed": _task,
    "conversations.tried": _tried,
    "conversations.participant_joined": _joined,
    "conversations.participant_left": _left,
    "customers.consent_changed": _consent_changed,
    "customers.customer_created": _customer_created,
    "customers.customers_merged": _customers_merged,
    "customers.customers_unmerged": _customers_unmerged,
    "customers.outside_event": _told_from_outside,
    "customers.tier_changed": _tier_changed,
    "promises.call_tried": _rang,
    "promises.call_moved": _call_moved,
    "promises.call_called_off": _called_off,
    "promises.call_told_late": _told_late,
    "promises.follow_up_opened": _owed,
    "promises.follow_up_added_to": _owed_more,
    "promises.follow_up_handed_over": _owed_by_other,
    "promises.follow_up_warned": _owed_soon,
    "promises.follow_up_late": _owed_late,
    "promises.follow_up_done": _owed_done,
    "routing.limit_passed": _limit_passed,
    "routing.offer_ended": _offer_ended,
    "voice_of_customer.invited": _asked,
    "voice_of_customer.responded": _rated,
}
# Kinds with nothing to tell in a story: said elsewhere on the page, or said by another event of the same moment.
SILENT = frozenset(
    {
        "conversations.case_opened",
        "conversations.answer_time_changed",
        "conversations.case_tagged",
        "conversations.expert_told",
        "conversations.expertise_changed",
        "conversations.macro_changed",
        "conversations.watch_changed",
        "conversations.file_added",
        "conversations.message_added",
        "conversations.messages_seen",
        "conversations.draft_shared",
        "conversations.mentioned",
        "conversations.mentions_read",
        "conversations.outgoing_changed",
        "conversations.quick_reply_changed",
        "customers.addresses_shown",
        "customers.customer_changed",
        "customers.duplicate_dismissed",
        "customers.erased",
        "customers.exported",
        "customers.identity_added",
        "customers.identity_removed",
        "customers.import_changed",
        "customers.note_changed",
        "customers.organisation_changed",
        "customers.retention_done",
        "routing.borrowing_changed",
        "routing.emergency_ended",
        "routing.emergency_told",
        "routing.offer_made",
        "routing.plan_changed",
        "routing.queue_paused",
        "routing.queue_resumed",
    }
)
# Kinds that stand between the messages of a conversation.
BETWEEN_MESSAGES = frozenset(
    {
        "conversations.contact_opened",
        "conversations.contact_answered",
        "conversations.contact_moved",
        "conversations.contact_returned",
        "conversations.contact_requeued",
        "conversations.contact_abandoned",
        "conversations.contact_resumed",
        "conversations.contact_ended",
        "conversations.contact_finished",
        "conversations.participant_joined",
        "conversations.participant_left",
        "voice_of_customer.responded",
    }
)
