"""Quick replies, for programs: one's own, one's teams', everybody's, each changed by whom its page lets."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import Invalid
from heartline.common.paging import page_of
from heartline.common.schemas import Done, Id, Page, PageAsked, Sent
from heartline.conversations import levels
from heartline.conversations.models import QuickReply
from heartline.conversations.queries import contact_for
from heartline.conversations.quick_replies import actions
from heartline.conversations.quick_replies.queries import filled_for, quick_replies_for, quick_reply_for
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Quick replies"])

# Whose a thing is: one's own, everybody's, or a team's by its number.
Level = Annotated[str, Field(pattern=r"^(own|everybody|[0-9]{1,15})$", description="own, everybody, or a team’s id.")]
Text = Annotated[str, Field(max_length=4000)]


class QuickReplyShown(BaseModel):
    """A text that is ready, in one language or both. `level` is own, everybody, or the id of a team."""

    id: int
    name: str
    shortcut: str
    text_en: str
    text_zh: str
    level: str
    may_change: bool
    used_count: int
    used_at: datetime | None


class QuickReplySent(Sent):
    """A quick reply and whose it is. Variables stand in double braces, such as {{customer.name}}."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    shortcut: Annotated[str, Field(max_length=40)] = ""
    text_en: Text = ""
    text_zh: Text = ""
    level: Level = "own"


class QuickReplyChanges(Sent):
    """What to change of a quick reply; what is left out stays."""

    name: Annotated[str, Field(min_length=1, max_length=80)] = "-"
    shortcut: Annotated[str, Field(max_length=40)] = ""
    text_en: Text = ""
    text_zh: Text = ""
    level: Level = "own"


class FilledShown(BaseModel):
    """A quick reply as it reads in a contact, in the customer's language; `missing` are variables nothing is known for."""

    id: int
    name: str
    shortcut: str
    level: str
    text: str
    language: str
    missing: list[str]


class AllFilledShown(BaseModel):
    """The quick replies for a contact, the most used first."""

    language: str
    replies: list[FilledShown]


@router.get("/quick-replies", response=Page[QuickReplyShown])
def list_quick_replies(request: StaffRequest, asked: Query[PageAsked]) -> Page[QuickReplyShown]:
    """Return the quick replies the caller may use, newest first."""
    found, following = page_of(quick_replies_for(request.scope), asked.cursor, asked.limit)
    return Page(items=[_shown(request, row) for row in found], next=following)


@router.post("/quick-replies", response={201: QuickReplyShown})
def add_quick_reply(request: StaffRequest, sent: QuickReplySent) -> QuickReplyShown:
    """Add a quick reply: one's own, as a supervisor a team's, as an administrator everybody's."""
    return _shown(request, _saved(request, QuickReply(), sent.model_dump()))


@router.patch("/quick-replies/{reply_id}", response=QuickReplyShown)
def change_quick_reply(request: StaffRequest, reply_id: Id, sent: QuickReplyChanges) -> QuickReplyShown:
    """Change a quick reply, or give it to another level."""
    row = quick_reply_for(request.scope, reply_id)
    whole = {name: getattr(row, name) for name in ("name", "shortcut", "text_en", "text_zh")}
    whole |= {"level": levels.chosen(row), **sent.model_dump(exclude_unset=True)}
    return _shown(request, _saved(request, row, whole))


@router.delete("/quick-replies/{reply_id}", response=Done)
def remove_quick_reply(request: StaffRequest, reply_id: Id) -> Done:
    """Remove a quick reply; what was sent with it stays."""
    row = quick_reply_for(request.scope, reply_id)
    actions.remove_quick_reply(request.scope, row, by=actor_for(request.user), now=clock.now())
    return Done()


@router.post("/quick-replies/{reply_id}/used", response=Done)
def use_quick_reply(request: StaffRequest, reply_id: Id) -> Done:
    """Count that a quick reply went into an answer: those that are used most are offered first."""
    actions.count_use(quick_reply_for(request.scope, reply_id), by=actor_for(request.user), now=clock.now())
    return Done()


@router.get("/contacts/{contact_id}/quick-replies", response=AllFilledShown)
def list_filled_quick_replies(request: StaffRequest, contact_id: Id) -> Any:
    """Return the quick replies as they read in a contact, with the variables filled in."""
    return filled_for(request.scope, contact_for(request.scope, contact_id), request.user)


def whose(request: StaffRequest, level: str) -> dict[str, Any]:
    """Return the fields that a level stands for, or raise Invalid when the caller may not give it."""
    if level not in {key for key, _name in levels.choices(request.scope)}:
        message = _("Choose from the list")
        raise Invalid(message, fields={"level": message})
    return levels.fields_for(request.scope, request.user, level)


def _saved(request: StaffRequest, row: QuickReply, given: dict[str, Any]) -> QuickReply:
    values = {**given, **whose(request, given.pop("level"))}
    values.pop("level", None)
    return actions.save_quick_reply(request.scope, row, values, by=actor_for(request.user), now=clock.now())


def _shown(request: StaffRequest, row: QuickReply) -> QuickReplyShown:
    names = [name for name in QuickReplyShown.model_fields if name not in ("level", "may_change")]
    given = {name: getattr(row, name) for name in names}
    return QuickReplyShown(**given, level=levels.chosen(row), may_change=levels.may_change(request.scope, row))
