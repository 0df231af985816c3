"""Runs a real supervisor over pretended children, in a process of its own: `python -m … FOLDER WEB WORK [WEBS]`."""

import socket
import sys
from pathlib import Path

from heartline.config.supervisor.child import python_module
from heartline.config.supervisor.loop import Supervisor
from heartline.config.supervisor.screen import Screen


def main() -> int:
    folder, web, work, *webs = sys.argv[1:]
    of = {"web": web, "work": work}

    def command(name, *_):
        return python_module("heartline.config.tests.pretend_child", of[name.partition("-")[0]], name, folder)

    listener = socket.create_server(("127.0.0.1", 0))
    return Supervisor(
        listener, Screen("http://127.0.0.1:1", Path(folder)), command, webs=int(webs[0]) if webs else 1
    ).run()


if __name__ == "__main__":
    sys.exit(main())
