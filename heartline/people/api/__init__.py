"""People and what the organisation is made of, for programs."""

from ninja import Router

from heartline.people.api.audit import router as audit
from heartline.people.api.brands import setup
from heartline.people.api.own import router as own
from heartline.people.api.people import PersonShown, PresenceShown, presence_of, router

ROUTERS: list[Router] = [own, router, setup, audit]

__all__ = ["ROUTERS", "PersonShown", "PresenceShown", "presence_of", "router"]
