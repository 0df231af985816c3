"""Lifetime value against published figures, and a file of purchases from beginning to end."""

import gzip
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from heartline.config.commands.insight.value import command
from heartline.insight.answers import CannotAnswer
from heartline.insight.answers.words import speaking
from heartline.insight.dates import read_days
from heartline.insight.files import frame_of, read_table
from heartline.insight.value import buying, spending
from heartline.insight.value.buying import History
from heartline.insight.value.purchases import Customers, customers, purchases
from heartline.insight.value.worth import Plan, check, value

pytestmark = pytest.mark.once

CDNOW = Path(__file__).parents[5] / "shared/data/cdnow_purchases/purchases_sample_2357_customers.csv.gz"
PUBLISHED = np.array([0.243, 4.414, 0.793, 2.426])


def one(repeats, last, age):
    return History.of(np.array([repeats], float), np.array([last], float), np.array([age], float))


def test_what_a_customer_is_expected_to_buy():
    """Customer 0001 of the note of Fader, Hardie and Lee: 1.226 purchases in 39 weeks."""
    assert buying.expected_purchases(PUBLISHED, one(2, 30.43, 38.86), 39.0)[0] == pytest.approx(1.226, abs=5e-4)


def test_mean_purchases_as_published():
    """The note of Fader and Hardie on Gamma-Gamma: p 6.25, q 3.74, gamma 15.44; everybody spends 35.2 on average."""
    assert spending.everybodys_average(np.array([6.25, 3.74, 15.44])) == pytest.approx(35.2, abs=0.05)


def test_who_bought_once_may_always_come_back():
    assert buying.still_with_us(PUBLISHED, one(0, 0, 38.86))[0] == 1
    assert buying.still_with_us(PUBLISHED, one(20, 10, 38.86))[0] < 0.01
    assert buying.still_with_us(PUBLISHED, one(20, 38, 38.86))[0] > 0.9


def test_customers_who_did_the_same_are_counted_once():
    several = History.of(np.array([1.0, 1.0, 3.0]), np.array([5.0, 5.0, 9.0]), np.array([20.0, 20.0, 20.0]))
    once = several.together()
    assert once.weight.tolist() == [2, 1]
    assert buying.log_likelihood(PUBLISHED, once) == pytest.approx(buying.log_likelihood(PUBLISHED, several))


def test_expectations_of_all_are_what_a_new_customer_does():
    """A customer of whom nothing is known yet is a new one."""
    for weeks in (1.0, 26.0, 104.0):
        expected = buying.expected_purchases(PUBLISHED, one(0, 0, 0), weeks)[0]
        assert expected == pytest.approx(float(buying.new_customer_purchases(PUBLISHED, weeks)), rel=1e-9)


def simulated(n=4000, seed=5, weeks=60.0):
    """Customers who live by the model: what is put in must come out."""
    rng = np.random.default_rng(seed)
    rows = []
    for pace, leaves in zip(rng.gamma(0.6, 1 / 8.0, n), rng.beta(0.9, 3.0, n), strict=True):
        at = last = repeats = 0.0
        age = weeks - rng.integers(0, 84) / 7
        while (at := at + rng.exponential(1 / pace)) < age:
            repeats, last = repeats + 1, at
            if rng.random() < leaves:
                break
        rows.append((repeats, last, age))
    return History.of(*np.array(rows).T)


def test_what_is_put_in_comes_out():
    fit = buying.fit_buying(simulated())
    for i, true in enumerate((0.6, 8.0, 0.9, 3.0)):
        low, high = fit.interval(i)
        assert low < true < high
        assert fit.values[i] == pytest.approx(true, rel=0.35)


def test_customers_who_are_all_alike_are_fitted_too():
    """Everybody leaves after a purchase with one chance of 0.3: a and b run off together, and their ratio is right."""
    rng = np.random.default_rng(2)
    rows = []
    for pace in rng.gamma(1.0, 1 / 6.0, 2000):
        at = last = repeats = 0.0
        while (at := at + rng.exponential(1 / pace)) < 70:
            repeats, last = repeats + 1, at
            if rng.random() < 0.3:
                break
        rows.append((repeats, last, 70.0))
    fit = buying.fit_buying(History.of(*np.array(rows).T))
    _r, _alpha, a, b = fit.values
    assert a / (a + b) == pytest.approx(0.3, abs=0.03)
    low, high = fit.interval(2)
    assert low <= a <= high
    drawn = fit.drawn(rng, 50)
    assert np.isfinite(buying.expected_purchases(drawn[0], one(3, 20, 70), 52.0)).all()


def test_the_interval_of_very_many_customers_holds_their_sum():
    history = simulated(n=12_000)
    average = np.where(history.repeats > 0, 20.0 + np.arange(12_000) % 7, 0.0)
    nobody = np.arange(12_000)
    found = value(Customers(date(2026, 1, 1), nobody, history, average, average, nobody), Plan(26), has_amounts=True)
    assert found.all_purchases[0] < found.purchases.sum() < found.all_purchases[1]
    assert found.all_value[0] < found.value.sum() < found.all_value[1]


needs_cdnow = pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW sample is not beside this repository")


@pytest.fixture(scope="module")
def cdnow(tmp_path_factory):
    file = tmp_path_factory.mktemp("cdnow") / "cdnow.csv"
    file.write_bytes(gzip.decompress(CDNOW.read_bytes()))
    return file


