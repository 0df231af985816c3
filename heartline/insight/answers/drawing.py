"""Small charts as SVG for the page of an answer: bars with intervals, points with crosses, a line over places in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 720
ROW = 26
LABEL = 220
BROADEST = 56


@dataclass(frozen=True)
class Bar:
    """One bar with its interval, and what is written beside it."""

    name: str
    value: float
    low: float
    high: float
    text: str


def bars(rows: Sequence[Bar]) -> str:
    """Return bars from nought, the interval of each over its end; nought moves right when something lies below it."""
    top = max([0.0, *(max(bar.value, bar.high) for bar in rows)])
    bottom = min([0.0, *(min(bar.value, bar.low) for bar in rows)])
    scale = (WIDTH - LABEL - 90) / ((top - bottom) or 1.0)
    nought = LABEL - bottom * scale
    axis = f'<path d="M{nought:.1f} 0V{len(rows) * ROW}" class="axis"/>' if bottom < 0 else ""
    return _svg(len(rows) * ROW, axis + "".join(_bar(at * ROW, bar, nought, scale) for at, bar in enumerate(rows)))


def _bar(y: float, bar: Bar, nought: float, scale: float) -> str:
    value, low, high = (nought + number * scale for number in (bar.value, bar.low, bar.high))
    middle = y + ROW / 2
    return (
        f'<text x="{LABEL - 10}" y="{middle + 4:.1f}" text-anchor="end" class="t-ink">{_cut(bar.name)}</text>'
        f'<rect x="{min(value, nought):.1f}" y="{y + 6:.1f}" width="{abs(value - nought):.1f}" height="{ROW - 12}" class="fill-soft"/>'
        f'<path d="M{low:.1f} {middle:.1f}H{high:.1f}M{low:.1f} {middle - 4:.1f}v8M{high:.1f} {middle - 4:.1f}v8" class="whisker"/>'
        f'<text x="{max(value, high, nought) + 8:.1f}" y="{middle + 4:.1f}">{escape(bar.text)}</text>'
    )


@dataclass(frozen=True)
class Point:
    """A point with its intervals on both axes."""

    name: str
    x: tuple[float, float, float]  # value, low, high
    y: tuple[float, float, float]


def scatter(points: Sequence[Point], x_name: str, y_name: str, middle: tuple[float, float]) -> str:
    """Return points between two axes, parted into four fields at the middle."""
    left, bottom, height = 60, 330, 380
    across = _scale([number for point in points for number in point.x] + [middle[0]], left, WIDTH - 20)
    up = _scale([number for point in points for number in point.y] + [middle[1]], bottom, 20)
    parts = [
        f'<path d="M{left} {bottom}H{WIDTH - 20}M{left} {bottom}V20" class="axis" fill="none"/>',
        f'<path d="M{across(middle[0]):.1f} 20V{bottom}M{left} {up(middle[1]):.1f}H{WIDTH - 20}" class="grid" fill="none"/>',
        f'<text x="{WIDTH - 20}" y="{bottom + 34}" text-anchor="end">{escape(x_name)} →</text>',
        f'<text x="{left}" y="10">↑ {escape(y_name)}</text>',
    ]
    parts += [
        f'<text x="{across(share):.1f}" y="{bottom + 16}" text-anchor="middle" class="t-mute">{share:.0%}</text>'
        for share in across.ends()
    ]
    parts += [
        f'<text x="{left - 8}" y="{up(value) + 4:.1f}" text-anchor="end" class="t-mute">{value:.1f}</text>'
        for value in up.ends()
    ]
    for number, point in enumerate(points, 1):
        x, y = across(point.x[0]), up(point.y[0])
        parts.append(
            f'<path d="M{across(point.x[1]):.1f} {y:.1f}H{across(point.x[2]):.1f}M{x:.1f} {up(point.y[1]):.1f}V{up(point.y[2]):.1f}" class="whisker"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" class="fill-1"/>'
            f'<text x="{x + 7:.1f}" y="{y - 6:.1f}" class="t-ink">{number} {_cut(point.name, 18)}</text>'
        )
    return _svg(height, "".join(parts))


@dataclass(frozen=True)
class Stop:
    """A place on the way: what is felt there, with its interval, and perhaps the same before, and what is usual elsewhere."""

    name: str
    now: tuple[float, float, float]
    before: tuple[float, float, float] | None = None
    band: tuple[float, float] | None = None
    weight: float = 0.0  # importance, 0 to 1: bars at the foot


def journey(stops: Sequence[Stop]) -> str:
    """Return the curve of a journey: experience from place to place, importance as bars below it."""
    height, foot, tall = 420, 300, 60
    step = (WIDTH - 40) / max(1, len(stops))
    numbers = [number for stop in stops for number in (*stop.now, *(stop.before or ()), *(stop.band or ()))]
    up = _scale(numbers, foot - 10, 20)
    most = max([stop.weight for stop in stops], default=0) or 1.0
    broad = min(step * 0.6, BROADEST)
    middles = [20 + step * (at + 0.5) for at in range(len(stops))]
    parts = list(_bands(stops, middles, step, up))
    for key, kind in (("before", "line-2"), ("now", "line-1")):
        path = "".join(
            f"{'L' if at and getattr(stops[at - 1], key) else 'M'}{x:.1f} {up(getattr(stop, key)[0]):.1f}"
            for at, (stop, x) in enumerate(zip(stops, middles, strict=True))
            if getattr(stop, key)
        )
        parts.append(f'<path d="{path}" class="{kind}"/>')
    for stop, x in zip(stops, middles, strict=True):
        tip = tall * stop.weight / most
        parts.append(
            f'<path d="M{x:.1f} {up(stop.now[1]):.1f}V{up(stop.now[2]):.1f}" class="whisker"/>'
            f'<circle cx="{x:.1f}" cy="{up(stop.now[0]):.1f}" r="4" class="fill-1"/>'
            f'<text x="{x:.1f}" y="{up(stop.now[2]) - 6:.1f}" text-anchor="middle" class="t-ink">{stop.now[0]:.2f}</text>'
            f'<rect x="{x - broad / 2:.1f}" y="{foot + tall - tip:.1f}" width="{broad:.1f}" height="{tip:.1f}" class="fill-soft"/>'
            f'<text x="{x:.1f}" y="{foot + tall + 16}" text-anchor="middle">{stop.weight:.0%}</text>'
            f'<text x="{x:.1f}" y="{foot + tall + 36}" text-anchor="middle" class="t-ink">{_cut(stop.name, max(4, int(step / 7)))}</text>'
        )
    return _svg(height, "".join(parts))


def _bands(stops: Sequence[Stop], middles: Sequence[float], step: float, up: _Scale) -> Iterator[str]:
    for stop, x in zip(stops, middles, strict=True):
        if stop.band:
            top, bottom = up(stop.band[1]), up(stop.band[0])
            yield f'<rect x="{x - step * 0.4:.1f}" y="{top:.1f}" width="{step * 0.8:.1f}" height="{max(1, bottom - top):.1f}" class="band"/>'


class _Scale:
    """From numbers to places."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self._low, self._high, self._start = low, high, start
        self._step = (end - start) / ((high - low) or 1.0)

    def __call__(self, number: float) -> float:
        return self._start + (number - self._low) * self._step

    def ends(self) -> tuple[float, float, float]:
        """Return what is written on the axis: near its ends, and in the middle."""
        room = self._high - self._low
        return self._low + room * 0.06, self._low + room / 2, self._high - room * 0.06


def _scale(numbers: Sequence[float], start: float, end: float) -> _Scale:
    low, high = min(numbers, default=0), max(numbers, default=1)
    margin = (high - low) * 0.06 or 0.5
    return _Scale(low - margin, high + margin, start, end)


def _cut(name: str, most: int = 30) -> str:
    return escape(name if len(name) <= most else f"{name[: most - 1]}…")


def _svg(height: float, inside: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height:.0f}">{inside}</svg>'
