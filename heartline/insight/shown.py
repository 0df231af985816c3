"""Figures in words: how a value is written, what must stand beside it, and the sentence a page opens with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from heartline.insight.catalogue import BY_ID
from heartline.insight.judgement import Verdict, joint_aim, verdict
from heartline.insight.measures import COUNTS, Figure, measure
from heartline.insight.queries import DayOfWork, View
from heartline.people.queries import QueueCard, channel_words
from heartline.ui import formats

HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Shown:
    """A figure ready for a page: its value, what it is made of, and where it opens."""

    figure: Figure
    value: str
    beside: str
    address: str


def shown(figure: Figure, view: View) -> Shown:
    """Return a figure in the reader's words."""
    return Shown(figure, value_of(figure), beside_of(figure), address_of(figure.metric.id, view))


def address_of(metric_id: str, view: View, *, form: str = "insight:rows") -> str:
    """Return where a figure opens to its rows."""
    address = reverse(form, args=[metric_id])
    return f"{address}?{urlencode(view.address())}" if view.address() else address


def value_of(figure: Figure) -> str:
    """Return the value alone: 86 %, 0:42, 4.3; a dash where there is none, words where there are too few answers."""
    if figure.value is None:
        return "–"
    if figure.metric.exactness == "sampled" and not figure.is_enough:
        return ngettext("%(n)s answer", "%(n)s answers", figure.n) % {"n": figure.n}
    if figure.metric.unit in COUNTS:
        return formats.number(figure.value)
    if figure.metric.unit in ("share", "time_share"):
        return formats.percent(figure.value, language=_language())
    if figure.metric.unit == "duration":
        return formats.clock_span((figure.middle or 0) / 1000)
    return formats.number(figure.value, 1)


def beside_of(figure: Figure) -> str:
    """Return what a value may not be shown without: how many, the interval, the mean and the longest of most."""
    metric = figure.metric
    if figure.value is None or metric.unit in COUNTS:
        return ""
    if not figure.is_enough:
        return _("too few to judge (at least %(enough)s)") % {"enough": metric.enough}
    if metric.unit in _BESIDE:
        return _BESIDE[metric.unit](figure)
    made = _("%(hits)s of %(n)s") % {"hits": formats.number(figure.hits), "n": formats.number(figure.n)}
    if figure.low is None:
        return made
    return _("%(interval)s, %(made)s") % {"interval": interval_of(figure), "made": made}


def _beside_duration(figure: Figure) -> str:
    return _("median of %(n)s; mean %(mean)s, 9 of 10 at most %(ninetieth)s") % {
        "n": formats.number(figure.n),
        "mean": formats.clock_span((figure.value or 0) / 1000),
        "ninetieth": formats.clock_span((figure.ninetieth or 0) / 1000),
    }


def _beside_number(figure: Figure) -> str:
    words = {"n": formats.number(figure.n), "ninetieth": formats.number(figure.ninetieth or 0)}
    return _("mean of %(n)s; 9 of 10 at most %(ninetieth)s") % words


def _beside_time(figure: Figure) -> str:
    hours = {"hits": formats.number(figure.hits / HOUR_MS, 1), "n": formats.number(figure.n / HOUR_MS, 1)}
    return _("%(hits)s of %(n)s hours") % hours


def _beside_score(figure: Figure) -> str:
    return _("of 5; %(interval)s, n = %(n)s") % {"interval": interval_of(figure), "n": formats.number(figure.n)}


_BESIDE: dict[str, Callable[[Figure], str]] = {
    "duration": _beside_duration,
    "number": _beside_number,
    "time_share": _beside_time,
    "score": _beside_score,
}


def interval_of(figure: Figure) -> str:
    """Return the 95 % interval in plain words: probably 80 to 90 %."""
    if figure.low is None or figure.high is None:
        return ""
    if figure.metric.unit == "share":
        low, high = (formats.number(bound * 100) for bound in (figure.low, figure.high))
        return _("probably %(low)s to %(high)s %%") % {"low": low, "high": high}
    low, high = formats.number(figure.low, 1), formats.number(figure.high, 1)
    return _("probably %(low)s to %(high)s") % {"low": low, "high": high}


@dataclass(frozen=True)
class Headline:
    """The sentence a page opens with: `lead` is what is the matter, coloured because somebody must act."""

    lead: str
    rest: str
    verdict: Verdict


@dataclass(frozen=True)
class Line:
    """A queue's contacts on one channel, and how they stand against the queue's aim."""

    card: QueueCard
    channel: str
    level: Figure

    @property
    def aim(self) -> float:
        """The queue's aim as a share."""
        return self.card.answer_target_percent / 100

    @property
    def verdict(self) -> Verdict:
        """How the contacts stand against the aim."""
        return verdict(self.level.hits, self.level.n, self.aim)

    @property
    def name(self) -> str:
        """The queue in the reader's language."""
        return self.card.name_in(_language())

    @property
    def channel_name(self) -> str:
        """The channel in the reader's language."""
        return channel_words().get(self.channel, self.channel)


def lines_of(work: DayOfWork) -> list[Line]:
    """Return each queue and channel that was asked, in the order of the queues."""
    asked = sorted({(fact.queue_id, fact.channel) for fact in work.facts})
    level = BY_ID["service_level"]
    return [
        Line(work.queues[id], channel, measure(level, work.of(queue_id=id, channel=channel))) for id, channel in asked
    ]


def headline(work: DayOfWork) -> Headline:
    """Return what the day comes to: the worst line behind its aim by name, else how all of them stand together."""
    lines = lines_of(work)
    behind = worst_first(line for line in lines if line.verdict == "behind")
    if behind:
        others = len(behind) - 1
        words = {"queue": full_name(behind[0], lines), "more": others}
        several = ngettext("%(queue)s and %(more)s more are behind:", "%(queue)s and %(more)s more are behind:", others)
        lead = several if others else _("%(queue)s is behind:")
        return Headline(lead % words, _("too many customers wait past the limit"), "behind")
    hits, n = sum(line.level.hits for line in lines), sum(line.level.n for line in lines)
    case = verdict(hits, n, joint_aim([(line.level.n, line.aim) for line in lines]) or 0)
    told = {
        "none": _("Nobody’s asking has been settled yet") if work.facts else _("Nobody has asked for us"),
        "few": _("A few customers so far, too few to judge"),
        "unclear": _("Near the aim, no clear difference"),
        "on_aim": _("Customers are answered in time"),
        "behind": _("Behind the aim: too many customers wait past the limit"),
    }[case]
    return Headline("", told, case)


def full_name(line: Line, lines: Iterable[Line]) -> str:
    """Return a line's queue, and its channel where the queue has several."""
    if sum(other.card.id == line.card.id for other in lines) == 1:
        return line.name
    return _("%(queue)s (%(channel)s)") % {"queue": line.name, "channel": line.channel_name}


def worst_first(lines: Iterable[Line]) -> list[Line]:
    """Return lines that have customers, the furthest behind their aim first."""
    return sorted(lines, key=lambda line: (line.level.value or 0) - line.aim)


def outcome_words() -> dict[str, str]:
    """Return how an asking may end, in words."""
    return {
        "answered": _("Answered"),
        "short_abandon": _("Left at once"),
        "long_abandon": _("Left waiting"),
        "callback": _("Chose a callback"),
        "waiting": _("Still waiting"),
    }


def _language() -> str:
    return get_language() or "en"
