"""Opening hours as arithmetic: is a brand open, and when does it open next?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HORIZON_DAYS = 400


@dataclass(frozen=True)
class Calendar:
    """Service hours: spans per weekday (0 = Monday), and dates that differ from their weekday.

    `exceptions` maps a date to the weekday whose hours hold on it, or None when closed.
    """

    time_zone: str
    spans: tuple[tuple[int, time, time], ...]
    exceptions: tuple[tuple[date, int | None], ...] = ()

    def spans_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the UTC spans of one local date in order."""
        weekday = dict(self.exceptions).get(day, day.weekday())
        zone = ZoneInfo(self.time_zone)
        found = [_span(day, opens, closes, zone) for on, opens, closes in self.spans if on == weekday]
        return sorted(found)

    def is_open(self, moment: datetime) -> bool:
        """Return whether `moment` lies in a span."""
        return any(start <= moment < end for start, end in self._near(moment))

    def next_opening(self, moment: datetime) -> datetime | None:
        """Return `moment` when open, else the next opening in UTC, or None when it never opens."""
        day = moment.astimezone(ZoneInfo(self.time_zone)).date()
        for offset in range(-1, HORIZON_DAYS):
            for start, end in self.spans_on(day + timedelta(days=offset)):
                if end > moment:
                    return max(start, moment)
        return None

    def closing_after(self, moment: datetime) -> datetime | None:
        """Return when the span that holds `moment`, or the next one, ends."""
        opening = self.next_opening(moment)
        if opening is None:
            return None
        return next(end for start, end in self._near(opening) if start <= opening < end)

    def add_working(self, moment: datetime, length: timedelta) -> datetime | None:
        """Return the instant at which `length` of open time has passed since `moment`."""
        left, at = length, moment
        while True:
            opening = self.next_opening(at)
            closing = self.closing_after(at)
            if opening is None or closing is None:
                return None
            if closing - opening >= left:
                return opening + left
            left, at = left - (closing - opening), closing

    def _near(self, moment: datetime) -> list[tuple[datetime, datetime]]:
        day = moment.astimezone(ZoneInfo(self.time_zone)).date()
        return [span for offset in (-1, 0) for span in self.spans_on(day + timedelta(days=offset))]


def _span(day: date, opens: time, closes: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return a span in UTC; a closing time not after the opening time lies on the next day."""
    last = day if closes > opens else day + timedelta(days=1)
    start = datetime.combine(day, opens, zone).astimezone(UTC)
    return start, datetime.combine(last, closes, zone).astimezone(UTC)
