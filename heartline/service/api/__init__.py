"""The desk and the floor, for programs."""

from ninja import Router

from heartline.service.api import choices as choices  # joins the routers of desk and together
from heartline.service.api.alert_rules import router as alert_rules
from heartline.service.api.arranging import router as arranging
from heartline.service.api.calls import router as calls
from heartline.service.api.case_types import router as case_types
from heartline.service.api.case_work import router as case_work
from heartline.service.api.controls import router as controls
from heartline.service.api.desk import router as desk
from heartline.service.api.drafts import router as drafts
from heartline.service.api.files import router as files
from heartline.service.api.floor import router as floor
from heartline.service.api.floor_now import router as floor_now
from heartline.service.api.macros import router as macros
from heartline.service.api.planned import router as planned
from heartline.service.api.said import router as said
from heartline.service.api.together import router as together
from heartline.service.experts.api import ROUTERS as EXPERTS

ROUTERS: list[Router] = [
    desk,
    together,
    *EXPERTS,
    case_work,
    case_types,
    macros,
    planned,
    calls,
    drafts,
    files,
    arranging,
    floor,
    controls,
    floor_now,
    said,
    alert_rules,
]
