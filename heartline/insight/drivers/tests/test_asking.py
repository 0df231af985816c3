"""What an analyst meets: gaps, weights, words, categories, constants, twins, segments, rivals."""

import json

import numpy as np
import pytest

from heartline.insight.answers import CannotAnswer, WrongQuestion
from heartline.insight.answers.as_html import as_html
from heartline.insight.answers.as_json import as_json
from heartline.insight.drivers import Question, explain, sample_of
from heartline.insight.drivers.answer import told
from heartline.insight.drivers.comparing import differences, gaps_to_rivals, segments
from heartline.insight.files import frame_of

pytestmark = pytest.mark.once
RNG = np.random.default_rng(11)
N = 400
RATINGS = np.clip(np.round(RNG.normal(3.4, 1.1, (N, 3))), 1, 5)
OUTCOME = np.round(RATINGS @ [0.9, 0.4, 0.0] + RNG.normal(0, 0.8, N), 3)


def table(**more):
    return frame_of({"y": OUTCOME, "A": RATINGS[:, 0], "B": RATINGS[:, 1], "C": RATINGS[:, 2], **more})


def asked(frame, **settings):
    question = Question(**{"target": "y", "drivers": ("A", "B", "C"), "resamples": 200, **settings})
    sample = sample_of(frame, question)
    return question, sample, explain(sample, question)


def test_the_stronger_driver_comes_first_and_the_idle_one_surely_last():
    _question, _sample, found = asked(table())
    assert [driver.name for driver in found.by_rank()] == ["A", "B", "C"]
    assert found.drivers[0].best_rank == found.drivers[0].worst_rank == 1
    assert found.together == ()
    assert "A comes first" in told(found).says[1]


def test_the_same_seed_gives_the_same_answer_and_another_nearly():
    first, again, other = (asked(table(), seed=seed)[2] for seed in (1, 1, 2))
    assert as_json(told(first)) == as_json(told(again))
    assert first.r2 == other.r2
    assert first.drivers[0].low != other.drivers[0].low
    assert first.drivers[0].low == pytest.approx(other.drivers[0].low, abs=0.05)


def holes():
    values = [f"{value:g}" for value in RATINGS[:, 1]]
    values[:40] = [""] * 40
    values[40:60] = ["N/A"] * 20
    return frame_of({"y": OUTCOME, "A": RATINGS[:, 0], "B": values, "C": RATINGS[:, 2]})


@pytest.mark.parametrize(("missing", "n"), [("rows", 340), ("pairs", 400), ("kept", 400)])
def test_gaps_are_counted_and_treated_as_asked(missing, n):
    _question, sample, found = asked(holes(), missing=missing)
    assert sample.n == n
    assert (found.drivers[1].gaps.missing, found.drivers[1].gaps.not_applicable) == (40, 20)
    assert found.drivers[1].rated.n == 340
    assert found.by_rank()[0].name == "A"
    said = " ".join(told(found).cautions)
    assert {"rows": "60 rows lack", "pairs": "different people", "kept": "answered at all"}[missing] in said
    assert told(found).table("gaps").rows == (("B", 40, 20),)


def test_gaps_that_are_answers_of_their_own_count_when_kept():
    """Who was never there and therefore unhappy: only "kept" can see it."""
    there = RNG.random(N) < 0.7
    frame = frame_of({"y": OUTCOME - 3 * ~there, "A": RATINGS[:, 0], "B": np.where(there, RATINGS[:, 2], np.nan)})
    kept = asked(frame, drivers=("A", "B"), missing="kept")[2]
    rows = asked(frame, drivers=("A", "B"))[2]
    assert kept.drivers[1].importance > 0.3 > 0.05 > rows.drivers[1].importance


def test_zero_is_missing_only_when_said():
    ratings = RATINGS[:, 0].copy()
    ratings[:50] = 0
    frame = frame_of({"y": OUTCOME, "A": ratings, "B": RATINGS[:, 1]})
    assert asked(frame, drivers=("A", "B"))[1].n == N
    _question, sample, found = asked(frame, drivers=("A", "B"), zero_is_missing=True)
    assert sample.n == 350
    assert "0 is read as no answer" in told(found).cautions


def test_other_values_that_mean_no_answer():
    ratings = [f"{value:g}" for value in RATINGS[:, 0]]
    ratings[:30] = ["99"] * 30
    frame = frame_of({"y": OUTCOME, "A": ratings, "B": RATINGS[:, 1]})
    assert asked(frame, drivers=("A", "B"), no_answers=("99",))[1].n == N - 30


