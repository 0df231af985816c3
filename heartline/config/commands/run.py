"""`heartline run`: everything, on one port, until Ctrl-C."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from heartline.config import environment
from heartline.config.processes.logs import set_up_logs
from heartline.config.supervisor.listening import CannotListen, listen
from heartline.config.supervisor.lock import AlreadyRunning, FolderLock
from heartline.config.supervisor.loop import Supervisor
from heartline.config.supervisor.screen import Screen
from heartline.config.words import _

EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not bound to


@click.command("run")
def command() -> None:
    """Start Heartline and keep it running until Ctrl-C."""
    folder = ready_folder()
    host, port, webs = environment.host(), environment.port(), environment.web_processes()
    address = page_address(host, port)
    screen = Screen(address, folder)
    lock = FolderLock(folder)
    try:
        lock.take(address)
    except AlreadyRunning as running:
        screen.refused(running.holder)
        sys.exit(1)
    try:
        listener = listen(host, port, waiting=lambda: screen.once(_("Waiting for the port to become free")))
    except CannotListen as problem:
        screen.hopeless(*why_not(problem, host, port))
        sys.exit(1)
    set_up_logs(folder / "logs", "supervisor", terminal=False)
    code = Supervisor(listener, screen, webs=webs).run()
    lock.release()
    sys.exit(code)


def ready_folder() -> Path:
    """Return the data folder, made if need be and closed to other users of the machine."""
    folder = environment.data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "run").mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        message = _("The data folder {folder} cannot be used: {error}")
        raise environment.WrongSetting(message.format(folder=folder, error=error.strerror)) from error
    return folder


def page_address(host: str, port: int) -> str:
    """Return the address to type into a browser on this machine."""
    scheme = "https" if environment.flag("HEARTLINE_HTTPS") else "http"
    name = "127.0.0.1" if host in EVERYWHERE else host
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}"


def why_not(problem: CannotListen, host: str, port: int) -> tuple[str, str]:
    """Return why the port cannot be used, and what to do about it."""
    other = _("Use another one, for example HEARTLINE_PORT={port} heartline run").format(port=port + 1)
    if problem.reason == "taken":
        holder = problem.holder or _("another program")
        return _("Port {port} is used by {holder}").format(port=port, holder=holder), other
    if problem.reason == "forbidden":
        return _("Port {port} may only be used by the administrator of this machine").format(port=port), other
    message = _("Cannot listen on {host}, port {port}: {error}").format(host=host, port=port, error=problem.holder)
    return message, _("Check HEARTLINE_HOST and HEARTLINE_PORT")
