"""People and what the organisation is made of, for programs."""

from ninja import Router

from heartline.people.api.audit import router as audit
from heartline.people.api.people import PersonShown, PresenceShown, presence_of, router
from heartline.people.api.setup import router as setup

ROUTERS: list[Router] = [router, setup, audit]

__all__ = ["ROUTERS", "PersonShown", "PresenceShown", "presence_of", "router"]
