"""Scorecards and the versions of what they ask, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import Invalid
from heartline.common.filled import checked
from heartline.common.paging import page_of
from heartline.common.schemas import Id, Page, PageAsked, Sent
from heartline.improvement.quality.actions import cards as actions
from heartline.improvement.quality.forms import CardForm
from heartline.improvement.quality.models import CardVersion, Scorecard
from heartline.improvement.quality.queries.cards import card_for, cards_for, version_for
from heartline.improvement.quality.rules.card import MOST_QUESTIONS, MOST_SECTIONS, Question, Section, rebuilt
from heartline.ledger.actions import one_change
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Quality: scorecards"])

Number = Annotated[int, Field(ge=1, le=32767)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
CardName = Annotated[str, Field(max_length=120)]
Key = Annotated[str, Field(pattern=r"^([a-z][0-9]{1,4})?$")]
Steps = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=11)]
CALLED = {"queues": "queue_ids"}


class ScorecardSent(Sent):
    """A scorecard; no channel or no queue means all of them."""

    name_en: CardName
    name_zh: CardName = ""
    channels: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=20)] = []
    queue_ids: Annotated[list[Id], Field(max_length=200)] = []


class ScorecardChanges(ScorecardSent):
    """What to change of a scorecard; what is left out stays."""

    name_en: CardName = ""
    is_active: bool = True


class ScorecardShown(BaseModel):
    """A scorecard. `newest` is the number of its newest published version, `used` how often it was scored with."""

    id: int
    name_en: str
    name_zh: str
    channels: list[str]
    queue_ids: list[int]
    is_active: bool
    newest: int | None
    used: int


class QuestionAsked(Sent):
    """A question. A yes-or-no has the best value 1; a scale goes from 0 to `top`, and `steps` say what each value means.

    `key` names a question of the version before; left empty, the question is new and gets a key of its own.
    """

    key: Key = ""
    text_en: Annotated[str, Field(max_length=300)] = ""
    text_zh: Annotated[str, Field(max_length=300)] = ""
    guide_en: Annotated[str, Field(max_length=600)] = ""
    guide_zh: Annotated[str, Field(max_length=600)] = ""
    kind: Literal["yes_no", "scale"] = "yes_no"
    top: Literal[1, 2, 3, 4, 5, 10] = 1
    steps_en: Steps = []
    steps_zh: Steps = []
    weight: Annotated[int, Field(ge=1, le=100)] = 1
    critical: bool = False
    na: bool = True


class SectionAsked(Sent):
    """Questions that belong together."""

    key: Key = ""
    name_en: CardName = ""
    name_zh: CardName = ""
    questions: Annotated[list[QuestionAsked], Field(max_length=MOST_QUESTIONS)] = []


class CardVersionSent(Sent):
    """What a version asks, as a whole. `base` is the `saved` it was made from: a later save is never written over."""

    base: Count
    sections: Annotated[list[SectionAsked], Field(max_length=MOST_SECTIONS)]


class CardVersionShown(BaseModel):
    """A version of a scorecard. Once it is published nothing changes it any more."""

    id: int
    card_id: int
    number: int
    saved: int
    published_at: datetime | None
    published_by_id: int | None
    sections: list[SectionAsked]


@router.get("/quality/scorecards", response=Page[ScorecardShown])
def list_scorecards(request: StaffRequest, asked: Query[PageAsked]) -> Page[ScorecardShown]:
    """Return the scorecards, newest first."""
    found, following = page_of(cards_for(request.scope), asked.cursor, asked.limit)
    return Page(items=[_card(row) for row in found], next=following)


@router.post("/quality/scorecards", response={201: ScorecardShown})
def add_scorecard(request: StaffRequest, sent: ScorecardSent) -> ScorecardShown:
    """Add a scorecard; its first version has one section to fill in."""
    return _saved(request, Scorecard(), sent.model_dump())


@router.patch("/quality/scorecards/{card_id}", response=ScorecardShown)
def change_scorecard(request: StaffRequest, card_id: Id, sent: ScorecardChanges) -> ScorecardShown:
    """Change a scorecard's names and where it is used, or take it out of use; what was scored with it stays."""
    card = card_for(request.scope, card_id)
    standing = _card(card).model_dump(include={"name_en", "name_zh", "channels", "queue_ids"})
    given = sent.model_dump(exclude_unset=True)
    is_active = given.pop("is_active", card.is_active)
    with one_change():
        if given:
            _saved(request, card, standing | given)
        if is_active != card.is_active:
            actions.set_in_use(card, is_active, by=actor_for(request.user), now=clock.now())
    return _card(card_for(request.scope, card_id))


