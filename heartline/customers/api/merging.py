"""Records that may be one person: suggested, merged, and taken apart again."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel

from heartline.common import clock
from heartline.common.errors import Invalid
from heartline.common.paging import page_of
from heartline.common.rows import row_of
from heartline.common.schemas import Done, Id, Page, PageAsked, Sent
from heartline.customers.actions import merging
from heartline.customers.models import Merge
from heartline.customers.queries import living_customer_for, suggestion_for, suggestions_for
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Duplicates"])


class SuggestionShown(BaseModel):
    """Two records that may be one person, and why: same_email, same_phone, same_external, near_name."""

    id: int
    first_id: int
    second_id: int
    why: str


class MergeRecordsSent(Sent):
    """The record that goes into this one."""

    other_id: Id


class MergeShown(BaseModel):
    """A merge that can be taken back at /merges/{id}/undo; `gone_id` leads to `kept_id`."""

    id: int
    kept_id: int
    gone_id: int
    by_id: int | None
    at: datetime


class MergesShown(BaseModel):
    """The merges of a record that stand, newest first."""

    items: list[MergeShown]


@router.get("/duplicates", response=Page[SuggestionShown])
def list_duplicates(request: StaffRequest, asked: Query[PageAsked]) -> Page[SuggestionShown]:
    """Return pairs that may be one person, of which the caller may see both, newest first."""
    found, following = page_of(suggestions_for(request.scope), asked.cursor, asked.limit)
    names = SuggestionShown.model_fields
    return Page(
        items=[SuggestionShown(**{name: getattr(row, name) for name in names}) for row in found], next=following
    )


@router.post("/duplicates/{suggestion_id}/dismiss", response=Done)
def dismiss_duplicate(request: StaffRequest, suggestion_id: Id) -> Done:
    """Say that two records are two people; they are not suggested again."""
    suggestion = suggestion_for(request.scope, suggestion_id)
    merging.dismiss_suggestion(suggestion, by=actor_for(request.user), now=clock.now())
    return Done()


@router.get("/customers/{customer_id}/merges", response=MergesShown)
def list_merges(request: StaffRequest, customer_id: Id) -> MergesShown:
    """Return what went into a record and can be taken out again."""
    rows = Merge.objects.filter(kept=living_customer_for(request.scope, customer_id), undone_at=None)
    return MergesShown(items=[_shown(row) for row in rows.order_by("-id")])


@router.post("/customers/{customer_id}/merge", response=MergeShown)
def merge_customers(request: StaffRequest, customer_id: Id, sent: MergeRecordsSent) -> MergeShown:
    """Move everything of another record to this one. Nothing is lost, and nobody's link or browser shows the other's words."""
    kept, gone = (living_customer_for(request.scope, id) for id in (customer_id, sent.other_id))
    if kept.id == gone.id:
        message = _("Choose two different customers")
        raise Invalid(message, fields={"other_id": message})
    return _shown(merging.merge_customers(kept, gone, by=actor_for(request.user), now=clock.now()))


@router.post("/merges/{merge_id}/undo", response=MergeShown)
def undo_merge(request: StaffRequest, merge_id: Id) -> MergeShown:
    """Take two records apart: what had moved goes back, what came since stays."""
    found = row_of(Merge.objects.select_related("kept", "gone"), merge_id)
    living_customer_for(request.scope, found.kept_id)
    return _shown(merging.unmerge(found, by=actor_for(request.user), now=clock.now()))


def _shown(row: Merge) -> MergeShown:
    return MergeShown(**{name: getattr(row, name) for name in MergeShown.model_fields})
