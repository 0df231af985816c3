"""The entry of every child process; see `heartline.config.supervisor`."""

from __future__ import annotations

import argparse
import os
import sys

from heartline.config.processes.parent import Parent


def main() -> int:
    """Run the process that the command line names; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m heartline.config.processes")
    parser.add_argument("name", choices=("web", "work"))
    parser.add_argument("--listen", type=int, default=-1, help="descriptor of a listening socket")
    parser.add_argument("--life-line", type=int, default=-1, help="descriptor that closes when the parent dies")
    parser.add_argument("--tell", type=int, default=-1, help="descriptor for tidings to the parent")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartline.config.settings")
    parent = Parent(arguments.life_line, arguments.tell)
    parent.die_with()
    if arguments.name == "web":
        from heartline.config.processes import web

        return web.main(parent, arguments.listen)
    from heartline.config.processes import work

    return work.main(parent)


if __name__ == "__main__":
    sys.exit(main())
