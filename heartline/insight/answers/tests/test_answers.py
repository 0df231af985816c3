"""An answer says the same on a screen, as JSON, as CSV and on a page."""

import csv
import io
import json
import math
import re

import pytest

from heartline.insight.answers import Answer, Column, Table, WrongQuestion, near, refuse_unknown
from heartline.insight.answers.as_csv import as_csv
from heartline.insight.answers.as_html import as_html
from heartline.insight.answers.as_json import as_json
from heartline.insight.answers.drawing import LABEL, Bar, bars
from heartline.insight.answers.formats import shown
from heartline.insight.answers.on_screen import show
from heartline.insight.answers.words import _, speaking

pytestmark = pytest.mark.once

COLUMNS = (
    Column("name", "Name"),
    Column("n", "Answers", "count"),
    Column("share", "Share", "share"),
    Column("left", "Left", "money", unit="€"),
    Column("is_basic", "Basic", "yes"),
)
ROWS = (("=cmd()", 12345, 0.123456789, -1234.5, True), ("<b>慢", 2, None, float("nan"), False))


def answer():
    table = Table("parts", "Parts", COLUMNS, ROWS, note="n is small")
    other = Table("other", "Other", (Column("x", "x", "number"),), ((math.inf,),))
    return Answer("demo", "A & B", ("It is so.",), (table, other), ("Careful.",), {"seed": 1, "r": math.nan})


def test_json_has_every_digit_and_null_where_nothing_is_known():
    read = json.loads(as_json(answer()))
    assert read["facts"] == {"seed": 1, "r": None}
    first, second = read["tables"]["parts"]["rows"]
    assert first == {"name": "=cmd()", "n": 12345, "share": 0.123456789, "left": -1234.5, "is_basic": True}
    assert second["share"] is None
    assert second["left"] is None
    assert read["tables"]["other"]["rows"] == [{"x": None}]


def test_csv_is_one_table_that_runs_nothing():
    rows = list(csv.reader(io.StringIO(as_csv(answer()))))
    assert rows[0] == ["name", "n", "share", "left", "is_basic"]
    assert rows[1] == ["'=cmd()", "12345", "0.123456789", "-1234.5", "true"]
    assert rows[2] == ["<b>慢", "2", "", "", "false"]
    assert as_csv(answer(), "other") == 'x\n""\n'
    assert as_csv(answer(), bom=True)[0] == "\ufeff"


def test_an_unknown_table_is_named_with_what_there_is():
    with pytest.raises(WrongQuestion, match=r"“part”.*did you mean “parts”"):
        as_csv(answer(), "part")


def test_a_page_holds_everything_and_needs_nothing():
    page = as_html(answer())
    assert "A &amp; B" in page
    assert "&lt;b&gt;慢" in page
    assert "http" not in page.replace("http-equiv", "").partition("<body>")[2]
    assert "12.3 %" in page
    assert "−1,234" in page
    assert page.count("<table") == 2


def test_a_screen_shows_the_same():
    text = io.StringIO()
    show(answer(), text)
    for piece in ("A & B", "It is so.", "12,345", "12.3 %", "Left (€)", "n is small", "Careful."):
        assert piece in text.getvalue()


@pytest.mark.parametrize(
    ("cell", "column", "text"),
    [
        (None, Column("x", "x", "number"), "–"),
        (-0.0001, Column("x", "x", "number"), "0.00"),
        (-0.5, Column("x", "x", "share"), "−50.0 %"),
        (2.5, Column("x", "x", "count"), "2.50"),
        (1e6, Column("x", "x", "count"), "1,000,000"),
        ("A", Column("x", "x", "count"), "A"),
    ],
)
def test_numbers_as_people_read_them(cell, column, text):
    assert shown(cell, column) == text


def test_a_row_has_a_cell_for_each_column():
    with pytest.raises(ValueError, match="2 cells"):
        Table("x", "x", (Column("a", "a"),), ((1, 2),))


def test_names_nearly_right():
    assert near("Satisfacton", ["Satisfaction", "Price"]) == "Satisfaction"
    assert near("xyz", ["Satisfaction"]) == ""
    with pytest.raises(WrongQuestion) as refused:
        refuse_unknown("column", ["A", "Ｐrice"], ["A", "price"])
    assert "“price”" in str(refused.value)


def test_it_speaks_chinese_when_asked():
    assert _("Mind this") == "Mind this"
    with speaking("zh-hans"):
        assert _("Mind this") == "请注意"
    assert _("Mind this") == "Mind this"


def test_bars_reach_below_nought():
    """An interval that lies partly below nought is drawn there, not cut off."""
    drawn = bars([Bar("pays", 10, 5, 15, "10"), Bar("perhaps", 2, -5, 9, "2")])
    nought = float(re.search(r'<path d="M([\d.]+) 0V', drawn)[1])
    low, high = map(float, re.findall(r'<path d="M([\d.]+) [\d.]+H([\d.]+)M', drawn)[1])
    assert LABEL == low < nought < high
    assert 'class="axis"' not in bars([Bar("pays", 10, 5, 15, "10")])


def test_a_narrow_window_leaves_columns_out_and_says_so(monkeypatch):
    monkeypatch.setenv("COLUMNS", "34")
    text = io.StringIO()
    show(answer(), text)
    assert "12,345" in text.getvalue()
    assert "Basic" not in text.getvalue()
    assert "2 more columns in a wider window" in text.getvalue().replace("\n", " ")
    assert all(len(line) <= 34 for line in text.getvalue().splitlines())
