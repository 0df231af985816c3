"""A long conversation, read from anywhere in it: stretches of what was said, with what happened between, and where words stand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from heartline.common.questions import written_once
from heartline.common.text import fold
from heartline.conversations.models import Case, Message
from heartline.service.queries import messages_shown
from heartline.service.story.queries import happened_between

# Messages that come at once while somebody scrolls, and on each side of a place that somebody leads to.
STRETCH, AROUND = 100, 60
SEARCHED, FOUND = 10_000, 200
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


def stretch(case: Case, place: int, *, back: int, on: int) -> dict[str, Any]:
    """Return a message of a case, so many before and after it, and whether there are others; place 0 is the beginning.

    A stretch begins or ends with the message that it was asked from: what happened between it and the next is in one of them.
    """
    earlier, later = _upto(case.id, place, count=back + 2), _after(case.id, place, count=on + 1)
    has_older, has_newer = len(earlier) > back + 1, len(later) > on
    found = [*earlier[back::-1], *later[:on]]
    first = found[0].at if has_older else ALWAYS[0]
    last = found[-1].at if has_newer and found else ALWAYS[1]
    return {
        "messages": messages_shown(found),
        "lines": happened_between(case.id, first, last),
        "has_older": has_older,
        "has_newer": has_newer,
    }


@written_once
def _upto(case_id: int, place: int, *, count: int) -> QuerySet[Message]:
    return Message.objects.filter(case_id=case_id, id__lte=place).order_by("-id")[:count]


@written_once
def _after(case_id: int, place: int, *, count: int) -> QuerySet[Message]:
    return Message.objects.filter(case_id=case_id, id__gt=place).order_by("id")[:count]


def places_of(case: Case, words: str) -> list[int]:
    """Return the messages of a case with all of these words in them, newest first."""
    wanted = fold(words).split()
    said = Message.objects.filter(case=case).order_by("-id").values_list("id", "body")[:SEARCHED]
    found = (id for id, body in said if wanted and all(word in fold(body) for word in wanted))
    return [id for id, _at in zip(found, range(FOUND), strict=False)]
