"""A stand-in for a process under the supervisor: `python -m … ready|crash|stubborn|hopeless NAME FOLDER`."""

import os
import signal
import sys
import time
from pathlib import Path

from heartline.config.processes.parent import Parent


def main() -> None:
    behaviour, name, folder = sys.argv[1:4]
    options = dict(part.removeprefix("--").split("=") for part in sys.argv[4:])
    parent = Parent(int(options["life-line"]), int(options["tell"]))
    parent.die_with()
    with (Path(folder) / f"{name}.pids").open("a") as file:
        file.write(f"{os.getpid()}\n")
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if behaviour == "hopeless":
        parent.hopeless("the database is on the moon", "bring it back")
    if behaviour == "crash":
        sys.exit(3)
    parent.step("getting ready")
    parent.ready()
    time.sleep(60)


if __name__ == "__main__":
    main()
