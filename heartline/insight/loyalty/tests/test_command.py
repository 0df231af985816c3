"""`heartline insight loyalty` on a file: what it answers, and what it says when it is asked wrongly."""

import json

import pytest
from click.testing import CliRunner

from heartline.config.commands.insight.loyalty import command

pytestmark = pytest.mark.once


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run(rows, *words, head="nps,spend,won,lost,before,new_by_friend,city"):
        (tmp_path / "file.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
        return CliRunner().invoke(command, ["file.csv", *words])

    return run


# Satmetrix 2008 as customers: the average spends 1,615 when passives spend what makes it so.
PROMOTERS = [f"10,1818,{int(i < 505)},0,,," for i in range(1000)]
DETRACTORS = [f"3,1457,0,{int(i < 837)},,," for i in range(1000)]
PASSIVES = ["8,1570,0,0,,,"] * 1000


def test_what_promoters_and_detractors_are_worth(run):
    done = run(
        [*PROMOTERS, *DETRACTORS, *PASSIVES],
        "--nps",
        "nps",
        "--spend",
        "spend",
        "--won",
        "won",
        "--lost",
        "lost",
        "--json",
    )
    found = json.loads(done.stdout)
    rows = {row["group"]: row for row in found["tables"]["word_of_mouth"]["rows"]}
    assert {key: round(row["total"]) for key, row in rows.items()} == {
        "Promoters": 2634,
        "Passives": 1570,
        "Detractors": 105,
    }
    assert round(rows["Promoters"]["word_of_mouth"]) == 816
    assert rows["Promoters"]["low"] < rows["Promoters"]["word_of_mouth"] < rows["Promoters"]["high"]
    assert found["facts"]["nps"]["value"] == 0
    assert [row["spend"] for row in found["tables"]["groups"]["rows"]] == [1818, 1570, 1457]
    assert "word of mouth" not in " ".join(found["says"]).lower()


def test_growth_and_movement(run):
    rows = ["9,60,,,60,,", "9,35,,,40,,", "3,10,,,0,yes,", "3,4,,,,no,"]
    found = json.loads(
        run(rows, "--spend", "spend", "--before", "before", "--earned", "new_by_friend", "--json").stdout
    )
    assert found["facts"]["net_revenue_retention"] == pytest.approx(0.95)
    assert found["facts"]["earned_growth"] == pytest.approx(0.05)
    moved = found["tables"]["movement"]["rows"]
    assert sum(row["customers"] for row in moved) == 4
    assert {row["was"] for row in moved} == {"Top", "Small", "New or back"} or "New or back" in {
        row["was"] for row in moved
    }


def test_segments_differ_only_by_more_than_chance(run):
    rows = [f"{10 if i % 5 else 3},,,,,,Kunming" for i in range(200)] + [
        f"{10 if i % 2 else 3},,,,,,Dali" for i in range(200)
    ]
    rows += ["10,,,,,,Lijiang"] * 29
    found = json.loads(run(rows, "--nps", "nps", "--by", "city", "--json").stdout)["tables"]["segments"]["rows"]
    assert [(row["segment"], row["verdict"]) for row in found] == [
        ("Kunming", "better than the rest"),
        ("Dali", "worse than the rest"),
        ("Lijiang", "too few answers"),
    ]
    assert found[2]["nps"] is None


def test_too_few_answers_give_no_score(run):
    found = json.loads(run(["9,,,,,,", "3,,,,,,"], "--nps", "nps", "--json").stdout)
    assert found["tables"]["scores"]["rows"][0]["value"] is None
    assert found["says"] == ["2 answers are too few for an NPS: at least 30"]


def test_effort_is_turned_round(run):
    rows = ["1", "2", "7"]
    easy = [
        json.loads(run(rows, "--ces", "ces", *more, "--json", head="ces").stdout)["facts"]["ces"]["value"]
        for more in ((), ("--ces-is", "effort"))
    ]
    assert easy == [pytest.approx(1 / 3), pytest.approx(2 / 3)]


@pytest.mark.parametrize(
    ("rows", "words", "status", "why"),
    [
        (["9,1,,,,,"], ["--nps", "npss"], 2, "did you mean “nps”?"),
        (["9,1,,,,,"], [], 2, "Name at least one column"),
        (["9,1,,,,,"], ["--nps", "nps", "--won", "won"], 2, "--spend"),
        (["9,1,,,,,"], ["--spend", "spend", "--by", "city"], 2, "--by needs --nps"),
        (["9,1,,,,,", "11,1,,,,,"], ["--nps", "nps"], 1, "first in line 3: 11"),
        (["9.5,1,,,,,"], ["--nps", "nps"], 1, "whole numbers from 0 to 10"),
        (["9,-5,,,,,"], ["--spend", "spend"], 1, "below zero in 1 rows, first in line 2: -5"),
        (["9,much,,,,,"], ["--spend", "spend"], 1, "much"),
        (["9,0,,,,,"], ["--spend", "spend"], 1, "sums to nothing"),
        (["9,1,,,2,maybe,"], ["--spend", "spend", "--before", "before", "--earned", "new_by_friend"], 1, "neither yes nor no"),
        ([], ["--nps", "nps"], 1, ""),
        ([",1,,,,,"], ["--nps", "nps"], 1, "has no answers"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_said(run, rows, words, status, why):
    done = run(rows, *words)
    assert (done.exit_code, done.stdout) == (status, "")
    assert why in done.stderr
