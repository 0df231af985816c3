"""Runs a real supervisor over pretended children, in a process of its own: `python -m … FOLDER WEB WORK`."""

import socket
import sys
from pathlib import Path

from heartline.config.supervisor.child import python_module
from heartline.config.supervisor.loop import Supervisor
from heartline.config.supervisor.screen import Screen


def main() -> int:
    folder, *behaviours = sys.argv[1:]
    of = dict(zip(("web", "work"), behaviours, strict=True))

    def command(name, *_):
        return python_module("heartline.config.tests.pretend_child", of[name], name, folder)

    listener = socket.create_server(("127.0.0.1", 0))
    return Supervisor(listener, Screen("http://127.0.0.1:1", Path(folder)), command).run()


if __name__ == "__main__":
    sys.exit(main())
