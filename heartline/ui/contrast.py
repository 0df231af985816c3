"""Whether one colour can be read on another (WCAG 2.2), and whether a brand's accent may replace ours.

Pure. The pairs are those of the design; the tests hold tokens.css to them, set-up holds brands to them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product

TEXT, SHAPE = 4.5, 3.0
GROUNDS = ("paper", "surface", "raised", "sunken")
Pair = tuple[str, str, float]


def _pairs(fronts: str, backs: str, least: float) -> list[Pair]:
    return [(front, back, least) for front, back in product(fronts.split(), backs.split())]


def _own_soft(names: str) -> list[Pair]:
    return [(name, f"{name}-soft", TEXT) for name in names.split()]


PAIRS: list[Pair] = [
    *_pairs("ink ink-2 ink-3 accent waiting late kept info broken", " ".join(GROUNDS), TEXT),
    *_pairs("ink ink-2 ink-3 accent late waiting kept", "accent-soft", TEXT),
    *_own_soft("waiting late kept info quiet"),
    *_pairs("ink ink-2", "waiting-soft late-soft kept-soft info-soft quiet-soft", TEXT),
    *_pairs("note-ink ink ink-2 ink-3 accent", "note", TEXT),
    *_pairs("on-accent", "accent accent-hover", TEXT),
    ("on-broken", "broken", TEXT),
    *_pairs("line-strong focus note-line", "paper surface raised", SHAPE),
    ("note-line", "note", SHAPE),
    *_pairs("focus", "sunken note accent-soft", SHAPE),
    *_pairs("chart-1 chart-2 chart-3 chart-4 chart-mute", "paper surface", SHAPE),
]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours written #rrggbb, from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def palettes(tokens: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the light and the dark colours of a token file, by name."""
    both = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", tokens)
    return {name: light for name, light, _ in both}, {name: dark for name, _, dark in both}


def fallbacks(tokens: str) -> dict[str, str]:
    """Return the colours that browsers without light-dark() get."""
    return dict(re.findall(r"--([\w-]+): (#\w{6});", tokens.split("@supports", maxsplit=1)[0]))


def too_close(palette: Mapping[str, str]) -> list[tuple[str, str, float, float]]:
    """Return the pairs of a palette that cannot be told apart well enough: front, back, ratio, least."""
    measured = [(front, back, contrast(palette[front], palette[back]), least) for front, back, least in PAIRS]
    return [row for row in measured if row[2] < row[3]]


def accent_fits(accent: str, palette: Mapping[str, str]) -> bool:
    """Return whether a brand's colour can stand in for the accent: as text on every ground, and under its own text."""
    readable = all(contrast(accent, palette[ground]) >= TEXT for ground in GROUNDS)
    return readable and contrast(palette["on-accent"], accent) >= TEXT


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
