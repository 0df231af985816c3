"""`heartline doctor`: look at everything, say what is wrong and how to mend it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
import django

from heartline.config.doctor import machine
from heartline.config.doctor.finding import Check, Finding, broken
from heartline.config.environment import WrongSetting
from heartline.config.supervisor.screen import width
from heartline.config.words import _, ngettext

MARKS = {"good": ("✓", "green"), "hint": ("•", "yellow"), "broken": ("✗", "red")}


@click.command("doctor")
def command() -> None:
    """Check the installation. Exit code 1 when something is broken."""
    findings = []
    for finding in examine():
        findings.append(finding)
        show(finding)
    wrong = sum(finding.level == "broken" for finding in findings)
    click.echo()
    if wrong:
        click.echo(ngettext("{count} thing needs mending", "{count} things need mending", wrong).format(count=wrong))
        sys.exit(1)
    click.echo(_("All is well"))


def examine() -> Iterator[Finding]:
    """Yield what every check finds; a check that itself fails is a finding too."""
    for check in (
        machine.check_python,
        machine.check_folder,
        machine.check_disk,
        machine.check_files,
        machine.check_port,
        machine.check_clock,
        machine.check_processes,
    ):
        yield from _safely(check)
    try:
        django.setup()
    except Exception as error:
        text = str(error) if isinstance(error, WrongSetting) else f"{type(error).__name__}: {error}"
        yield broken(_("Settings"), text, _("Correct the setting that is named"))
        return
    from heartline.config.doctor import house

    for check in (
        house.check_database,
        house.check_assets,
        house.check_ledger,
        house.check_figures,
        house.check_sample,
        house.check_going_public,
    ):
        yield from _safely(check)


def show(finding: Finding) -> None:
    """Print a finding, and under it what mends it."""
    mark, colour = MARKS[finding.level]
    padding = " " * max(16 - width(finding.subject), 1)
    click.echo(f"  {click.style(mark, fg=colour)} {finding.subject}{padding}{finding.text}")
    if finding.mend:
        click.echo(f"    {' ' * 16}→ {finding.mend}")


def _safely(check: Check) -> Iterator[Finding]:
    try:
        yield from check()
    except WrongSetting as problem:
        yield broken(_("Settings"), str(problem), _("Correct the setting that is named"))
    except Exception as error:
        name = check.__name__.removeprefix("check_")
        text = _("The check itself failed: {error}").format(error=f"{type(error).__name__}: {error}")
        yield broken(name, text, _("Please report this"))
