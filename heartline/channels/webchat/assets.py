"""The chat's scripts and styles as they travel: without the comments that explain them, and packed.

A brand's site should not pay for our documentation. There is no build: the files are read as they stand, comments are
dropped, and the result is kept in memory. All of it together, the frame's tokens included, stays under 15 KB
(`tests/test_weight.py` measures it).
"""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.safestring import SafeString

from heartline.channels.webchat.words import widget_words
from heartline.people.models import Brand
from heartline.ui.contrast import palettes
from heartline.ui.icons import SPRITE

FOLDER = Path(__file__).parent / "static" / "webchat"
TOKENS = SPRITE.with_name("tokens.css")
NAMES = ("chat.js", "door.js", "stream.js", "tray.js", "view.js", "chat.css")
# Fetched only by a chat in which one of us wrote bold words, a list or a named link.
WHEN_NEEDED = ("markup.js",)
_HOUSE = re.compile(r"/\* house \*/.*?/\* filled in by the server \*/")


def packed(text: str) -> bytes:
    """Return a text as it travels to whoever takes gzip."""
    return gzip.compress(text.encode(), mtime=0)


@cache
def asset(name: str) -> str:
    """Return a script or a style without its comments."""
    # how messages are dressed is the whole house's
    place = SPRITE.with_name(name) if name in WHEN_NEEDED else FOLDER / name
    code = without_comments(place.read_text())
    return without_spaces(code) if name.endswith(".css") else code


def without_comments(code: str) -> str:
    """Return code without comments that stand on lines of their own, and without indentation."""
    blocks = re.sub(r"^\s*/\*.*?\*/[ \t]*\n?", "", code, flags=re.DOTALL | re.MULTILINE)
    casts = re.sub(r"/\*\* @type \{[^\n]*?\} \*/ ?", "", blocks)
    lines = re.sub(r"^\s*//.*\n", "", casts, flags=re.MULTILINE)
    return re.sub(r"^[ \t]+|\n(?=\n)", "", lines, flags=re.MULTILINE)


def without_spaces(style: str) -> str:
    """Return a style sheet without the spaces that are there for its readers; those that mean something stay."""
    return re.sub(r"\s*([{};,])\s*", r"\1", style).replace(": ", ":").replace(";}", "}")


def widget_script() -> str:
    """Return the widget's script with the looks of our brands and its words in both languages."""
    light, dark = palettes(TOKENS.read_text())
    looks = {
        brand.key: [brand.accent, light["on-accent"], brand.accent_dark, dark["on-accent"]]
        for brand in Brand.objects.order_by("id")
    }
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[language] = widget_words()
    house = json.dumps({"words": said, "looks": looks}, ensure_ascii=False, separators=(",", ":"))
    return without_comments(_HOUSE.sub(lambda _match: house, (FOLDER / "widget.js").read_text()))


@cache
def frame_tokens(language: str) -> SafeString:
    """Return the design tokens that the chat uses, and those they are made of: a tenth of the whole file."""
    tokens = TOKENS.read_text()
    before, _supports, rest = tokens.partition("@supports (color: light-dark")
    both, _end, after = rest.partition("\n}\n")
    plain = _definitions(before) | _definitions(after.partition("\n}\n")[0])
    spoken = "zh" if language.startswith("zh") else "en"
    plain |= _definitions("".join(re.findall(rf'^\[lang\|="{spoken}"\] \{{(.*?)\}}', after, re.MULTILINE)))
    names = _needed(asset("chat.css"), plain)
    light = "".join(f"--{name}:{plain[name]};" for name in names)
    dual = "".join(f"--{name}:{value};" for name, value in _definitions(both).items() if name in names)
    face = re.findall(r"@font-face \{.*?\}", tokens, re.DOTALL)[0] if spoken == "zh" else ""
    later = f"@supports (color:light-dark(#000,#fff)){{:root{{color-scheme:light dark;{dual}}}}}"
    return SafeString(without_spaces(f"{face}:root{{color-scheme:light;{light}}}{later}"))


def _definitions(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", text))


def _needed(text: str, known: dict[str, str]) -> list[str]:
    """Return the names a text uses, and those that their values use in turn."""
    found: dict[str, None] = {}
    wanted = re.findall(r"var\(--([\w-]+)", text)
    while wanted:
        name = wanted.pop()
        if name in known and name not in found:
            found[name] = None
            wanted += re.findall(r"var\(--([\w-]+)", known[name])
    return list(found)
