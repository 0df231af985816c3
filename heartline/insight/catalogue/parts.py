"""What definitions are put together from: columns by name, and contacts by how their asking ended."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from heartline.insight.expressions import Column
from heartline.insight.measures import Part, Version

FIRST = (Version(1, date(2026, 11, 22), _("First definition")),)


class _Columns:
    """Columns by their names: `c.wait_ms` is the column `wait_ms` of whatever row is looked at."""

    def __getattr__(self, name: str) -> Column:
        return Column(name)


c = _Columns()


def outcome(*names: str) -> Part:
    """Contacts by how their asking ended; a call that goes on from a chat was counted with the chat."""
    return Part(_OUTCOMES[names], c.outcome.among(*names) & ~c.continues)


_OUTCOMES = {
    ("answered",): _("answered"),
    ("short_abandon",): _("left before the short limit of the queue"),
    ("long_abandon",): _("left later than the short limit"),
    ("short_abandon", "long_abandon"): _("left, soon or late"),
    ("callback",): _("chose to be called back"),
    ("waiting",): _("still waiting for an answer"),
    ("answered", "short_abandon", "long_abandon", "callback"): _("answered, left, or chose a callback"),
    ("answered", "short_abandon", "long_abandon"): _("answered or left"),
    ("answered", "long_abandon", "callback"): _("answered, left late, or chose a callback"),
}
