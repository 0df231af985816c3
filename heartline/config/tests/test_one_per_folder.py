"""Two Heartlines never share a data folder, and a port in use is explained."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time

import pytest

from heartline.config.supervisor.listening import CannotListen, listen, program_on
from heartline.config.supervisor.lock import AlreadyRunning, FolderLock, holder_of

pytestmark = pytest.mark.once

HOLD = """
import sys, time
from pathlib import Path
from heartline.config.supervisor.lock import FolderLock
FolderLock(Path(sys.argv[1])).take("http://127.0.0.1:8123")
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def other_process(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_start_is_refused_and_told_who_holds_the_folder(tmp_path, other_process):
    with pytest.raises(AlreadyRunning) as refused:
        FolderLock(tmp_path).take("http://127.0.0.1:8000")
    assert refused.value.holder.pid == other_process.pid
    assert refused.value.holder.address == "http://127.0.0.1:8123"
    assert holder_of(tmp_path) == refused.value.holder


def test_a_killed_holder_leaves_the_folder_free(tmp_path, other_process):
    other_process.kill()
    other_process.wait()
    assert holder_of(tmp_path) is None
    lock = FolderLock(tmp_path)
    lock.take("here")
    assert holder_of(tmp_path).pid == os.getpid()
    lock.release()
    assert holder_of(tmp_path) is None


def test_a_folder_that_was_never_used_has_no_holder(tmp_path):
    assert holder_of(tmp_path) is None


def test_a_port_in_use_names_the_program_that_has_it():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen) as refused:
            listen("127.0.0.1", port, patience=0)
        assert refused.value.reason == "taken"
        assert f"process {os.getpid()}" in refused.value.holder
        assert program_on(port) == refused.value.holder


def test_a_port_that_becomes_free_soon_is_waited_for():
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    threading.Timer(0.5, taken.close).start()
    said = []
    started = time.monotonic()
    listen("127.0.0.1", port, patience=5, waiting=lambda: said.append(1)).close()
    assert time.monotonic() - started >= 0.4
    assert said


def test_an_address_that_is_not_ours_is_explained():
    with pytest.raises(CannotListen) as refused:
        listen("203.0.113.1", 8999, patience=0)
    assert refused.value.reason == "unknown"
