"""A damage model from its file: what it answers, and what it says of a file that is wrong."""

import json
import re
from datetime import date
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from heartline.config.commands.insight.damage import command
from heartline.insight import damage
from heartline.insight.answers import CannotAnswer
from heartline.insight.answers.as_html import as_html
from heartline.insight.answers.words import speaking
from heartline.insight.damage.answer import answer
from heartline.insight.damage.inputs import Input
from heartline.insight.damage.levers import work_out
from heartline.insight.damage.reading import model_of, with_retention

pytestmark = pytest.mark.once

TODAY = date(2026, 11, 22)
HERE = Path(damage.__file__).parent
YEAR = """
value_is = "margin"
source = "survey"
owner = "Chen, finance"
agreed = 2026-09-30
customers = 200000
value = 400
problems = 0.30
[channels.all]
share = 0.40
outcomes = { satisfied = 0.50, mollified = 0.25, dissatisfied = 0.25 }
[loyalty]
no_problem = 0.90
satisfied = 0.85
mollified = 0.70
dissatisfied = 0.45
silent = 0.65
[word_of_mouth]
told_bad = 4
told_good = 2
lost_share = 0.02
won_share = 0.01
"""
LEVERS = """
[levers.prevention]
problems = 0.24
[levers.access.channels.all]
share = 0.60
[levers.handling.channels.all]
outcomes = { satisfied = 0.70, mollified = 0.20, dissatisfied = 0.10 }
"""


def worked_out(text, seed=1, draws=300):
    model = model_of(text)
    return work_out(model.inputs, model.levers, rng=Random(seed), draws=draws)


def near(value):
    return pytest.approx(value, rel=1e-9, abs=1e-4)


def test_levers():
    found = worked_out(YEAR + LEVERS)
    rows = [(one.name, one.damage.lost, one.damage.word_of_mouth, one.damage.total, one.total) for one in found.levers]
    assert rows == [
        ("prevention", near(10_800), near(-998_400), near(5_318_400), near(1_329_600)),
        ("access", near(12_750), near(-912_000), near(6_012_000), near(636_000)),
        ("handling", near(11_880), near(-1_094_400), near(5_846_400), near(801_600)),
    ]
    assert found.together.damage.lost == near(8_256)
    assert found.together.total == near(2_800_320)
    assert found.together.total - sum(one.total for one in found.levers) == near(33_120)


def test_payoffs_are_shared_out_whole():
    found = worked_out(YEAR + LEVERS)
    assert sum(one.fair_share for one in found.levers) == near(found.together.counted.base)
    assert found.interaction == near(2_097_600 - 1_080_000 - 300_000 - 648_000)


def test_what_is_sure_has_no_range():
    found = worked_out(YEAR + LEVERS)
    assert found.at_risk.low == found.at_risk.base == found.at_risk.high == near(5_400_000)
    assert found.swings == ()


def test_ranges_come_from_what_is_unsure_and_from_the_seed():
    unsure = YEAR.replace("problems = 0.30", "problems = { value = 0.30, low = 0.27, high = 0.36 }") + LEVERS
    found = worked_out(unsure, draws=4000)
    assert found.at_risk == worked_out(unsure, draws=4000).at_risk
    assert found.at_risk.low == pytest.approx(5_400_000 * 0.9, rel=0.01)
    assert found.at_risk.high == pytest.approx(5_400_000 * 1.2, rel=0.01)
    assert [one.path for one in found.swings] == ["problems"]
    assert (found.swings[0].at_low, found.swings[0].at_high) == (near(4_860_000), near(6_480_000))
    assert sum(one.best_in for one in found.levers) == near(1)
    assert all(one.pays_in == 1 for one in found.levers[1:])
    assert found.word_of_mouth.low < 1_248_000 < found.word_of_mouth.high


def test_a_lever_pays_only_as_surely_as_its_numbers_are():
    """Access brings 300,000 when complainants stay longer than the silent; of 36 silent answers nobody can be sure."""
    text = YEAR.replace("silent = 0.65", "silent = { value = 0.65, n = 36 }") + LEVERS.replace(
        "[levers.access.", "[levers.access]\ncost = 290000\n[levers.access."
    )
    found = worked_out(text, draws=2000)
    access = found.levers[1]
    assert (access.net, access.cost) == (near(10_000), 290_000)
    assert 0.35 < access.pays_in < 0.65
    with speaking("en"):
        assert "It cannot be said surely that these pay: Access" in answer(model_of(text), today=TODAY, draws=500).says


def test_answers_asked_are_drawn_as_sure_as_they_are():
    few, many = (Input("p", 0.3, n=n, is_share=True) for n in (50, 5000))
    rng = Random(3)
    spreads = []
    for one in (few, many):
        drawn = sorted(one.drawn(rng) for _ in range(2000))
        spreads.append(drawn[1900] - drawn[100])
        assert drawn[1000] == pytest.approx(0.3, abs=0.01)
        low, high = one.ends()
        assert (high - low) == pytest.approx(spreads[-1], rel=0.1)
    assert spreads[0] / spreads[1] == pytest.approx(10, rel=0.15)


