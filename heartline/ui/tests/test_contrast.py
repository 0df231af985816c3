"""Every pair of colours that the design lays on one another can be read, in both themes (WCAG 2.2)."""

from pathlib import Path

import pytest

from heartline.ui import contrast

UI = Path(__file__).parent.parent
TOKENS = (UI / "static" / "ui" / "tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = contrast.palettes(TOKENS)


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_every_pair_can_be_read(theme, palette):
    assert len(contrast.PAIRS) >= 89
    assert contrast.too_close(palette) == [], theme


def test_old_browsers_get_the_light_theme_whole():
    plain = contrast.fallbacks(TOKENS)
    assert {name: plain.get(name) for name in LIGHT} == LIGHT


def test_the_ratio_is_that_of_the_standard():
    assert contrast.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast.contrast("#ffffff", "#777777") == contrast.contrast("#777777", "#ffffff")


def test_a_palette_that_fails_is_told_where():
    faded = {**LIGHT, "ink-3": "#b0a89f"}
    assert ("ink-3", "surface") in {(front, back) for front, back, _, _ in contrast.too_close(faded)}


@pytest.mark.parametrize(
    ("accent", "fits"), [("#7a2a60", True), ("#0b5d57", True), ("#ff9900", False), ("#dddddd", False)]
)
def test_a_brand_may_bring_its_colour_only_where_it_can_be_read(accent, fits):
    assert contrast.accent_fits(accent, LIGHT) is fits


def test_a_brand_may_bring_its_dark_colour_too():
    assert contrast.accent_fits("#7fd4cc", DARK)
    assert not contrast.accent_fits("#0b5d57", DARK)
