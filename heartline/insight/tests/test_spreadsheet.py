"""No cell of a spreadsheet is a formula, and nothing is lost on the way (reference/trust.md Q3)."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.common.text import FORMULA
from heartline.insight.spreadsheet import as_csv, safe


@pytest.mark.parametrize("start", [*FORMULA, " =", "\u3000＝", "\u200b="])
def test_text_that_could_run_is_marked_as_text(start: str) -> None:
    assert str(safe(start + "1+1")).startswith("'")


def test_numbers_stay_numbers() -> None:
    assert [safe(-3), safe(2.5), safe(None), safe("plain")] == [-3, 2.5, "", "plain"]


def read(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=5))
def test_text_comes_back_as_it_was_but_for_the_mark(cells: list[str]) -> None:
    (row,) = read(as_csv(cells, []))
    assert [cell.removeprefix("'") for cell in row] == [cell.removeprefix("'") for cell in cells]
    assert not any(cell.startswith(FORMULA) for cell in row)


def test_a_phone_number_survives() -> None:
    (row,) = read(as_csv(["+86 138 0013 8000"], []))
    assert row == ["'+86 138 0013 8000"]
