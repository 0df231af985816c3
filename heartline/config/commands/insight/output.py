"""How every analysis is shown: on the screen, or as JSON, CSV or a page, on standard output or in a file."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from heartline.config.words import terminal_language
from heartline.insight.answers import Answer, CannotAnswer, WrongQuestion
from heartline.insight.answers.words import speaking

CANNOT, WRONG = 1, 2


@dataclass(frozen=True)
class Output:
    """How and where to show an answer."""

    form: str = ""
    table: str = ""
    bom: bool = False
    out: Path | None = None


def answering(analyse: Callable[..., Answer]) -> Callable[..., None]:
    """Give a command that returns an answer the options that show it, and let it end as scripts expect.

    Ends with 0 when there is an answer, 1 when the data cannot give one, 2 when the question is wrong.
    """

    @click.option("--json", "form", flag_value="json", help="For programs: stable keys, every digit.")
    @click.option("--csv", "form", flag_value="csv", help="One table as CSV, the first unless --table names another.")
    @click.option("--html", "form", flag_value="html", help="One page that needs nothing else and prints well.")
    @click.option("--table", default="", metavar="KEY", help="With --csv: which table.")
    @click.option("--bom", is_flag=True, help="With --csv: begin with a byte order mark, for spreadsheets on Windows.")
    @click.option(
        "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, whole or not at all."
    )
    @wraps(analyse)
    def command(form: str | None, table: str, bom: bool, out: Path | None, **given: Any) -> None:
        with speaking(terminal_language()):
            try:
                text = rendered(analyse(**given), Output(form or "", table, bom, out))
            except WrongQuestion as refusal:
                _end(refusal, WRONG)
            except CannotAnswer as refusal:
                _end(refusal, CANNOT)
            else:
                deliver(text, out)

    return command


def rendered(answer: Answer, output: Output) -> str:
    """Return an answer as it was asked for."""
    if output.form == "json":
        from heartline.insight.answers.as_json import as_json

        return as_json(answer) + "\n"
    if output.form == "csv":
        from heartline.insight.answers.as_csv import as_csv

        return as_csv(answer, output.table, bom=output.bom)
    if output.form == "html":
        from heartline.insight.answers.as_html import as_html

        return as_html(answer)
    return _on_screen(answer, output)


def deliver(text: str, out: Path | None) -> None:
    """Write a text to standard output, or to a file that appears whole or not at all."""
    if out is None:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.write(text)
            sys.stdout.flush()
        return
    try:
        _write_whole(text, out)
    except OSError as error:
        _end(click.ClickException(f"{out}: {error.strerror or error}"), WRONG)


def _write_whole(text: str, out: Path) -> None:
    handle, unfinished = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(out)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _on_screen(answer: Answer, output: Output) -> str:
    import io

    from heartline.insight.answers.on_screen import show

    if output.out is None and sys.stdout.isatty():
        show(answer)
        return ""
    text = io.StringIO()
    show(answer, text)
    return text.getvalue()


def _end(refusal: Exception, status: int) -> None:
    click.echo(f"heartline insight: {refusal}", err=True)
    sys.exit(status)
