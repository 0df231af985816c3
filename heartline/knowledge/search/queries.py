"""Finding things for one reader: only what they may see is ever asked for, so that pages are whole and counts true."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import override

from heartline.common.questions import sql_once
from heartline.common.text import fold as text_as_compared
from heartline.conversations.models import Case, Contact, Tagged
from heartline.conversations.models.case import CaseState
from heartline.conversations.queries import cases_for, cases_seen_by
from heartline.knowledge.articles.models import Article
from heartline.knowledge.search.asking import Index, this_one, words_near
from heartline.knowledge.search.matching import steps
from heartline.knowledge.search.rules import Question, fold
from heartline.knowledge.search.sources import ARTICLES, CASES, CUSTOMERS, FILES, KINDS, MESSAGES, Kind
from heartline.people.models.organisation import CHANNELS
from heartline.people.queries import Scope

LANGUAGES = ("en", "zh-hans")
OF_CASES = ("tag", "state", "channel", "queue", "owner")
NARROWING = {*OF_CASES, "before", "after"}
MESSAGE_KINDS = (MESSAGES, FILES)


@dataclass(frozen=True)
class Reader:
    """Who asks, when and where: a day in a question is a day of theirs."""

    scope: Scope
    now: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of results ended: in which step, and at which thing. Later things never move it."""

    step: int = 0
    below: int | None = None

    def __str__(self) -> str:
        return f"{self.step}-{self.below}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """Return the place that `text` names, or the beginning."""
        match = re.fullmatch(r"(\d{1,2})-(\d{1,15})", text)
        return cls(int(match[1]), int(match[2])) if match else cls()


@dataclass(frozen=True)
class Found:
    """A page of one kind of things: their ids in order, and where the next page begins."""

    kind: Kind
    ids: list[int]
    next: Place | None


def kinds_for(question: Question, scope: Scope) -> list[Kind]:
    """Return the kinds of things that a question may find for somebody."""
    chosen = {fold(name) for name in question.fields.get("in", ())}
    kinds = [kind for kind in KINDS if not chosen or chosen & KIND_NAMES[kind.key]]
    if any(name in question.fields for name in OF_CASES) or question.authors:
        kinds = [kind for kind in kinds if kind not in (CUSTOMERS, ARTICLES)]
    if not scope.may("customer.view"):
        kinds = [kind for kind in kinds if kind is not CUSTOMERS]
    if not scope.may("message.read"):
        kinds = [kind for kind in kinds if kind not in MESSAGE_KINDS]
    return kinds if scope.may("desk.use") else []


KIND_NAMES = {
    "customers": {"customer", "customers", "people", "客户", "顾客", "人"},
    "cases": {"case", "cases", "subject", "工单", "个案", "事项"},
    "messages": {"message", "messages", "消息", "对话"},
    "articles": {"article", "articles", "knowledge", "文章", "知识库"},
    "files": {"file", "files", "attachment", "attachments", "文件", "附件"},
}


class Near:
    """The known words near those of a question, looked up once for all kinds, when what was typed does not find enough."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._found: dict[str, list[str]] | None = None

    def words(self) -> dict[str, list[str]]:
        """Return them by the word that was asked for."""
        if self._found is None:
            self._found = words_near(term.word for term in self._question.terms if term.word)
        return self._found


def find(
    reader: Reader, question: Question, kind: Kind, *, place: Place, limit: int, near: Near | None = None
) -> Found:
    """Return a page of the things of one kind that a question finds for a reader; `near` is shared between kinds."""
    if question.is_empty or kind not in kinds_for(question, reader.scope):
        return Found(kind, [], None)
    near = near or Near(question)
    if _asks_for_words_alone(question, kind):
        index = Index(kind, _seen_one(*reader.scope.reach, kind=kind, everything=reader.scope.everything))
        return _page(kind, [], _step_by_step(question, near, index, place, limit + 1), limit)
    allowed = allowed_things(reader, question, kind)
    numbered = _numbered(question, kind, allowed) if place == Place() else []
    if kind is CASES and question.numbers:
        allowed = allowed.exclude(pk__in=question.numbers)
    if not question.asks_for_words:
        return _page(kind, numbered, _newest(allowed, place, limit + 1), limit)
    sql, values = this_one(kind, allowed).query.sql_with_params()
    index = Index(kind, (sql, list(values)))
    return _page(kind, numbered, _step_by_step(question, near, index, place, limit + 1), limit)


