"""Taking the sample company away: everything of it goes, everything real stays.

What a real row stands on stays too, and is the organisation's own from then on: a site where a real person works, a
reason that a real wrap-up chose, a sample colleague who served a real customer (they can no longer sign in).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from allauth.usersessions.models import UserSession
from django.db.models import Model, QuerySet

from heartline.common.actors import Actor
from heartline.config.sample.logins import forget_password
from heartline.config.sample.plan import remove_plan
from heartline.conversations.attachments.store import place_of
from heartline.conversations.models import (
    Attachment,
    Case,
    CaseField,
    CaseType,
    ContactReason,
    HandoverCard,
    Macro,
    Message,
    QuickReply,
    Tag,
)
from heartline.customers.models import Customer
from heartline.improvement.quality.models import Draw, Scorecard
from heartline.knowledge.articles.models import Article
from heartline.ledger.actions import forget_sample, one_change, record
from heartline.people.actions import person_changed
from heartline.people.models import Brand, Person, Queue, Site, Skill, Team
from heartline.service.models import InboxView

# A sample row stays when one of these paths leads to a row that is real.
STANDS_UNDER: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Person, ("assignments__contact__case__is_sample", "messages__case__is_sample", "cases__is_sample")),
    (ContactReason, ("wrap_ups__case__is_sample", "cases__is_sample", "children__is_sample")),
    (Skill, ("holders__person__is_sample", "queueskill__queue__is_sample")),
    (Queue, ("cases__is_sample", "contacts__case__is_sample")),
    (Brand, ("cases__is_sample", "queues__is_sample")),
    (Site, ("people__is_sample", "teams__is_sample", "brands__is_sample")),
    (Customer, ("cases__is_sample", "contacts__case__is_sample")),
    (Tag, ("tagged__case__is_sample",)),
    (CaseField, ("values__case__is_sample",)),
    (CaseType, ("cases__is_sample", "fields__is_sample")),
    (Scorecard, ("versions__reviews__contact__case__is_sample", "versions__draws__picks__contact__case__is_sample")),
)
# What points at something must go before it.
ORDER: tuple[type[Model], ...] = (
    Article, Case, Customer, Tag, CaseType, Scorecard, QuickReply, Macro, InboxView, Team, Queue, ContactReason, Person, Skill,
    Brand, Site,
)  # fmt: skip


class Kept(NamedTuple):
    """How many sample rows real ones stand on, and how many rows went."""

    kept: int
    gone: int


def remove(now: datetime) -> Kept:
    """Remove the sample company, all of it or nothing."""
    _end_their_sessions(now)
    with one_change():
        files = list(Attachment.objects.filter(contact__case__is_sample=True).values_list("token", flat=True))
        kept = _keep_what_real_rows_stand_on()
        gone = remove_plan() + sum(_delete(table) for table in ORDER)
        gone += forget_sample()
        _choose_default_brand()
    for token in files:
        place_of(token).unlink(missing_ok=True)
    forget_password()
    return Kept(kept, gone)


def what_goes() -> dict[str, int]:
    """Return how many people, customers, cases and messages would go."""
    return {
        "people": Person.objects.filter(is_sample=True).count(),
        "customers": Customer.objects.filter(is_sample=True).count(),
        "cases": Case.objects.filter(is_sample=True).count(),
        "messages": Message.objects.filter(case__is_sample=True).count(),
    }


def _end_their_sessions(now: datetime) -> None:
    """Sign the sample people out first: their streams hear it while their events still exist."""
    by = Actor.system("sample_company")
    with one_change():
        for person in Person.objects.filter(is_sample=True):
            person.is_active = False
            person.save(update_fields=["is_active"])
            record(person_changed(person, ("is_active",)), by=by, now=now, sample=True)
    for session in UserSession.objects.filter(user__is_sample=True):
        session.end()


def _keep_what_real_rows_stand_on() -> int:
    """Make real what real rows stand on; what stands on that follows, until nothing more does."""
    kept = 0
    while True:
        found = sum(_adopt(table, paths) for table, paths in STANDS_UNDER) + _adopt_handed_to()
        if not found:
            return kept
        kept += found


def _adopt(table: Any, paths: tuple[str, ...]) -> int:
    ids: set[int] = set()
    for path in paths:
        ids |= set(_sample(table).filter(**{path: False}).values_list("pk", flat=True))
    return int(table.objects.filter(pk__in=ids).update(is_sample=False))


def _adopt_handed_to() -> int:
    """A queue that a real contact was handed to, and the people named on its card."""
    cards = HandoverCard.objects.filter(contact__case__is_sample=False)
    return Queue.objects.filter(is_sample=True, pk__in=cards.values("to_queue")).update(is_sample=False)


def _delete(table: Any) -> int:
    """Delete the sample rows of a table; children of a tree go before their parents."""
    rows = _sample(table)
    if table is Scorecard:  # samples that drew nothing real are of no use, and hold on to its versions
        Draw.objects.filter(picks=None).delete()
    if table is ContactReason:
        leaves: int = rows.exclude(parent=None).delete()[0]
        return leaves + int(_sample(table).delete()[0])
    return int(rows.delete()[0])


def _sample(table: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = table.objects.filter(is_sample=True)
    return rows


def _choose_default_brand() -> None:
    """Somebody's page must be the first one: the oldest brand that is left."""
    oldest = Brand.objects.order_by("id").first()
    if oldest and not Brand.objects.filter(is_default=True).exists():
        Brand.objects.filter(pk=oldest.pk).update(is_default=True)
