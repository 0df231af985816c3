"""The only writer of articles: drafted, edited, published by another, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid, NotAllowed
from heartline.common.text import clean
from heartline.conversations.consultations.models import Consultation
from heartline.conversations.consultations.queries import names_of
from heartline.conversations.consultations.rules import says_who, without_who
from heartline.knowledge.articles.events import ArticleChanged
from heartline.knowledge.articles.models import Article, Version
from heartline.knowledge.articles.rules import FIELDS, Answered, draft_of, halves, whole
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person, Skill

LIMITS = {"title_en": 200, "title_zh": 200, "body_en": 20_000, "body_zh": 20_000}


def draft_from_answer(consultation: Consultation, *, by: Actor, now: datetime) -> Article:
    """Make a draft of an expert's answer, once; who the customer is stays behind."""
    names = names_of(consultation.case.customer)
    answered = Answered(without_who(consultation.question, names), without_who(consultation.answer, names))
    with one_change():
        Consultation.objects.select_for_update().get(id=consultation.id)
        known = Article.objects.filter(source=consultation).first()
        if known is not None:
            return known
        return _begin(draft_of(answered), consultation.skill, consultation, by=by, now=now)


def write_article(
    article: Article | None, values: Mapping[str, str], skill: Skill | None, *, by: Actor, now: datetime
) -> Article:
    """Write a new article, or go on with what is being written of one; what is read stays until the new is reviewed."""
    texts = _cleaned(values)
    with one_change():
        if article is None:
            return _begin(texts, skill, None, by=by, now=now)
        standing = Article.objects.select_for_update().get(id=article.id)
        draft = standing.versions.filter(state="draft").first()
        before = draft or standing.versions.order_by("number").last()
        changed = [name for name in FIELDS if before is None or getattr(before, name) != texts[name]]
        if standing.skill_id != (skill.id if skill else None):
            Article.objects.filter(id=standing.id).update(skill=skill)
            changed.append("skill")
        is_read = standing.versions.filter(state="published").exists()
        if not changed and (draft or is_read):
            return standing
        _write_draft(standing, draft, texts, by=by, now=now)
        _note(standing, "edited", tuple(changed), by=by, now=now)
    article.refresh_from_db()
    return article


def publish(article: Article, reviewer: Person, *, by: Actor, now: datetime) -> Version:
    """Let a draft be read, by somebody who wrote none of it; what was read before is no longer."""
    with one_change():
        Article.objects.select_for_update().get(id=article.id)
        draft = article.versions.filter(state="draft").first()
        if draft is None:
            raise Conflict(_("There is nothing to review: somebody was faster"), code="no_draft")
        if reviewer.id in draft.writer_ids:
            raise NotAllowed(_("Somebody else reviews what you wrote"))
        _check_fit(article, draft)
        article.versions.filter(state="published").update(state="past")
        Version.objects.filter(id=draft.id).update(state="published", reviewed_by=reviewer, published_at=now)
        draft.refresh_from_db()
        _note(article, "published", (), by=by, now=now)
    return draft


def withdraw(article: Article, *, by: Actor, now: datetime) -> None:
    """Let an article be read no longer; its versions stay."""
    with one_change():
        if not article.versions.filter(state="published").update(state="past"):
            raise Conflict(_("This article is not published"), code="not_published")
        _note(article, "withdrawn", (), by=by, now=now)


def count_use(article: Article, *, by: Actor, now: datetime) -> None:
    """Count that somebody put an article into an answer. Not an event: nobody is told."""
    Article.objects.filter(id=article.id).update(used_count=F("used_count") + 1, used_at=now)


def _begin(
    texts: Mapping[str, str], skill: Skill | None, source: Consultation | None, *, by: Actor, now: datetime
) -> Article:
    sample = bool(source and source.is_sample)
    article = Article.objects.create(source=source, skill=skill, made_at=now, is_sample=sample)
    _write_draft(article, None, {name: texts.get(name, "") for name in FIELDS}, by=by, now=now)
    _note(article, "drafted", (), by=by, now=now)
    return article


def _write_draft(
    article: Article, draft: Version | None, texts: Mapping[str, str], *, by: Actor, now: datetime
) -> None:
    by_id = by.id if by.kind == "person" else None
    fields: dict[str, Any] = {**texts, "written_by_id": by_id, "written_at": now}
    if draft is None:
        last = article.versions.aggregate(last=Max("number"))["last"] or 0
        Version.objects.create(article=article, number=last + 1, writer_ids=[by_id], **fields)
    else:
        writers = sorted({*draft.writer_ids, by_id} - {None})
        Version.objects.filter(id=draft.id).update(**fields, writer_ids=writers)


def _cleaned(values: Mapping[str, str]) -> dict[str, str]:
    texts = {name: clean(values.get(name, ""), LIMITS[name]) for name in FIELDS}
    if half := halves(texts):
        missing = f"title_{half[0]}" if not texts[f"title_{half[0]}"] else f"body_{half[0]}"
        message = _("A title and a text belong together")
        raise Invalid(message, fields={missing: message})
    if not whole(texts):
        message = _("Write it in at least one language")
        raise Invalid(message, fields={"title_en": message})
    return texts


def _check_fit(article: Article, draft: Version) -> None:
    """Refuse what may say who somebody is: an article is read by everybody."""
    names = names_of(article.source.case.customer) if article.source else ()
    for name in FIELDS:
        if found := says_who(getattr(draft, name), names):
            message = _("This may say who somebody is: %(what)s. Take it out first") % {"what": ", ".join(found[:3])}
            raise Invalid(message, fields={name: message})


def _note(article: Article, how: str, changed: tuple[str, ...], *, by: Actor, now: datetime) -> None:
    last = article.versions.order_by("number").last()
    event = ArticleChanged(
        article_id=article.id,
        number=last.number if last else 0,
        how=how,
        consultation_id=article.source_id,
        changed=changed,
    )
    record(event, by=by, now=now, sample=article.is_sample)
