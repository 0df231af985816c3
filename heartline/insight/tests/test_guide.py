"""The guide to a new metric is followed to the letter: its example works as it stands."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from heartline.insight.catalogue import BY_ID, OFFERED
from heartline.insight.catalogue.parts import c
from heartline.insight.measures import Metric, Part, Version, measure
from heartline.insight.tests.stories import served

GUIDE = Path(__file__).parents[3] / "docs" / "adding-a-metric.md"


def test_the_metric_of_the_guide_counts_what_it_says() -> None:
    if not GUIDE.exists():
        pytest.skip("the guide is in the source checkout only")
    (example,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    names: dict[str, Any] = {
        "Metric": Metric,
        "Part": Part,
        "c": c,
        "Version": Version,
        "OFFERED": OFFERED,
        "date": date,
        "_": str,
    }
    metric = eval(example, names)
    first, second = served(1, wait=5), replace(served(2, wait=5), contacts_in_case=2)
    assert measure(metric, [first, second]).value == 0.5
    assert set(metric.beside) <= BY_ID.keys()
