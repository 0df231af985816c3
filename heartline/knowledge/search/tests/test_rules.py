"""Folding, tokens and questions hold for any text; marks stand where the words stand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.knowledge.search.marking import WHOLE, has_marks, marked, passage, wanted_by
from heartline.knowledge.search.matching import steps, to_fts5, to_tsquery
from heartline.knowledge.search.queries import Place, day_named
from heartline.knowledge.search.rules import (
    MOST_TOKENS,
    Texts,
    corrections,
    distance,
    fold,
    forms,
    tokens_of,
    understand,
)
from heartline.knowledge.search.simplified import SIMPLIFIED, TRADITIONAL

pytestmark = pytest.mark.once
words = st.text(alphabet="abcdefgh", min_size=4, max_size=12)


def slips(word, at):
    at %= len(word) - 1
    yield word[:at] + word[at + 1 :]
    yield word[:at] + "z" + word[at:]
    yield word[:at] + "z" + word[at + 1 :]
    yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


@given(words, st.integers(0, 20))
def test_a_word_and_its_slip_have_a_form_in_common(word, at):
    for slip in slips(word, at):
        assert forms(word) & forms(slip), slip
        assert distance(word, slip, 2) <= 1


@given(words, words)
def test_distance_is_the_same_both_ways_and_none_only_for_the_same_word(one, other):
    assert distance(one, other, 3) == distance(other, one, 3)
    assert (distance(one, other, 3) == 0) == (one == other)


def test_two_slips_are_allowed_in_long_words_alone():
    assert corrections("instalation", ["installation"]) == ["installation"]
    assert corrections("instalaton", ["installation"]) == ["installation"]
    assert corrections("frdg", ["fridge"]) == []


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


def test_traditional_and_simplified_are_the_same():
    assert len(TRADITIONAL) == len(SIMPLIFIED)
    assert fold(TRADITIONAL) == fold(SIMPLIFIED)
    assert fold("退款還沒有到賬 ＡＢＣ１２３ Ｃａｆé") == "退款还没有到账 abc123 cafe"


@given(st.text(max_size=60))
def test_any_text_becomes_tokens_that_both_databases_take_as_they_are(text):
    for token in tokens_of(Texts(text, (text,), (text,))):
        assert token
        assert not set(token) & set(" '\"\\:*()&|!<>")


def test_a_long_text_is_cut():
    assert len(tokens_of(Texts("", ("a b " * 100_000,)))) <= MOST_TOKENS + 1


@given(st.text(max_size=80))
def test_anything_can_be_typed(typed):
    question = understand(typed)
    for step in steps(question, {}, has_title=True) if question.asks_for_words else []:
        assert to_fts5(step)
        assert to_tsquery(step)


@given(st.text(max_size=300), st.text(max_size=20))
def test_marking_changes_no_letter(text, typed):
    assert "".join(part.text for part in marked(text, wanted_by(understand(typed)))) == text


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("退款", "订单退款還沒有", "订单[退款]還沒有"),
        ("沒有", "订单退款還沒有", "订单退款還[沒有]"),
        ("款", "退款", "退[款]"),
        ("cafe", "The Ｃａｆé is", "The [Ｃａｆé] is"),
        ("fri", "My Fridge", "My [Fri]dge"),
        ("frigde", "My Fridge", "My [Fridge]"),
        ("a", "a bad apple", "[a] bad apple"),
        ("iphone15", "iPhone 15 and 16", "[iPhone] [15] and 16"),
    ],
)
def test_what_was_looked_for_is_marked(typed, text, expected):
    parts = marked(text, wanted_by(understand(typed)))
    assert "".join(f"[{part.text}]" if part.is_found else part.text for part in parts) == expected


def test_a_passage_shows_the_first_mark_of_a_long_text():
    parts = passage("x " * 500 + "fridge" + " y" * 500, wanted_by(understand("fridge")))
    assert has_marks(parts)
    assert sum(len(part.text) for part in parts) <= WHOLE + 2
    assert (parts[0].text, parts[-1].text) == ("…", "…")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("2026/11", date(2026, 11, 1)),
        ("2026", date(2026, 1, 1)),
        ("2026年11月22日", date(2026, 11, 22)),
        ("today", date(2026, 11, 26)),
        ("昨天", date(2026, 11, 25)),
        ("7d", date(2026, 11, 19)),
        ("2周", date(2026, 11, 12)),
        ("2026-02-30", None),
        ("soon", None),
    ],
)
def test_days_are_understood(value, day):
    assert day_named(value, date(2026, 11, 26)) == day


def test_a_place_is_written_and_read():
    assert Place.parse(str(Place(3, 120))) == Place(3, 120)
    assert Place.parse("nonsense") == Place()
