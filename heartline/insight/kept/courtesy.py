"""Long work in a thread beside others: they come first.

How soon the interpreter hands over is set once for every process (heartline.config.processes).
"""

from __future__ import annotations

import time

WORK, REST = 0.02, 0.002


class Courtesy:
    """Rests a tenth of the time when asked to `give_way` often."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def give_way(self) -> None:
        """Rest a moment after some work."""
        if time.monotonic() - self._since > WORK:
            time.sleep(REST)
            self._since = time.monotonic()
