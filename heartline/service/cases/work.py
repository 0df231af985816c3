"""What people do with a case as a whole, apart from talking: tags, snoozes, merging, moving, linking, back_office."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, Invalid
from heartline.common.text import one_line
from heartline.conversations.actions import back_office, links, moves, snoozes
from heartline.conversations.actions.tags import change_tags
from heartline.conversations.models import Case, Contact, Deed, Message, Snooze, Tag, Task
from heartline.conversations.queries import case_for, cases_for, leads_to
from heartline.people.actions import actor_for
from heartline.people.models import Person, Team
from heartline.people.permissions import ROLES_WITH
from heartline.people.queries import Scope
from heartline.service.actions import Worker

TAGS_SUGGESTED = 200
NEIGHBOURS = 50


def tag(worker: Worker, case: Case, add: Iterable[str], remove: Iterable[str]) -> None:
    """Put tags on a case and take others off."""
    change_tags(case, add=add, remove=remove, by=actor_for(worker.person), now=worker.now)


def known_tags(scope: Scope) -> list[str]:
    """Return the tags of the cases a person may see, the most used first."""
    seen = Tag.objects.filter(tagged__case__in=cases_for(scope)).annotate(used=Count("tagged"))
    return list(seen.order_by("-used", "key").values_list("name", flat=True)[:TAGS_SUGGESTED])


def snooze(worker: Worker, case: Case, until: datetime) -> Snooze | None:
    """Put a case out of one's own sight until a time; returns how it was snoozed before."""
    before = _standing(worker, case)
    snoozes.snooze_case(case, worker.person, until, by=actor_for(worker.person), now=worker.now)
    return before


def take_up(worker: Worker, case: Case) -> Snooze:
    """Take back one's snooze, or say that what it reminded of is dealt with."""
    standing = _standing(worker, case)
    if standing is None:
        raise Conflict(_("This case is no longer snoozed"), code="not_snoozed")
    return snoozes.end_snooze(standing, "taken_back", by=actor_for(worker.person), now=worker.now)


def local_moment(text: str, person: Person) -> datetime:
    """Return a moment that was typed as the clock of a person's site shows it."""
    try:
        found = datetime.fromisoformat(text)
        there = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(person.site.time_zone))
        return there.astimezone(UTC)
    except (ValueError, OverflowError):  # the first and the last hours of the calendar exist in no other zone
        message = _("Choose a day and a time")
        raise Invalid(message, fields={"until": message}) from None


def neighbours_of(scope: Scope, case: Case) -> list[dict[str, object]]:
    """Return the customer's other cases that a person may see, the newest first: what a case can be merged with."""
    others = cases_for(scope).filter(customer_id=case.customer_id, merged_into=None).exclude(id=case.id)
    names = ("id", "subject", "state", "opened_at", "contacts_count")
    rows = others.order_by("-opened_at", "-id").values(*names)[:NEIGHBOURS]
    return [{**row, "opened_at": row["opened_at"].isoformat()} for row in rows]


def contacts_in(case: Case) -> list[dict[str, object]]:
    """Return the contacts of a case with the first words of each, for choosing what goes elsewhere."""
    said = Message.objects.filter(contact__case=case, author_kind="customer").order_by("contact_id", "id")
    first: dict[int, str] = {}
    for contact_id, body in said.values_list("contact_id", "body"):
        first.setdefault(contact_id, one_line(body, 80))
    rows = Contact.objects.filter(case=case).order_by("id")
    return [
        {
            "id": row.id,
            "channel": row.channel,
            "state": row.state,
            "asked_at": row.asked_at.isoformat(),
            "words": first.get(row.id, ""),
        }
        for row in rows
    ]


def merge(worker: Worker, case: Case, into_id: int) -> Deed:
    """Merge a case into another that the person sees too."""
    into = case_for(worker.scope, leads_to(into_id))
    return moves.merge_cases(case, into, by=actor_for(worker.person), now=worker.now)


def move(worker: Worker, case: Case, contact_ids: Sequence[int], to_id: int | None, subject: str) -> Deed:
    """Move contacts to another case, or let them become a case of their own."""
    by = actor_for(worker.person)
    if to_id is None:
        return moves.split_case(case, contact_ids, subject, by=by, now=worker.now)
    return moves.move_contacts(case, case_for(worker.scope, leads_to(to_id)), contact_ids, by=by, now=worker.now)


def link(worker: Worker, case: Case, other_id: int, *, linked: bool) -> bool:
    """Say that two cases belong together, or that they do not; returns whether that changed anything."""
    by = actor_for(worker.person)
    other = case_for(worker.scope, leads_to(other_id) if linked else other_id)
    act = links.link_cases if linked else links.unlink_cases
    return act(case, other, by=by, now=worker.now)


def may_be_asked(scope: Scope) -> dict[str, list[dict[str, object]]]:
    """Return whom a task can be given to: everybody who works at a desk, and every team."""
    people = Person.objects.filter(is_active=True, role__in=ROLES_WITH["desk.use"]).order_by("name", "id")
    return {
        "people": [{"id": person.id, "name": person.name} for person in people],
        "teams": [{"id": team.id, "name": team.name} for team in Team.objects.order_by("id")],
    }


def ask(worker: Worker, case: Case, what: str, who: str, due_at: datetime | None) -> Task:
    """Give a task to `person:7` or `team:3`."""
    owner, team = doer(who)
    by = actor_for(worker.person)
    return back_office.open_task(case, what, owner=owner, team=team, due_at=due_at, by=by, now=worker.now)


def take_task(worker: Worker, task: Task) -> Task:
    """Take an open task oneself."""
    return back_office.give_task(task, owner=worker.person, team=task.team, by=actor_for(worker.person), now=worker.now)


def close_task(worker: Worker, task: Task, outcome: str, *, dropped: bool) -> Task:
    """Close a task as done or as not needed."""
    return back_office.finish_task(task, outcome, dropped=dropped, by=actor_for(worker.person), now=worker.now)


def open_again(worker: Worker, task: Task) -> Task:
    """Open a task again that was closed too early."""
    return back_office.reopen_task(task, by=actor_for(worker.person), now=worker.now)


def watch(worker: Worker, case: Case, *, watching: bool) -> bool:
    """Hear of a case from now on, or no longer."""
    return back_office.watch_case(case, worker.person, watching=watching, by=actor_for(worker.person), now=worker.now)


def doer(who: str) -> tuple[Person | None, Team | None]:
    """Return whom `person:7` or `team:3` names."""
    kind, _colon, number = who.partition(":")
    if not number.isdecimal() or len(number) > 15:
        return None, None
    if kind == "team":
        return None, Team.objects.filter(id=int(number)).first()
    return Person.objects.filter(id=int(number), role__in=ROLES_WITH["desk.use"]).first(), None


def _standing(worker: Worker, case: Case) -> Snooze | None:
    return Snooze.objects.filter(case=case, person=worker.person).exclude(state="over").first()
