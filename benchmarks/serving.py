"""Which server carries the pages: our front against two others, side by side, on the same data folder.

    pip install granian;  python -m benchmarks.serving [--rounds 3] [--seconds 8]

Each round posts agents' replies over 16 connections to one serving process at a time, in turn: the front (uvicorn, a2wsgi on
4 threads, live push in the same process), granian WSGI with 2 threads, and Django's own ASGI handler under uvicorn.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

from benchmarks.company import CSRF, Stage, set_stage
from benchmarks.installation import Installation
from benchmarks.machine import describe, percentile
from benchmarks.wire import Poster

CONNECTIONS = 16
WSGI, ASGI = "heartline.config.wsgi:application", "benchmarks.serving:asgi_application"


def asgi_application() -> object:
    """Return Django under its own ASGI handler (a factory for uvicorn)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartline.config.settings")
    from django.core.asgi import get_asgi_application
    from django.core.handlers.asgi import ASGIRequest

    class Asked(ASGIRequest):
        """Our `request.scope`, what somebody may see, stands where ASGI's own was."""

        def _get_scheme(self) -> str:
            return "http"

    application = get_asgi_application()
    application.request_class = Asked
    return application


def main() -> None:
    """Measure in turn and print ratios to the front."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    print(describe())
    with Installation() as house:
        house.start()
        house.stop()
        house.django()
        stage = set_stage(teams=2, agents_each=CONNECTIONS // 2)
        for number in range(options.rounds):
            _round(house, stage, number, options.seconds)


def _round(house: Installation, stage: Stage, number: int, seconds: float) -> None:
    house.start()
    front = asyncio.run(_posts(house.port, stage, f"f{number}", seconds))
    house.stop()
    port = str(house.port)
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", port]
    granian += ["--blocking-threads", "2", "--no-log", WSGI]
    uvicorn = [sys.executable, "-m", "uvicorn", "--factory", "--port", port, "--log-level", "error", ASGI]
    for name, command in (("granian wsgi", granian), ("django asgi", uvicorn)):
        server = subprocess.Popen(
            command, env={**house.environment, "DJANGO_SETTINGS_MODULE": "heartline.config.settings"}
        )
        try:
            _wait(house.url)
            other = asyncio.run(_posts(house.port, stage, f"{name[0]}{number}", seconds))
        finally:
            server.terminate()
            server.wait(10)
        _print(number, name, other, front)


def _print(number: int, name: str, other: list[float], front: list[float]) -> None:
    ratio = len(other) / len(front)
    p99 = percentile(other, 0.99) * 1000, percentile(front, 0.99) * 1000
    print(f"round {number + 1}  {name:13} {ratio:5.2f} × the front   p99 {p99[0]:6.0f} ms against {p99[1]:6.0f} ms")


async def _posts(port: int, stage: Stage, mark: str, seconds: float) -> list[float]:
    until = time.perf_counter() + seconds
    found = await asyncio.gather(*(_one(port, stage, place, mark, until) for place in range(CONNECTIONS)))
    return [took for part in found for took in part]


async def _one(port: int, stage: Stage, place: int, mark: str, until: float) -> list[float]:
    pair, poster = stage.pairs[place], Poster(port, {})
    took: list[float] = []
    headers = {"Cookie": pair.cookie, "X-CSRFToken": CSRF}
    while (began := time.perf_counter()) < until:
        words = {"kind": "reply", "text": "On it", "client_key": f"{mark}-{place:02}-{len(took):06}", "attachments": []}
        status, body = await poster.post(f"/desk/api/contacts/{pair.contact_id}/messages", words, headers)
        if status != 200:
            raise RuntimeError(f"a reply was refused: {status} {body[:200]!r}")
        took.append(time.perf_counter() - began)
    poster.close()
    return took


def _wait(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url + "/health", timeout=2)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    main()
