"""Behind or on aim is said only when it is more than chance; charts put things where they belong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.insight.charts import HEIGHT, WIDTH, hours_of_asking, waits_of
from heartline.insight.judgement import joint_aim, verdict
from heartline.insight.tests.stories import MORNING, Story


@pytest.mark.parametrize(
    ("hits", "n", "expected"),
    [
        (0, 0, "none"),
        (0, 4, "few"),
        (0, 5, "behind"),
        (70, 100, "behind"),  # Wilson 60.4 to 78.1 %
        (75, 100, "unclear"),  # 65.7 to 82.5 %
        (90, 100, "on_aim"),  # 82.6 to 94.5 %
        (100, 100, "on_aim"),
    ],
)
def test_standing_against_an_aim_of_eighty(hits: int, n: int, expected: str) -> None:
    assert verdict(hits, n, 0.8) == expected


def test_the_aim_of_several_queues_weighs_their_customers() -> None:
    assert joint_aim([(30, 0.8), (10, 0.6)]) == pytest.approx(0.75)
    assert joint_aim([(0, 0.8)]) is None


def test_hours_are_those_of_the_queue() -> None:
    facts = [
        Story(n, asked_at=MORNING + timedelta(minutes=40 * n)).answered(10 if n % 2 else 90).fact() for n in range(4)
    ]
    hours = hours_of_asking(facts, {1: "Asia/Shanghai"})
    assert [(bar.hour, bar.asked, bar.missed) for bar in hours.bars] == [(9, 2, 1), (10, 1, 1), (11, 1, 0)]
    assert hours.bars[0].height == HEIGHT
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in hours.bars)


def test_waits_climb_from_none_to_all() -> None:
    waits = waits_of([10_000, 20_000, 30_000, 40_000], 60_000)
    assert waits is not None
    assert waits.path.startswith(f"M0 {HEIGHT}")
    assert waits.path.endswith(f"V0.0H{WIDTH}")
    assert (waits.middle.label, waits.ninetieth.label) == ("0:25", "0:40")
    assert waits.limit == pytest.approx(WIDTH * 60 / 75, abs=0.1)


def test_no_answer_yet_is_no_chart() -> None:
    assert waits_of([], 60_000) is None
