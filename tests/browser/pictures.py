"""The pictures of the documentation: screenshots that journeys keep on their way, when `make pictures` asks for them."""

from __future__ import annotations

import io
import os
from collections import Counter
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

FOLDER = Path(__file__).parents[2] / "docs" / "images"
COLOURS = 256


def wanted() -> bool:
    """Return whether this run makes pictures; a picture may ask for more people about than a test needs."""
    return bool(os.environ.get("HEARTLINE_TEST_PICTURES"))


def keep(page: Page, name: str) -> None:
    """Keep what a page shows, in the colours it has most of and those farthest apart: a third of the size, and nobody sees it."""
    if not wanted():
        return
    FOLDER.mkdir(exist_ok=True)
    page.wait_for_timeout(600)  # whatever fades in has come
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    pixels = shot.tobytes()
    found = Counter(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True))
    most = [part for colour, _count in found.most_common(COLOURS // 2) for part in colour]
    rare = shot.quantize(COLOURS // 2, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette(bytes([*most, *rare[: COLOURS // 2 * 3]]))
    few = shot.quantize(palette=palette, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True)
