"""How soon an offer reaches a free agent: when a customer comes, and when somebody becomes free while one waits."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine, Sequence
from typing import Any

from benchmarks.company import CSRF, Stage, customer_headers
from benchmarks.machine import percentile
from benchmarks.wire import Poster, follow

CHATS = 100
PATIENCE = 400  # looks, 5 ms apart


class Desk:
    """The agents of one team, who hear offers and take them."""

    def __init__(self, port: int, stage: Stage, team: Sequence[tuple[int, str]]) -> None:
        self._stage = stage
        self._poster = Poster(port, {})
        self._cookies = dict(team)
        self._offered: dict[int, tuple[float, int, int]] = {}
        self._watchers = [
            asyncio.create_task(follow(port, "/live/staff", {"Cookie": cookie}, self._hear)) for _, cookie in team
        ]

    async def first_words(self, number: int) -> float | None:
        """Have a customer come to free agents; returns the seconds from their first words to the offer."""
        began, contact_id = await self._start_chat(number)
        return await self._taken(contact_id, began)

    async def ready(self, number: int) -> float | None:
        """Have one agent become free while a customer waits; returns the seconds from saying so to the offer."""
        _, contact_id = await self._start_chat(number)
        await asyncio.sleep(0.3)
        who = list(self._cookies)[number % len(self._cookies)]
        began = time.perf_counter()
        await self.present(who, "available")
        delay = await self._taken(contact_id, began)
        await self.present(who, "on_break")
        return delay

    async def everybody(self, state: str) -> None:
        """Set the whole team to one state."""
        for who in self._cookies:
            await self.present(who, state)

    async def present(self, who: int, state: str) -> None:
        """Set one agent's presence, as the desk's button does."""
        reason = "meal" if state == "on_break" else ""
        await self._poster.post("/desk/api/presence", {"state": state, "reason": reason}, self._headers(who))

    def close(self) -> None:
        """Stop listening."""
        for task in self._watchers:
            task.cancel()

    def _headers(self, who: int) -> dict[str, str]:
        return {"Cookie": self._cookies[who], "X-CSRFToken": CSRF}

    def _hear(self, line: bytes, when: float) -> None:
        if b'"routing.offer_made"' in line:
            body = json.loads(line[5:])["body"]
            self._offered.setdefault(body["contact_id"], (when, body["offer_id"], body["person_id"]))

    async def _taken(self, contact_id: int, began: float) -> float | None:
        for _ in range(PATIENCE):
            if contact_id in self._offered:
                when, offer_id, who = self._offered[contact_id]
                await self._poster.post(f"/desk/api/offers/{offer_id}/accept", {}, self._headers(who))
                return when - began
            await asyncio.sleep(0.005)
        return None

    async def _start_chat(self, number: int) -> tuple[float, int]:
        """Start a chat; returns when its first words were sent, and its contact."""
        _, issued = await self._poster.post("/chat/api/visitor", {}, customer_headers("", number))
        headers = customer_headers(json.loads(issued)["token"], number)
        key = f"start{number:06}"
        data = {"brand": self._stage.brand_key, "language": "en", "want": "help", "text": "Hello", "key": key}
        began = time.perf_counter()
        status, body = await self._poster.post("/chat/api/start", data, headers)
        if status != 201:
            raise RuntimeError(f"a chat could not be started: {status} {body[:200]!r}")
        return began, int(json.loads(body)["contact"]["id"])


async def measure_offers(port: int, stage: Stage, team: Sequence[tuple[int, str]]) -> None:
    """Measure both ways in which a customer and a free agent meet, and print."""
    desk = Desk(port, stage, team)
    await asyncio.sleep(2)
    came = [await _with_a_pause(desk.first_words(number)) for number in range(CHATS)]
    await desk.everybody("on_break")
    freed = [await _with_a_pause(desk.ready(CHATS + number)) for number in range(CHATS)]
    desk.close()
    for name, seconds in (("offer after first words", came), ("offer after an agent is ready", freed)):
        ms = [delay * 1000 for delay in seconds if delay is not None]
        never = len(seconds) - len(ms)
        p50, p99 = percentile(ms, 0.5), percentile(ms, 0.99)
        print(
            f"{name:30} p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   longest {max(ms):6.1f} ms   n {len(ms)}   never {never}"
        )


async def _with_a_pause(measured: Coroutine[Any, Any, float | None]) -> float | None:
    delay = await measured
    await asyncio.sleep(0.2)
    return delay
