"""What of the past is asked for: everything that the address of a page over time can say. The address holds every choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from heartline.common.errors import Invalid
from heartline.insight.catalogue import SETS
from heartline.insight.periods import MINUTES, Every, Period, finest

BY_TIME = (*MINUTES, "day", "week", "month")
BY_WORK = ("queue", "channel", "tier", "team", "person")
AGAINST = ("before", "year")
FIRST_DAY, LAST_DAY = date(2000, 1, 3), date(2200, 1, 1)
LONGEST = timedelta(days=3 * 366)
USUAL = timedelta(days=6)


@dataclass(frozen=True, kw_only=True)
class PastView:
    """A period, how it is told apart, which figures stand in the columns, what it is narrowed to and compared with."""

    period: Period
    by: str = "day"
    set: str = "access"
    queue: int | None = None
    channel: str = ""
    tier: str = ""
    team: int | None = None
    person: int | None = None
    against: str = ""
    at: datetime | None = None  # one part of the period alone, by its first instant

    @property
    def every(self) -> Every | None:
        """The parts of time it is told apart by; None when it is told apart by the work."""
        return self.by if self.by in BY_TIME else None  # type: ignore[return-value] # one of them, as just seen

    def address(self, **other: object) -> dict[str, str]:
        """Return the view as the parameters of an address, some of them changed."""
        names = [field.name for field in fields(self) if field.name != "period"]
        told: dict[str, object] = {"first": self.period.first, "last": self.period.last, "zone": self.period.zone}
        told |= {name: getattr(self, name) for name in names} | other
        return {name: _written(value) for name, value in told.items() if value not in ("", None)}


def past_view(asked: Mapping[str, str], zones: list[str], now: datetime) -> PastView:
    """Return the view that an address asks for; refuses what cannot be read."""
    try:
        return _read(asked, zones, now)
    except (ValueError, OverflowError) as error:
        raise Invalid(_("This address cannot be read. Choose again")) from error


def _read(asked: Mapping[str, str], zones: list[str], now: datetime) -> PastView:
    zone = asked.get("zone") or zones[0]
    if zone not in zones:
        raise ValueError(zone)
    today = now.astimezone(ZoneInfo(zone)).date()
    last = date.fromisoformat(asked["last"]) if asked.get("last") else today
    first = date.fromisoformat(asked["first"]) if asked.get("first") else last - USUAL
    if not FIRST_DAY <= first <= last <= LAST_DAY:
        raise Invalid(_("The first day must not come after the last one"))
    if last - first > LONGEST:
        raise Invalid(_("At most three years can be looked at together"))
    period = Period(first, last, zone)
    by, against = asked.get("by") or "day", asked.get("against", "")
    columns = asked.get("set") or ("people" if by in ("team", "person") else "access")
    if by not in BY_TIME + BY_WORK or against not in ("", *AGAINST) or columns not in SETS:
        raise ValueError(by)
    if by in BY_TIME and by not in finest(period):
        by = "day" if "day" in finest(period) else "week"
    return PastView(
        period=period,
        by=by,
        set=columns,
        queue=_number(asked.get("queue")),
        channel=asked.get("channel", "")[:20],
        tier=asked.get("tier", "")[:20],
        team=_number(asked.get("team")),
        person=_number(asked.get("person")),
        against=against,
        at=datetime.fromisoformat(asked["at"]).astimezone(UTC) if asked.get("at") else None,
    )


def _written(value: object) -> str:
    return f"{value:%Y-%m-%dT%H:%MZ}" if isinstance(value, datetime) else str(value)


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise ValueError(text)
    return int(text)
