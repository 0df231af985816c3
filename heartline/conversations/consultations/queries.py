"""Permission-checked reading of what is asked, and of who can be asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.conversations.consultations.models import AnswerTime, Asking, Consultation, Expertise
from heartline.conversations.consultations.rules import OPEN, Expert, Need
from heartline.conversations.queries import cases_for
from heartline.customers.models import Customer, Identity, IdentityKind
from heartline.people.models import Person, Role, Skill
from heartline.people.queries import Scope
from heartline.people.rules import Calendar

RELATED = ("contact__case__customer", "contact__queue", "skill", "asked_by", "person", "answered_by")


def consultations_for(scope: Scope) -> QuerySet[Consultation]:
    """Return the questions a person may follow: those of cases they may see, and those they asked themselves."""
    rows = Consultation.objects.all()
    if scope.everything:
        return rows
    return rows.filter(Q(contact__case__in=cases_for(scope)) | Q(asked_by_id=scope.person_id))


def consultation_for(scope: Scope, consultation_id: int) -> Consultation:
    """Return one question the person may follow, or raise NotFound."""
    return _one(consultations_for(scope), consultation_id)


def asked_of(person_id: int) -> QuerySet[Consultation]:
    """Return what is asked of a person now: who is asked sees the question while it is theirs."""
    return Consultation.objects.filter(person_id=person_id, state__in=OPEN).select_related(*RELATED)


def asked_of_one(scope: Scope, consultation_id: int) -> Consultation:
    """Return a question that is the person's to answer now, or raise NotFound."""
    return _one(asked_of(scope.person_id), consultation_id)


def answered_by(person_id: int) -> QuerySet[Consultation]:
    """Return what a person has answered, the latest first."""
    rows = Consultation.objects.filter(answered_by_id=person_id, state="answered").select_related("skill", "asked_by")
    return rows.order_by("-answered_at", "-id")


def pool() -> QuerySet[Person]:
    """Return everybody who can be asked: experts, and whoever else answers questions."""
    asked = Q(role=Role.EXPERT, expertise=None) | Q(expertise__answers=True)
    return Person.objects.filter(asked, is_active=True).select_related("expertise", "site", "presence").order_by("name")


def is_expert(person: Person) -> bool:
    """Return whether somebody can be asked."""
    return pool().filter(id=person.id).exists()


def expertise_of(person: Person) -> Expertise:
    """Return how a person wants to be asked, as it is without a row of its own."""
    try:
        return person.expertise
    except ObjectDoesNotExist:
        return Expertise(person=person, answers=person.role == Role.EXPERT)


def experts(people: Iterable[Person] | None = None) -> dict[int, Expert]:
    """Return those who can be asked, as things stand now, in five queries however many there are."""
    people = list(pool() if people is None else people)
    ids = [person.id for person in people]
    skills: dict[int, dict[int, int]] = {}
    languages: dict[int, set[str]] = {}
    for person_id, skill_id, level in Person.objects.filter(id__in=ids, skills__isnull=False).values_list(
        "id", "skills__skill_id", "skills__level"
    ):
        skills.setdefault(person_id, {})[skill_id] = level
    for person_id, language in Person.objects.filter(id__in=ids).values_list("id", "languages__language"):
        languages.setdefault(person_id, set()).add(language or "")
    has = Consultation.objects.filter(person_id__in=ids, state__in=OPEN).order_by()
    held = dict(has.values_list("person_id").annotate(n=Count("id")))
    last = dict(Asking.objects.filter(person_id__in=ids).order_by().values_list("person_id").annotate(Max("asked_at")))
    found = {}
    for person in people:
        how = expertise_of(person)
        found[person.id] = Expert(
            person_id=person.id,
            skills=skills.get(person.id, {}),
            languages=frozenset(languages.get(person.id, ())),
            asks_me=how.asks_me,
            quiet_until=how.quiet_until,
            hours=hours_of(how, person.site.time_zone),
            open=held.get(person.id, 0),
            at_once=how.at_once,
            last_asked=last.get(person.id),
        )
    return found


def hours_of(how: Expertise, zone: str) -> Calendar | None:
    """Return the hours in which a person can be asked; None for any time."""
    spans = tuple((day, time.fromisoformat(start), time.fromisoformat(end)) for day, start, end in how.hours)
    return Calendar(zone, spans) if spans else None


def need_of(consultation: Consultation) -> Need:
    """Return what a question asks of who answers it, with who had it already."""
    asked: dict[int, int] = {}
    refused = set()
    for person_id, state in consultation.askings.values_list("person_id", "state"):
        asked[person_id] = asked.get(person_id, 0) + 1
        if state in ("declined", "passed", "given_on"):
            refused.add(person_id)
    return Need(consultation.skill_id, consultation.level, consultation.language, asked, frozenset(refused))


def answer_time(skill: Skill | None) -> AnswerTime:
    """Return how soon a question about a skill is to be answered: by its own time, the house's, or ours."""
    times = (
        AnswerTime.objects.filter(Q(skill=skill) | Q(skill=None)) if skill else AnswerTime.objects.filter(skill=None)
    )
    found = {row.skill_id: row for row in times}
    return found.get(skill.id if skill else None) or found.get(None) or AnswerTime()


def is_consulted(person_id: int, case_id: int) -> bool:
    """Return whether a person is asked about a case now."""
    return Consultation.objects.filter(person_id=person_id, contact__case_id=case_id, state__in=OPEN).exists()


def names_of(customer: Customer) -> tuple[str, ...]:
    """Return what a customer is called, and the addresses that reach them."""
    known = Identity.objects.filter(customer=customer).exclude(kind=IdentityKind.VISITOR)
    names = [customer.name, customer.form_of_address, *known.values_list("value", flat=True)]
    return tuple(name for name in names if name)


def _one(rows: QuerySet[Consultation], consultation_id: int) -> Consultation:
    found = rows.filter(id=consultation_id).select_related(*RELATED).first()
    if found is None:
        raise NotFound(_("There is no such question, or it is not yours to see"))
    return found
