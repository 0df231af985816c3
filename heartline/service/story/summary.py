"""What stands on top of a customer's story: what is open, what we owe, what they expected, and how they say they feel.

Nothing here is guessed: ratings, comments and complaints are the customer's own, expectations are what was wrapped up.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Q, QuerySet, When

from heartline.common.questions import first, written_once
from heartline.conversations.models import Case, WrapUp
from heartline.promises.models import FollowUp
from heartline.service.story.timeline import Reach
from heartline.voice_of_customer.models import Response

Part = dict[str, Any]

OPEN = ("open", "waiting_customer", "waiting_internal")
CASES_SHOWN = 8
RATINGS_SHOWN = 5
OWED_SHOWN = 10
LOW = 2
COMPLAINT = "complaint"


def summary_of(case: Case, reach: Reach) -> Part:
    """Return the top of the story, in six queries however much there is."""
    by, about = ("case__customer_id", case.customer_id) if reach.customer_ids else ("case_id", case.id)
    ratings = [_rating(row) for row in _last_ratings(about, by=by)]
    return {
        "ratings": ratings,
        "low": _last_low(by, about, ratings),
        "complaint": _last_complaint(case, reach),
        "gap": _gap(case, by, about),
        "owed": _owed_elsewhere(case, reach),
    }


@written_once
def _last_ratings(about: int, *, by: str) -> QuerySet[Response]:
    return Response.objects.filter(Q((by, about))).order_by("-at", "-id")[:RATINGS_SHOWN]


@written_once
def _last_low_rating(about: int, *, by: str) -> QuerySet[Response]:
    return Response.objects.filter(Q((by, about)), score__lte=LOW).order_by("-at", "-id")[:1]


@written_once
def _complaints(about: int, *, by: str) -> QuerySet[Case]:
    rows = Case.objects.filter(Q((by, about)), reason__key=COMPLAINT, merged_into=None)
    return rows.order_by("-opened_at", "-id")[:1]


@written_once
def _expectations(about: int, case_id: int, *, by: str) -> QuerySet[WrapUp]:
    """Return the last thing that was wrapped up with an expectation, of this case rather than of another."""
    said = WrapUp.objects.filter(Q((by, about))).exclude(told_to_expect="", what_happened="")
    here_first = Choice(When(case_id=case_id, then=0), default=1)
    return said.order_by(here_first, "-at", "-id")[:1]


@written_once
def _others(ids: Collection[int], *, settled: bool) -> QuerySet[Case]:
    mine = Case.objects.filter(id__in=ids, merged_into=None).select_related("owner")
    if settled:
        return mine.exclude(state__in=OPEN).order_by("-opened_at", "-id")[:CASES_SHOWN]
    return mine.filter(state__in=OPEN).order_by("opened_at", "id")[:CASES_SHOWN]


@written_once
def _owed(customer_id: int, case_id: int) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.filter(case__customer_id=customer_id, state="open").exclude(case_id=case_id)
    return rows.select_related("owner").order_by("due_at", "id")[:OWED_SHOWN]


def other_cases(case: Case, reach: Reach) -> list[Part]:
    """Return the customer's other cases that the reader may open: open matters first, then the newest."""
    others = reach.readable - {case.id}
    if not others:
        return []
    return [_other(row) for row in (*_others(others, settled=False), *_others(others, settled=True))]


def _other(case: Case) -> Part:
    return {
        "id": case.id,
        "subject": case.subject,
        "language": case.language,
        "state": case.state,
        "is_open": case.state in OPEN,
        "opened_at": case.opened_at.isoformat(),
        "owner_name": case.owner.name if case.owner else "",
    }


def _rating(row: Response) -> Part:
    return {"score": row.score, "comment": row.comment, "at": row.at.isoformat(), "case_id": row.case_id}


def _last_low(by: str, about: int, ratings: list[Part]) -> Part | None:
    """Return the last low rating, when the last rating of all is a better one."""
    if not ratings or ratings[0]["score"] <= LOW:
        return None
    known = next((rating for rating in ratings if rating["score"] <= LOW), None)
    if known or len(ratings) < RATINGS_SHOWN:
        return known
    return next((_rating(row) for row in _last_low_rating(about, by=by)), None)


def _last_complaint(case: Case, reach: Reach) -> Part | None:
    by, about = ("customer_id", case.customer_id) if reach.customer_ids else ("id", case.id)
    row = first(_complaints(about, by=by))
    if row is None:
        return None
    subject = row.subject if row.id in reach.readable else ""
    facts = {"case_id": row.id, "subject": subject, "state": row.state, "at": row.opened_at.isoformat()}
    return {**facts, "is_open": row.state in OPEN, "may_open": row.id in reach.readable}


def _gap(case: Case, by: str, about: int) -> Part | None:
    """Return what the customer was told to expect and what happened."""
    row = first(_expectations(about, case.id, by=by))
    if row is None:
        return None
    told = {"expected": row.told_to_expect, "happened": row.what_happened, "at": row.at.isoformat()}
    return {**told, "case_id": row.case_id, "is_here": row.case_id == case.id}


def _owed_elsewhere(case: Case, reach: Reach) -> list[Part]:
    """Return what is owed in the customer's other cases, the soonest first; words only where the reader may read them."""
    if not reach.customer_ids:
        return []
    soonest = _owed(case.customer_id, case.id)
    return [_owed_card(row, may_read=row.case_id in reach.readable) for row in soonest]


def _owed_card(row: FollowUp, *, may_read: bool) -> Part:
    return {
        "id": row.id,
        "case_id": row.case_id,
        "kind": row.kind,
        "what": row.what if may_read else "",
        "due_at": row.due_at.isoformat(),
        "owner_name": row.owner.name if row.owner else "",
        "may_open": may_read,
    }
