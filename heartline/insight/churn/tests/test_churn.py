"""Who leaves: on data made so that the truth is known, on the Telco sample, and when it is asked wrongly."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from heartline.config.commands.insight.churn import command
from heartline.insight.answers.words import speaking
from heartline.insight.churn.answer import Asking, answer
from heartline.insight.churn.design import design
from heartline.insight.churn.model import auc_of, fit, quality
from heartline.insight.files import frame_of, read_table

pytestmark = pytest.mark.once

TELCO = Path(__file__).parents[5] / "shared/data/telco_churn_ibm/customers.csv.gz"
N = 1200


@pytest.fixture(scope="module")
def made():
    """Customers who leave by a rule: plan and months decide, colour does not."""
    rng = np.random.default_rng(4)
    months, monthly = rng.integers(1, 60, N), rng.random(N) < 0.5
    chance = 1 / (1 + np.exp(-(0.4 + 1.5 * monthly - 0.06 * months)))
    left = rng.random(N) < chance
    columns = {
        "id": [f"C{i}" for i in range(N)],
        "months": months.astype(float),
        "plan": ["monthly" if one else "yearly" for one in monthly],
        "colour": rng.choice(["red", "blue", "green"], N).tolist(),
        "worth": rng.integers(10, 100, N).astype(float),
        "left": ["yes" if one else "no" for one in left],
    }
    return columns, chance, left


def asked(columns, names=("months", "plan", "colour"), asking=None):
    frame = frame_of(columns)
    with speaking("en"):
        return answer(frame, design(frame, "left", names), asking or Asking("id"))


def test_auc_counts_pairs():
    chances, left = np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])
    assert auc_of(chances, left)[0] == 0.75
    assert auc_of(np.array([0.5] * 4), left) == (0.5, 0.0)


def test_chances_come_true_on_customers_that_were_not_seen(made):
    columns, chance, left = made
    found = design(frame_of(columns), "left", ["months", "plan", "colour"])
    model = fit(found.rows, left, seed=1)
    good = quality(model.unseen, left)
    assert good.low < auc_of(chance, left)[0] < good.high
    assert good.slope_low < 1 < good.slope_high
    assert np.corrcoef(model.unseen, chance)[0, 1] > 0.98
    assert model.unseen.mean() == pytest.approx(left.mean(), abs=0.01)


def test_a_column_of_noise_tells_nothing():
    rng = np.random.default_rng(1)
    left = rng.random(800) < 0.5
    found = quality(fit(rng.normal(size=(800, 5)), left, seed=1).unseen, left)
    assert found.low < 0.5 < found.high


def test_reasons_say_what_was_put_in(made):
    columns, _chance, _left = made
    rows = list(asked(columns).table("reasons").records())
    order = list(dict.fromkeys(row["feature"] for row in rows))
    assert order[-1] == "colour"
    plan = {row["value"]: row for row in rows if row["feature"] == "plan"}
    months = [row for row in rows if row["feature"] == "months"]
    truth = [
        float((1 / (1 + np.exp(-(0.4 + 1.5 * one - 0.06 * np.array(columns["months"]))))).mean()) for one in (1, 0)
    ]
    assert plan["monthly"]["low"] < truth[0] < plan["monthly"]["high"]
    assert plan["yearly"]["low"] < truth[1] < plan["yearly"]["high"]
    assert months[0]["value"].endswith("(a quarter have less)")


def test_who_is_about_to_leave_is_who_has_not_left_yet(made):
    columns, _chance, left = made
    rows = list(asked(columns, asking=Asking("id", "worth", shown=0)).table("customers").records())
    assert {row["customer"] for row in rows} == {f"C{i}" for i in np.flatnonzero(~left)}
    assert rows[0]["at_risk"] == max(row["at_risk"] for row in rows)
    assert "months: " in rows[0]["why"] or "plan: monthly" in rows[0]["why"]


def test_customers_of_today_are_told_by_those_of_whom_it_is_known(made):
    columns, _chance, _left = made
    today = {**columns, "left": [*columns["left"][:-5], *[""] * 5], "plan": [*columns["plan"][:-1], "never seen"]}
    found = asked(today)
    assert {row["customer"] for row in found.table("customers").records()} == {f"C{i}" for i in range(N - 5, N)}
    assert (found.facts["customers"], found.facts["customers_of_today"]) == (N - 5, 5)


def test_what_gives_the_answer_away_is_named(made):
    columns, _chance, left = made
    told = asked({**columns, "refund": np.where(left, 1.0, 0.0)}, ("months", "refund"))
    assert any("Told almost alone by: refund" in one for one in told.cautions)


def test_columns_that_say_the_same_and_columns_of_persons_are_named(made):
    columns, _chance, _left = made
    told = asked({**columns, "weeks": columns["months"] * 4.3, "CustomerAge": columns["worth"], "usage": columns["worth"] ** 2}, ("months", "weeks", "CustomerAge", "usage"))  # fmt: skip
    cautions = " ".join(told.cautions)
    assert "months / weeks" in cautions
    assert "met with: CustomerAge. " in cautions


def test_names_and_constants_are_not_used(made):
    columns, _chance, _left = made
    told = asked({**columns, "same": ["x"] * N, "one": [1.0] * N}, ("months", "id", "same", "one"))
    assert [row[0] for row in told.table("not_used").rows] == ["id", "same", "one"]


@pytest.mark.skipif(not TELCO.exists(), reason="the Telco sample is not beside this repository")
def test_telco(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    file = tmp_path / "telco.csv"
    file.write_bytes(gzip.decompress(TELCO.read_bytes()))
    done = CliRunner().invoke(command, [str(file), "--target", "Churn", "--id", "customerID", "--json"])
    found = json.loads(done.stdout)
    assert found["facts"]["auc"]["base"] >= 0.84
    assert found["facts"]["calibration_slope"]["low"] < 1 < found["facts"]["calibration_slope"]["high"]
    assert sum(row["fits"] for row in found["tables"]["calibration"]["rows"]) >= 9
    assert {"tenure", "Contract"} <= {row["feature"] for row in found["tables"]["reasons"]["rows"][:7]}
    assert read_table(file).n == found["facts"]["customers"] == 4896


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run(rows, *words):
        (tmp_path / "file.csv").write_text("\n".join(["gone,months,worth", *rows]) + "\n", "utf-8")
        return CliRunner().invoke(command, ["file.csv", *words])

    return run


ROWS = [f"{'left' if i % 3 else 'here'},{i % 7},{i % 5}" for i in range(300)]


def test_two_words_of_which_one_is_said_to_mean_left(run):
    found = json.loads(run(ROWS, "--target", "gone", "--left", "left", "--json").stdout)
    assert found["facts"]["left"] == 200


@pytest.mark.parametrize(
    ("rows", "words", "status", "why"),
    [
        (ROWS, ["--target", "gon"], 2, "did you mean “gone”?"),
        (ROWS, ["--target", "gone"], 2, "--left"),
        (ROWS, ["--target", "gone", "--left", "lost"], 2, "there are: here, left"),
        (ROWS, ["--target", "gone", "--left", "left", "--leave-out", "month"], 2, "did you mean “months”?"),
        (ROWS, ["--target", "gone", "--left", "left", "--leave-out", "months,worth"], 1, "No column is left"),
        (ROWS, ["--target", "months"], 1, "7 different values"),
        (ROWS[:60], ["--target", "gone", "--left", "left"], 1, "40 left and 20 stayed"),
        ([*ROWS, "here,3,-2"], ["--target", "gone", "--left", "left", "--value", "worth"], 1, "first in line 302: -2"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_said(run, rows, words, status, why):
    done = run(rows, *words)
    assert (done.exit_code, done.stdout) == (status, "")
    assert why in done.stderr
