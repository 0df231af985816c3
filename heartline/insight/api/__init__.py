"""Figures of a day and over time, what they mean, and the rows behind them, for programs."""

from ninja import Router

from heartline.insight.api.day import router as day
from heartline.insight.api.meaning import router as meaning
from heartline.insight.api.past import router as past

ROUTERS: list[Router] = [past, day, meaning]
