"""The `heartline` command. Each subcommand is loaded only when called: `run` must stay small, `--help` must be quick."""

from __future__ import annotations

import importlib
import os
import sys

import click

import heartline
from heartline.config.environment import WrongSetting
from heartline.config.words import _

# name → module of heartline.config.commands that holds a Click command called `command`
COMMANDS = {
    "run": "run",
    "doctor": "doctor",
    "migrate": "migrate",
    "backup": "backup",
    "restore": "restore",
    "load-sample": "load_sample",
    "remove-sample": "remove_sample",
    "reindex": "reindex",
    "routing": "routing",
    "insight": "insight",
    "docs": "docs",
    "compile-messages": "compile_messages",
}


class House(click.Group):
    """A group whose commands are modules, imported when they are asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands, in the order people meet them."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command, or None when there is none of that name."""
        if name not in COMMANDS:
            return None
        command = importlib.import_module(f"heartline.config.commands.{COMMANDS[name]}").command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=House, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(heartline.__version__, prog_name="heartline")
def heartline_command() -> None:
    """An open-source contact centre built for customer experience. Start with: heartline run."""


def main() -> None:
    """Run the command line; a wrong setting is told in one sentence, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartline.config.settings")
    try:
        heartline_command()
    except WrongSetting as problem:
        click.echo(f"{_('Heartline cannot run')}: {problem}", err=True)
        sys.exit(78)
