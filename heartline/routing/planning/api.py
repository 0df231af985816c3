"""The routing plan, for programs: the one in use, the draft, its versions, the same as TOML, and a day tried under it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import Conflict
from heartline.common.schemas import Page, Sent
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest
from heartline.routing.models import PlanVersion
from heartline.routing.planning.compared import changes, whole
from heartline.routing.planning.holidays import with_holidays
from heartline.routing.planning.labels import things
from heartline.routing.planning.preview_pages import tried
from heartline.routing.planning.trying import Figures, Group
from heartline.routing.planning.trying import yesterday as day_before
from heartline.routing.plans import actions, toml
from heartline.routing.plans.queries import content_in_use, draft, number_in_use, version, versions

router = Router(tags=["Routing plan"])
LONGEST = 1_000_000
_CONTENT = {"application/toml": {"schema": {"type": "string"}}}
TOML_FILE = {"responses": {200: {"description": "The file.", "content": _CONTENT}}}


class PlanSent(Sent):
    """A plan; everything may be left out. `saved` is the save of the draft that it was made from."""

    content: dict[str, Any] = {}
    note: Annotated[str, Field(max_length=300)] = ""
    saved: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class PlanFileSent(Sent):
    """A plan as the text of a TOML file."""

    toml: Annotated[str, Field(max_length=LONGEST)]
    saved: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class SiteHolidaysSent(Sent):
    """A calendar file (iCalendar, .ics) as text, and the key of the site that is closed on its days."""

    site: Annotated[str, Field(max_length=60)]
    ical: Annotated[str, Field(max_length=LONGEST)]
    saved: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class PlanNoteSent(Sent):
    """What changes, for colleagues who read the versions."""

    note: Annotated[str, Field(max_length=300)] = ""


class PlanNumberSent(Sent):
    """The version that comes back; 0 is what is built in."""

    number: Annotated[int, Field(ge=0, le=1_000_000)]


class TrialSent(Sent):
    """The day to try the draft on; left out, yesterday."""

    day: date | None = None


class PlanShown(BaseModel):
    """The plan in use with every default in its place; number 0 is what is built in."""

    number: int
    content: dict[str, Any]


class PlanVersionShown(BaseModel):
    """A version of the plan."""

    number: int
    state: str
    note: str
    base: int
    saved: int
    made_at: datetime
    made_by_id: int | None
    published_at: datetime | None
    published_by_id: int | None
    content: dict[str, Any]


class PlanChangeShown(BaseModel):
    """One thing that a draft would change, in words."""

    where: str
    was: str
    now: str


class PlanDraftShown(PlanVersionShown):
    """The draft, what is wrong with it by place, and what it would change."""

    problems: dict[str, str]
    changes: list[PlanChangeShown]


class StandingDraftShown(BaseModel):
    """The draft; null while nobody writes one."""

    draft: PlanDraftShown | None


class TrialFiguresShown(BaseModel):
    """How a group of contacts fared; waits in seconds."""

    n: int
    answered: int
    left: int
    in_time: float | None
    p50: float | None
    p90: float | None


class TrialGroupShown(BaseModel):
    """A group as it happened, under the plan in use and under the draft; how many the draft serves sooner and later."""

    key: str
    happened: TrialFiguresShown
    current: TrialFiguresShown
    draft: TrialFiguresShown
    sooner: int
    later: int


class TrialShown(BaseModel):
    """A day under the draft. Queues are named by their numbers, tiers by their keys."""

    day: date
    total: TrialGroupShown
    queues: list[TrialGroupShown]
    tiers: list[TrialGroupShown]
    was_cut: bool
    was_stopped: bool


@router.get("/routing/plan", response=PlanShown)
def read_plan(request: StaffRequest) -> PlanShown:
    """Return the plan in use."""
    return PlanShown(number=number_in_use(), content=whole(content_in_use()))


@router.get("/routing/plan/file", openapi_extra=TOML_FILE)
def download_plan(request: StaffRequest) -> HttpResponse:
    """Return the plan in use as a TOML file, with every default in its place."""
    return HttpResponse(toml.dumps(whole(content_in_use())), content_type="application/toml; charset=utf-8")


@router.post("/routing/plan/check", response=dict[str, str])
def check_plan(request: StaffRequest, sent: PlanSent) -> dict[str, str]:
    """Return what is wrong with a plan by its place, such as `queues.chat-zh.steps.1.until`; nothing when it could be used."""
    return actions.check(sent.content)


@router.get("/routing/plan/draft", response=StandingDraftShown)
def read_plan_draft(request: StaffRequest) -> StandingDraftShown:
    """Return the draft; null while there is none."""
    standing = draft()
    return StandingDraftShown(draft=_draft(standing) if standing else None)


@router.put("/routing/plan/draft", response=PlanDraftShown)
def save_plan_draft(request: StaffRequest, sent: PlanSent) -> PlanDraftShown:
    """Keep a plan as the draft, good or not; refused when somebody else saved since `saved`."""
    return _draft(_save(request, sent.content, sent.note, sent.saved))


@router.put("/routing/plan/draft/file", response=PlanDraftShown)
def upload_plan_draft(request: StaffRequest, sent: PlanFileSent) -> PlanDraftShown:
    """Keep a TOML file as the draft."""
    return _draft(_save(request, toml.loads(sent.toml), "", sent.saved))


@router.post("/routing/plan/draft/holidays", response=PlanDraftShown)
def add_plan_holidays(request: StaffRequest, sent: SiteHolidaysSent) -> PlanDraftShown:
    """Let a site be closed, in the draft, on the whole-day events of a calendar file that are to come."""
    standing = draft()
    content = standing.content if standing else content_in_use()
    found, _added, _days = with_holidays(content, sent.site, sent.ical.encode(), clock.now())
    return _draft(_save(request, found, "", sent.saved))


@router.delete("/routing/plan/draft", response={204: None})
def discard_plan_draft(request: StaffRequest) -> Status[None]:
    """Throw the draft away."""
    actions.discard_draft(by=actor_for(request.user), now=clock.now())
    return Status(204, None)


@router.post("/routing/plan/draft/publish", response=PlanVersionShown)
def publish_plan(request: StaffRequest, sent: PlanNoteSent) -> PlanVersionShown:
    """Put the draft in use from the next offer on."""
    by, now, standing = actor_for(request.user), clock.now(), _standing()
    if sent.note:
        standing = actions.save_draft(standing.content, note=sent.note, saved=standing.saved, by=by, now=now)
    return _version(actions.publish(standing, by=by, now=now))


@router.post("/routing/plan/draft/rebase", response=PlanDraftShown)
def rebase_plan_draft(request: StaffRequest) -> PlanDraftShown:
    """Say that the draft is meant to replace what was published since it was begun."""
    return _draft(actions.rebase_draft(_standing(), by=actor_for(request.user), now=clock.now()))


@router.post("/routing/plan/draft/try", response=TrialShown)
def try_plan(request: StaffRequest, sent: TrialSent) -> TrialShown:
    """Return who would have been served when on a day, under the draft and under the plan in use, beside what happened."""
    latest = day_before(clock.now())
    day = min(sent.day, latest) if sent.day else latest
    trial = tried(day)
    return TrialShown(
        day=day,
        total=_group(trial.total),
        queues=[_group(one) for one in trial.queues],
        tiers=[_group(one) for one in trial.tiers],
        was_cut=trial.was_cut,
        was_stopped=trial.was_stopped,
    )


@router.get("/routing/plan/versions", response=Page[PlanVersionShown])
def list_plan_versions(request: StaffRequest) -> Page[PlanVersionShown]:
    """Return every version of the plan, the newest first."""
    return Page(items=[_version(row) for row in versions()], next=None)


@router.get("/routing/plan/versions/{number}", response=PlanVersionShown)
def read_plan_version(request: StaffRequest, number: int) -> PlanVersionShown:
    """Return one version."""
    return _version(version(number))


@router.post("/routing/plan/roll-back", response=PlanVersionShown)
def roll_back_plan(request: StaffRequest, sent: PlanNumberSent) -> PlanVersionShown:
    """Put an old version in use again, as a new version with the same content."""
    return _version(actions.roll_back(sent.number, by=actor_for(request.user), now=clock.now()))


def _standing() -> PlanVersion:
    standing = draft()
    if standing is None:
        raise Conflict(_("There is no draft"), code="no_draft")
    return standing


def _save(request: StaffRequest, content: dict[str, Any], note: str, saved: int) -> PlanVersion:
    standing = draft()
    known = saved if saved or standing is None else -1
    return actions.save_draft(content, note=note, saved=known, by=actor_for(request.user), now=clock.now())


def _version(row: PlanVersion) -> PlanVersionShown:
    return PlanVersionShown(**_columns(row))


def _draft(row: PlanVersion) -> PlanDraftShown:
    found = changes(content_in_use(), row.content, things())
    shown = [PlanChangeShown(where=one.where, was=one.was, now=one.now) for one in found]
    return PlanDraftShown(**_columns(row), problems=actions.check(row.content), changes=shown)


def _columns(row: PlanVersion) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PlanVersionShown.model_fields}


def _group(one: Group) -> TrialGroupShown:
    ways = {name: _figures(getattr(one, name)) for name in ("happened", "current", "draft")}
    return TrialGroupShown(key=one.key, sooner=one.sooner, later=one.later, **ways)


def _figures(one: Figures) -> TrialFiguresShown:
    return TrialFiguresShown.model_validate(one, from_attributes=True)
