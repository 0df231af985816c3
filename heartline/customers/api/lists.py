"""Lists of customers kept under a name, and a list as a file, for programs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import NotFound
from heartline.common.paging import page_of
from heartline.common.schemas import CSV_FILE, Asked, Done, Id, Page, PageAsked, Sent
from heartline.customers.actions.facts import remove_view, save_view
from heartline.customers.forms import FindForm
from heartline.customers.models import Customer, SavedView
from heartline.customers.pages.leaving import list_as_file
from heartline.customers.queries import found_by, views_for
from heartline.customers.shown import row_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Customers, more"])

Tier = Literal["", "top", "big", "medium", "small", "inactive", "prospect"]


class FoundSent(Sent):
    """What a list of customers looks for; what is left out narrows nothing."""

    q: Annotated[str, Field(max_length=200)] = ""
    tier: Tier = ""
    language: Literal["", "en", "zh-hans"] = ""
    organisation: Id | None = None
    do_not_contact: bool = False


class FoundAsked(Asked):
    """Which customers are wanted, by the words and choices of the customers' page."""

    q: Annotated[str, Field(max_length=200)] = ""
    tier: Tier = ""
    language: Literal["", "en", "zh-hans"] = ""
    organisation: Id | None = None
    do_not_contact: bool = False


class RowsWanted(FoundAsked):
    """Which customers are wanted, and how many at once."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=200)] = ""


class CustomerRow(BaseModel):
    """A customer as the list shows them: addresses always masked, names for who may not read them."""

    id: int
    name: str
    tier: str
    language: str
    place: str
    organisation_id: int | None
    customer_since: date | None
    do_not_contact: bool
    addresses: list[str]


class CustomerViewSent(Sent):
    """A list under a name, for oneself or for everybody; the same name again replaces one's own."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    finds: FoundSent
    is_shared: bool = False


class CustomerViewShown(BaseModel):
    """A list of customers kept under a name."""

    id: int
    name: str
    person_id: int
    is_shared: bool
    finds: FoundSent


@router.get("/customer-rows", response=Page[CustomerRow])
def list_customer_rows(request: StaffRequest, asked: Query[RowsWanted]) -> Page[CustomerRow]:
    """Return everybody we serve as the customers' page lists them, newest first: masked by role, found by words too."""
    rows = found_by(request.scope, _form(asked).wanted())
    found, following = page_of(rows, asked.cursor, asked.limit)
    known = Customer.objects.filter(id__in=[row.id for row in found]).prefetch_related("identities").order_by("-id")
    return Page(items=[_row(request, row) for row in known], next=following)


@router.get("/customer-views", response=Page[CustomerViewShown])
def list_customer_views(request: StaffRequest, asked: Query[PageAsked]) -> Page[CustomerViewShown]:
    """Return one's own lists and those colleagues share, newest first."""
    found, following = page_of(views_for(request.scope), asked.cursor, asked.limit)
    return Page(items=[_shown(row) for row in found], next=following)


@router.post("/customer-views", response={201: CustomerViewShown})
def keep_customer_view(request: StaffRequest, sent: CustomerViewSent) -> CustomerViewShown:
    """Keep a list under a name."""
    return _shown(save_view(request.user, sent.name, _form(sent.finds).kept(), is_shared=sent.is_shared))


@router.delete("/customer-views/{view_id}", response=Done)
def remove_customer_view(request: StaffRequest, view_id: Id) -> Done:
    """Let go of one of one's own lists."""
    if not remove_view(request.user, view_id):
        raise NotFound(_("There is no such view, or it is not yours to see"))
    return Done()


@router.post("/customers/export", openapi_extra=CSV_FILE)
def export_customers(request: StaffRequest, sent: FoundSent) -> StreamingHttpResponse:
    """Return a list of customers as a file; who took it, and how many, is recorded, each time anew."""
    return list_as_file(request, _form(sent), clock.now())


export_customers.keeps_no_reply = True  # type: ignore[attr-defined]  # read by the API's gate


def _form(wanted: FoundSent | FoundAsked) -> FindForm:
    given = wanted.model_dump(exclude={"limit", "cursor"})
    return FindForm({**given, "quiet": given.pop("do_not_contact")})


def _row(request: StaffRequest, row: Customer) -> CustomerRow:
    told = row_for(request.scope, row)
    names = CustomerRow.model_fields.keys() - {"name", "addresses"}
    plain = {name: getattr(row, name) for name in names}
    return CustomerRow(**plain, name=told["name"], addresses=[one.text for one in told["addresses"]])


def _shown(row: SavedView) -> CustomerViewShown:
    form = FindForm(row.query)
    finds = {name: form.kept().get(name, "") for name in ("q", "tier", "language")}
    organisation, quiet = form.cleaned_data.get("organisation"), bool(form.cleaned_data.get("quiet"))
    return CustomerViewShown(
        id=row.pk,
        name=row.name,
        person_id=row.person_id,
        is_shared=row.is_shared,
        finds=FoundSent.model_validate({**finds, "organisation": organisation, "do_not_contact": quiet}),
    )
