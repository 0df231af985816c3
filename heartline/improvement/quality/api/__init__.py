"""Scorecards, samples, reviews, calibration and coaching, for programs: the same readers and actions as the pages."""

from ninja import Router

from heartline.improvement.quality.api.calibrations import router as calibrations
from heartline.improvement.quality.api.cards import router as cards
from heartline.improvement.quality.api.coaching import router as coaching
from heartline.improvement.quality.api.figures import router as figures
from heartline.improvement.quality.api.own import router as own
from heartline.improvement.quality.api.reviews import router as reviews
from heartline.improvement.quality.api.samples import router as samples
from heartline.improvement.quality.api.scoring import router as scoring

ROUTERS: list[Router] = [cards, samples, scoring, reviews, figures, own, calibrations, coaching]
