"""Opening hours as arithmetic and as written: is a brand open, when does it open next, what does 08:00–22:00 mean?"""

from __future__ import annotations

import re
import unicodedata
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


DAY = 24 * 60
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|to|至|到)\s*(\d{1,2})(?:[:.](\d{2}))?")


def read_spans(text: str) -> list[tuple[time, time]]:
    """Return the spans that a person wrote for one day: `08:00–12:00, 13:30–22:00`; raises ValueError when unclear.

    Full-width characters, any dash, 至, and 24:00 as the end of the day are understood. A closing time that is not
    after the opening time lies on the next day.
    """
    plain = re.sub(r"[–—−~〜]", "-", unicodedata.normalize("NFKC", text)).strip()
    parts = [part.strip() for part in re.split(r"[,;、，；\n]+", plain) if part.strip()]
    spans = [_read_span(part) for part in parts]
    ends = [(_minutes(opens), _end(opens, closes)) for opens, closes in spans]
    if any(later[0] < earlier[1] for earlier, later in zip(sorted(ends), sorted(ends)[1:], strict=False)):
        raise ValueError("overlap")
    return sorted(spans)


def write_spans(spans: list[tuple[time, time]]) -> str:
    """Return the spans of one day as people write them; the end of the day is 24:00."""
    return ", ".join(f"{opens:%H:%M}–{_written_end(closes)}" for opens, closes in sorted(spans))


def overlapping_nights(week: list[tuple[int, time, time]]) -> set[int]:
    """Return the weekdays whose last span runs past midnight into the next day's first."""
    found = set()
    for weekday, opens, closes in week:
        past_midnight = _end(opens, closes) - DAY
        following = [_minutes(start) for day, start, _ in week if day == (weekday + 1) % 7]
        if following and past_midnight > min(following):
            found.add(weekday)
    return found


def _read_span(part: str) -> tuple[time, time]:
    match = _SPAN.fullmatch(part)
    if not match:
        raise ValueError("form")
    hours, minutes, last_hours, last_minutes = (int(group or 0) for group in match.groups())
    if (last_hours, last_minutes) == (24, 0):
        last_hours = 0
    opens, closes = time(hours, minutes), time(last_hours, last_minutes)
    if opens == closes and opens != time(0):
        raise ValueError("empty")
    return opens, closes


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _end(opens: time, closes: time) -> int:
    end = _minutes(closes)
    return end if end > _minutes(opens) else end + DAY


def _written_end(closes: time) -> str:
    return "24:00" if closes == time(0) else f"{closes:%H:%M}"
