"""Signs of life: each process touches a small file, so that `heartline doctor` can tell a living one from a stuck one."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

EVERY = 10.0
STALE = 45.0


@dataclass(frozen=True)
class Pulse:
    """What a process last showed of itself."""

    name: str
    pid: int
    age: float

    def alive(self) -> bool:
        """Return whether the process exists."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    def fresh(self) -> bool:
        """Return whether it showed itself lately."""
        return self.age < STALE


class Heartbeat:
    """The sign of life of this process. Whoever calls `beat` vouches that the process gets on with its work."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / f"{name}.json"
        self._path.write_text(json.dumps({"pid": os.getpid()}))

    def beat(self) -> None:
        """Show that we live."""
        os.utime(self._path)

    def end(self) -> None:
        """Take the sign away: the process ends as it should."""
        self._path.unlink(missing_ok=True)


def pulses(folder: Path) -> list[Pulse]:
    """Return what every process of this installation last showed."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            pid = int(json.loads(path.read_text())["pid"])
            found.append(Pulse(path.stem, pid, time.time() - path.stat().st_mtime))
        except (OSError, ValueError, KeyError):
            continue  # ended while we looked, or half written
    return found
