"""The listening socket. The supervisor owns it, so visitors wait instead of being refused while `web` restarts."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Callable
from pathlib import Path

BACKLOG = 2048


class CannotListen(Exception):
    """The address cannot be listened on; `reason` is "taken", "forbidden" or "unknown"."""

    def __init__(self, reason: str, holder: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.holder = holder


def listen(host: str, port: int, *, patience: float = 5.0, waiting: Callable[[], None] = lambda: None) -> socket.socket:
    """Return a listening socket; tries again for a while, because a dying child may still hold the port."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return _bind(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise _explained(error, port) from error
        waiting()
        time.sleep(0.2)


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    listener.set_inheritable(True)
    return listener


def _explained(error: OSError, port: int) -> CannotListen:
    if error.errno == errno.EADDRINUSE:
        return CannotListen("taken", program_on(port))
    if error.errno == errno.EACCES:
        return CannotListen("forbidden")
    return CannotListen("unknown", str(error))


def program_on(port: int) -> str:
    """Return "name (process 123)" of the program listening on a TCP port, or "" when that cannot be told."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    if not sockets:
        return ""
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(descriptor.readlink()) in sockets:
                process = descriptor.parent.parent
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
        except OSError:
            continue  # another user's process, or one that just ended
    return ""


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for columns in map(str.split, rows):
            if columns[3] == "0A" and int(columns[1].rpartition(":")[2], 16) == port:
                inodes.add(columns[9])
    return inodes
