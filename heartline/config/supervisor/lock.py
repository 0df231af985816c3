"""One running Heartline per data folder, held by an advisory lock that the system drops when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "heartline.lock"


@dataclass(frozen=True)
class Holder:
    """Who runs Heartline on a data folder, and where it is reached."""

    pid: int
    address: str


class AlreadyRunning(Exception):
    """Another Heartline uses this data folder."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__("another Heartline uses this data folder")
        self.holder = holder


class FolderLock:
    """The lock on a data folder, held until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._descriptor = -1

    def take(self, address: str) -> None:
        """Take the lock and write down who holds it, or raise AlreadyRunning."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not _locked(descriptor):
            os.close(descriptor)
            raise AlreadyRunning(_read(self._path))
        self._descriptor = descriptor
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(asdict(Holder(os.getpid(), address))).encode(), 0)

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def holder_of(folder: Path) -> Holder | None:
    """Return who runs Heartline on a folder now, or None when nobody does."""
    path = folder / NAME
    if not path.exists():
        return None
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(path) or Holder(0, "")
    finally:
        os.close(descriptor)
    return None


def _locked(descriptor: int) -> bool:
    for _ in range(3):  # somebody may be asking `holder_of` at this very moment
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return True
    return False


def _read(path: Path) -> Holder | None:
    try:
        return Holder(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
