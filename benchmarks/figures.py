"""Figures over a year of 100,000 contacts and 1,000,000 messages: the first counting, a day's news, pages, the nightly check.

    python -m benchmarks.figures [--contacts 100000] [--each 10] [--database sqlite|postgresql] [--asks 60]

The first counting happens where it does in use: in the `work` process, beside the dispatcher, while customers come and
are offered to agents. Pages are asked over HTTP on the loopback by one client. Bars: first counting < 60 s of one core and
< 300 MB; report by queue over a month p99 < 100 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.company import Stage, set_stage
from benchmarks.installation import Installation
from benchmarks.machine import describe, percentile
from benchmarks.offers import Desk
from benchmarks.wire import Poster
from benchmarks.year import Year

QUEUES, AGENTS, OFFERS = 20, 2, 30
PAGE = "/insight/over-time/"
NUMBERS = itertools.count(1)
LONGEST = 400  # seconds at most until everything is counted


def main() -> None:
    """Write a year, count it, ask for it, and print."""
    options = _options()
    print(describe())
    with Installation(options.database) as house:
        house.start()
        house.stop()
        house.django()
        stage = set_stage(teams=QUEUES, agents_each=AGENTS, chats_each=0, capacity=400)
        year = Year(options.contacts, options.each, stage.queue_ids, [person for person, _ in stage.agents])
        reader = _cookie_of_an_administrator(stage)
        _write(year, options.contacts)
        house.start()
        asyncio.run(_count_and_ask(house, stage, reader, options.asks))
        house.stop()
        _day_and_night(year, options.contacts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--asks", type=int, default=60)
    return parser.parse_args()


def _write(year: Year, contacts: int) -> None:
    from benchmarks.corpus import count_on_from_here
    from heartline.ledger.models import Entry

    began = time.perf_counter()
    year.write(upto=contacts - contacts // 365)  # the last day is for later
    count_on_from_here([Entry])
    print(f"{year.events:,} events written in {time.perf_counter() - began:.0f} s", flush=True)


async def _count_and_ask(house: Installation, stage: Stage, reader: dict[str, str], asks: int) -> None:
    desk = Desk(house.port, stage, stage.agents[:AGENTS])
    counted = asyncio.create_task(_first_counting(house))
    during = await _offers(desk, lambda _taken: not counted.done())
    print(await counted, flush=True)
    await desk.everybody("available")  # whoever missed an offer is not offered another one
    _say("offer after first words, meanwhile", during)
    _say("offer after first words, afterwards", await _offers(desk, lambda taken: taken < OFFERS))
    desk.close()
    await _ask(house, reader, asks)


async def _first_counting(house: Installation) -> str:
    """Watch the `work` process until everything is counted."""
    home = house.folder / "data" / "figures"
    while True:
        if list(home.glob("*")):
            break
        await asyncio.sleep(0.02)
    work = next(process for process in house.processes() if "work" in process.cmdline())
    began, spent, most = time.perf_counter(), sum(work.cpu_times()[:2]), 0
    while not list(home.glob("*/progress.json")):
        memory = work.memory_info()
        most = max(most, memory.rss - memory.shared)
        await asyncio.sleep(0.05)
        if time.perf_counter() - began > LONGEST:
            raise TimeoutError("the first counting did not end")
    spent = sum(work.cpu_times()[:2]) - spent
    kept = sum(file.stat().st_size for file in home.rglob("*") if file.is_file())
    return (
        f"first counting {time.perf_counter() - began:.1f} s, {spent:.1f} s of one core with all else that `work` does, "
        f"at most {most >> 20} MB of its own, {kept >> 20} MB kept"
    )


async def _offers(desk: Desk, goes_on: Callable[[int], bool]) -> list[float | None]:
    taken: list[float | None] = []
    while goes_on(len(taken)):
        try:
            taken.append(await desk.first_words(next(NUMBERS)))
        except (RuntimeError, KeyError) as problem:
            print(f"a customer was turned away: {problem}", flush=True)
            taken.append(None)
        await asyncio.sleep(0.5)
    return taken


def _cookie_of_an_administrator(stage: Stage) -> dict[str, str]:
    from heartline.people.models import Person, Role

    person_id, cookie = stage.agents[-1]
    Person.objects.filter(id=person_id).update(role=Role.ADMIN)
    return {"Cookie": cookie}


async def _ask(house: Installation, headers: dict[str, str], asks: int) -> None:
    today = datetime.now(UTC).date()
    month = {"first": today - timedelta(days=29), "last": today, "zone": "Asia/Shanghai"}
    year = {**month, "first": today - timedelta(days=364)}
    poster = Poster(house.port, {})
    for name, path, asked in (
        ("a month by queue", "", {**month, "by": "queue"}),
        ("a month by day", "", {**month, "by": "day"}),
        ("a month by queue, compared", "", {**month, "by": "queue", "against": "before"}),
        ("a year by queue", "", {**year, "by": "queue"}),
        ("a year by month", "", {**year, "by": "month"}),
        ("rows of a month", "service_level/", month),
        ("rows of a year", "service_level/", year),
    ):
        taken: list[float | None] = []
        for _ in range(asks):
            began = time.perf_counter()
            status, body = await poster.ask("GET", f"{PAGE}{path}?{urlencode(asked)}", b"", headers)
            if status != 200:
                raise RuntimeError(f"{name}: {status} {body[:300]!r}")
            taken.append(time.perf_counter() - began)
        print(f"{name:28} first {(taken[0] or 0) * 1000:6.0f} ms", end="   ")
        _say("then", taken[1:])
    poster.close()


def _say(name: str, seconds: list[float | None]) -> None:
    ms = [one * 1000 for one in seconds if one is not None]
    if not ms:
        print(f"{name}: none")
        return
    print(
        f"{name} p50 {percentile(ms, 0.5):6.1f} ms   p99 {percentile(ms, 0.99):6.1f} ms   n {len(ms)}"
        f"   never {len(seconds) - len(ms)}",
        flush=True,
    )


def _day_and_night(year: Year, contacts: int) -> None:
    """What a day's news cost, and comparing a day with the ledger."""
    from heartline.insight.kept.checking import check_kept
    from heartline.insight.kept.keeping import keep
    from heartline.insight.kept.reading import folder

    before, kept = year.events, _timed("news of what was measured", lambda: keep(folder()))
    year.write(first=contacts - contacts // 365 + 1)
    _timed(f"a day's news, {year.events - before:,} events", lambda: keep(folder()))
    now = datetime.now(UTC)
    checked = _timed("nightly check of a day", lambda: check_kept(folder(), now - timedelta(days=1), now))
    assert kept
    assert checked
    print(
        f"{checked.rows:,} rows laid side by side, {len(checked.differing)} differ; kept in {_size(kept.folder) >> 20} MB"
    )


def _timed(name: str, do: Callable[[], Any]) -> Any:
    began, spent = time.perf_counter(), time.process_time()
    found = do()
    print(f"{name}: {time.perf_counter() - began:.1f} s, {time.process_time() - spent:.1f} s of one core", flush=True)
    return found


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
