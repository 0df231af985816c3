"""Who is asked, for how long the answer counts, and which answers are low."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

SCORES = (5, 4, 3, 2, 1)
LOW_FROM = 2
EXPIRES_AFTER = timedelta(days=14)
RECEIPT_OPEN = timedelta(hours=1)
COMMENT_LIMIT = 2000


def asks_after(state: str, served_by: int | None) -> bool:
    """Return whether a customer is asked after a contact: it is over, and somebody served it."""
    return state in ("wrap_up", "ended") and served_by is not None


def is_low(score: int) -> bool:
    """Return whether a score opens a follow-up."""
    return score <= LOW_FROM


def is_score(score: object) -> bool:
    """Return whether something is a score; JSON's true is not."""
    return isinstance(score, int) and not isinstance(score, bool) and score in SCORES


def answers_count(now: datetime, expires_at: datetime) -> bool:
    """Return whether an answer still counts."""
    return now < expires_at


def looks_like_token(token: object) -> bool:
    """Return whether something has the form of a secret of ours; anything else is not even looked up."""
    return isinstance(token, str) and re.fullmatch(r"[A-Za-z0-9_-]{32}", token) is not None
