"""The sprite holds what templates ask for, and nothing that nobody may use."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.template import Context, Template

from heartline.ui import icons

HOUSE = Path(__file__).parent.parent.parent
SPRITE = ET.fromstring(icons.SPRITE.read_text(encoding="utf-8"))
SYMBOLS = {symbol.get("id"): symbol for symbol in SPRITE}


def test_the_sprite_holds_every_name():
    assert sorted(SYMBOLS) == icons.all_names()
    assert all(len(symbol) for symbol in SYMBOLS.values())
    assert {symbol.get("viewBox") for symbol in SYMBOLS.values()} == {"0 0 24 24"}


def test_drawings_leave_their_colour_to_the_page():
    drawn = icons.SPRITE.read_text(encoding="utf-8")
    assert not re.search(r"#[0-9a-f]{3,8}\b|style=|<script|on\w+=", drawn)


def test_meanings_are_drawings():
    assert set(icons.MEANINGS.values()) <= icons.NAMES
    assert not icons.MEANINGS.keys() & icons.NAMES


def test_every_icon_that_a_template_names_is_there():
    asked = {
        (path.relative_to(HOUSE).as_posix(), name)
        for path in HOUSE.glob("**/templates/**/*.html")
        for name in re.findall(r"""\{%\s*icon\s+["']([\w-]+)["']""", path.read_text(encoding="utf-8"))
    }
    assert asked
    known = icons.NAMES | icons.MEANINGS.keys() | icons.OWN.keys()
    assert {(path, name) for path, name in asked if name not in known} == set()


def test_an_icon_is_silent_beside_a_word_and_speaks_alone():
    beside = Template('{% load ui %}{% icon "clock" %}').render(Context())
    assert beside == '<svg class="i" aria-hidden="true"><use href="/static/ui/icons.svg#clock"></use></svg>'
    alone = Template('{% load ui %}{% icon "promise" "l" words %}').render(Context({"words": "Open <promise>"}))
    assert 'class="i i-l" role="img" aria-label="Open &lt;promise&gt;"' in alone
    assert "#bookmark" in alone


def test_an_unknown_icon_is_refused():
    with pytest.raises(ValueError, match="no icon"):
        Template('{% load ui %}{% icon "unicorn" %}').render(Context())


def test_both_licences_travel_with_the_sprite():
    licence = (icons.SPRITE.parent / "icons.LICENSE.txt").read_text(encoding="utf-8")
    assert "ISC License" in licence
    assert "The MIT License" in licence
