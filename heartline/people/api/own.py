"""What people decide for themselves, for programs. Passwords, second steps and keys are on their pages only."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.schemas import Sent
from heartline.common.text import clean
from heartline.people.actions import change_own_account
from heartline.people.api.shapes import Spoken
from heartline.people.requests import StaffRequest

router = Router(tags=["People and queues"])


class OwnSent(Sent):
    """What to change; what is left out stays. Customers see `public_name`; empty: one's name."""

    public_name: Annotated[str, Field(max_length=60)] = ""
    language: Spoken = "en"


class OwnShown(BaseModel):
    """What one decides for oneself."""

    public_name: str
    language: str


@router.get("/people/me/account", response=OwnShown)
def read_own_account(request: StaffRequest) -> OwnShown:
    """Return what one decides for oneself."""
    return OwnShown(public_name=request.user.public_name, language=request.user.language)


@router.patch("/people/me/account", response=OwnShown)
def change_account(request: StaffRequest, sent: OwnSent) -> OwnShown:
    """Change the name that customers see, or the language of the pages."""
    given = {name: clean(value, 60) for name, value in sent.model_dump(exclude_unset=True).items()}
    person = change_own_account(request.user, given, now=clock.now())
    return OwnShown(public_name=person.public_name, language=person.language)
