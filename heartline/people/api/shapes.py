"""What programs send and see of sites, skills, queues, teams and people's places in them."""

from __future__ import annotations

from copy import copy
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

from heartline.common.schemas import Id, Sent

Name = Annotated[str, Field(min_length=1, max_length=120)]
NameToo = Annotated[str, Field(max_length=120)]
Key = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[-a-zA-Z0-9_]+$")]
Ids = Annotated[list[Id], Field(max_length=500)]
Spoken = Literal["en", "zh-hans"]
Levels = Annotated[dict[str, Annotated[int, Field(ge=1, le=5)]], Field(max_length=500)]


class SiteSent(Sent):
    """A place with people, and its time zone."""

    name_en: Name
    name_zh: NameToo = ""
    time_zone: Annotated[str, Field(max_length=64)] = "Asia/Shanghai"


class SiteShown(BaseModel):
    """A place with people, and its time zone."""

    id: int
    name_en: str
    name_zh: str
    time_zone: str


class SkillSent(Sent):
    """Something a contact may ask for and people know, at levels 1 to 5."""

    name_en: Name
    name_zh: NameToo = ""
    key: Key


class SkillShown(BaseModel):
    """Something a contact may ask for and people know, at levels 1 to 5."""

    id: int
    name_en: str
    name_zh: str
    key: str


class QueueSent(Sent):
    """What waits together. `levels`: skill key → level that every contact here asks for."""

    name_en: Name
    name_zh: NameToo = ""
    key: Key
    brand_id: Id
    language: Literal["", "en", "zh-hans"] = ""
    is_default: bool = False
    offer_seconds: Annotated[int, Field(ge=5, le=600)] = 25
    answer_within_seconds: Annotated[int, Field(ge=1, le=86400)] = 60
    answer_target_percent: Annotated[int, Field(ge=1, le=100)] = 80
    short_abandon_seconds: Annotated[int, Field(ge=0, le=3600)] | None = None
    levels: Levels = {}


class QueueSetShown(BaseModel):
    """A queue as it is set up."""

    id: int
    name_en: str
    name_zh: str
    key: str
    brand_id: int
    language: str
    is_default: bool
    offer_seconds: int
    answer_within_seconds: int
    answer_target_percent: int
    short_abandon_seconds: int | None
    levels: dict[str, int]


class TeamSent(Sent):
    """People led together, and the queues they serve: that decides what its members see."""

    name_en: Name
    name_zh: NameToo = ""
    site_id: Id
    queue_ids: Ids = []


class TeamShown(BaseModel):
    """A team, its queues, and who is in it."""

    id: int
    name_en: str
    name_zh: str
    site_id: int
    queue_ids: list[int]
    member_ids: list[int]


class AbilitiesSent(Sent):
    """What a person can do; what is left out stays. `limits`: channel → how much at once; 0 is none of it."""

    team_ids: Ids = []
    languages: Annotated[list[Spoken], Field(max_length=2)] = []
    levels: Levels = {}
    limits: Annotated[dict[str, Annotated[int, Field(ge=0, le=20)]], Field(max_length=20)] = {}


class AbilitiesShown(BaseModel):
    """What a person can do."""

    person_id: int
    team_ids: list[int]
    languages: list[str]
    levels: dict[str, int]
    limits: dict[str, int]


def changes_of(shape: type[Sent]) -> type[Sent]:
    """Return the shape of a change: every field may be left out, and none may be null that could not be before."""
    fields: dict[str, Any] = {}
    for name, info in shape.model_fields.items():
        optional = copy(info)
        optional.default = None  # never looked at: what is left out is told apart by being unset
        fields[name] = (info.annotation, optional)
    return create_model(shape.__name__.removesuffix("Sent") + "Changes", __base__=Sent, __doc__=shape.__doc__, **fields)
