"""An alert never flaps: properties of the machine that raises and ends it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from heartline.service.alerts.rules import CALM, Standing, Terms, after, is_quiet, share_left, step, times_raised

START = datetime(2026, 11, 26, tzinfo=UTC)
TERMS = st.builds(
    Terms,
    hold=st.integers(0, 4).map(lambda n: timedelta(minutes=n)),
    calm=st.just(CALM),
    cool_down=st.integers(0, 20).map(lambda n: timedelta(minutes=n)),
)
MINUTES = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=90)  # over its limit, quiet


@given(MINUTES, TERMS)
def test_an_alert_begins_and_ends_in_turn_and_keeps_its_distances(
    minutes: list[tuple[bool, bool]], terms: Terms
) -> None:
    standing: Standing | None = None
    ended = last_over = None
    over_since = None
    for number, (over, quiet) in enumerate(minutes):
        now = START + timedelta(minutes=number)
        over_since = (over_since or now) if over else None
        done = step(standing, over, quiet=quiet, last_ended=ended, terms=terms, now=now)
        if done == "raise":
            assert over
            assert not quiet
            assert standing is None or not standing.raised
            assert over_since is not None
            assert now - over_since >= terms.hold
            assert ended is None or now >= ended + terms.cool_down
        if done == "end":
            assert standing
            assert standing.raised
            assert last_over is None or now - last_over > terms.calm
        standing, ended = after(standing, done, ended, now)
        last_over = now if over else last_over


@given(TERMS, st.integers(10, 200))
def test_what_stays_over_is_raised_once(terms: Terms, minutes: int) -> None:
    end = START + timedelta(minutes=minutes)
    assert times_raised(lambda _: True, lambda _: False, START, end, terms) == 1
    assert times_raised(lambda _: False, lambda _: False, START, end, terms) == 0
    assert times_raised(lambda _: True, lambda _: True, START, end, terms) == 0


@given(st.integers(1, 2), st.integers(1, 60))
def test_coming_and_going_within_the_calm_time_is_one_alert(gap: int, turns: int) -> None:
    end = START + timedelta(minutes=turns * (gap + 1))

    def over(moment: datetime) -> bool:
        return (moment - START) // timedelta(minutes=1) % (gap + 1) == 0

    assert times_raised(over, lambda _: False, START, end, Terms(calm=timedelta(minutes=gap + 1))) == 1


@given(st.times(), st.times(), st.times())
def test_quiet_hours_and_their_other_half_make_a_day(local: time, start: time, until: time) -> None:
    if start == until:
        assert not is_quiet(local, start, until)
    else:
        assert is_quiet(local, start, until) != is_quiet(local, until, start)
    assert not is_quiet(local, None, until)


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 50))
def test_too_few_make_no_share(left: int, answered: int, at_least: int) -> None:
    share = share_left(left, answered, at_least)
    assert (share is None) == (left + answered < max(1, at_least))
    assert share is None or 0 <= share <= 100
