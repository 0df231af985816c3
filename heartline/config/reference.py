"""The reference pages under docs/reference, written from the code; a test fails when they differ from it."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from django.utils.translation import override

from heartline.config import environment

FOLDER = Path(__file__).parent.parent.parent / "docs" / "reference"
MADE = "<!-- Made by `heartline docs` from the code. Change the code, not this page. -->"


def pages() -> dict[str, str]:
    """Return every reference page by its file name."""
    makers: dict[str, Callable[[], Iterable[str]]] = {
        "settings.md": settings_page,
        "commands.md": commands_page,
        "events.md": events_page,
        "roles.md": roles_page,
        "metrics.md": metrics_page,
    }
    with override("en"):
        return {name: f"{MADE}\n\n" + "\n".join(make()).rstrip() + "\n" for name, make in makers.items()}


def write(folder: Path = FOLDER) -> list[Path]:
    """Write the pages that changed; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = [(folder / name, text) for name, text in pages().items() if not _has(folder / name, text)]
    for path, text in changed:
        path.write_text(text)
    return [path for path, _text in changed]


def settings_page() -> Iterable[str]:
    """Yield the table of environment variables."""
    yield "# Settings\n"
    yield "Everything that can be set from outside is an environment variable.\n"
    yield from table(
        ("Variable", "Default", "Meaning"), [(f"`{v.name}`", v.default, v.meaning) for v in environment.VARIABLES]
    )


def commands_page() -> Iterable[str]:
    """Yield every subcommand with its arguments and options."""
    from heartline.config.cli import heartline_command

    yield "# Commands\n"
    yield from _commands(click.Context(heartline_command, info_name="heartline"), ())


def _commands(context: click.Context, path: tuple[str, ...]) -> Iterable[str]:
    """Yield the commands of a group, and theirs."""
    group = context.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        own = click.Context(command, info_name=name, parent=context)
        yield f"{'#' * (2 + len(path))} `heartline {' '.join([*path, name, *command.collect_usage_pieces(own)[1:]])}`\n"
        yield f"{inspect.cleandoc(command.help or '')}\n"
        options = [(f"`{', '.join(p.opts)}`", p.help or "") for p in command.params if isinstance(p, click.Option)]
        if options:
            yield from table(("Option", "Meaning"), options)
            yield ""
        if isinstance(command, click.Group):
            yield from _commands(own, (*path, name))


def events_page() -> Iterable[str]:
    """Yield every ledger event with its fields."""
    from heartline.ledger.events import KINDS

    yield "# Ledger events\n"
    yield "Every change appends one of these in its own transaction. Fields are the event's body, as JSON.\n"
    for kind in sorted(kind for kind, event in KINDS.items() if ".tests." not in event.__module__):
        event = KINDS[kind]
        yield f"## `{kind}` (version {event.version})\n"
        yield f"{inspect.cleandoc(event.__doc__ or '')}\n"
        yield from table(("Field", "Type"), [(f"`{f.name}`", f"`{f.type}`") for f in dataclasses.fields(event)])
        yield ""


def roles_page() -> Iterable[str]:
    """Yield which role has which right, and what each address asks for."""
    from heartline.people.models import Role
    from heartline.people.permissions import ROLES_WITH, ROUTES

    yield "# Roles, rights and addresses\n"
    yield "Which cases and people a right reaches is decided by the person's teams; administrators reach all.\n"
    roles = list(Role)
    rows = [(f"`{right}`", *("✓" if role in held else "" for role in roles)) for right, held in ROLES_WITH.items()]
    yield from table(("Right", *(str(role.label) for role in roles)), rows)
    yield "\n## Addresses\n"
    yield from table(("Route", "Asks for"), [(f"`{name}`", f"`{right}`") for name, right in sorted(ROUTES.items())])


def metrics_page() -> Iterable[str]:
    """Yield every metric with its definition, formula and versions."""
    from heartline.insight.catalogue import METRICS

    yield "# Metrics\n"
    for metric in METRICS:
        yield f"## {metric.name} (`{metric.id}`)\n"
        yield f"{metric.meaning}.\n"
        yield f"- Formula: {metric.formula}"
        yield f"- Unit: {metric.unit}"
        if metric.why:
            yield f"- Why so: {metric.why}"
        for version in metric.versions:
            yield f"- Version {version.number}, from {version.since:%Y-%m-%d}: {version.change}"
        yield ""


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    """Yield a Markdown table."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"


def _has(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text
