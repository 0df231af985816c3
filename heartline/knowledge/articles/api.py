"""Articles, for programs: read, written, published by another, put into replies."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import Invalid
from heartline.common.paging import page_of
from heartline.common.schemas import Done, Id, Page, PageAsked, Sent
from heartline.conversations.queries import contact_for
from heartline.knowledge.articles import actions, queries
from heartline.knowledge.articles.models import Article, Version
from heartline.knowledge.articles.rules import FIELDS
from heartline.people.actions import actor_for
from heartline.people.models import Skill
from heartline.people.requests import StaffRequest

router = Router(tags=["Knowledge"])

Title = Annotated[str, Field(max_length=200)]
Body = Annotated[str, Field(max_length=20_000)]


class ArticleSent(Sent):
    """An article in one language or both; a title and a text belong together."""

    title_en: Title = ""
    body_en: Body = ""
    title_zh: Title = ""
    body_zh: Body = ""
    skill_id: Id | None = None


class ArticleVersionShown(BaseModel):
    """What an article says: `draft` is being written, `published` is read."""

    number: int
    state: str
    title_en: str
    body_en: str
    title_zh: str
    body_zh: str
    written_by_id: int | None
    written_at: datetime
    reviewed_by_id: int | None
    published_at: datetime | None


class ArticleShown(BaseModel):
    """An article: what is read of it, and, for those who write, what is being written."""

    id: int
    skill_id: int | None
    question_id: int | None
    used_count: int
    published: ArticleVersionShown | None
    draft: ArticleVersionShown | None


class ForReplyShown(BaseModel):
    """An article as it goes into a reply, in the customer's language where there is one."""

    id: int
    name: str
    text: str
    language: str


class ForRepliesShown(BaseModel):
    """The published articles, the most used first."""

    items: list[ForReplyShown]


class ArticlesAsked(PageAsked):
    """Which articles are wanted."""

    state: Literal["published", "draft"] | None = None


@router.get("/articles", response=Page[ArticleShown])
def list_articles(request: StaffRequest, asked: Query[ArticlesAsked]) -> Page[ArticleShown]:
    """Return articles, newest first; drafts only to those who write."""
    rows = queries.articles_for(request.scope)
    if asked.state:
        rows = rows.filter(versions__state=asked.state)
    found, following = page_of(rows.distinct(), asked.cursor, asked.limit)
    return Page(items=[_shown(request, row) for row in found], next=following)


@router.post("/articles", response={201: ArticleShown})
def add_article(request: StaffRequest, sent: ArticleSent) -> ArticleShown:
    """Write an article; it is a draft until somebody else publishes it."""
    values = sent.model_dump(exclude={"skill_id"})
    skill, by = _skill(sent.skill_id), actor_for(request.user)
    return _shown(request, actions.write_article(None, values, skill, by=by, now=clock.now()))


@router.get("/articles/{article_id}", response=ArticleShown)
def read_article(request: StaffRequest, article_id: Id) -> ArticleShown:
    """Return one article."""
    return _shown(request, queries.article_for(request.scope, article_id))


@router.patch("/articles/{article_id}", response=ArticleShown)
def change_article(request: StaffRequest, article_id: Id, sent: ArticleSent) -> ArticleShown:
    """Change what is being written of an article; what is left out stays, and what is read stays until it is reviewed."""
    row = queries.article_for(request.scope, article_id)
    standing = queries.draft_of(row) or queries.published_of(row) or row.versions.last()
    texts = {name: str(getattr(standing, name, "")) for name in FIELDS}
    texts |= sent.model_dump(exclude_unset=True, exclude={"skill_id"})
    skill = _skill(sent.skill_id if "skill_id" in sent.model_fields_set else row.skill_id)
    by = actor_for(request.user)
    return _shown(request, actions.write_article(row, texts, skill, by=by, now=clock.now()))


@router.post("/articles/{article_id}/publish", response=ArticleShown)
def publish_article(request: StaffRequest, article_id: Id) -> ArticleShown:
    """Publish a draft of which the caller wrote nothing."""
    row = queries.article_for(request.scope, article_id)
    actions.publish(row, request.user, by=actor_for(request.user), now=clock.now())
    return _shown(request, row)


@router.post("/articles/{article_id}/withdraw", response=ArticleShown)
def withdraw_article(request: StaffRequest, article_id: Id) -> ArticleShown:
    """Let an article be read no longer."""
    row = queries.article_for(request.scope, article_id)
    actions.withdraw(row, by=actor_for(request.user), now=clock.now())
    return _shown(request, row)


@router.post("/articles/{article_id}/used", response=Done)
def use_article(request: StaffRequest, article_id: Id) -> Done:
    """Count that an article went into a reply: those that are used most are offered first."""
    row = queries.article_for(request.scope, article_id)
    actions.count_use(row, by=actor_for(request.user), now=clock.now())
    return Done()


@router.post("/questions/{question_id}/article", response=ArticleShown)
def make_article_of_answer(request: StaffRequest, question_id: Id) -> ArticleShown:
    """Make a draft of an expert's answer, once, without who the customer is."""
    answered = queries.answer_for(request.scope, question_id)
    return _shown(request, actions.draft_from_answer(answered, by=actor_for(request.user), now=clock.now()))


@router.get("/contacts/{contact_id}/articles", response=ForRepliesShown)
def list_articles_for_reply(request: StaffRequest, contact_id: Id) -> ForRepliesShown:
    """Return the published articles as they read in a contact."""
    found = queries.for_contact(request.scope, contact_for(request.scope, contact_id))
    return ForRepliesShown(items=[ForReplyShown(**one) for one in found])


def _shown(request: StaffRequest, row: Article) -> ArticleShown:
    draft = queries.draft_of(row) if request.scope.may("knowledge.write") else None
    return ArticleShown(
        id=row.id,
        skill_id=row.skill_id,
        question_id=row.source_id,
        used_count=row.used_count,
        published=_version(queries.published_of(row)),
        draft=_version(draft),
    )


def _version(row: Version | None) -> ArticleVersionShown | None:
    return (
        ArticleVersionShown(**{name: getattr(row, name) for name in ArticleVersionShown.model_fields}) if row else None
    )


def _skill(id: int | None) -> Skill | None:
    found = Skill.objects.filter(id=id).first() if id else None
    if id and found is None:
        raise Invalid(_("Choose from the list"), fields={"skill_id": _("Choose from the list")})
    return found
