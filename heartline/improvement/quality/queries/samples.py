"""What may be drawn, by whom it may be scored, and the samples that were drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.conversations.models import Assignment, Contact, Message, Participant
from heartline.conversations.queries import contacts_for
from heartline.improvement.quality.models import CardVersion, Draw, Scorecard
from heartline.improvement.quality.rules.sampling import Candidate
from heartline.people.models import Person, Queue, Role
from heartline.people.permissions import ROLES_WITH
from heartline.people.queries import Scope, colleagues_of, queues_for


def agents_of(scope: Scope) -> QuerySet[Person]:
    """Return the people whose work a person may have looked at: those they work with."""
    if not scope.may("quality.manage"):
        return Person.objects.none()
    people = Person.objects.all() if scope.everything else Person.objects.filter(teams__in=scope.team_ids)
    return people.filter(role__in=ROLES_WITH["contact.serve"]).distinct().order_by("name", "id")


def agent_for(scope: Scope, person_id: int) -> Person:
    """Return one of them, or raise NotFound."""
    found = agents_of(scope).filter(id=person_id).first()
    if found is None:
        raise NotFound(_("There is no such colleague, or their work is not yours to see"))
    return found


def evaluators_for(scope: Scope) -> QuerySet[Person]:
    """Return who may be asked to score: colleagues with the right, and every expert."""
    if not scope.may("quality.manage"):
        return Person.objects.none()
    near = Q(id__in=colleagues_of(scope).values("id")) | Q(role=Role.EXPERT)
    people = Person.objects.filter(near, role__in=ROLES_WITH["quality.score"], is_active=True)
    return people.order_by("name", "id")


def drawable_queues(scope: Scope) -> QuerySet[Queue]:
    """Return the queues a person may draw from."""
    return queues_for(scope).order_by("id")


def usable_versions(scope: Scope) -> QuerySet[CardVersion]:
    """Return the newest published version of every card in use."""
    if not scope.may("quality.manage"):
        return CardVersion.objects.none()
    published = CardVersion.objects.filter(published_at__isnull=False, card__is_active=True)
    newest = dict(published.order_by("number").values_list("card_id", "id"))
    return CardVersion.objects.filter(id__in=newest.values()).select_related("card").order_by("card_id")


def candidates_for(scope: Scope, wish: Draw, zone: str) -> Iterator[Candidate]:
    """Yield the ended contacts that a sample may be drawn from: in scope, served, and never drawn before."""
    tz = ZoneInfo(zone)
    start = datetime.combine(wish.first_day, time(), tz)
    end = datetime.combine(wish.last_day + timedelta(days=1), time(), tz)
    found = contacts_for(scope).filter(state="ended", ended_at__gte=start, ended_at__lt=end, quality_pick=None)
    found = found.filter(assignee__in=agents_of(scope), customer__erased_at=None)
    found = _as_the_card_says(found, wish.version.card)
    if wish.team_id:
        found = found.filter(assignee__teams=wish.team_id)
    if wish.queue_id:
        found = found.filter(queue=wish.queue_id)
    if wish.channel:
        found = found.filter(channel=wish.channel)
    names = ("id", "assignee_id", "answered_at", "asked_at", "ended_at", "invitations__response__score")
    for row in found.distinct().values_list(*names, "assignee__joined_at").iterator(chunk_size=2000):
        id, person, answered, asked, ended, rating, joined = row
        year, week, _day = ended.astimezone(tz).isocalendar()
        yield Candidate(
            contact_id=id,
            person_id=person,
            week=f"{year}-{week:02}",
            seconds=int((ended - (answered or asked)).total_seconds()),
            rating=rating,
            since_joining=max(0, (ended - joined).days) // 7,
        )


def who_had_a_hand_in(contact_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return who served, wrote in or was part of each contact: none of them may score it."""
    ids = list(contact_ids)
    found: dict[int, set[int]] = {id: set() for id in ids}
    for table, person in ((Assignment, "person_id"), (Participant, "person_id"), (Message, "author_id")):
        rows = table.objects.filter(contact__in=ids).values_list("contact_id", person).distinct()
        for contact, who in rows:
            if who:
                found[contact].add(who)
    for contact, who in Contact.objects.filter(id__in=ids).values_list("id", "assignee_id"):
        if who:
            found[contact].add(who)
    return {id: frozenset(people) for id, people in found.items()}


def draws_for(scope: Scope) -> QuerySet[Draw]:
    """Return the samples a person may look at: those with work of their people in them, and their own."""
    if not scope.may("quality.manage"):
        return Draw.objects.none()
    found = Draw.objects.select_related("version__card", "drawn_by", "team", "queue")
    if not scope.everything:
        mine = Q(drawn_by=scope.person_id) | Q(picks__reviews__about__teams__in=scope.team_ids)
        found = found.filter(Q(pk__in=Draw.objects.filter(mine).values("pk")))
    return found.annotate(drawn=Count("picks", distinct=True))


def draw_for(scope: Scope, draw_id: int) -> Draw:
    """Return one sample, or raise NotFound."""
    found = draws_for(scope).filter(pk=draw_id).first()
    if found is None:
        raise NotFound(_("There is no such sample, or it is not yours to see"))
    return found


def _as_the_card_says(found: QuerySet[Contact], card: Scorecard) -> QuerySet[Contact]:
    queues = list(card.queues.values_list("id", flat=True))
    if card.channels:
        found = found.filter(channel__in=card.channels)
    return found.filter(queue__in=queues) if queues else found
