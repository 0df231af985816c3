"""`heartline routing`: the routing plan as a TOML file, checked and put in use from the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import django

from heartline.config.words import _


@click.group("routing")
def command() -> None:
    """Write the routing plan out as a file, check one, or put one in use."""


@command.command("export")
@click.option("--version", "number", type=int, default=0, help="A version of the plan; the one in use if left out.")
def export(number: int) -> None:
    """Write the plan in use, with every default in its place, as TOML."""
    django.setup()
    from heartline.routing.planning.compared import whole
    from heartline.routing.plans import toml
    from heartline.routing.plans.queries import content_in_use, version

    click.echo(toml.dumps(version(number).content if number else whole(content_in_use())), nl=False)


@command.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say what is wrong with a plan, and what it would change; ends with 1 when it cannot be used."""
    django.setup()
    from heartline.routing.planning.compared import changes
    from heartline.routing.planning.labels import things
    from heartline.routing.plans.queries import content_in_use

    content = _read(file)
    _told(content)
    found = changes(content_in_use(), content, things())
    for one in found:
        click.echo(f"{one.where}: {one.was} → {one.now}")
    if not found:
        click.echo(_("It says the same as the plan in use"))


@command.command("publish")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", default="", help="What changes, for colleagues who read the versions.")
def publish(file: Path, note: str) -> None:
    """Put a plan in use from the next offer on. A draft that somebody writes stands in the way: publish or discard it first."""
    django.setup()
    from heartline.common import clock
    from heartline.common.actors import Actor
    from heartline.routing.plans import actions
    from heartline.routing.plans.queries import draft

    content = _read(file)
    _told(content)
    if draft():
        click.echo(_("Somebody is writing a draft. Publish it or throw it away first"), err=True)
        sys.exit(1)
    by, now = Actor.system("command"), clock.now()
    made = actions.publish(actions.save_draft(content, note=note, by=by, now=now), by=by, now=now)
    click.echo(_("Version {number} is in use from the next offer on").format(number=made.number))


def _read(file: Path) -> dict[str, object]:
    from heartline.common.errors import Invalid
    from heartline.routing.plans import toml

    try:
        return toml.loads(file.read_text("utf-8"))
    except (Invalid, UnicodeDecodeError) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)


def _told(content: dict[str, object]) -> None:
    """Say what is wrong, and end when anything is."""
    from heartline.routing.plans import actions

    wrong = actions.check(content)
    for path, why in sorted(wrong.items()):
        click.echo(f"{path}: {why}", err=True)
    if wrong:
        sys.exit(1)
