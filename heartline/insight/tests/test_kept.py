"""What is kept equals what the ledger says: through new events, merges, removal and many readers; and lies are found."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import abandon_contact
from heartline.customers.actions.merging import merge_customers, unmerge
from heartline.customers.models import Customer
from heartline.insight.engine import connect, parquet
from heartline.insight.events import FiguresChecked
from heartline.insight.kept import generations
from heartline.insight.kept.checking import check_kept
from heartline.insight.kept.generations import Generation, newest
from heartline.insight.kept.keeping import keep, make_anew
from heartline.insight.kept.reading import Reader, folder
from heartline.insight.tasks import check, keep_rows, last_check, last_difference
from heartline.insight.tests.keeping import LATER, asked, contents, serve
from heartline.insight.today import DayStore
from heartline.ledger.actions import forget_sample
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import Queue
from tests.cast import NOON, Cast, waiting_contact

pytestmark = pytest.mark.django_db(transaction=True)


def test_adding_again_and_again_equals_making_anew(cast: Cast, home: Path, tmp_path: Path) -> None:
    keep(home)
    for minute in (0, 10, 20):
        serve(cast, minute)
        keep(home)
    waiting_contact(cast, now=NOON + timedelta(minutes=30))
    once, anew = contents(keep(home)), contents(make_anew(tmp_path / "anew"))
    assert once == anew
    assert (len(once["contacts"]), len(once["cases"]), len(once["turns"])) == (4, 4, 4)
    assert len([path for path in home.iterdir() if path.name.isdecimal()]) == 2  # older ones are gone


def test_reading_brings_what_is_kept_up_to_the_moment(cast: Cast, home: Path, reader: Reader, tmp_path: Path) -> None:
    serve(cast)
    before = asked(reader)
    serve(cast, 20)
    gone = waiting_contact(cast, now=NOON + timedelta(minutes=40))
    abandon_contact(gone, "left", by=Actor.customer(gone.customer_id, ""), now=NOON + timedelta(minutes=41))
    after = asked(reader)
    other = Reader(tmp_path / "other")
    assert after == asked(other)
    assert (len(before[0]), len(after[0])) == (1, 3)
    keep(home)
    assert asked(reader) == after
    other.forget()


def test_merged_records_are_one_customer_who_came_back(cast: Cast, home: Path, tmp_path: Path) -> None:
    first, second = serve(cast), serve(cast, 60)
    keep(home)
    by = actor_for(cast.admin)
    merge = merge_customers(Customer.objects.get(id=first), Customer.objects.get(id=second), by=by, now=LATER)
    merged = contents(keep(home))
    assert merged == contents(make_anew(tmp_path / "anew"))
    assert {row[0] for row in merged["contacts"]} == {first}
    unmerge(merge, by=by, now=LATER)
    assert {row[0] for row in contents(keep(home))["contacts"]} == {first, second}


def test_when_the_past_is_taken_away_all_is_made_anew(cast: Cast, home: Path, reader: Reader) -> None:
    Queue.objects.filter(id=cast.chat_en.id).update(is_sample=True)
    serve(cast, queue=Queue.objects.get(id=cast.chat_en.id))
    serve(cast, 10)
    assert len(asked(reader)[0]) == 2
    forget_sample()
    assert len(asked(reader)[0]) == 1
    assert len(contents(keep(home))["contacts"]) == 1


def test_of_two_who_keep_at_once_one_wins(cast: Cast, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(cast)
    make_anew(home)
    serve(cast, 10)
    publish = generations.publish

    def beaten(*about: object) -> Generation | None:
        monkeypatch.setattr("heartline.insight.kept.keeping.publish", publish)
        keep(home)  # somebody else is quicker
        return publish(*about)  # type: ignore[arg-type] # as they came

    monkeypatch.setattr("heartline.insight.kept.keeping.publish", beaten)
    keep(home)
    assert len(contents(newest(home))["contacts"]) == 2


def test_many_readers_read_one_truth(cast: Cast, reader: Reader) -> None:
    for minute in range(3):
        serve(cast, minute * 10)
    found: list[object] = []

    def read() -> None:
        try:
            found.append(asked(reader))
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [asked(reader)] * 5


def test_what_goes_on_is_told_up_to_the_minute(cast: Cast, reader: Reader) -> None:
    def spent(seconds: int) -> int:
        question = f"SELECT sum(ended_at - started_at) FROM spans WHERE person_id = {cast.grace.id}"
        answers = reader.ask([question], {}, NOON + timedelta(seconds=seconds))
        assert answers
        return int(answers[0].rows[0][0]) // 1_000_000

    before = 5 * 60  # that she was there already at noon
    assert [spent(second) - before for second in (130, 150, 179, 180)] == [120, 120, 120, 180]
    pause = NOON + timedelta(seconds=200)
    set_presence(cast.grace, "on_break", by=actor_for(cast.grace), now=pause, reason="meal")
    assert [spent(second) - before for second in (201, 300)] == [200, 300]


def test_a_large_house_waits_for_the_background(cast: Cast, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(cast)
    monkeypatch.setattr("heartline.insight.kept.reading.SMALL", 1)
    assert reader.ask(["SELECT 1"], {}, LATER) is None
    keep(reader.home)
    assert reader.ask(["SELECT 1"], {}, LATER) is not None


def tamper(kept: Generation | None) -> None:
    """Somebody makes one wait shorter than it was."""
    assert kept
    engine, file = connect(), kept.old("contacts")
    query = f"SELECT * REPLACE (wait_ms - 1 AS wait_ms) FROM {parquet(file)}"
    engine.execute(f"COPY ({query}) TO '{file}.new' (FORMAT parquet)")
    Path(f"{file}.new").rename(file)
    engine.close()


def test_a_tampered_figure_is_found_told_and_mended(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    serve(cast)
    kept = make_anew(folder())
    start, end = NOON - timedelta(hours=12), NOON + timedelta(hours=12)
    equal = check_kept(folder(), start, end)
    assert equal
    assert (equal.differing, equal.rows) == ((), 6)
    tamper(kept)
    unequal = check_kept(folder(), start, end)
    assert unequal
    assert len(unequal.differing) == 1
    assert unequal.differing[0].startswith("contacts ")
    event = check(DayStore().kept(LATER), now=LATER, rows=unequal)
    assert (event.equal, event.rows_differing) == (False, unequal.differing)
    told = last_check(LATER)
    assert told
    assert told["rows_differing"] == list(unequal.differing)
    assert (difference := last_difference())
    assert difference.count == 1
    assert "made anew" in caplog.text
    mended = check_kept(folder(), start, end)
    assert mended
    assert mended.differing == ()
    check(DayStore().kept(LATER), now=LATER, rows=mended)
    assert last_difference() is None


def test_a_tampered_span_of_presence_is_found(cast: Cast, home: Path) -> None:
    serve(cast)
    kept = make_anew(home)
    assert kept
    engine, file = connect(), kept.old("spans")
    engine.execute(f"COPY (SELECT * FROM {parquet(file)} LIMIT 1) TO '{file}.new' (FORMAT parquet)")
    Path(f"{file}.new").rename(file)
    found = check_kept(home, NOON - timedelta(hours=12), NOON + timedelta(hours=12))
    assert found
    assert all(one.startswith("spans") for one in found.differing)
    assert found.differing
    engine.close()


@pytest.mark.parametrize("left", [b"", b"PAR1", bytes(4096)])
def test_a_file_that_a_loss_of_power_cut_short_is_made_anew(
    cast: Cast, home: Path, reader: Reader, left: bytes
) -> None:
    serve(cast)
    kept = make_anew(home)
    assert kept
    whole = kept.old("contacts").read_bytes()
    kept.old("contacts").write_bytes(left if left != b"PAR1" else whole[: len(whole) // 2])
    assert len(asked(reader)[0]) == 1
    serve(cast, 10)
    assert len(contents(keep(home))["contacts"]) == 2


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"doings": [], "merged": 3}'])
def test_a_generation_that_says_nonsense_is_none(cast: Cast, home: Path, said: str) -> None:
    serve(cast)
    kept = make_anew(home)
    assert kept
    state = json.loads((kept.folder / "progress.json").read_text())
    (kept.folder / "progress.json").write_text(json.dumps(state | json.loads(said)) if "doings" in said else said)
    assert newest(home) is None
    assert len(contents(keep(home))["contacts"]) == 1


def test_what_could_not_be_taken_in_is_read_again(cast: Cast, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(cast)
    assert len(asked(reader)[0]) == 1
    serve(cast, 10)

    def fail(*_about: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as broken:
        broken.setattr("heartline.insight.kept.reading.write_news", fail)
        with pytest.raises(OSError, match="no room"):
            asked(reader)
    assert len(asked(reader)[0]) == 2


def test_a_small_house_keeps_nothing_until_somebody_asks(cast: Cast) -> None:
    serve(cast)
    for path in folder().glob("*/progress.json"):
        path.unlink()
    keep_rows(LATER)
    assert newest(folder()) is None
    assert FiguresChecked.kind == "insight.figures_checked"
