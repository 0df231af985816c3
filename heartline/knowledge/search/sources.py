"""What can be found: each kind of thing, where it is kept, and which of its words are indexed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from heartline.conversations.models import Attachment, Case, Message, WrapUp
from heartline.customers.models import Customer, Identity, IdentityKind, Note
from heartline.knowledge.articles.models import Article, Version
from heartline.knowledge.search.rules import Texts

# Ids of the things themselves stay below this; the kinds' numbers stand above it.
ROOM = 1 << 40
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Kind:
    """A kind of thing that can be found."""

    key: str
    number: int
    model: type[Model]
    has_title: bool
    texts: Callable[[list[int]], Mapping[int, Texts]]

    @property
    def base(self) -> int:
        """What is added to a thing's id to make the id of its entry."""
        return self.number * ROOM

    def places(self, ids: Iterable[int]) -> set[int]:
        """Return the entries' ids of things of this kind."""
        return {self.base + id for id in ids}

    def rows(self) -> QuerySet[Model]:
        """Return every thing of this kind."""
        rows: QuerySet[Model] = QuerySet(self.model)
        return rows


def kind_of(place: int) -> Kind:
    """Return the kind of the thing that an entry is of."""
    return BY_NUMBER[place // ROOM]


def _customers(ids: list[int]) -> dict[int, Texts]:
    addresses: dict[int, list[str]] = {}
    notes: dict[int, list[str]] = {}
    for customer_id, body in Note.objects.filter(customer_id__in=ids).order_by("id").values_list("customer_id", "text"):
        notes.setdefault(customer_id, []).append(body)
    known = Identity.objects.filter(customer_id__in=ids).exclude(kind=IdentityKind.VISITOR).order_by("id")
    for customer_id, kind, value in known.values_list("customer_id", "kind", "value"):
        addresses.setdefault(customer_id, []).extend(_numbers(value) if kind == IdentityKind.PHONE else [value])
    names = ("name", "attributes", "organisation__name", "form_of_address", "place", "about")
    rows = Customer.objects.filter(id__in=ids, merged_into=None).values_list("id", *names)
    return {
        id: Texts(name, _short(*others, *map(str, attributes.values()), *addresses.get(id, ()), *notes.get(id, ())))
        for id, name, attributes, *others in rows
    }


def _numbers(phone: str) -> list[str]:
    """Return a number as people look for it: whole, without its country, its last digits."""
    digits = "".join(character for character in phone if character.isdigit())
    return list(dict.fromkeys([digits, digits[-11:], digits[-8:], digits[-4:]]))


def _cases(ids: list[int]) -> dict[int, Texts]:
    notes: dict[int, list[str]] = {}
    wrapped = WrapUp.objects.filter(case_id__in=ids).order_by("id")
    for case_id, *told in wrapped.values_list("case_id", "told_to_expect", "what_happened", "note"):
        notes.setdefault(case_id, []).extend(told)
    reasons = ("reason__name_en", "reason__name_zh")
    rows = Case.objects.filter(id__in=ids).values_list("id", "subject", "customer__name", "wants", *reasons)
    return {
        id: Texts(subject, _short(str(id), customer, *others, *notes.get(id, ())), (customer,))
        for id, subject, customer, *others in rows
    }


def _messages(ids: list[int]) -> dict[int, Texts]:
    names = ("author_name", "author__name", "author__public_name")
    rows = Message.objects.filter(id__in=ids).values_list("id", "body", *names)
    return {id: Texts("", _short(body), tuple(dict.fromkeys(_short(*authors)))) for id, body, *authors in rows}


def _files(ids: list[int]) -> dict[int, Texts]:
    by = ("uploaded_by__name", "contact__customer__name")
    rows = Attachment.objects.filter(id__in=ids).values_list("id", "name", *by)
    return {id: Texts(name, (), _short(colleague or customer)) for id, name, colleague, customer in rows}


def _articles(ids: list[int]) -> dict[int, Texts]:
    """What is read of articles; what is only being written is not found here."""
    names = ("title_en", "title_zh", "body_en", "body_zh", "article__skill__name_en", "article__skill__name_zh")
    rows = Version.objects.filter(article_id__in=ids, state="published").values_list("article_id", *names)
    return {id: Texts(" ".join(_short(en, zh)), _short(*bodies)) for id, en, zh, *bodies in rows}


def _short(*texts: str | None) -> tuple[str, ...]:
    return tuple(text[:LONGEST_TEXT] for text in texts if text)


CUSTOMERS = Kind("customers", 1, Customer, has_title=True, texts=_customers)
CASES = Kind("cases", 2, Case, has_title=True, texts=_cases)
MESSAGES = Kind("messages", 3, Message, has_title=False, texts=_messages)
FILES = Kind("files", 4, Attachment, has_title=True, texts=_files)
ARTICLES = Kind("articles", 5, Article, has_title=True, texts=_articles)
KINDS = (CUSTOMERS, CASES, MESSAGES, FILES, ARTICLES)
BY_NUMBER = {kind.number: kind for kind in KINDS}
BY_KEY = {kind.key: kind for kind in KINDS}
