"""Brands, when they are open, and the days on which they differ, for programs."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.forms import model_to_dict
from django.utils.dates import WEEKDAYS
from ninja import Query
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.actors import Actor
from heartline.common.filled import checked
from heartline.common.paging import page_of
from heartline.common.schemas import Day, Done, Id, Page, PageAsked, Sent, WallClock
from heartline.people.actions import actor_for
from heartline.people.api.setup import Kind, offer, show_as
from heartline.people.api.setup import router as setup
from heartline.people.api.shapes import Key, Name, NameToo, Spoken
from heartline.people.forms.brands import BrandForm, HolidayForm, HoursForm
from heartline.people.ical import holidays_in
from heartline.people.models import Brand, Holiday
from heartline.people.requests import StaffRequest
from heartline.people.rules import write_spans
from heartline.people.setup_actions import brands as actions

__all__ = ["setup"]

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Weekday = Annotated[int, Field(ge=0, le=6, description="0 is Monday.")]


class BrandSent(Sent):
    """How a brand is called, reached, coloured and greeted with. Colours must be readable on our ground."""

    name_en: Name
    name_zh: NameToo = ""
    key: Key
    site_id: Id
    phone: Annotated[str, Field(min_length=1, max_length=40)]
    languages: Annotated[list[Spoken], Field(min_length=1, max_length=2)]
    default_language: Spoken
    greeting_en: Annotated[str, Field(max_length=300)] = ""
    greeting_zh: Annotated[str, Field(max_length=300)] = ""
    accent: Colour = "#7a2a60"
    accent_dark: Colour = "#e3a5cc"
    message_reply_hours: Annotated[int, Field(ge=1, le=720)] = 4
    is_default: bool = False
    allowed_origins: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=100)] = []


class BrandShown(BaseModel):
    """A brand. `allowed_origins` are the web sites that may show its chat."""

    id: int
    name_en: str
    name_zh: str
    key: str
    site_id: int
    phone: str
    languages: list[str]
    default_language: str
    greeting_en: str
    greeting_zh: str
    accent: str
    accent_dark: str
    message_reply_hours: int
    is_default: bool
    allowed_origins: list[str]


class SpanSent(Sent):
    """From when to when on a weekday, by the site's clock. Closing not after opening is on the next day; 00:00 is its end."""

    weekday: Weekday
    opens: WallClock
    closes: WallClock


class HoursSent(Sent):
    """The week as a whole; a weekday without a span is closed."""

    spans: Annotated[list[SpanSent], Field(max_length=70)]


class SpanShown(BaseModel):
    """From when to when on a weekday."""

    weekday: int
    opens: WallClock
    closes: WallClock


class HoursShown(BaseModel):
    """When a brand is open."""

    spans: list[SpanShown]


class HolidaySent(Sent):
    """Days that differ from their weekdays: closed, or like another weekday. One day when `last` is left out."""

    first: Day
    last: Day | None = None
    like: Weekday | None = None
    name_en: Name
    name_zh: NameToo = ""


class HolidayShown(BaseModel):
    """A day that differs from its weekday; `works_like_weekday` null: closed."""

    id: int
    date: date
    name_en: str
    name_zh: str
    works_like_weekday: int | None


class CalendarSent(Sent):
    """A calendar file (iCalendar, .ics) as text."""

    ical: Annotated[str, Field(max_length=1_000_000)]


class DaysChanged(BaseModel):
    """How many days differ now."""

    days: int


def _save_brand(brand: Any, values: dict[str, Any], *, by: Actor, now: datetime) -> Any:
    """Save a brand as its page would: what is left out stays, and the form judges the whole."""
    standing = model_to_dict(brand, BrandForm.Meta.fields) if brand.pk else {}
    if "site_id" in values:
        values["site"] = values.pop("site_id")
    given = standing | values
    given["allowed_origins"] = "\n".join(given["allowed_origins"])
    form = BrandForm(given, instance=Brand.objects.get(pk=brand.pk) if brand.pk else None)
    typed = checked(form, {"site": "site_id"})
    return actions.save_brand(brand, {name: typed[name] for name in form.Meta.fields}, by=by, now=now)


