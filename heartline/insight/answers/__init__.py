"""What an analysis answers: sentences, tables and cautions, shown on a screen, as JSON, as CSV or on a page. No Django here."""

from heartline.insight.answers.refusals import CannotAnswer, WrongQuestion, near, refuse_unknown
from heartline.insight.answers.shape import Answer, Cell, Column, Kind, Picture, Table

__all__ = [
    "Answer",
    "CannotAnswer",
    "Cell",
    "Column",
    "Kind",
    "Picture",
    "Table",
    "WrongQuestion",
    "near",
    "refuse_unknown",
]
