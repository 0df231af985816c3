"""The supervisor keeps its children alive, ends them with it, and never leaves one behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from heartline.config.supervisor.child import delay_before_restart

pytestmark = pytest.mark.once


class Stage:
    """A supervisor in a process of its own, with children that behave as told."""

    def __init__(self, folder, web, work, webs):
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "heartline.config.tests.pretend_supervisor", str(folder), web, work, str(webs)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"LC_ALL": "C"},
        )

    def pids(self, name):
        path = self.folder / f"{name}.pids"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def wait_for(self, name, count=1):
        wait_until(lambda: len(self.pids(name)) >= count)
        return self.pids(name)[count - 1]

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(12)


def wait_until(condition, seconds=12.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "this should have happened by now"
        time.sleep(0.02)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def stage(tmp_path):
    stages = []

    def build(web="ready", work="ready", webs=1):
        stages.append(Stage(tmp_path, web, work, webs))
        return stages[-1]

    yield build
    for one in stages:
        if one.process.poll() is None:
            one.process.kill()
        for pid in one.pids("web") + one.pids("web-2") + one.pids("work"):
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)
        one.process.communicate()


@pytest.mark.parametrize("name", ["web", "work"])
def test_a_killed_child_is_back_at_once(stage, name):
    running = stage()
    running.wait_for("work")
    first = running.wait_for(name)
    os.kill(first, signal.SIGKILL)
    second = running.wait_for(name, 2)
    assert second != first
    assert is_alive(second)


def test_more_processes_for_pages_come_back_and_end_as_the_first_does(stage):
    running = stage(webs=2)
    children = [running.wait_for("web"), running.wait_for("web-2"), running.wait_for("work")]
    os.kill(children[1], signal.SIGKILL)
    children.append(running.wait_for("web-2", 2))
    assert running.stop() == 0
    assert not any(map(is_alive, children))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asking_it_to_stop_ends_everything_with_success(stage, number):
    running = stage()
    children = [running.wait_for("web"), running.wait_for("work")]
    assert running.stop(number) == 0
    assert not any(map(is_alive, children))


def test_a_child_that_will_not_end_is_ended_within_ten_seconds(stage):
    running = stage(work="stubborn")
    stubborn = running.wait_for("work")
    time.sleep(0.3)  # let it begin to ignore us
    started = time.monotonic()
    running.stop()
    assert time.monotonic() - started < 10
    assert not is_alive(stubborn)


def test_children_end_when_the_supervisor_is_killed(stage):
    running = stage()
    children = [running.wait_for("web"), running.wait_for("work")]
    running.process.kill()
    wait_until(lambda: not any(map(is_alive, children)))


def test_a_web_that_never_served_is_given_up(stage):
    running = stage(web="crash")
    assert running.process.wait(12) == 1
    assert len(running.pids("web")) == 3
    assert running.pids("work") == []


def test_pages_stay_up_while_work_keeps_failing(stage):
    running = stage(work="crash")
    running.wait_for("work", 4)
    assert running.process.poll() is None
    assert is_alive(running.wait_for("web"))


def test_a_hopeless_start_says_why_and_how_to_mend_it(stage):
    running = stage(web="hopeless")
    output = running.process.communicate(timeout=12)[0]
    assert running.process.returncode == 1
    assert "the database is on the moon" in output
    assert "bring it back" in output


def test_work_starts_only_after_web_serves(stage):
    running = stage()
    running.wait_for("work")
    assert len(running.pids("web")) == 1


def test_restarts_begin_at_once_and_slow_down_to_half_a_minute():
    delays = [delay_before_restart(failures) for failures in range(1, 12)]
    assert delays[0] == 0
    assert delays == sorted(delays)
    assert delays[-1] == 30