def _page(kind: Kind, numbered: list[int], places: list[Place], limit: int) -> Found:
    ids = [*numbered, *(one.below for one in places[:limit] if one.below is not None)]
    return Found(kind, ids, places[limit - 1] if len(places) > limit else None)


def _step_by_step(question: Question, near: Near, index: Index, place: Place, wanted: int) -> list[Place]:
    found: list[Place] = []
    looked_near = False
    plain = steps(question, {}, has_title=index.has_title)
    at, below = place.step, place.below
    while len(found) < wanted:
        if at >= len(plain) - 1 and not looked_near:  # only when what was typed does not find enough
            looked_near = True
            plain = steps(question, near.words(), has_title=index.has_title)
        if at >= len(plain):
            break
        ids = index.newest(plain[at], below=below, limit=wanted - len(found))
        found += [Place(at, id) for id in ids]
        at, below = at + 1, None
    return found


def _newest(allowed: QuerySet[Model], place: Place, wanted: int) -> list[Place]:
    rows = allowed if place.below is None else allowed.filter(pk__lt=place.below)
    return [Place(0, id) for id in rows.order_by("-pk").values_list("pk", flat=True)[:wanted]]


def _numbered(question: Question, kind: Kind, allowed: QuerySet[Model]) -> list[int]:
    """Return the cases that were asked for by their number."""
    if kind is not CASES or not question.numbers:
        return []
    return list(allowed.filter(pk__in=question.numbers).order_by("-pk").values_list("pk", flat=True))


def _asks_for_words_alone(question: Question, kind: Kind) -> bool:
    """Whether who asks decides alone what may be found, so that the question is always the same."""
    return question.asks_for_words and not (question.fields.keys() & NARROWING or (kind is CASES and question.numbers))


@sql_once
def _seen_one(*reach: Any, kind: Kind, everything: bool) -> QuerySet[Any]:
    return this_one(kind, _seen(kind, cases_seen_by(*reach, everything=everything), everything=everything))


def allowed_things(reader: Reader, question: Question, kind: Kind) -> QuerySet[Any]:
    """Return the things of a kind that a reader may see and that have the fields asked for."""
    if kind is ARTICLES:
        dated = _dates(question, reader, "versions__published_at")
        return Article.objects.filter(dated, versions__state="published")
    cases, conditions = cases_for(reader.scope), _case_conditions(question, reader)
    for condition in conditions:
        cases = cases.filter(condition)
    dated = _dates(
        question, reader, {"messages": "at", "files": "at", "cases": "opened_at"}.get(kind.key, "created_at")
    )
    things = _seen(kind, cases, everything=reader.scope.everything and not conditions).filter(dated)
    channels = _channels(question)
    if channels is None:
        return things
    if kind is CASES:
        return things.filter(Exists(Contact.objects.filter(case_id=OuterRef("pk"), channel__in=channels)))
    return things.filter(contact__channel__in=channels)


def _seen(kind: Kind, cases: QuerySet[Case], *, everything: bool) -> QuerySet[Any]:
    """Return the things of a kind that whoever sees these cases may see."""
    if kind is CASES:
        return cases
    if kind is ARTICLES:
        return Article.objects.filter(versions__state="published")
    things = kind.rows()
    if everything:
        return things
    to_case = {CUSTOMERS: ("customer_id", "pk"), MESSAGES: ("pk", "case_id"), FILES: ("pk", "contact__case_id")}
    ours, theirs = to_case[kind]
    return things.filter(Exists(cases.filter(**{ours: OuterRef(theirs)})))


