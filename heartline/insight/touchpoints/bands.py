"""Published figures of other companies: a band beside ours with its source, never a target."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.insight.answers import CannotAnswer
from heartline.insight.answers.words import _
from heartline.insight.files import Frame

COLUMNS = ("touchpoint", "low", "high", "source")


@dataclass(frozen=True)
class Band:
    """From where to where others are rated at a place, and who says so."""

    low: float
    high: float
    source: str


def read_bands(frame: Frame) -> dict[str, Band]:
    """Return bands by the name of their touchpoint. One without a source is refused: nobody could check it."""
    frame.require(*COLUMNS)
    lows, highs = frame.numbers("low"), frame.numbers("high")
    names, sources = frame.texts("touchpoint"), frame.texts("source")
    bands = {}
    for row in range(frame.n):
        line = frame.line(row)
        if not sources[row]:
            raise CannotAnswer(
                _("{file}, line {line}: a published figure needs its source").format(file=frame.source, line=line)
            )
        if not lows[row] <= highs[row]:
            raise CannotAnswer(
                _("{file}, line {line}: a band needs low and high, and low comes first").format(
                    file=frame.source, line=line
                )
            )
        bands[str(names[row])] = Band(float(lows[row]), float(highs[row]), str(sources[row]))
    return bands