def test_the_headline_is_without_word_of_mouth():
    with speaking("en"):
        said = answer(model_of(YEAR + LEVERS), today=TODAY, draws=50)
    assert "5,400,000 of margin" in said.says[0]
    assert "6,648,000" not in " ".join(said.says)
    assert said.table("amounts").rows[2][2] == near(1_248_000)
    assert said.facts["with_word_of_mouth"] == near(6_648_000)
    assert "payoffs are not added" in said.says[-1]


@pytest.mark.parametrize(("agreed", "is_old"), [("2025-11-22", False), ("2025-11-21", True), ("2024-02-29", True)])
def test_inputs_older_than_twelve_months_are_flagged(agreed, is_old):
    text = YEAR.replace("value = 400", f"value = {{ value = 400, agreed = {agreed} }}")
    with speaking("en"):
        said = answer(model_of(text), today=TODAY, draws=0)
    told = [one for one in said.cautions if one.startswith("Agreed more than 12 months ago")]
    assert told == (["Agreed more than 12 months ago, agree again: Value of a customer in a year"] if is_old else [])
    assert said.facts["stale"] == (["value"] if is_old else [])


def test_old_inputs_of_levers_and_problems_are_flagged_too():
    text = (
        YEAR
        + """
[levers.prevention]
problems = 0.24
cost = { value = 9, agreed = 2025-01-01 }
[problem.late]
agreed = 2024-01-01
frequency = 0.1
repurchase = 0.6
"""
    )
    with speaking("en"):
        said = answer(model_of(text), today=TODAY, draws=0)
    assert said.facts["stale"] == ["levers.prevention.cost", "problem.late.frequency", "problem.late.repurchase"]
    assert "agree again: Prevention · Cost in a year, late · Share of customers who have it" in said.cautions[0]


def test_every_input_stands_with_its_source_owner_and_date():
    with speaking("en"):
        rows = list(answer(model_of(YEAR), today=TODAY, draws=0).table("inputs").records())
    assert len(rows) == 16
    assert {(row["source"], row["owner"], row["agreed"], row["state"]) for row in rows} == {
        ("survey", "Chen, finance", "2026-09-30", "agreed")
    }


def test_what_customers_did_takes_the_place_of_what_they_said():
    model = with_retention(model_of(YEAR), {"silent": (600, 1000), "no_problem": (930, 1000)}, "stayed.csv")
    with speaking("en"):
        said = answer(model, today=TODAY, draws=200)
    assert said.facts["loyalty"]["silent"] == 0.6
    assert said.facts["at_risk"]["base"] == near((12_000 * 0.08 + 6_000 * 0.23 + 6_000 * 0.48 + 36_000 * 0.33) * 400)
    intent = [one for one in said.cautions if "what customers say" in one]
    assert intent == [
        "Loyalty is still what customers say they will do for: Loyalty: Complained, satisfied, Loyalty: Complained, mollified, Loyalty: Complained, dissatisfied"
    ]