BRANDS = Kind("brand", Brand, BrandSent, BrandShown, show_as(BrandShown), _save_brand, actions.remove_brand)
offer(BRANDS)


@setup.get("/setup/brands/{brand_id}/hours", response=HoursShown)
def read_hours(request: StaffRequest, brand_id: Id) -> HoursShown:
    """Return when a brand is open."""
    return _hours(_brand(brand_id))


@setup.put("/setup/brands/{brand_id}/hours", response=HoursShown)
def set_hours(request: StaffRequest, brand_id: Id, sent: HoursSent) -> HoursShown:
    """Say when a brand is open, the week as a whole."""
    brand = _brand(brand_id)
    days: dict[int, list[tuple[time, time]]] = {day: [] for day in WEEKDAYS}
    for span in sent.spans:
        days[span.weekday].append((time.fromisoformat(span.opens), time.fromisoformat(span.closes)))
    typed = {f"day_{day}": write_spans(spans) for day, spans in days.items()}
    week = checked(HoursForm(typed, week=[]), dict.fromkeys(typed, "spans"))["week"]
    actions.set_hours(brand, week, by=actor_for(request.user), now=clock.now())
    return _hours(brand)


@setup.get("/setup/brands/{brand_id}/holidays", response=Page[HolidayShown])
def list_holidays(request: StaffRequest, brand_id: Id, asked: Query[PageAsked]) -> Page[HolidayShown]:
    """Return the days on which a brand differs, the past ones too, as they were added."""
    found, following = page_of(_brand(brand_id).holidays.all(), asked.cursor, asked.limit, newest_first=False)
    return Page(items=[_holiday(row) for row in found], next=following)


@setup.post("/setup/brands/{brand_id}/holidays", response=DaysChanged)
def add_holidays(request: StaffRequest, brand_id: Id, sent: HolidaySent) -> DaysChanged:
    """Let a stretch of days differ from their weekdays, whatever was said of them before."""
    brand = _brand(brand_id)
    like = "" if sent.like is None else str(sent.like)
    typed = checked(HolidayForm(sent.model_dump() | {"like": like}))
    names = {"name_en": typed["name_en"], "name_zh": typed["name_zh"]}
    first, last, by = typed["first"], typed["last"] or typed["first"], actor_for(request.user)
    added = actions.add_holiday(brand, first, last, **names, works_like_weekday=sent.like, by=by, now=clock.now())
    return DaysChanged(days=added)


@setup.post("/setup/brands/{brand_id}/holidays/file", response=DaysChanged)
def upload_holidays(request: StaffRequest, brand_id: Id, sent: CalendarSent) -> DaysChanged:
    """Close on the whole-day events of a calendar file that are to come; what was said of a day before stays."""
    brand, moment = _brand(brand_id), clock.now()
    today = moment.astimezone(ZoneInfo(brand.site.time_zone)).date()
    found = holidays_in(sent.ical.encode(), today=today)
    return DaysChanged(days=actions.add_holidays_found(brand, found.days, by=actor_for(request.user), now=moment))


@setup.delete("/setup/brands/{brand_id}/holidays/{holiday_id}", response=Done)
def remove_holiday(request: StaffRequest, brand_id: Id, holiday_id: Id) -> Done:
    """Let a day be like its weekday again."""
    actions.remove_holiday(_brand(brand_id), holiday_id, by=actor_for(request.user), now=clock.now())
    return Done()


def _brand(brand_id: int) -> Brand:
    found: Brand = BRANDS.found(brand_id)
    return found


def _hours(brand: Brand) -> HoursShown:
    rows = brand.hours.order_by("weekday", "opens")
    spans = [SpanShown(weekday=row.weekday, opens=f"{row.opens:%H:%M}", closes=f"{row.closes:%H:%M}") for row in rows]
    return HoursShown(spans=spans)


def _holiday(row: Holiday) -> HolidayShown:
    return HolidayShown(**{name: getattr(row, name) for name in HolidayShown.model_fields})
