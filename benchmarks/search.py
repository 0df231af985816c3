"""How long a search takes on the server, for an agent who may see one queue in twenty.

    python -m benchmarks.search [--cases 100000] [--each 10] [--database sqlite|postgresql] [--rounds 50]

Writes a company with cases and messages in Chinese and English, builds the index (its speed is printed), then asks as
the search page does: customers, cases, messages and files, the first page of each. Times are of the whole question
inside the server, without HTTP.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from benchmarks.company import set_stage
from benchmarks.corpus import Corpus
from benchmarks.installation import Installation
from benchmarks.machine import describe, percentile

QUEUES = 20
PAGE = 20
AGENT = 3  # whose queue is the fourth


def main() -> None:
    """Write, index, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--rounds", type=int, default=50)
    options = parser.parse_args()
    print(describe())
    with Installation(options.database) as house:
        house.start()
        house.stop()
        house.django()
        stage = set_stage(teams=QUEUES, agents_each=1, chats_each=0)
        corpus = _write(options.cases, options.each, stage.queue_ids)
        _index()
        agent = stage.agents[AGENT][0]
        for name, questions in _questions(corpus, options.rounds).items():
            _measure(name, questions, agent)


def _write(cases: int, each: int, queue_ids: list[int]) -> Corpus:
    from heartline.people.models import Brand

    began = time.perf_counter()
    corpus = Corpus(cases, each, queue_ids, Brand.objects.get().id)
    corpus.write()
    print(f"written: {cases:,} cases, {cases * each:,} messages in {time.perf_counter() - began:.0f} s")
    return corpus


def _index() -> None:
    from heartline.knowledge.search.actions import begin_anew, build_on

    began, things = time.perf_counter(), 0
    begin_anew()
    while (done := build_on()) is not None:
        things += done
    took = time.perf_counter() - began
    print(f"indexed: {things:,} things in {took:.0f} s, {things / took:,.0f} a second")


def _questions(corpus: Corpus, rounds: int) -> dict[str, list[str]]:
    rng = random.Random(7)

    def some(make: Callable[[], str]) -> list[str]:
        return [make() for _ in range(rounds)]

    rare = corpus.rare_words(rounds, AGENT)
    long = [word for word in corpus.vocabulary if len(word) > 6]
    return {
        "rare word": rare,
        "rare word, Chinese": some(lambda: rng.choice("饕餮 魑魅 貔貅 耄耋 氤氲 旮旯".split())[0]),
        "one character": some(lambda: rng.choice("款冰退门客三师")),
        "two characters": some(lambda: rng.choice("退款 冰箱 发票 安装 签收".split())),
        "common word": some(lambda: rng.choice("order refund fridge the thanks".split())),
        "two common words": some(lambda: rng.choice(["order refund", "fridge door", "冰箱 退款", "the late"])),
        "phrase": some(lambda: rng.choice(['"not arrived"', '"还没有到账"', '"师傅没有来"', '"fridge it"'])),
        "middling word": some(lambda: rng.choice(corpus.vocabulary)),
        "typo": some(lambda: _slip(rng.choice(long), rng)),
        "typo of a rare word": [_slip(word, rng) for word in rare],
        "beginning": some(lambda: rng.choice(long)[:5]),
        "nothing": some(lambda: "qqxx" + str(rng.randint(100, 999))),
        "a customer's name": some(lambda: rng.choice("王 李明 张丽 bako ha".split())),
        "fields": some(lambda: rng.choice(["state:open refund", "after:2025-06-01 退款", "from:customer order"])),
        "common word, old": some(lambda: "before:2025-01-02 order"),
    }


def _slip(word: str, rng: random.Random) -> str:
    at = rng.randint(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _measure(name: str, questions: list[str], agent: int) -> None:
    from heartline.knowledge.search.queries import Reader
    from heartline.people.models import Person
    from heartline.people.queries import scope_of

    reader = Reader(scope_of(Person.objects.get(id=agent)), datetime.now(UTC), UTC)
    _ask(reader, questions[0])
    took, found = [], 0
    for typed in questions:
        began = time.perf_counter()
        found += _ask(reader, typed)
        took.append((time.perf_counter() - began) * 1000)
    p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
    print(f"{name:22} p50 {p50:7.1f} ms   p99 {p99:7.1f} ms   found {found / len(questions):5.1f}", flush=True)


def _ask(reader: Any, typed: str) -> int:
    from heartline.knowledge.search.queries import Place, find
    from heartline.knowledge.search.rules import understand
    from heartline.knowledge.search.sources import KINDS

    question = understand(typed)
    return sum(len(find(reader, question, kind, place=Place(), limit=PAGE).ids) for kind in KINDS)


if __name__ == "__main__":
    main()