def test_weights_count_as_so_many_rows():
    weights = np.ones(N)
    weights[:100] = 3
    twice = np.r_[np.arange(N), np.arange(100), np.arange(100)]
    heavy = asked(table(w=weights), weight="w")[2]
    many = asked(frame_of({"y": OUTCOME[twice], **{n: RATINGS[twice, at] for at, n in enumerate("ABC")}}))[2]
    assert [d.importance for d in heavy.drivers] == pytest.approx([d.importance for d in many.drivers], abs=1e-9)
    assert heavy.drivers[0].rated.mean == pytest.approx(many.drivers[0].rated.mean)
    assert heavy.sample.effective_n == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert "as much as 300 without weights" in " ".join(told(heavy).cautions)


def test_rows_without_weight_and_negative_weights():
    weights = np.ones(N)
    weights[:10] = 0
    assert asked(table(w=weights), weight="w")[1].no_weight == 10
    weights[12] = -1
    with pytest.raises(CannotAnswer, match="negative in line 14"):
        asked(table(w=weights), weight="w")


@pytest.mark.parametrize("words", [("satisfied", "neutral or dissatisfied"), ("是", "否"), ("1", "0")])
def test_two_categories_are_a_target(words):
    good, bad = words
    target = np.where(np.median(OUTCOME) < OUTCOME, good, bad)
    frame = frame_of({"y": target.tolist(), **{name: RATINGS[:, at] for at, name in enumerate("ABC")}})
    _question, sample, found = asked(frame)
    assert (sample.good, sample.other) == words
    assert sample.y.sum() == (np.median(OUTCOME) < OUTCOME).sum()
    assert found.drivers[0].correlation > 0.3
    turned = asked(frame, good=bad)[2]
    assert turned.drivers[0].correlation == pytest.approx(-found.drivers[0].correlation)
    assert turned.r2 == pytest.approx(found.r2)


def test_a_constant_driver_is_said_to_show_nothing():
    _question, _sample, found = asked(table(D=np.full(N, 5.0)), drivers=("A", "B", "D"))
    assert found.drivers[2].importance == 0
    assert "Everybody answers the same to D" in " ".join(told(found).cautions)
    assert np.isfinite([found.drivers[2].low, found.drivers[2].share_high]).all()


def test_nothing_is_made_of_chance():
    frame = table(z=RNG.normal(size=N))
    found = asked(frame, target="z")[2]
    assert not found.is_more_than_chance
    assert told(found).says[1:] == (
        "No more is explained than chance would: these answers show no driver of the outcome",
    )
    assert asked(table())[2].is_more_than_chance


def test_a_column_that_numbers_the_customers_is_no_driver():
    more = {"id": np.arange(1000, 1000 + N), "empty": [""] * N}
    assert sample_of(table(**more), Question("y")).drivers == ("A", "B", "C")


def test_a_driver_nobody_answered_is_named():
    with pytest.raises(CannotAnswer, match=r"0 of 400 rows.*most gaps are in “E”"):
        asked(table(E=[""] * N), drivers=("A", "E"))
    kept = asked(table(E=[""] * N), drivers=("A", "E"), missing="kept")[2]
    assert kept.drivers[1].importance == 0
    assert json.loads(as_json(told(kept)))["tables"]["drivers"]["rows"][1]["mean"] is None


def test_each_scale_has_its_own_cuts():
    frame = table(D=RATINGS[:, 0] * 2 - 1, E=np.clip(RATINGS[:, 1], 2, 5))
    found = asked(frame, drivers=("A", "D", "E"))[2]
    assert [(driver.cut.low, driver.cut.high) for driver in found.drivers] == [(2, 5), (3, 9), (2, 5)]


def test_twins_share_and_are_named():
    frame = table(D=RATINGS[:, 0] * 2 + 1)
    found = asked(frame, drivers=("A", "B", "D"))[2]
    assert found.drivers[0].importance == pytest.approx(found.drivers[2].importance)
    assert "A and D say nearly the same" in " ".join(told(found).cautions)
    assert (0, 2) in found.together or (2, 0) in found.together


def test_many_drivers_go_to_johnson():
    x = RNG.normal(size=(300, 18))
    y = x @ np.linspace(0, 1, 18) + RNG.normal(size=300)
    names = tuple(f"d{at}" for at in range(18))
    found = asked(frame_of({"y": y, **{name: x[:, at] for at, name in enumerate(names)}}), drivers=names)[2]
    assert found.method == "johnson"
    assert sum(driver.importance for driver in found.drivers) == pytest.approx(found.r2)
    assert "Johnson" in " ".join(told(found).cautions)


