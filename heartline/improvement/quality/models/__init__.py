"""The tables of quality reviews and coaching."""

from heartline.improvement.quality.models.cards import CardVersion, Scorecard
from heartline.improvement.quality.models.coaching import CoachingNote
from heartline.improvement.quality.models.reviews import Answer, Feedback, Remark, Review
from heartline.improvement.quality.models.samples import AgreedAnswer, Calibration, Draw, Pick

__all__ = [
    "AgreedAnswer",
    "Answer",
    "Calibration",
    "CardVersion",
    "CoachingNote",
    "Draw",
    "Feedback",
    "Pick",
    "Remark",
    "Review",
    "Scorecard",
]
