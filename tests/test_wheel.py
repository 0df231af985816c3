"""What `pip install heartline` gives is all that is needed, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from heartline.config.messages import catalogues
from tests.source import HOUSE, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("heartline-*.whl"))


@pytest.fixture(scope="module")
def names(wheel):
    return set(zipfile.ZipFile(wheel).namelist())


def test_every_page_and_asset_is_in_it(names):
    wanted = {
        str(path.relative_to(ROOT))
        for folder in ("templates", "static")
        for path in HOUSE.rglob(f"{folder}/**/*")
        if path.is_file() and "tests" not in path.parts
    }
    assert wanted
    assert wanted - names == set()


def test_translations_are_in_it_compiled(names):
    wanted = {str(path.relative_to(ROOT).with_suffix(".mo")) for path in catalogues()}
    assert wanted - names == set()
    assert [name for name in names if name.endswith(".po")] == []


def test_tests_and_secrets_are_not_in_it(names):
    assert [name for name in names if "/tests/" in name or name.endswith((".key", ".sqlite3", ".map"))] == []


def test_it_carries_its_licence_and_its_command(wheel, names):
    assert any(name.endswith("licenses/LICENSE") for name in names)
    entry = next(name for name in names if name.endswith("entry_points.txt"))
    assert b"heartline = heartline.config.cli:main" in zipfile.ZipFile(wheel).read(entry)


def test_it_works_away_from_the_source(wheel, tmp_path):
    target = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HEARTLINE_")}
    environment |= {"PYTHONPATH": str(target), "HEARTLINE_DATA": str(tmp_path / "data"), "LC_ALL": "zh_CN.UTF-8"}

    def run(*command):
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    where = run(sys.executable, "-c", "import heartline; print(heartline.__file__)").stdout
    assert Path(where).is_relative_to(target)
    assert run(sys.executable, "-m", "heartline", "migrate").returncode == 0
    checked = run(sys.executable, "-m", "heartline", "doctor")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "一切正常" in checked.stdout
