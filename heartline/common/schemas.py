"""What the API takes and gives: typed, and nothing that is not named is taken."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field


def _only_text(value: Any) -> Any:
    """Numbers would be taken for seconds since 1970, which nobody who sends one may have meant."""
    if value is not None and not isinstance(value, str):
        raise ValueError("Input should be text as in ISO 8601")
    return value


def _in_utc(moment: datetime) -> datetime:
    """The first and the last hours of the calendar, told far from UTC, are no moment in it: nothing compares with them."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("Input should be a moment that UTC has") from error


BIGGEST = 2**63 - 1
Id = Annotated[int, Field(ge=1, le=BIGGEST)]
# A moment and a day as text, since JSON has neither; a moment says its distance from UTC.
Moment = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_only_text), AfterValidator(_in_utc)]
Day = Annotated[date, Field(strict=False), BeforeValidator(_only_text)]
# A time by the clock on the wall, wherever that wall is.
WallClock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Shown = TypeVar("Shown", bound=BaseModel)
# What an operation that returns a table as a file says of its reply (`openapi_extra`).
CSV_FILE = {"responses": {200: {"description": "The file.", "content": {"text/csv": {"schema": {"type": "string"}}}}}}


class Sent(BaseModel):
    """A body that a caller sends: unknown fields and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Asked(BaseModel):
    """Query parameters: unknown ones are refused; "7" is a number here, because addresses hold only text."""

    model_config = ConfigDict(extra="forbid")


class PageAsked(Asked):
    """How much of a list is wanted, and from where."""

    limit: Annotated[int, Field(ge=1, le=200, description="How many items to return.")] = 50
    cursor: Annotated[str, Field(max_length=200, description="`next` of the page before; empty for the first.")] = ""


class Page(BaseModel, Generic[Shown]):
    """Part of a list. `next` is the cursor of the following part, or null at the end."""

    items: list[Shown]
    next: str | None


class Moved(Sent):
    """Which way something goes among its own, by one place; at the end nothing happens."""

    to: Literal["up", "down"]


class Done(BaseModel):
    """Nothing more to say than that it was done."""

    done: bool = True
