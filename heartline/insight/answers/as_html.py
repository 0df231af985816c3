"""An answer as one page that needs nothing else: read on a screen, printed, sent by mail, kept."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

import heartline.ui
from heartline.insight.answers import formats
from heartline.insight.answers.shape import Answer, Table
from heartline.insight.answers.words import _, language

STYLE = Path(__file__).parent / "page.css"
TOKENS = Path(heartline.ui.__file__).parent / "static" / "ui" / "tokens.css"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def as_html(answer: Answer) -> str:
    """Return an answer as a page."""
    return "\n".join(_page(answer)) + "\n"


def _page(answer: Answer) -> Iterator[str]:
    yield "<!doctype html>"
    yield f'<html lang="{"zh-Hans" if language() == "zh_Hans" else "en"}">'
    yield f'<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(answer.title)}</title>"
    yield f"<style>{_style()}</style></head>"
    yield f"<body><main><h1>{escape(answer.title)}</h1>"
    yield from (f'<p class="says">{escape(sentence)}</p>' for sentence in answer.says)
    for picture in answer.pictures:
        yield f"<figure><figcaption>{escape(picture.title)}</figcaption>{picture.svg}</figure>"
    for table in answer.tables:
        yield from _table(table)
    if answer.cautions:
        yield f"<section><h2>{escape(_('Mind this'))}</h2><ul>"
        yield from (f"<li>{escape(caution)}</li>" for caution in answer.cautions)
        yield "</ul></section>"
    yield "</main></body></html>"


def _table(table: Table) -> Iterator[str]:
    yield f'<section><h2>{escape(table.title)}</h2><div class="scroll"><table><thead><tr>'
    columns, rows = table.seen()
    for column in columns:
        head = f"{column.name} ({column.unit})" if column.unit else column.name
        yield f"<th{_class(formats.is_number(column))}>{escape(head)}</th>"
    yield "</tr></thead><tbody>"
    for row in rows:
        cells = zip(row, columns, strict=True)
        yield "<tr>" + "".join(
            f"<td{_class(formats.is_number(c))}>{escape(formats.shown(x, c))}</td>" for x, c in cells
        )
        yield "</tr>"
    yield "</tbody></table></div>"
    if table.note:
        yield f'<p class="note">{escape(table.note)}</p>'
    yield "</section>"


def _class(is_number: bool) -> str:
    return ' class="n"' if is_number else ""


@cache
def _style() -> str:
    """The tokens of the house and the few rules of this page."""
    return (TOKENS.read_text("utf-8") + STYLE.read_text("utf-8")).replace("</", "<\\/")
