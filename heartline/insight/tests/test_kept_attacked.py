"""What is kept survives whatever happens to a disk, a process or a clock: afterwards it equals what the ledger says."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from heartline.customers.actions.erasing import erase_customer
from heartline.customers.actions.merging import merge_customers
from heartline.customers.models import Customer
from heartline.insight.kept import checking, generations, keeping
from heartline.insight.kept.checking import check_kept, noted
from heartline.insight.kept.engine import Pages
from heartline.insight.kept.generations import newest
from heartline.insight.kept.keeping import keep, make_anew
from heartline.insight.kept.reading import Reader, folder
from heartline.insight.tasks import check
from heartline.insight.tests.keeping import LATER, asked, contents, serve
from heartline.insight.today import DayStore
from heartline.people.actions import actor_for, set_presence
from tests.cast import NOON, Cast, waiting_contact

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def with_news(monkeypatch: pytest.MonkeyPatch) -> None:
    """News stay apart however many they are, as in a house with a long past."""
    monkeypatch.setattr(keeping, "MANY_NEWS", 0)


class Killed(BaseException):
    """The process is no more: nothing is tidied up."""


# Everything by which keeping leaves something on the disk.
STEPS: tuple[tuple[Any, str], ...] = (
    (Pages, "write"),
    (keeping, "save"),
    (os, "link"),
    (Path, "replace"),
    (Path, "unlink"),
    (json, "dumps"),
    (generations, "_sync"),
    (Path, "rename"),
)
FULL = OSError(errno.ENOSPC, "No space left on device")


def ends(patch: pytest.MonkeyPatch, step: tuple[Any, str], what: BaseException, *, done: bool) -> None:
    """Let a step be the last one, done or not."""
    do: Callable[..., Any] = getattr(*step)

    def last(*about: Any, **more: Any) -> None:
        if done:
            do(*about, **more)
        raise what

    patch.setattr(*step, last)


@pytest.mark.parametrize(("what", "done"), [(Killed(), False), (Killed(), True), (FULL, False)])
def test_whatever_step_of_keeping_is_the_last(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: BaseException, done: bool
) -> None:
    serve(cast)
    make_anew(tmp_path / "before")
    serve(cast, 10)
    truth = contents(make_anew(tmp_path / "anew"))
    for step in STEPS:
        home = shutil.copytree(tmp_path / "before", tmp_path / step[1])
        with monkeypatch.context() as patch, suppress(Killed, OSError):
            ends(patch, step, what, done=done)
            if what is not FULL:
                patch.setattr(TemporaryDirectory, "cleanup", lambda _self: None)
            keep(home)
        assert contents(keep(home)) == truth, step
        assert what is not FULL or not list(home.glob("new-*"))


def test_what_the_dead_left_behind_goes(cast: Cast, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(cast)
    left = home / "new-dead"
    left.mkdir(parents=True)
    (left / "turns.csv").write_text("1,2,3")
    make_anew(home)
    assert left.exists()  # somebody may be writing it
    monkeypatch.setattr(generations, "LEFT_BEHIND", -1)
    keep(home)
    make_anew(home)
    assert not left.exists()


@pytest.mark.usefixtures("with_news")
def test_news_apart_from_old_rows_equal_making_anew(cast: Cast, home: Path, reader: Reader, tmp_path: Path) -> None:
    first = serve(cast)
    make_anew(home)
    second = serve(cast, 10)
    kept = keep(home)
    assert kept
    assert kept.has_news
    by = actor_for(cast.admin)
    merge_customers(Customer.objects.get(id=first), Customer.objects.get(id=second), by=by, now=LATER)
    serve(cast, 20)
    at_once = asked(reader)
    kept = keep(home)
    assert contents(kept) == contents(make_anew(tmp_path / "anew"))
    assert asked(reader) == at_once
    found = check_kept(home, NOON - timedelta(hours=12), NOON + timedelta(hours=12))
    assert found
    assert found.differing == ()


@pytest.mark.usefixtures("with_news")
def test_any_file_may_go_or_be_spoilt(cast: Cast, home: Path, reader: Reader) -> None:
    serve(cast)
    make_anew(home)
    serve(cast, 10)
    kept = keep(home)
    assert kept
    truth = asked(reader)
    for file in (kept.replaced, kept.old("contacts"), kept.news("turns")):
        for spoil in (Path.unlink, _spoilt):
            make_anew(home)
            serve(cast, 20)
            kept = keep(home)
            assert kept
            truth = asked(reader)
            reader.forget()
            spoil(kept.folder / file.name)
            assert asked(reader) == truth, (file.name, spoil)


def test_rows_that_cannot_be_read_are_told_and_made_anew(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    serve(cast)
    kept = make_anew(folder())
    assert kept
    truth = contents(kept)
    _spoilt(kept.old("turns"))
    unequal = check_kept(folder(), NOON - timedelta(hours=12), NOON + timedelta(hours=12))
    assert unequal
    assert unequal.differing == (f"generation {kept.number}",)
    assert not check(DayStore().kept(LATER), now=LATER, rows=unequal).equal
    assert contents(newest(folder())) == truth
    assert "cannot be read" in caplog.text
    kept = newest(folder())
    assert kept
    _spoilt(kept.old("turns"))
    serve(cast, 10)
    assert len(contents(keep(folder()))["turns"]) == 2


def test_others_may_have_gone_on_while_we_were_reading(cast: Cast, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(cast)
    make_anew(home)
    serve(cast, 10)
    write_news = keeping.write_news

    def overtaken(*about: Any) -> None:
        monkeypatch.setattr(keeping, "write_news", write_news)
        for minute in (20, 30, 40):  # the rows we began with are gone by then
            serve(cast, minute)
            keep(home)
        write_news(*about)

    monkeypatch.setattr(keeping, "write_news", overtaken)
    assert len(contents(keep(home))["contacts"]) == 5


def test_a_clock_that_goes_back_and_news_that_come_late(cast: Cast, home: Path, tmp_path: Path) -> None:
    """Events follow each other as they were written, whatever time they bear."""
    keep(home)
    grace = actor_for(cast.grace)
    for minute in (60, 10, 50, -400, 20):
        set_presence(cast.grace, "on_break", by=grace, now=NOON + timedelta(minutes=minute + 5), reason="meal")
        serve(cast, minute)
        set_presence(cast.grace, "available", by=grace, now=NOON + timedelta(minutes=minute))
        waiting_contact(cast, now=NOON + timedelta(minutes=minute - 30))
        keep(home)
    rows, anew = contents(newest(home)), contents(make_anew(tmp_path / "anew"))
    assert rows == anew
    spans: list[Any] = sorted((row[3], row[4]) for row in rows["spans"])
    assert all(start <= end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_an_erased_customer_stays_a_number(cast: Cast, home: Path) -> None:
    id = serve(cast)
    before = contents(make_anew(home))
    erase_customer(Customer.objects.get(id=id), by=actor_for(cast.admin), now=LATER)
    assert contents(keep(home)) == before == contents(make_anew(home))


def test_a_note_cut_short_is_none(home: Path) -> None:
    checking.note(home, "2026-11-25", 3)
    assert noted(home) == {"day": "2026-11-25", "count": 3}
    (home / checking.CHECKED).write_text(json.dumps({"day": "2026"})[:5])
    assert noted(home) is None
    assert [path.name for path in home.iterdir()] == [checking.CHECKED]


def _spoilt(file: Path) -> None:
    """Something else stands in the middle of a file."""
    whole = bytearray(file.read_bytes())
    third = max(1, len(whole) // 3)
    whole[third : 2 * third] = bytes(third)
    file.unlink()  # what is linked from elsewhere stays whole
    file.write_bytes(whole)
