"""Checks of the machine: Python, data folder, disk, port, clock, processes. None of them needs Django."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from heartline.config import environment
from heartline.config.doctor.finding import Finding, broken, good, hint
from heartline.config.processes.heartbeat import STALE, pulses
from heartline.config.supervisor.listening import CannotListen, listen
from heartline.config.supervisor.lock import holder_of
from heartline.config.words import _

OLDEST = (3, 11, 4)
LITTLE, VERY_LITTLE = 2 * 2**30, 200 * 2**20
BUILT = datetime(2026, 1, 1, tzinfo=UTC)


def check_python() -> Iterator[Finding]:
    """Python is recent enough."""
    subject, version = _("Python"), ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        yield broken(
            subject,
            _("Python {version} is too old").format(version=version),
            _("Install Python {oldest} or newer").format(oldest=oldest),
        )
    else:
        yield good(subject, version)


def check_folder() -> Iterator[Finding]:
    """The data folder can be written and is closed to others."""
    subject, folder = _("Data folder"), environment.data_folder()
    if not folder.exists():
        yield hint(subject, _("{folder} does not exist yet").format(folder=folder), _("`heartline run` makes it"))
        return
    try:
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        text = _("{folder} cannot be written: {error}").format(folder=folder, error=error.strerror)
        yield broken(subject, text, _("Give this user the right to write there, or set HEARTLINE_DATA"))
        return
    if folder.stat().st_mode & 0o077:
        yield hint(
            subject,
            _("Other users of this machine can look into {folder}").format(folder=folder),
            f"chmod 700 {folder}",
        )
    else:
        yield good(subject, str(folder))


def check_disk() -> Iterator[Finding]:
    """There is room for what customers send."""
    folder = _existing(environment.data_folder())
    free = shutil.disk_usage(folder).free
    text = _("{size} GB free").format(size=f"{free / 2**30:.1f}")
    mend = _("Make room, or move the data folder and set HEARTLINE_DATA")
    if free < VERY_LITTLE:
        yield broken(_("Disk"), text, mend)
    elif free < LITTLE:
        yield hint(_("Disk"), text, mend)
    else:
        yield good(_("Disk"), text)


def check_port() -> Iterator[Finding]:
    """The port is free, or ours."""
    subject, host, port = _("Port"), environment.host(), environment.port()
    holder = holder_of(environment.data_folder())
    if holder:
        where = _("Heartline runs as process {pid} at {address}").format(pid=holder.pid, address=holder.address)
        yield good(subject, where)
        return
    try:
        listen(host, port, patience=0).close()
        yield good(subject, _("{port} is free").format(port=port))
    except CannotListen as problem:
        from heartline.config.commands.run import why_not

        yield broken(subject, *why_not(problem, host, port))


def check_clock() -> Iterator[Finding]:
    """The clock is not plainly wrong: promises and waits are told from it."""
    now = datetime.now(UTC)
    newest = max((path.stat().st_mtime for path in _existing(environment.data_folder()).glob("*")), default=0.0)
    mend = _("Set the clock of this machine, best by NTP")
    if now < BUILT:
        yield broken(_("Clock"), _("It says {moment}").format(moment=f"{now:%Y-%m-%d}"), mend)
    elif newest > time.time() + 300:
        yield broken(_("Clock"), _("Files in the data folder are from the future: the clock went back"), mend)
    else:
        yield good(_("Clock"), f"{now:%Y-%m-%d %H:%M} UTC")


def check_processes() -> Iterator[Finding]:
    """What should run, runs and gets on with its work."""
    subject, folder = _("Processes"), environment.data_folder()
    if not holder_of(folder):
        yield good(subject, _("Not running"))
        return
    seen = {pulse.name: pulse for pulse in pulses(folder / "run")}
    more = (name for name in seen if name.startswith("web-"))
    for name in ("web", *more, "work"):
        pulse = seen.get(name)
        if pulse is None or not pulse.alive():
            yield broken(subject, _("{name} is not running").format(name=name), _log_advice(folder, name))
        elif not pulse.fresh():
            text = _("{name} (process {pid}) has shown no sign of life for {seconds} seconds")
            stuck = text.format(name=name, pid=pulse.pid, seconds=int(pulse.age))
            yield broken(subject, stuck, _("End it with kill -9 {pid}: it is started again").format(pid=pulse.pid))
        else:
            text = _("{name} runs as process {pid}, seen within {seconds} seconds")
            yield good(subject, text.format(name=name, pid=pulse.pid, seconds=int(STALE)))


def _log_advice(folder: Path, name: str) -> str:
    return _("Look into {file}").format(file=folder / "logs" / f"{name}.log")


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def check_files() -> Iterator[Finding]:
    """Secrets are readable by their owner alone."""
    key = environment.data_folder() / "secret.key"
    if not key.exists():
        return
    if key.stat().st_mode & 0o077:
        yield broken(_("Secret key"), _("Other users of this machine can read it"), f"chmod 600 {key}")
    elif os.access(key, os.R_OK):
        yield good(_("Secret key"), _("Readable by its owner alone"))
    else:
        yield broken(_("Secret key"), _("This user cannot read it"), _("Run as the user that owns the data folder"))