def test_patterns_and_left_out_drivers():
    frame = table(A2=RATINGS[:, 1], shop=["x"] * N)
    assert sample_of(frame, Question("y", ("A*",))).drivers == ("A", "A2")
    assert sample_of(frame, Question("y")).drivers == ("A", "B", "C", "A2")
    with pytest.raises(WrongQuestion, match="no column “Z\\*”"):
        sample_of(frame, Question("y", ("Z*",)))


def by_segment(frame, **settings):
    question, sample, _found = asked(frame, **settings)
    return segments(frame, sample, question)


@pytest.mark.parametrize(
    ("frame", "settings", "why"),
    [
        (table(), {"target": "z"}, "no column “z”"),
        (table(), {"drivers": ("A", "y")}, "driver of itself"),
        (table(), {"good": "x"}, "different answers"),
        (table(s=["a", "b"] * 200), {"drivers": ("A", "s")}, "holds words"),
        (table(s=["a", "b", "c", "d"] * 100), {"target": "s"}, "4 different words"),
        (table(s=np.ones(N)), {"target": "s"}, "same answer"),
        (frame_of({"y": [1, 2], "A": [1, 2], "B": [2, 2], "C": [1, 1]}), {}, "2 of 2 rows"),
        (frame_of({"y": [], "A": [], "B": [], "C": []}), {}, "0 of 0 rows"),
        (table(), {"by": "y"}, "different values"),
    ],
)
def test_what_cannot_be_answered_says_why(frame, settings, why):
    with pytest.raises((WrongQuestion, CannotAnswer), match=why):
        by_segment(frame, **settings)


def test_segments_stand_side_by_side():
    shop = np.where(np.arange(N) % 2, "north", "south")
    y = np.where(shop == "north", 3 * RATINGS[:, 0], 3 * RATINGS[:, 1]) + RNG.normal(size=N)
    frame = frame_of({"y": y, "A": RATINGS[:, 0], "B": RATINGS[:, 1], "shop": [*shop[:-1], "east"]})
    question, sample, found = asked(frame, drivers=("A", "B"), by="shop")
    parts, aside = segments(frame, sample, question)
    assert [(part.name, part.n, part.found is None) for part in parts] == [
        ("south", 200, False),
        ("north", 199, False),
        ("east", 1, True),
    ]
    apart = differences(parts)
    assert {(one.driver, np.sign(one.difference)) for one in apart} == {("A", -1), ("B", 1)}
    answer = told(found, parts, apart, aside=aside)
    assert "north: A comes first" in " ".join(answer.says)
    assert "own (under 30" in " ".join(answer.cautions)
    assert "too few answers" in as_html(answer)


def test_rivals_are_rated_by_the_same_people():
    theirs = RATINGS[:, 0] + 1
    theirs[:100] = np.nan
    frame = table(A_x=theirs)
    question, sample, found = asked(frame, rivals=(("Xcom", ("A_x", "-", "-")),))
    (gap,) = gaps_to_rivals(frame, sample, question)
    assert (gap.driver, gap.rival, gap.n) == ("A", "Xcom", 300)
    assert gap.gap == pytest.approx(-1)
    assert "Farthest behind Xcom: A, by 1.00 points" in told(found, gaps=[gap]).says
    with pytest.raises(WrongQuestion, match="1 columns for 3 drivers"):
        gaps_to_rivals(frame, sample, Question("y", ("A", "B", "C"), rivals=(("X", ("A_x",)),)))


def test_drivers_that_lift_each_other_are_found_and_others_are_not():
    a, b = RATINGS[:, 0] - 3, RATINGS[:, 1] - 3
    frame = frame_of(
        {"y": a + b + 0.8 * a * b + RNG.normal(size=N), **{n: RATINGS[:, at] for at, n in enumerate("ABC")}}
    )
    found = asked(frame)[2]
    first, *others = found.interactions
    assert (first.first, first.second) == (0, 1)
    assert first.chance < 1e-6
    assert first.slope > 0
    assert all(other.chance > 0.05 for other in others)
    assert "A and B lift each other" in " ".join(told(found).says)
    assert min(one.chance for one in asked(table())[2].interactions) > 0.05


def test_the_answer_is_json_that_any_program_reads():
    read = json.loads(as_json(told(asked(holes(), missing="kept")[2])))
    assert read["facts"]["n"] == 400
    assert set(read["tables"]) >= {"drivers", "factors", "gaps"}
    assert read["tables"]["drivers"]["rows"][0]["driver"] == "A"
    assert sum(row["importance"] for row in read["tables"]["drivers"]["rows"]) == pytest.approx(read["facts"]["r2"])