@pytest.mark.parametrize(
    ("was", "becomes", "where", "why"),
    [
        ("problems = 0.30", "problems = 30", "problems", "write 0.3 for 30 %"),
        ("problems = 0.30", "problems = 300", "problems", "between 0 and 1"),
        ("value = 400", "value = -400", "value", "below zero"),
        ("value = 400", "value = nan", "value", "no number"),
        ("value = 400", "value = 1e300", "value", "more than there is"),
        ("value = 400", "value = true", "value", "no number"),
        ("value = 400", 'value = "400"', "value", "no number"),
        ("value = 400", "value = { low = 3 }", "value", "missing"),
        ("value = 400", "value = { value = 400, low = 500 }", "value", "not in order"),
        ("value = 400", "value = { value = 400, n = 12 }", "value.n", "for shares"),
        ("value = 400", "value = { value = 400, lo = 300 }", "value.lo", "did you mean “low”?"),
        ("problems = 0.30", "problems = { value = 0.3, n = 0 }", "problems.n", "at least 1"),
        ("problems = 0.30", "problem = 0.30", "problem", "this is a table"),
        ("problems = 0.30", "", "problems", "missing"),
        ("no_problem = 0.90", "no_problm = 0.90", "loyalty.no_problm", "did you mean “no_problem”?"),
        ("mollified = 0.25", "mollified = 0.35", "channels.all.outcomes", "sum to 1.1, not to 1"),
        ("[word_of_mouth]", "[channels.web]\nshare = 0.7\n[word_of_mouth]", "channels.web.outcomes", "missing"),
        ("agreed = 2026-09-30", 'agreed = "last year"', "agreed", "no date"),
        ("agreed = 2026-09-30", "owner2 = 1", "owner2", "did you mean “owner”?"),
        ('"margin"', '"profit"', "value_is", "revenue, margin"),
        ('"margin"', "1", "value_is", "quotation marks"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(was, becomes, where, why):
    assert was in YEAR
    with speaking("en"), pytest.raises(CannotAnswer) as refused:
        model_of(YEAR.replace(was, becomes, 1))
    assert why in refused.value.fields[where]
    assert f"  {where}: " in str(refused.value)


@pytest.mark.parametrize(
    ("lever", "where", "why"),
    [
        ("[levers.x]\nproblms = 0.2", "levers.x.problms", "did you mean “problems”?"),
        ("[levers.x]\ntitle = 'nothing'", "levers.x", "changes nothing"),
        ("[levers.x.channels.al]\nshare = 0.5", "levers.x.channels.al.share", "did you mean “channels.all.share”?"),
        ("[levers.x.channels.all]\nshare = 1.5", "levers.x.channels.all.share", "no share"),
        ("[levers.x.channels.all.outcomes]\nsatisfied = 0.9", "levers.x.channels.all.outcomes", "not to 1"),
        ("[levers.x]\nproblems = 0.2\n[levers.y]\nproblems = 0.1", "levers.y.problems", "“x” changes this too"),
        ("[levers]\nx = 3", "levers.x", "table"),
    ],
)
def test_what_is_wrong_with_a_lever(lever, where, why):
    with speaking("en"), pytest.raises(CannotAnswer) as refused:
        model_of(YEAR + lever)
    assert why in refused.value.fields[where]


def test_all_that_is_wrong_is_said_at_once():
    text = YEAR.replace("problems = 0.30", "problems = 30").replace("value = 400", "value = -1")
    with speaking("en"), pytest.raises(CannotAnswer) as refused:
        model_of(text)
    assert set(refused.value.fields) == {"problems", "value"}


@pytest.mark.parametrize(
    ("text", "hint"), [("a = .3", "write 0.3 for .3"), ("a = 30%", "write 0.3 for 30%"), ("a = [", "end of")]
)
def test_what_is_no_toml(text, hint):
    with speaking("en"), pytest.raises(CannotAnswer, match=re.escape(hint)):
        model_of(text)


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_template_is_a_model_that_answers(language):
    with speaking(language):
        said = answer(model_of((HERE / f"template.{language}.toml").read_text("utf-8")), today=TODAY, draws=100)
        page = as_html(said)
    assert said.facts["at_risk"]["base"] == near(5_400_000)
    assert len(said.table("levers").rows) == 4
    assert len(said.table("problems").rows) == 2
    assert said.table("recurring").rows[0][6] == near(89_400)
    assert said.title in page


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(command, list(words))


def test_from_template_to_figures(run, tmp_path):
    (tmp_path / "MODEL.toml").write_text(run("--template").output, "utf-8")
    done = run("MODEL.toml", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["facts"]["at_risk"]["base"] == near(5_400_000)


def test_a_file_of_who_stayed(run, tmp_path):
    (tmp_path / "MODEL.toml").write_text(YEAR, "utf-8")
    (tmp_path / "stayed.csv").write_text(
        "outcome,stayed\nsilent,yes\nsilent,no\nnever complained,1\n没有投诉,否\n", "utf-8"
    )
    done = run("MODEL.toml", "--retention", "stayed.csv", "--json")
    assert json.loads(done.stdout)["facts"]["loyalty"]["silent"] == 0.5
    (tmp_path / "stayed.csv").write_text("outcome,stayed,customers\nsilent,30,40\n", "utf-8")
    assert (
        json.loads(run("MODEL.toml", "--retention", "stayed.csv", "--json").stdout)["facts"]["loyalty"]["silent"]
        == 0.75
    )


@pytest.mark.parametrize(
    ("table", "status", "why"),
    [
        ("outcome,staid\nsilent,yes\n", 2, "did you mean “staid”?"),
        ("outcome,stayed\nsilnt,yes\n", 2, "did you mean “silent”?"),
        ("outcome,stayed\nsilent,perhaps\n", 1, "Line 2: “perhaps” is neither yes nor no"),
        ("outcome,stayed,customers\nsilent,50,40\n", 1, "Line 2"),
    ],
)
def test_a_file_of_who_stayed_that_is_wrong(run, tmp_path, table, status, why):
    (tmp_path / "MODEL.toml").write_text(YEAR, "utf-8")
    (tmp_path / "stayed.csv").write_text(table, "utf-8")
    done = run("MODEL.toml", "--retention", "stayed.csv")
    assert (done.exit_code, done.stdout) == (status, "")
    assert why in done.stderr


def test_a_file_that_is_not_there_or_not_utf8(run, tmp_path):
    assert run("NO.toml").exit_code == 2
    (tmp_path / "MODEL.toml").write_bytes("# 说明\ntitle = '问题'\n".encode("gb18030"))
    done = run("MODEL.toml")
    assert done.exit_code == 1
    assert "line 1" in done.stderr