@needs_cdnow
def test_cdnow_as_published(cdnow):
    bought = purchases(read_table(cdnow), "customer_id", "date", "amount_usd")
    until = customers(bought, date(1997, 9, 30))
    assert until.n == 2357
    fit = buying.fit_buying(until.history)
    assert np.round(fit.values, 3).tolist() == [0.243, 4.414, 0.793, 2.426]
    assert fit.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    again = until.history.repeats > 0
    assert again.sum() == 946
    sizes = spending.fit_spending(until.history.repeats[again], until.average[again])
    assert sizes.values == pytest.approx([6.25, 3.74, 15.44], abs=0.006)
    told = check(bought, until, bought.last)
    assert told.came == 1882
    assert told.expected == pytest.approx(1653.4, abs=1)


@needs_cdnow
def test_cdnow_by_command(cdnow, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    words = [str(cdnow), "--customer", "customer_id", "--date", "date", "--amount", "amount_usd", "--weeks", "39"]
    done = CliRunner().invoke(command, [*words, "--until", "1997-09-30", "--json"])
    found = json.loads(done.stdout)
    facts = found["facts"]
    assert facts["purchases"]["base"] == pytest.approx(1653.4, abs=1)
    assert facts["purchases"]["low"] < 1653 < facts["purchases"]["high"]
    assert facts["value"]["low"] < facts["value"]["base"] < facts["value"]["high"]
    assert len(found["tables"]["customers"]["rows"]) == 20


def test_days_as_files_write_them():
    where = "line {}".format
    assert read_days(["19970101", "1997-01-02", "1997/1/3", "1997年1月4日", "1997-01-05T10:00"], where=where) == [
        date(1997, 1, day) for day in range(1, 6)
    ]
    assert read_days(["13.4.2026", "1.5.2026"], where=where) == [date(2026, 4, 13), date(2026, 5, 1)]
    assert read_days(["4/13/2026", "5/1/2026"], where=where) == [date(2026, 4, 13), date(2026, 5, 1)]
    assert read_days(["3/4/2026"], order="mdy", where=where) == [date(2026, 3, 4)]
    assert read_days(["3/3/2026"], where=where) == [date(2026, 3, 3)]


@pytest.mark.parametrize(
    ("texts", "order", "why"),
    [
        (["3/4/2026", "5/6/2026"], "", "--dates dmy"),
        (["2026-02-30"], "", "place 0: “2026-02-30” is no day"),
        (["2026-01-01", "soon"], "", "place 1: “soon”"),
        (["2026-01-01", ""], "", "place 1"),
        (["13/4/2026", "4/13/2026"], "", "no day"),
        (["13/4/2026"], "mdy", "place 0"),
    ],
)
def test_days_that_are_none(texts, order, why):
    with speaking("en"), pytest.raises(CannotAnswer) as refused:
        read_days(texts, order=order, where="place {}".format)
    assert why in str(refused.value)


def test_purchases_of_one_day_are_one_and_refunds_are_left_out():
    frame = frame_of(
        {
            "who": ["a", "a", "a", "b", "a"],
            "day": ["2026-01-01", "2026-01-01", "2026-01-15", "2026-01-08", "2026-01-29"],
            "money": [10.0, 5.0, 20.0, 7.0, -20.0],
        }
    )
    bought = purchases(frame, "who", "day", "money")
    assert (bought.refunds, bought.amount.tolist()) == (1, [15, 20, 7])
    found = customers(bought, date(2026, 1, 29))
    assert found.history.repeats.tolist() == [1, 0]
    assert (found.history.last.tolist(), found.history.age.tolist()) == ([2, 0], [4, 3])
    assert (found.average.tolist(), found.spent.tolist()) == ([20, 0], [35, 7])
    assert customers(bought, date(2026, 1, 7)).n == 1


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run(rows, *words):
        (tmp_path / "file.csv").write_text("\n".join(["who,day,money", *rows]) + "\n", "utf-8")
        return CliRunner().invoke(command, ["file.csv", "--customer", "who", "--date", "day", *words])

    return run


ROWS = ["a,2026-01-01,10", "b,2026-01-05,20"]


@pytest.mark.parametrize(
    ("rows", "words", "status", "why"),
    [
        (ROWS, ["--amount", "mony"], 2, "did you mean “money”?"),
        (ROWS, ["--amount", "money", "--margin", "40"], 2, "0<x<=1"),
        (ROWS, ["--amount", "money"], 1, "too few for this model"),
        (ROWS, ["--until", "2020-01-01"], 1, "Nobody bought anything until 2020-01-01"),
        (["a,2026-01-01,10", "b,yesterday,20"], ["--amount", "money"], 1, "Line 3: “yesterday” is no day"),
        (["a,2026-01-01,10", "b,2026-01-05,dear"], ["--amount", "money"], 1, "dear"),
        (["a,2026-01-01,10", "b,2026-01-05,"], ["--amount", "money"], 1, "Line 3: column “money” is empty"),
        (["a,2026-01-01,10", ",2026-01-05,3"], ["--amount", "money"], 1, "Line 3: column “who” is empty"),
        (["a,2026-01-01,-10"], ["--amount", "money"], 1, "no amount above zero"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_said(run, rows, words, status, why):
    done = run(rows, *words)
    assert (done.exit_code, done.stdout) == (status, "")
    assert why in done.stderr
