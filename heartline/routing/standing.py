"""How one contact stands: its whole rank, why it waits, what happens next, and for each colleague why not them.

Explanations name colleagues: they are for staff who may see the contact, never for its customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from heartline.routing import rules
from heartline.routing.queries import Situation, situation, skill_names, with_skill_names
from heartline.routing.rules.plan import Step
from heartline.routing.rules.why_not import what_next, why_not
from heartline.routing.words import sentence, sentences


@dataclass(frozen=True)
class WhyNot:
    """Why one colleague does not get one contact, as sentences."""

    person_id: int
    name: str
    reasons: tuple[str, ...]
    comes: bool


@dataclass(frozen=True)
class Standing:
    """Where a waiting contact stands. `parts` are pairs of seconds and what they are for; they add up to `seconds`."""

    contact_id: int
    position: int
    seconds: int
    parts: tuple[tuple[int, str], ...]
    why: tuple[str, ...]
    next: tuple[str, ...]
    people: tuple[WhyNot, ...]

    @property
    def added(self) -> int:
        """How many seconds it counts for beside its wait."""
        return self.seconds - (self.parts[0][0] if self.parts else 0)


def standing_of(contact_id: int, person_ids: Iterable[int], now: datetime) -> Standing | None:
    """Return how a contact stands, with why not each of some colleagues; None when it does not wait."""
    known = situation()
    work = next((one for one in known.works if one.id == contact_id), None)
    return _standing(work, known, frozenset(person_ids), now) if work else None


def why_not_me(person_id: int, queue_ids: frozenset[int] | None, now: datetime) -> list[tuple[int, WhyNot]]:
    """Return, for each contact that waits in some queues (None: in all), why it is not with a person; first in line first."""
    known = situation()
    server = next((one for one in known.servers if one.id == person_id), None)
    if server is None:
        return []
    names = skill_names()
    mine = [one for one in known.works if queue_ids is None or one.queue_id in queue_ids or one.pinned_to == person_id]
    return [(work.id, _why_not(work, server, known, names, now)) for work in rules.in_order(mine, now, known.plan)]


def _standing(work: rules.Work, known: Situation, wanted: frozenset[int], now: datetime) -> Standing:
    names, ranked = skill_names(), rules.rank(work, now, known.plan)
    told = sentences(ranked.reasons())
    return Standing(
        contact_id=work.id,
        position=_position(work, known, now),
        seconds=int(ranked.seconds),
        parts=tuple((int(part.seconds), words) for part, words in zip(ranked.parts, told, strict=True)),
        why=tuple(
            sentences(with_skill_names(rules.why_waiting(work, known.servers, now, known.plan, known.lent), names))
        ),
        next=_next(work, known, names, now),
        people=tuple(_why_not(work, one, known, names, now) for one in known.servers if one.id in wanted),
    )


def _next(work: rules.Work, known: Situation, names: dict[str, dict[str, str]], now: datetime) -> tuple[str, ...]:
    """Return what happens next: what stands in the way, the steps to come with what each changes, and the end of them."""
    soon = sentences(what_next(work, known.servers, now, known.plan, known.lent))
    before, told = rules.step_of(work, known.plan, now), []
    for seconds, step in rules.steps_ahead(work, known.plan, now):
        what = [sentence(code, {}) for code in _changes(before, step)]
        if text := step.telling.text_in(get_language() or "en"):
            what.append(sentence("step_tells", {"text": text}))
        told.append(sentence("next_step", {"seconds": seconds, "what": "; ".join(what) or sentence("step_same", {})}))
        before = step
    return (*soon, *told, sentence("next_stays", {}))


STEP_CODES = frozenset(
    "next_step next_stays step_house step_places step_experts step_asked_must step_asked_prefer step_asked_any "
    "step_language_must step_language_prefer step_language_any step_callback step_tells step_same".split()
)


def _changes(before: Step, step: Step) -> Iterator[str]:
    """Yield what a step lets in, or asks for no more, as codes of sentences."""
    if step.anywhere and not before.anywhere:
        yield "step_house"
    if (step.teams, step.sites) != (before.teams, before.sites):
        yield "step_places"
    if step.experts and not before.experts:
        yield "step_experts"
    if step.asked != before.asked:
        yield f"step_asked_{step.asked}"
    if step.language != before.language:
        yield f"step_language_{step.language}"
    if step.telling.offer_callback and not before.telling.offer_callback:
        yield "step_callback"


def _position(work: rules.Work, known: Situation, now: datetime) -> int:
    """Return the place in the line of its queue and channel: 1 is next."""
    line = [one for one in known.works if (one.queue_id, one.channel) == (work.queue_id, work.channel)]
    ready = [one.id for one in rules.in_order(line, now, known.plan) if one.id == work.id or not one.is_held_back(now)]
    return ready.index(work.id) + 1


def _why_not(
    work: rules.Work, server: rules.Server, known: Situation, names: dict[str, dict[str, str]], now: datetime
) -> WhyNot:
    reasons = with_skill_names(why_not(work, server, known.servers, now, known.plan, known.lent), names)
    comes = {code for code, _params in reasons} <= {"your_turn_comes", "offered_to_you"}
    return WhyNot(server.id, server.name, tuple(sentences(reasons)), comes)
