"""Cards, scores and samples, without a database."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.improvement.quality.rules.card import Card, Question, Section, changed, filled, problems, read, written
from heartline.improvement.quality.rules.sampling import Candidate, Rule, deal, draw
from heartline.improvement.quality.rules.scoring import Given, score
from heartline.improvement.quality.tests.stage import CARD

pytestmark = pytest.mark.once
ALL = {"q1": Given(1), "q2": Given(3), "q3": Given(1)}


def test_all_done_is_a_hundred_and_weights_count():
    assert score(CARD, ALL).percent == 100
    assert score(CARD, {**ALL, "q1": Given(0)}).percent == 50  # weights 2, 1, 1
    assert score(CARD, {**ALL, "q2": Given(1)}).percent == Decimal("83.33")


def test_what_does_not_apply_is_left_out():
    assert score(CARD, {**ALL, "q1": Given(na=True), "q2": Given(0)}).percent == 50
    nothing = score(CARD, dict.fromkeys(ALL, Given(na=True)))
    assert nothing.percent is None
    assert nothing.result is None
    assert nothing.missing == ()


def test_a_missed_critical_question_fails_the_whole_and_not_applying_does_not():
    failed = score(CARD, {**ALL, "q3": Given(0)})
    assert failed.failed == ("q3",)
    assert failed.result == 0
    assert failed.percent == 75
    assert score(CARD, {**ALL, "q3": Given(na=True)}).failed == ()


def test_what_is_missing_is_named_and_sections_have_their_own():
    found = score(CARD, {"q1": Given(1), "unknown": Given(0)})
    assert found.missing == ("q2", "q3")
    assert found.sections == {"s1": 100, "s2": None}


@given(
    st.lists(st.tuples(st.integers(1, 100), st.integers(1, 10), st.booleans()), min_size=1, max_size=8),
    st.data(),
)
def test_a_score_lies_between_0_and_100_and_never_falls_when_an_answer_rises(shape, data):
    asked = [Question(key=f"q{n}", weight=w, top=top, kind="scale", critical=c) for n, (w, top, c) in enumerate(shape)]
    card = Card((Section(key="s1", questions=tuple(asked)),))
    values = {one.key: Given(data.draw(st.integers(0, one.top))) for one in asked}
    found = score(card, values)
    assert 0 <= found.percent <= 100
    one = data.draw(st.sampled_from(asked))
    higher = score(card, {**values, one.key: Given(one.top)})
    assert higher.percent >= found.percent
    assert higher.result >= found.result


def test_a_card_is_kept_as_it_was_written():
    assert read(written(CARD)) == CARD
    assert read({}) == Card()


def test_building_by_acts():
    card = changed(changed(Card(), "add"), "add:s1")
    assert [one.key for one in card.questions()] == ["q2", "q3"]
    assert [one.key for one in changed(card, "down:q2").questions()] == ["q3", "q2"]
    assert changed(card, "up:q2") == card
    assert [one.key for one in changed(card, "remove:q2").questions()] == ["q3"]
    assert changed(changed(card, "remove:q3"), "add:s1").last_key == 4, "a key is never given twice"
    assert changed(card, "remove:s1").sections == ()
    assert changed(card, "explode:s1") == card


def test_what_is_typed_goes_to_its_place_and_stays_within_bounds():
    typed = {"q1-text_en": " Did  they?", "q1-kind": "scale", "q1-top": "4", "q1-weight": "900", "q1-critical": "on"}
    steps = {"q1-steps_en": "none\nsome\nhalf\nmost\nall"}
    question = filled(CARD, {**typed, **steps}).question("q1")
    assert question.text_en == "Did they?"
    assert (question.kind, question.top, question.weight, question.critical, question.na) == (
        "scale",
        4,
        100,
        True,
        False,
    )
    assert question.step_in(4, "en") == "all"
    assert filled(CARD, {"q1-top": "9999999", "q1-weight": "²"}).question("q1").weight == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [({"text_en": "", "text_zh": ""}, "no_text"), ({"kind": "scale", "top": 4, "steps_en": ("a",)}, "steps")],
)
def test_what_keeps_a_card_from_being_published(change, code):
    section = CARD.sections[0]
    broken = replace(section, questions=(replace(section.questions[0], **change),))
    assert problems(CARD) == []
    assert problems(Card((broken,))) == [("q1", code)]
    assert problems(Card()) == [("", "no_questions")]
    assert ("s9", "empty_section") in problems(Card((section, Section(key="s9", name_en="x"))))


def crowd(n=60):
    return [
        Candidate(
            contact_id=i,
            person_id=i % 3,
            week=f"2026-{i % 2:02}",
            seconds=i * 7 % 50,
            rating=i % 6 or None,
            since_joining=i % 3 * 10,
        )
        for i in range(1, n + 1)
    ]


def test_the_same_seed_draws_the_same_and_another_does_not():
    rule = Rule("random", 2)
    drawn = draw(crowd(), rule, "plum")
    assert draw(reversed(crowd()), rule, "plum") == drawn
    assert draw(crowd(), rule, "pear") != drawn
    assert drawn.drawn_from == 60
    groups = Counter((i % 3, i % 2) for i in drawn.contact_ids)
    assert set(groups.values()) == {2}
    assert len(groups) == 6


def test_taking_one_away_moves_no_other_lot():
    drawn = draw(crowd(), Rule("random", 2), "plum").contact_ids
    spare = next(one.contact_id for one in crowd() if one.contact_id not in drawn)
    rest = [one for one in crowd() if one.contact_id != spare]
    assert draw(rest, Rule("random", 2), "plum").contact_ids == drawn


def test_low_ratings_long_ones_and_new_people():
    low = draw(crowd(), Rule("low_rating", 4), "plum")
    assert low.drawn_from == 20
    assert {i % 6 for i in low.contact_ids} == {1}
    longest = draw(crowd(), Rule("longest", 3), "plum").contact_ids
    by_id = {one.contact_id: one for one in crowd()}
    assert [by_id[i].seconds for i in longest] == sorted((one.seconds for one in crowd()), reverse=True)[:3]
    new = draw(crowd(), Rule("new_people", 1, first_weeks=8), "plum")
    assert {i % 3 for i in new.contact_ids} == {0}


def test_a_draw_is_fair():
    """Over many seeds each of six is drawn about as often: chi-square with 5 degrees of freedom, 99.9 % below 20.5."""
    six = [Candidate(i, 1, "w") for i in range(6)]
    counts = Counter(draw(six, Rule("random", 1), str(seed)).contact_ids[0] for seed in range(1200))
    assert sum((counts[i] - 200) ** 2 / 200 for i in range(6)) < 20.5


def test_dealing_is_even_nobody_gets_their_own_and_a_share_goes_to_two():
    dealt = deal(range(20), [7, 8, 9], {3: {7, 8}, 4: {7, 8, 9}}, 25, "plum")
    assert dealt == deal(range(20), [9, 8, 7], {3: {7, 8}, 4: {7, 8, 9}}, 25, "plum")
    by_id = {one.contact_id: one for one in dealt}
    assert by_id[3].first == 9
    assert by_id[4].first is None
    assert all(one.first != one.second for one in dealt if one.first)
    doubled = [one for one in dealt if one.second is not None]
    assert 3 <= len(doubled) <= 5
    load = Counter(who for one in dealt for who in (one.first, one.second) if who)
    assert max(load.values()) - min(load.values()) <= 2
    assert all(one.second is None for one in deal(range(5), [7], {}, 100, "plum"))
