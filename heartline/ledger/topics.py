"""Topics: the names under which events are delivered. A reader holds a set of topics, computed from today's rights.

`everything`   every staff event (administrators)
`queue:7`      work of queue 7
`case:12`      one case, for those who own it or were invited into it
`team:3`       presence of the members of team 3
`person:9`     what concerns person 9 alone
`contact:31`   the customer's own view of contact 31; never given to staff
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

EVERYTHING = "everything"


def queue(id: int) -> str:
    """Return the topic of a queue's work."""
    return f"queue:{id}"


def case(id: int) -> str:
    """Return the topic of one case."""
    return f"case:{id}"


def team(id: int) -> str:
    """Return the topic of a team's presence."""
    return f"team:{id}"


def person(id: int) -> str:
    """Return the topic of one person's own affairs."""
    return f"person:{id}"


def contact(id: int) -> str:
    """Return the topic on which a customer follows their own contact."""
    return f"contact:{id}"


def of_case(body: dict[str, Any]) -> Iterator[str]:
    """Yield the topics of an event about a case: its queues, itself, the people it names, and administrators."""
    yield EVERYTHING
    for name in ("queue_id", "from_queue_id"):
        if body.get(name):
            yield queue(body[name])
    yield from (queue(id) for id in body.get("queue_ids", ()))  # of the case's other live contacts, added on delivery
    yield from map(person, body.get("involved_ids", ()))  # who has one in hand or is asked for, added on delivery
    if body.get("case_id"):
        yield case(body["case_id"])
    yield from _people(body)


def of_talk(body: dict[str, Any]) -> Iterator[str]:
    """Yield the topics of what is said in a contact: once somebody serves it, only those who are in it follow.

    A queue of 500 agents would otherwise receive every sentence 500 times. Whoever looks at a colleague's case
    asks for its topic when the stream is opened (`?watch=12`).
    """
    served = body.get("assignee_id") is not None
    yield from of_case({**body, "queue_id": None, "queue_ids": ()} if served else body)


def of_person(body: dict[str, Any]) -> Iterator[str]:
    """Yield the topics of an event about one of our people: themselves, their teams, and administrators."""
    yield EVERYTHING
    yield from map(team, body.get("team_ids", ()))
    yield from _people(body)


def of_administrators(_: dict[str, Any]) -> Iterable[str]:
    """Return the topic for events that only administrators follow."""
    return (EVERYTHING,)


def _people(body: dict[str, Any]) -> Iterator[str]:
    for name in (
        "person_id",
        "from_person_id",
        "assignee_id",
        "owner_id",
        "from_owner_id",
        "from_preferred_id",
        "about_id",
    ):
        if body.get(name):
            yield person(body[name])