def _case_conditions(question: Question, reader: Reader) -> list[Q]:
    """Return what the fields ask of a case; a word that names nothing finds nothing."""
    makers = {"state": _states, "queue": _queues, "owner": _owners, "tag": _tags}
    return [
        maker(values, reader) for name, maker in makers.items() if (values := question.fields.get(name)) is not None
    ]


def _states(values: tuple[str, ...], reader: Reader) -> Q:
    return Q(state__in=_keys_of(CaseState.choices, values))


def _queues(values: tuple[str, ...], reader: Reader) -> Q:
    named = Q(pk__in=[])
    for value in values:
        named |= Q(queue__key__iexact=value) | Q(queue__name_en__icontains=value) | Q(queue__name_zh__icontains=value)
    return named


def _owners(values: tuple[str, ...], reader: Reader) -> Q:
    named = Q(pk__in=[])
    for value in values:
        if fold(value) in ("me", "我", "我的"):
            named |= Q(owner_id=reader.scope.person_id)
        elif fold(value) in ("none", "nobody", "无", "无人"):
            named |= Q(owner_id=None)
        else:
            named |= Q(owner__name__icontains=value)
    return named


def _tags(values: tuple[str, ...], reader: Reader) -> Q:
    """Return the cases that carry every tag asked for, or one of those separated by commas."""
    wanted = Q()
    for value in values:
        keys = [text_as_compared(one) for one in re.split("[,，]", value)]
        wanted &= Q(pk__in=Tagged.objects.filter(tag__key__in=keys).values("case_id"))
    return wanted


def _channels(question: Question) -> list[str] | None:
    values = question.fields.get("channel")
    return None if values is None else _keys_of(CHANNELS, values)


def _keys_of(choices: Any, values: tuple[str, ...]) -> list[str]:
    """Return the keys that values name, by key or by their name in either language."""
    names: dict[str, set[str]] = {}
    for language in LANGUAGES:
        with override(language):
            for key, label in choices:
                names.setdefault(key, {fold(key)}).add(fold(str(label)))
    wanted = {fold(value).replace("-", "_") for value in values} | {fold(value) for value in values}
    return [key for key, known in names.items() if known & wanted]


_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2}))?(?:[-/.月](\d{1,2}))?[月日]?")
_AGO = re.compile(r"(\d{1,4})(d|w|m|天|周|个月)")
_SPANS = {"d": 1, "天": 1, "w": 7, "周": 7, "m": 30, "个月": 30}


def _dates(question: Question, reader: Reader, name: str) -> Q:
    condition = Q()
    today = reader.now.astimezone(reader.zone).date()
    for way, compare in (("before", "lt"), ("after", "gte")):
        for value in question.fields.get(way, ()):
            day = day_named(fold(value), today)
            start = datetime(day.year, day.month, day.day, tzinfo=reader.zone) if day else None
            condition &= Q(**{f"{name}__{compare}": start}) if start else Q(pk__in=[])
    return condition


def day_named(value: str, today: date) -> date | None:
    """Return the day that somebody means: 2026-11-22, 2026-11, 2026, today, yesterday, 7d, 昨天, 7天."""
    days = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1}.get(value)
    ago = _AGO.fullmatch(value)
    if ago:
        days = int(ago[1]) * _SPANS[ago[2]]
    if days is not None:
        return today - timedelta(days=days)
    match = _DAY.fullmatch(value)
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1)) if match else None
    except ValueError:
        return None


def without_fields(question: Question) -> Question:
    """Return a question for its words alone."""
    return replace(question, fields={})


def recent_cases(scope: Scope, limit: int) -> list[int]:
    """Return the cases that somebody served last and may still see, the latest first."""
    served = Contact.objects.filter(assignments__person_id=scope.person_id).order_by("-assignments__id")
    ids = list(dict.fromkeys(served.values_list("case_id", flat=True)[: limit * 4]))
    there = set(cases_for(scope).filter(pk__in=ids).values_list("pk", flat=True))
    return [id for id in ids if id in there][:limit]
