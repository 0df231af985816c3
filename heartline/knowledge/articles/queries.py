"""Reading articles: what is published is for everybody at the desk, drafts for those who write and review."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.conversations.consultations.models import Consultation
from heartline.conversations.consultations.queries import consultations_for
from heartline.conversations.models import Contact
from heartline.knowledge.articles.models import Article, Version
from heartline.people.queries import Scope

LISTED = 300


def articles_for(scope: Scope) -> QuerySet[Article]:
    """Return the articles a person may read: the published, and all for those who write."""
    if scope.may("knowledge.write"):
        return Article.objects.all()
    return Article.objects.filter(versions__state="published") if scope.may("desk.use") else Article.objects.none()


def article_for(scope: Scope, article_id: int) -> Article:
    """Return one article the person may read, or raise NotFound."""
    found = articles_for(scope).filter(id=article_id).select_related("skill", "source").first()
    if found is None:
        raise NotFound(_("There is no such article"))
    return found


def versions_in(scope: Scope, state: str) -> QuerySet[Version]:
    """Return the versions in a state, the latest written first, as far as the person may read them."""
    rows = Version.objects.filter(state=state, article__in=articles_for(scope))
    return rows.select_related("article__skill", "written_by", "reviewed_by").order_by("-written_at", "-id")


def published_of(article: Article) -> Version | None:
    """Return what is read of an article."""
    return article.versions.filter(state="published").select_related("written_by", "reviewed_by").first()


def draft_of(article: Article) -> Version | None:
    """Return what is being written of an article."""
    return article.versions.filter(state="draft").select_related("written_by").first()


def may_review(scope: Scope, draft: Version) -> bool:
    """Return whether a person may publish a draft: whoever reviews and wrote none of it."""
    return scope.may("knowledge.publish") and scope.person_id not in draft.writer_ids


def answer_for(scope: Scope, consultation_id: int) -> Consultation:
    """Return an answered question whose case the person may see, or that they answered, or raise NotFound."""
    answered = Consultation.objects.filter(id=consultation_id, state="answered").exclude(answer="")
    found = answered.select_related("contact__case__customer", "skill").first()
    allowed = found is not None and (
        found.answered_by_id == scope.person_id or consultations_for(scope).filter(id=found.id).exists()
    )
    if found is None or not allowed:
        raise NotFound(_("There is no such answer, or it is not yours to see"))
    return found


def for_contact(scope: Scope, contact: Contact) -> list[dict[str, Any]]:
    """Return the published articles as they read in a contact, in the customer's language; most used first."""
    rows = versions_in(scope, "published").order_by("-article__used_count", "-id")[:LISTED]
    return [_for_reply(row, contact.language) for row in rows]


def _for_reply(row: Version, language: str) -> dict[str, Any]:
    title, text, found = row.text_in(language)
    return {"id": row.article_id, "name": title, "text": text, "language": found}
