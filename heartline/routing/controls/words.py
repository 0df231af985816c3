"""What customers are told while a queue is paused: what the supervisor wrote, else a sentence of ours, with the time."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from heartline.routing.controls.models import QueuePause
from heartline.ui import formats


def pause_words(pause: QueuePause, *, language: str, zone: str, now: datetime) -> str:
    """Return what is said of a pause in a language, and until when it lasts."""
    time = formats.time_or_day(pause.until, language=language, zone=zone, now=now)
    with override(language):
        ours = pause.told_in(language) or _("We can’t take chats just now")
        return _("%(told)s. We start again at %(time)s, and your place in line is kept") % {
            "told": ours.rstrip(".。！!"),
            "time": time,
        }
