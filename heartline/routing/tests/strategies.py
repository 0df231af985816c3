"""Random work and people for properties of the rules.

A world is built from a seed by Python's own generator: drawing every field through hypothesis is a hundred times
slower, and a world shrinks well enough by its two sizes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from heartline.routing.rules import Server, Work

START = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
NOW = START + timedelta(hours=6)
QUEUES, CHANNELS, LANGUAGES, SKILLS = (1, 2, 3), ("webchat", "webform", "callback"), ("en", "zh-hans"), ("a", "b")
TIERS = ("top", "big", "medium", "small", "prospect")


@dataclass(frozen=True)
class World:
    """Work and people, and the seed they were made from."""

    seed: int
    works: list[Work]
    servers: list[Server]

    def shuffled(self) -> World:
        """Return the same world with everything listed in another order."""
        rng = random.Random(self.seed + 1)
        return World(self.seed, rng.sample(self.works, len(self.works)), rng.sample(self.servers, len(self.servers)))


def make_work(rng: random.Random, id: int) -> Work:
    preferred = rng.choice((None, None, rng.randint(1, 12)))
    controlled = random.Random(rng.random())  # its own generator: what a seed made before is made again
    pinned = controlled.choice((None, None, None, controlled.randint(1, 12)))
    return Work(
        id=id,
        queue_id=rng.choice(QUEUES),
        channel=rng.choice(CHANNELS),
        asked_at=_moment(rng),
        language=rng.choice(("", *LANGUAGES)),
        skills=tuple((skill, rng.randint(1, 5)) for skill in SKILLS if rng.random() < 0.15),
        tier=rng.choice(TIERS),
        contacts_count=rng.randint(1, 9),
        handed_over=rng.random() < 0.3,
        due_at=rng.choice((None, _moment(rng))),
        preferred=preferred,
        preferred_until=_moment(rng) if preferred else None,
        last_served_by=rng.choice((None, rng.randint(1, 12))),
        offered_to=rng.choice(("", "", "", "Grace")),
        manual_seconds=controlled.choice((0, 0, 0, 300, 9000)),
        pinned_to=pinned,
        pinned_until=_moment(controlled) if pinned else None,
        paused_until=controlled.choice((None, None, None, _moment(controlled))),
        passed_over={rng.randint(1, 12): rng.choice((None, _moment(rng))) for _ in range(rng.randint(0, 3))},
    )


def make_server(rng: random.Random, id: int) -> Server:
    limits = {channel: rng.randint(0, 4) for channel in CHANNELS if rng.random() < 0.8}
    return Server(
        id=id,
        name=f"person {id}",
        available=rng.random() < 0.8,
        queues=frozenset(queue for queue in QUEUES if rng.random() < 0.6),
        languages=frozenset(language for language in LANGUAGES if rng.random() < 0.7),
        skills={skill: rng.randint(1, 5) for skill in SKILLS if rng.random() < 0.7},
        limits=limits,
        held={channel: rng.randint(0, 2) for channel in limits},
        pending=int(rng.random() < 0.2),
        last_offered_at=rng.choice((None, _moment(rng), _moment(rng))),
    )


def _moment(rng: random.Random) -> datetime:
    return START + timedelta(seconds=rng.randint(0, 7 * 3600))


def _world(seed: int, works: int, servers: int) -> World:
    rng = random.Random(seed)
    return World(
        seed,
        [make_work(rng, id) for id in range(1, works + 1)],
        [make_server(rng, id) for id in range(1, servers + 1)],
    )


seeds = st.integers(0, 2**32)
works = st.builds(lambda seed: make_work(random.Random(seed), 1), seeds)
worlds = st.builds(_world, seeds, st.integers(0, 40), st.integers(0, 12))