@router.get("/quality/scorecards/{card_id}/versions", response=Page[CardVersionShown])
def list_card_versions(request: StaffRequest, card_id: Id, asked: Query[PageAsked]) -> Page[CardVersionShown]:
    """Return the versions of a scorecard, newest first."""
    rows = card_for(request.scope, card_id).versions.all()
    found, following = page_of(rows, asked.cursor, asked.limit)
    return Page(items=[_version(row) for row in found], next=following)


@router.post("/quality/scorecards/{card_id}/versions", response=CardVersionShown)
def begin_card_version(request: StaffRequest, card_id: Id) -> CardVersionShown:
    """Begin the next version as a copy of the last, or return the one that is being written."""
    card = card_for(request.scope, card_id)
    return _version(actions.begin_version(card, by=actor_for(request.user), now=clock.now()))


@router.put("/quality/scorecards/{card_id}/versions/{number}", response=CardVersionShown)
def write_card_version(request: StaffRequest, card_id: Id, number: Number, sent: CardVersionSent) -> CardVersionShown:
    """Say what a version that is being written asks; nobody is scored by it until it is published."""
    version = version_for(request.scope, card_id, number)
    content, by = rebuilt(version.asks(), [_section(one) for one in sent.sections]), actor_for(request.user)
    if len(list(content.questions())) > MOST_QUESTIONS:
        text = _("A card asks %(most)s questions at most") % {"most": MOST_QUESTIONS}
        raise Invalid(text, fields={"sections": text})
    return _version(actions.write_version(version, content, base=sent.base, by=by, now=clock.now()))


@router.post("/quality/scorecards/{card_id}/versions/{number}/publish", response=CardVersionShown)
def publish_card_version(request: StaffRequest, card_id: Id, number: Number) -> CardVersionShown:
    """Publish a version; `fields` of a refusal name the questions and sections that are not ready, by key."""
    version = version_for(request.scope, card_id, number)
    return _version(actions.publish(version, by=actor_for(request.user), now=clock.now()))


def _saved(request: StaffRequest, card: Scorecard, values: dict[str, Any]) -> ScorecardShown:
    plain = {name: value for name, value in values.items() if name != "queue_ids"}
    form = CardForm(request.scope, plain | {"queues": values["queue_ids"]})
    typed = checked(form, CALLED)
    saved = actions.save_card(card, form.values(), typed["queues"], by=actor_for(request.user), now=clock.now())
    return _card(card_for(request.scope, saved.pk))


def _card(row: Any) -> ScorecardShown:
    names = ScorecardShown.model_fields.keys() - {"queue_ids"}
    given = {name: getattr(row, name) for name in names}
    return ScorecardShown(**given, queue_ids=sorted(queue.id for queue in row.queues.all()))


def _version(row: CardVersion) -> CardVersionShown:
    names = CardVersionShown.model_fields.keys() - {"sections"}
    return CardVersionShown(**{name: getattr(row, name) for name in names}, sections=sections_of(row))


def sections_of(version: CardVersion) -> list[SectionAsked]:
    """Return what a version asks."""
    return [SectionAsked.model_validate(one) for one in version.content.get("sections", ())]


def _section(sent: SectionAsked) -> Section:
    questions = (
        Question(**{**one.model_dump(), "steps_en": tuple(one.steps_en), "steps_zh": tuple(one.steps_zh)})
        for one in sent.questions
    )
    return Section(key=sent.key, name_en=sent.name_en, name_zh=sent.name_zh, questions=tuple(questions))
