"""`heartline insight` from a terminal and from a script."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from heartline.config.cli import heartline_command

pytestmark = pytest.mark.once

HEAD = "Ease,Speed,Price,Shop"
ROWS = [f"{1 + (at * 7) % 5},{1 + at % 5},{1 + (at // 5) % 5},{'north' if at % 2 else 'south'}" for at in range(100)]


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("\n".join([HEAD, *ROWS]) + "\n")
    return path


def run(*words, language="en_GB.UTF-8"):
    return CliRunner(env={"LC_ALL": language}).invoke(heartline_command, ["insight", *map(str, words)])


def test_a_table_on_the_screen(answers):
    done = run("drivers", answers, "--target", "Ease", "--drivers", "Speed,Price")
    assert done.exit_code == 0
    for piece in ("100 of 100 answers", "Speed", "not what causes it"):
        assert piece in done.stdout


def test_json_for_programs(answers):
    done = run("drivers", answers, "--target", "Ease", "--drivers", "Speed,Price", "--by", "Shop", "--json")
    read = json.loads(done.stdout)
    assert read["analysis"] == "drivers"
    assert {row["segment"] for row in read["tables"]["segments"]["rows"]} == {"north", "south"}


def test_csv_and_a_page_that_appear_whole(answers, tmp_path):
    done = run("drivers", answers, "--target", "Ease", "--csv", "--table", "factors")
    assert done.stdout.startswith("driver,factor,")
    page = tmp_path / "page.html"
    assert run("drivers", answers, "--target", "Ease", "--drivers", "Speed", "--html", "--out", page).exit_code == 0
    assert page.read_text().startswith("<!doctype html>")
    refused = run("drivers", answers, "--target", "Ease", "--html", "--out", tmp_path / "no" / "page.html")
    assert refused.exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", "page.html"]


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (["--target", "Eas"], 2, "did you mean “Ease”"),
        (["--target", "Shop", "--drivers", "Shop"], 2, "driver of itself"),
        (["--target", "Ease", "--drivers", "Shop"], 1, "holds words (south, north)"),
        (["--target", "Ease", "--csv", "--table", "factor"], 2, "did you mean “factors”"),
        (["--target", "Ease", "--rival", "X"], 2, "NAME=A2,B2"),
        (["--drivers", "Speed"], 2, "Missing option '--target'"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_else(answers, words, status, why):
    done = run("drivers", answers, *words)
    assert done.exit_code == status
    assert why in done.stderr
    assert done.stdout == ""


def test_rows_that_could_not_be_read_are_named(answers):
    answers.write_text("\n".join([HEAD, *ROWS, "1,2"]) + "\n")
    done = run("drivers", answers, "--target", "Ease", "--drivers", "Speed")
    said = " ".join(done.stdout.split())  # lines break where the window ends
    assert "Rows that could not be read and are left out: 1 (line 102: 2 cells where the head has 4" in said


def test_it_speaks_the_language_of_the_terminal(answers):
    done = run("drivers", answers, "--target", "Ease", "--drivers", "Speed,Price", language="zh_CN.UTF-8")
    assert "驱动因素" in done.stdout
    assert "不是因果" in done.stdout
    missing = run("drivers", answers, "--target", "Eas", language="zh_CN.UTF-8")
    assert "没有列“Eas”；是不是想写“Ease”？" in missing.stderr


def test_help_and_the_house_itself_load_no_numpy():
    """What analyses need is loaded when one runs: neither `run` nor a list of commands waits for it."""
    code = (
        "import sys, django; from heartline.config.cli import heartline_command as h; "
        "[h.main(words, standalone_mode=False) for words in (['insight', '--help'], ['insight', 'drivers', '--help'])]; "
        "django.setup(); import heartline.config.urls; "
        "assert not {'numpy', 'scipy', 'sklearn', 'duckdb'} & set(sys.modules), set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
