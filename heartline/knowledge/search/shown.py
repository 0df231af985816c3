"""What a page or the quick search shows of the things found, a few queries for each kind however many there are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from heartline.common.questions import written_once
from heartline.conversations.models import Attachment, Case, Message
from heartline.customers.models import Customer
from heartline.knowledge.articles.models import Version
from heartline.knowledge.search.marking import Part, Wanted, has_marks, marked, passage
from heartline.knowledge.search.queries import Found
from heartline.knowledge.search.sources import ARTICLES, CASES, CUSTOMERS, FILES, MESSAGES

WORDS = {
    CUSTOMERS.key: pgettext_lazy("search", "Customers"),
    CASES.key: pgettext_lazy("search", "Cases"),
    MESSAGES.key: pgettext_lazy("search", "Messages"),
    FILES.key: pgettext_lazy("search", "Files"),
    ARTICLES.key: pgettext_lazy("search", "Articles"),
}
ICONS = {CUSTOMERS.key: "circle-user", CASES.key: "inbox", MESSAGES.key: "message-circle", FILES.key: "paperclip"} | {
    ARTICLES.key: "book-open"
}


@dataclass(frozen=True)
class Hit:
    """One thing found, ready to be shown."""

    id: int
    address: str
    title: list[Part]
    facts: list[str]
    at: datetime | None
    text: list[Part] = field(default_factory=list)
    by: str = ""
    is_private: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return what the quick search shows, for JSON."""
        return {
            "address": self.address,
            "title": [[part.text, part.is_found] for part in self.title],
            "text": [[part.text, part.is_found] for part in self.text],
            "facts": [fact for fact in [self.by, *self.facts] if fact],
            "at": self.at.isoformat() if self.at else "",
        }


def hits(found: Found, wanted: Wanted) -> list[Hit]:
    """Return the things found in their order."""
    if not found.ids:
        return []
    shown = _SHOWING[found.kind.key](found.ids, wanted)
    return [shown[id] for id in found.ids if id in shown]


@written_once
def _customers_of(ids: Collection[int]) -> QuerySet[Customer]:
    return Customer.objects.filter(id__in=ids).select_related("organisation")


def _customers(ids: Collection[int], wanted: Wanted) -> dict[int, Hit]:
    return {row.id: _customer(row, wanted) for row in _customers_of(ids)}


def _customer(row: Customer, wanted: Wanted) -> Hit:
    about = passage(row.about, wanted) if row.about else []
    company = row.organisation.name if row.organisation else ""
    return Hit(
        row.id,
        reverse("customers:customer", args=[row.id]),
        marked(row.name or _("Customer"), wanted),
        [fact for fact in (str(row.get_tier_display()), company, row.place) if fact],
        None,
        about if has_marks(about) else [],
    )


@written_once
def _cases_of(ids: Collection[int]) -> QuerySet[Case]:
    return Case.objects.filter(id__in=ids).select_related("customer", "queue")


def _cases(ids: Collection[int], wanted: Wanted) -> dict[int, Hit]:
    return {row.id: _case(row, wanted) for row in _cases_of(ids)}


def _case(row: Case, wanted: Wanted) -> Hit:
    wants = passage(row.wants, wanted) if row.wants != row.subject else []
    return Hit(
        row.id,
        reverse("desk:case_page", args=[row.id]),
        marked(row.subject, wanted),
        [f"#{row.id}", str(row.get_state_display()), row.queue.name_in(get_language() or "en")],
        row.changed_at,
        wants if has_marks(wants) else [],
        row.customer.name or _("Customer"),
    )


@written_once
def _messages_of(ids: Collection[int]) -> QuerySet[Message]:
    return Message.objects.filter(id__in=ids).select_related("case", "author")


def _messages(ids: Collection[int], wanted: Wanted) -> dict[int, Hit]:
    return {row.id: _message(row, wanted) for row in _messages_of(ids)}


def _message(row: Message, wanted: Wanted) -> Hit:
    return Hit(
        row.id,
        reverse("desk:case_page", args=[row.case_id]) + f"#message-{row.id}",
        passage(row.body, wanted),
        [row.case.subject],
        row.at,
        [],
        (row.author.name if row.author else row.author_name) or _("Customer"),
        row.kind == "note",
    )


@written_once
def _files_of(ids: Collection[int]) -> QuerySet[Attachment]:
    return Attachment.objects.filter(id__in=ids).select_related("contact__case__customer", "uploaded_by")


def _files(ids: Collection[int], wanted: Wanted) -> dict[int, Hit]:
    return {row.id: _file(row, wanted) for row in _files_of(ids)}


def _file(row: Attachment, wanted: Wanted) -> Hit:
    case = row.contact.case
    by = row.uploaded_by.name if row.uploaded_by else case.customer.name
    address = reverse("desk:case_page", args=[case.id])
    return Hit(row.id, address, marked(row.name, wanted), [case.subject], row.at, [], by or _("Customer"))


@written_once
def _articles_of(ids: Collection[int]) -> QuerySet[Version]:
    return Version.objects.filter(article_id__in=ids, state="published").select_related("article__skill")


def _articles(ids: Collection[int], wanted: Wanted) -> dict[int, Hit]:
    return {row.article_id: _article(row, wanted) for row in _articles_of(ids)}


def _article(row: Version, wanted: Wanted) -> Hit:
    language = get_language() or "en"
    title, text, _found = row.text_in(language)
    skill = row.article.skill
    facts = [skill.name_in(language)] if skill else []
    address = reverse("articles:article", args=[row.article_id])
    return Hit(row.article_id, address, marked(title, wanted), facts, row.published_at, passage(text, wanted))


_SHOWING: dict[str, Callable[[Collection[int], Wanted], dict[int, Hit]]] = {
    CUSTOMERS.key: _customers,
    CASES.key: _cases,
    MESSAGES.key: _messages,
    FILES.key: _files,
    ARTICLES.key: _articles,
}
