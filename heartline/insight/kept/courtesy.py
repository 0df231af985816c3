"""Long work in a thread beside others: they come first."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

# Whoever else wants to run waits no longer than this, instead of Python's five milliseconds each time they ask.
SWITCH_SECONDS = 0.0005
WORK, REST = 0.02, 0.002


class Courtesy:
    """Makes the interpreter hand over soon, and rests a tenth of the time when asked to `give_way` often."""

    def __enter__(self) -> Self:
        self._usual = sys.getswitchinterval()
        sys.setswitchinterval(min(self._usual, SWITCH_SECONDS))
        self._since = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.setswitchinterval(self._usual)

    def give_way(self) -> None:
        """Rest a moment after some work."""
        if time.monotonic() - self._since > WORK:
            time.sleep(REST)
            self._since = time.monotonic()
