"""The icons of the interface: which there are, what the fixed ones mean, and how their sprite is made.

To add one: put its lucide name in NAMES, unpack `npm pack lucide-static@1.62.0`, and run
`python -m heartline.ui.icons path/to/package/icons`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).parent / "static" / "ui" / "icons.svg"

# A picture that always means the same thing is asked for by its meaning, so that it cannot be mixed up.
MEANINGS = {
    "promise": "bookmark",
    "kept": "bookmark-check",
    "broken": "bookmark-x",
    "complaint": "message-square-warning",
    "wait": "clock",
    "note": "lock",
    "hand-over": "arrow-left-right",
    "put-right": "credit-card",
    "callback": "phone-incoming",
    "chat": "message-circle",
    "messaging": "messages-square",
    "form": "clipboard-list",
}

NAMES = frozenset(
    """
    a-large-small activity angry archive arrow-left arrow-left-right arrow-right at-sign ban bell book-open bookmark
    bookmark-check bookmark-x building-2 calendar chart-line check check-check chevron-down chevron-left chevron-right
    chevron-up circle circle-alert circle-check circle-dot circle-pause circle-question-mark circle-user clipboard-list
    clock copy credit-card download ellipsis external-link eye eye-off file file-text fingerprint-pattern flag frown globe
    hand-helping headset history house image inbox info key-round keyboard languages layers lightbulb link list-filter
    list-tree lock lock-open log-out mail map-pin meh merge message-circle message-square-warning messages-square minus
    monitor moon paperclip pause pencil phone phone-incoming phone-off pin play plus qr-code receipt refresh-cw repeat
    reply rotate-ccw route rows-3 rows-4 scroll-text search send settings shield shield-check sliders-horizontal
    smartphone smile split square-pen star sun sun-moon tag text-quote thumbs-up timer trash-2 triangle-alert undo-2
    upload user user-check user-plus user-x users volume-2 wifi-off wrench x zap
    """.split()
)

# Drawn for Heartline; the heart that is also a line from one person to another. The dot is filled.
OWN = {
    "mark": (
        '<path d="M2 14.5h5.2c-1.8-1.9-2.7-3.6-2.7-5.2 0-2.3 1.7-4 3.8-4 1.6 0 2.9.9 3.7 2.4.8-1.5 2.1-2.4 3.7-2.4 '
        '2.1 0 3.8 1.7 3.8 4 0 3.3-3 6.3-7.5 9.7" stroke-width="2.2"/>'
    ),
    "dot": '<circle cx="12" cy="12" r="4.5" fill="currentColor" stroke="none"/>',
}

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg">\n'
    "<!-- lucide-static 1.62.0, ISC; part of it from Feather, MIT. Both texts: icons.LICENSE.txt. "
    "mark and dot: Heartline. Made by heartline.ui.icons -->\n"
)


def icon_name(name: str) -> str:
    """Return the drawing for an icon's name or meaning, refusing what the sprite does not hold."""
    drawing = MEANINGS.get(name, name)
    if drawing not in NAMES and drawing not in OWN:
        raise ValueError(f"There is no icon “{name}”: see heartline.ui.icons")
    return drawing


def all_names() -> list[str]:
    """Return every drawing in the sprite, in order."""
    return sorted(NAMES | OWN.keys())


def build(folder: Path) -> str:
    """Return the sprite made of lucide's files in `folder` and our own drawings."""
    drawings = {name: _shapes((folder / f"{name}.svg").read_text()) for name in NAMES} | OWN
    symbols = [f'<symbol id="{name}" viewBox="0 0 24 24">{drawings[name]}</symbol>\n' for name in sorted(drawings)]
    return HEAD + "".join(symbols) + "</svg>\n"


def _shapes(svg: str) -> str:
    inside = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    return re.sub(r"\s+", " ", inside).replace("> <", "><").replace(" />", "/>").strip()


if __name__ == "__main__":
    SPRITE.write_text(build(Path(sys.argv[1])))
