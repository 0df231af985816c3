"""The entry of every child process; see `heartline.config.supervisor`."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys

from heartline.config import environment
from heartline.config.processes.logs import set_up_logs
from heartline.config.processes.parent import Parent

log = logging.getLogger("heartline.processes")

# One thread counts or writes a page; the event loop, or the dispatcher, must not wait 5 ms (Python's default) behind it.
SWITCH_SECONDS = 0.0005


def main() -> int:
    """Run the process that the command line names; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m heartline.config.processes")
    parser.add_argument("name", help="web, work, or one more of a kind: web-2")
    parser.add_argument("--listen", type=int, default=-1, help="descriptor of a listening socket")
    parser.add_argument("--life-line", type=int, default=-1, help="descriptor that closes when the parent dies")
    parser.add_argument("--tell", type=int, default=-1, help="descriptor for tidings to the parent")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartline.config.settings")
    parent = Parent(arguments.life_line, arguments.tell)
    parent.die_with()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()  # until the process is ready: what starting builds is meant to stay, looking for rubbish in it costs a fifth
    set_up_logs(environment.data_folder() / "logs", arguments.name)
    try:
        return run(arguments.name, parent, arguments.listen)
    except Exception:
        log.exception("%s failed", arguments.name)
        return 1


def run(name: str, parent: Parent, descriptor: int) -> int:
    """Run one process; only its own modules are loaded."""
    if name.startswith("web"):
        from heartline.config.processes import web

        return web.main(name, parent, descriptor)
    from heartline.config.processes import work

    return work.main(parent)


if __name__ == "__main__":
    sys.exit(main())
