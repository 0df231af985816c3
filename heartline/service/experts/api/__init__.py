"""Questions to experts, for programs."""

from ninja import Router

from heartline.service.experts.api.questions import router as questions
from heartline.service.experts.api.settings import router as settings

ROUTERS: list[Router] = [questions, settings]
