"""`heartline run` as people use it: real processes, a real port."""

from __future__ import annotations

import os
import signal
import time

import pytest

from heartline.config.supervisor.lock import holder_of
from tests.running import Running, running

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("run")]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house") / "data"
    with running(folder, HEARTLINE_SAMPLE="0", HEARTLINE_DATABASE_URL="") as one:
        yield one


def wait_until(condition, seconds=15.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "this should have happened by now"
        time.sleep(0.05)


def test_the_start_screen_says_where_everything_is(house):
    for path in ("/", "/desk/", "/floor/", "/insight/", "/setup/"):
        assert f"{house.address}{path}\n" in house.output
    assert "/setup/first/" in house.output
    assert "Ctrl-C" in house.output


def test_pages_are_served_with_their_headers(house):
    status, page = house.get("/health")
    assert status == 200
    assert '"work": true' in page
    assert house.get("/static/ui/tokens.css")[0] == 200
    assert house.get("/no/such/page")[0] == 404


def test_live_push_answers_on_the_same_port(house):
    assert house.get("/live/staff")[0] == 401
    assert house.get("/live/nowhere")[0] == 404


def test_a_second_start_is_refused_with_the_first_ones_address(house):
    again = house.command("run", check=False)
    assert again.returncode == 1
    assert house.address in again.stdout
    assert str(holder_of(house.folder).pid) in again.stdout


def test_another_folder_on_the_same_port_is_told_who_has_it(house, tmp_path):
    other = Running(tmp_path / "other", HEARTLINE_PORT=str(house.port))
    refused = other.command("run", check=False)
    assert refused.returncode == 1
    assert f"Port {house.port} is used by" in refused.stdout
    assert "HEARTLINE_PORT" in refused.stdout


def test_the_doctor_finds_nothing_wrong(house):
    checked = house.command("doctor")
    assert "web runs as process" in checked.stdout
    assert "work runs as process" in checked.stdout


def test_a_backup_is_made_while_it_runs(house, tmp_path):
    house.command("backup", str(tmp_path / "b.tar.gz"))
    assert (tmp_path / "b.tar.gz").stat().st_size > 1000


@pytest.mark.parametrize("name", ["web", "work"])
def test_visitors_wait_instead_of_failing_while_a_killed_process_comes_back(house, name):
    before = house.kill(name)
    assert house.get("/health")[0] == 200  # the port is held by the supervisor: this waits for the new `web`
    wait_until(lambda: house.pid_of(name) != before)
    house.wait_until_ready()


def test_ctrl_c_ends_everything_in_time(tmp_path):
    house = Running(tmp_path / "data", HEARTLINE_SAMPLE="0", HEARTLINE_DATABASE_URL="").start()
    children = [house.pid_of("web"), house.pid_of("work")]
    started = time.monotonic()
    assert house.stop() == 0
    assert time.monotonic() - started < 10
    for pid in children:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert holder_of(tmp_path / "data") is None
    assert list((tmp_path / "data" / "run").iterdir()) == []


def test_a_killed_supervisor_takes_its_children_along_and_the_next_start_works(tmp_path):
    first = Running(tmp_path / "data", HEARTLINE_SAMPLE="0", HEARTLINE_DATABASE_URL="").start()
    first.kill("supervisor")
    first.process.wait()
    second = Running(tmp_path / "data", HEARTLINE_SAMPLE="0", HEARTLINE_DATABASE_URL="", HEARTLINE_PORT=str(first.port))
    second.start()
    assert second.stop(signal.SIGTERM) == 0
