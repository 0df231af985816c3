"""Definitions: what each figure counts, worked out by hand, and that its rows are the very contacts it was made of."""

from __future__ import annotations

import math

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from heartline.insight.catalogue import BY_ID, METRICS, OF_DAY
from heartline.insight.facts import ContactFact
from heartline.insight.measures import COUNTS, Figure, Metric, measure, rows, summed_up
from heartline.insight.tests.stories import Story, served


def the_day() -> list[ContactFact]:
    """Ten contacts: four answered in time, two late, one left at once, one left late, one chose a callback, one waits."""
    answered = [served(number, wait=wait, short=5) for number, wait in enumerate([10, 20, 30, 60, 90, 120], 1)]
    return [
        *answered,
        Story(7, short=5).left(4).fact(),
        Story(8, short=5).left(50).fact(),
        Story(9, short=5).left(100, "callback").fact(),
        Story(10, short=5).fact(),
    ]


def figure(id: str, facts: list[ContactFact] | None = None) -> Figure:
    return measure(BY_ID[id], the_day() if facts is None else facts)


@pytest.mark.parametrize(
    ("id", "value"),
    [
        ("offered", 9),
        ("answered", 6),
        ("short_abandons", 1),
        ("long_abandons", 1),
        ("callbacks_taken", 1),
        ("still_waiting", 1),
        ("service_level", 4 / 8),  # 4 in time of 9 offered without the 1 short abandon
        ("service_level_2", 6 / 8),  # 4 in time and 2 who left within 60 s, of 6 answered and 2 left
        ("answered_in_time", 4 / 6),
        ("abandonment_rate", 1 / 8),
        ("speed_of_answer", 55_000),
        ("time_since_asked", 55_000),
        ("first_response", 65_000),
        ("handle_time", 360_000),
        ("transfer_rate", 0),
        ("response_rate", 0),
    ],
)
def test_the_day_worked_out_by_hand(id: str, value: float) -> None:
    assert figure(id).value == pytest.approx(value)


def test_what_was_offered_is_how_each_asking_ended() -> None:
    parts = ("answered", "short_abandons", "long_abandons", "callbacks_taken")
    assert figure("offered").value == sum(figure(part).value or 0 for part in parts)


def test_leaving_abandons_out_of_the_base_flatters() -> None:
    assert (figure("answered_in_time").value or 0) > (figure("service_level").value or 0)


def test_durations_come_as_mean_median_and_ninetieth() -> None:
    speed = figure("speed_of_answer")
    assert (speed.n, speed.value, speed.middle, speed.ninetieth) == (6, 55_000, 45_000, 120_000)


def test_messages_are_not_mixed_into_the_wait_in_the_queue() -> None:
    message = Story(20, channel="webform", due=7200).said(0).answered(5).said(3000, "person", 7).fact()
    assert figure("speed_of_answer", [message]).n == 0
    assert figure("first_response", [message]).value == 3_000_000
    assert figure("service_level", [message]).value == 1


def test_the_call_that_follows_a_chat_is_not_another_asking() -> None:
    chat = Story(30).left(60, "callback").fact()
    call = Story(31, channel="callback", keeps_place_of=60).promised(0, by=1800).answered(600).fact()
    assert figure("offered", [chat, call]).value == 1
    assert figure("service_level", [chat, call]).value == 0
    assert figure("callbacks_in_time", [chat, call]).value == 1


def test_satisfaction_comes_with_interval_and_the_share_who_answered() -> None:
    rated = [served(n, wait=5, score=score) for n, score in enumerate([5] * 100 + [4] * 72 + [3] * 28, 1)]
    silent = [served(n, wait=5) for n in range(201, 401)]
    satisfied = figure("satisfied", rated + silent)
    assert (satisfied.n, satisfied.hits, satisfied.value) == (200, 172, 0.86)
    assert (round(satisfied.low or 0, 6), round(satisfied.high or 0, 6)) == (0.805101, 0.901330)
    assert figure("response_rate", rated + silent).value == 0.5
    mean = figure("satisfaction_mean", rated + silent)
    assert mean.value == pytest.approx(4.36)
    assert (mean.low or 0) < 4.36 < (mean.high or 0)


def test_a_few_answers_are_too_few_to_judge() -> None:
    few = [served(n, wait=5, score=5) for n in range(1, 10)]
    assert not figure("satisfied", few).is_enough
    assert figure("satisfied", [*few, served(10, wait=5, score=5)]).is_enough


def test_a_wait_we_told_is_kept_within_its_longer_end() -> None:
    kept, late = served(1, wait=300, told=(3, 5)), served(2, wait=301, told=(3, 5))
    assert figure("wait_told_kept", [kept, late, served(3, wait=9999)]).value == 0.5


def test_nothing_happened_yet() -> None:
    for metric in METRICS:
        empty = measure(metric, [])
        assert (empty.n, empty.value) == (0, 0 if metric.unit in COUNTS else None)


@given(st.lists(st.integers(0, 9), max_size=12))
def test_every_figure_is_what_its_rows_add_up_to(picked: list[int]) -> None:
    day = the_day()
    facts = [day[number] for number in picked]
    for metric in OF_DAY:
        found = rows(metric, facts)
        assert measure(metric, facts) == summed_up(metric, found)
        assert [row.fact for row in found] == [f for f in _latest_first(facts) if metric.base.holds(f)]
        if metric.unit == "share" and found:
            assert measure(metric, facts).value == sum(row.counts for row in found) / len(found)


def _latest_first(facts: list[ContactFact]) -> list[ContactFact]:
    return sorted(facts, key=lambda fact: (fact.opened_at, fact.contact_id), reverse=True)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_definition_is_told_in_both_languages(metric: Metric, language: str) -> None:
    parts = [metric.name, metric.short, metric.meaning, metric.formula, metric.base.words, metric.versions[-1].change]
    parts += [metric.hit.words] if metric.hit else []
    parts += [metric.why] if metric.why else []
    with translation.override("en"):
        english = [str(part) for part in parts]
    with translation.override(language):
        told = [str(part) for part in parts]
    assert all(told)
    if language == "zh-hans":
        untranslated = [words for words, source in zip(told, english, strict=True) if words == source]
        assert not untranslated


def test_the_catalogue_is_sound() -> None:
    assert len(BY_ID) == len(METRICS)
    for metric in METRICS:
        assert set(metric.beside) <= BY_ID.keys()
        assert [version.number for version in metric.versions] == list(range(1, metric.version + 1))


def test_a_share_of_a_sample_is_never_a_bare_number() -> None:
    for metric in METRICS:
        if metric.exactness == "sampled":
            shown = measure(metric, [served(n, wait=1, score=4 + n % 2) for n in range(1, 30)])
            assert shown.low is not None
            assert shown.high is not None
            assert not math.isclose(shown.low, shown.high)
