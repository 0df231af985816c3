"""`heartline insight`: analyses that run on a file. Each is a module, imported when it is called: numpy takes its time."""

from __future__ import annotations

import importlib
import os

import click

# name → module of this package that holds a Click command called `command`
ANALYSES: dict[str, str] = {
    "drivers": "drivers",
    "touchpoints": "touchpoints",
    "damage": "damage",
    "loyalty": "loyalty",
    "value": "value",
    "churn": "churn",
}


class Analyses(click.Group):
    """A group whose analyses are modules, imported when they are asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all analyses."""
        return list(ANALYSES)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return an analysis, or None when there is none of that name."""
        if name not in ANALYSES:
            return None
        command = importlib.import_module(f"{__name__}.{ANALYSES[name]}").command
        assert isinstance(command, click.Command)
        return command


@click.group("insight", cls=Analyses)
def command() -> None:
    """Analyse a file: which experiences drive loyalty, what they are worth, what to do first. Nothing needs to be imported."""
    # the matrices are small: a second thread only waits for the first, four times as long on a machine that has other work
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
