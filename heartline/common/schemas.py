"""What the API takes and gives: typed, and nothing that is not named is taken."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

BIGGEST = 2**63 - 1
Id = Annotated[int, Field(ge=1, le=BIGGEST)]
Shown = TypeVar("Shown", bound=BaseModel)


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


class Done(BaseModel):
    """Nothing more to say than that it was done."""

    done: bool = True
