"""Where to mend, to excel, to keep, and where enough is enough: worlds in which the answer is known."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from heartline.config.cli import heartline_command
from heartline.insight.answers import CannotAnswer, WrongQuestion
from heartline.insight.answers.as_html import as_html
from heartline.insight.drivers import Question, sample_of
from heartline.insight.files import frame_of
from heartline.insight.touchpoints import changes, curve, read_bands
from heartline.insight.touchpoints.answer import told
from heartline.insight.touchpoints.loyalty import felt_by

pytestmark = pytest.mark.once
N = 3000
PLACES = ("Web", "Order", "Delivery", "Invoice", "Help")


def answers(seed=1, n=N):
    """Web is poor and costs, Order only punishes, Delivery delights, Invoice means nothing and shines, Help is fine."""
    rng = np.random.default_rng(seed)
    means = (2.6, 3.9, 3.4, 4.6, 3.4)
    x = np.clip(np.round(rng.normal(means, 0.9, (n, 5))), 1, 5)
    web, order, delivery, _invoice, help_ = x.T
    y = 5 + 0.8 * web - 1.6 * (order <= 2) + 1.2 * (delivery == 5) + 0.35 * help_ + rng.normal(0, 0.6, n)
    return frame_of({"Loyal": y, **{name: x[:, at] for at, name in enumerate(PLACES)}})


def found_in(frame, **settings):
    question = Question("Loyal", PLACES, resamples=200, **settings)
    sample = sample_of(frame, question)
    return question, sample, curve(sample, question)


def test_each_place_gets_the_advice_that_fits_it():
    _question, _sample, found = found_in(answers())
    assert [stop.place for stop in found.stops] == [1, 2, 3, 4, 5]
    advice = {stop.driver.name: stop.advice for stop in found.stops}
    assert advice["Web"] == "mend"
    assert advice["Invoice"] == "too_much"
    assert advice["Help"] == "little"
    factors = {stop.driver.name: stop.driver.asymmetry.factor for stop in found.stops}
    assert factors["Order"] == "basic"
    assert factors["Delivery"] == "excitement"


def test_what_could_be_won_is_what_the_world_would_give():
    """Every middling delivery made a very good one is worth 1.2 each."""
    _question, sample, found = found_in(answers())
    delivery = found.stops[2]
    middling = ((sample.x[:, 2] > 2) & (sample.x[:, 2] < 5)).mean()
    assert delivery.excel_gains == pytest.approx(1.2 * middling, rel=0.1)
    assert found.stops[1].mend_gains == pytest.approx(1.6 * (sample.x[:, 1] <= 2).mean(), rel=0.15)
    assert found.stops[3].sure_gains < 0.1


def test_a_basic_place_that_often_fails_is_not_enough():
    rng = np.random.default_rng(3)
    for share, advice in ((0.03, "enough"), (0.3, "mend")):
        order = np.where(rng.random(N) < share, 1, rng.integers(3, 6, N)).astype(float)
        other = rng.integers(1, 6, N).astype(float)
        y = -3 * (order == 1) + 0.2 * other + rng.normal(0, 0.3, N)
        frame = frame_of({"y": y, "Order": order, "Other": other})
        question = Question("y", ("Order", "Other"), resamples=200)
        assert curve(sample_of(frame, question), question).stops[0].advice == advice


def test_ratings_on_different_scales_are_not_compared():
    frame = answers()
    percent = frame_of({**{n: frame.numbers(n) for n in ("Loyal", *PLACES[:4])}, "Help": frame.numbers("Help") * 20})
    _question, _sample, found = found_in(percent)
    assert not found.has_one_scale
    answer = told(found)
    assert answer.pictures == ()
    assert "not rated on one scale" in " ".join(answer.cautions)


def test_changes_are_real_only_when_they_are():
    rounds = [found_in(answers(seed, n=1000))[2].found for seed in range(20)]
    pairs = [changes(before, after) for before, after in zip(rounds[::2], rounds[1::2], strict=True)]
    assert sum(any(one.is_real for one in pair) for pair in pairs) <= 1  # one in twenty may
    assert sum(any(one.weighs_otherwise for one in pair) for pair in pairs) <= 1
    _question, sample, now = found_in(answers(1))
    better = replace(sample, x=sample.x + np.array([0.3, 0, 0, 0, 0]))
    question = Question("Loyal", PLACES, resamples=200)
    changed = changes(now.found, curve(better, question).found)
    assert [one.is_real for one in changed] == [True, False, False, False, False]
    assert changed[0].rating == pytest.approx(0.3)
    assert "Rated surely higher than before: Web" in told(now, changed=changed).says


def test_loyalty_groups_feel_the_same_places_differently():
    frame = answers()
    _question, sample, found = found_in(frame)
    scores = np.clip(np.round(sample.y), 0, 10)
    felt = felt_by(sample, scores, "Recommend")
    web = felt[0]
    assert web.promoters.mean == pytest.approx(sample.x[scores >= 9, 0].mean())
    assert web.detractors.n == (scores < 7).sum()
    assert web.gap > 0.5
    assert "loyalty_groups" in {table.key for table in told(found, felt=felt).tables}
    with pytest.raises(CannotAnswer, match="from 0 to 10"):
        felt_by(sample, sample.y * 3, "Loyal")


def test_published_figures_stand_beside_ours_with_their_source():
    bands = read_bands(
        frame_of({"touchpoint": ["Web", "Lift"], "low": [3, 2], "high": [3.5, 3], "source": ["Survey 2024, p. 3", "B"]})
    )
    _question, _sample, found = found_in(answers())
    answer = told(found, bands=bands)
    row = next(answer.table("touchpoints").records())
    assert (row["band_low"], row["band_high"], row["band_source"]) == (3, 3.5, "Survey 2024, p. 3")
    said = " ".join(answer.cautions)
    assert "Survey 2024, p. 3" in said
    assert "not where to go" in said
    assert "not in this journey: Lift" in said
    assert 'class="band"' in as_html(answer)
    assert {stop.advice for stop in found.stops} == {r["advice"] for r in answer.table("touchpoints").records()}


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (
            {"touchpoint": ["Web"], "low": [1], "high": [2], "source": [""]},
            "line 2: a published figure needs its source",
        ),
        ({"touchpoint": ["Web"], "low": [3], "high": [2], "source": ["x"]}, "low comes first"),
        ({"touchpoint": ["Web"], "low": [1], "high": [2]}, "no column “source”"),
    ],
)
def test_bands_nobody_could_check_are_refused(columns, why):
    with pytest.raises((CannotAnswer, WrongQuestion), match=why):
        read_bands(frame_of(columns))


@pytest.fixture
def file(tmp_path):
    frame = answers(n=600)
    names = ("Loyal", *PLACES)
    rows = zip(*(frame.numbers(name).tolist() for name in names), strict=True)
    lines = [f"{','.join(f'{v:g}' for v in row)},{2024 + at % 2},{'AB'[at % 2]}" for at, row in enumerate(rows)]
    path = tmp_path / "journey.csv"
    path.write_text("\n".join([",".join([*names, "Year", "Site"]), *lines]) + "\n")
    return path


def run(*words):
    return CliRunner(env={"LC_ALL": "C.UTF-8"}).invoke(heartline_command, ["insight", "touchpoints", *map(str, words)])


def test_the_command(file):
    asked = (file, "--target", "Loyal", "--touchpoints", ",".join(PLACES), "--resamples", "100")
    read = json.loads(run(*asked, "--by", "Site", "--before", "Year=2024", "--json").stdout)
    assert [row["touchpoint"] for row in read["tables"]["touchpoints"]["rows"]] == list(PLACES)
    assert read["facts"]["n"] == 300
    assert {row["segment"] for row in read["tables"]["segments"]["rows"]} == {"B"}
    assert len(read["tables"]["changes"]["rows"]) == 5
    other = json.loads(run(*asked, "--before", file, "--json").stdout)
    assert all(row["change"] == 0 for row in other["tables"]["changes"]["rows"])
    assert "2023" in run(*asked, "--before", "Year=2023").stderr
    assert run(*asked, "--before", "Year=2023").exit_code == 2
    assert run(*asked, "--before", "gone.csv").exit_code == 2
