"""Articles and their versions: at most one that is read, and at most one that is being written."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.conversations.consultations.models import Consultation
from heartline.people.models import Person, Skill


class Article(models.Model):
    """Something we know. What it says is in its versions; `source` is the answer of an expert it was made from."""

    source = models.OneToOneField(Consultation, on_delete=models.SET_NULL, null=True, related_name="article")
    skill = models.ForeignKey(Skill, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    used_count = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    is_sample = models.BooleanField(default=False)


class Version(models.Model):
    """What an article says, in one language or both. `writer_ids` are all who wrote in it: none of them may review it."""

    STATES = (("draft", _("Draft")), ("published", _("Published")), ("past", _("No longer read")))

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    title_en = models.CharField(_("Title in English"), max_length=200, blank=True)
    body_en = models.TextField(_("Text in English"), max_length=20_000, blank=True)
    title_zh = models.CharField(_("Title in Chinese"), max_length=200, blank=True)
    body_zh = models.TextField(_("Text in Chinese"), max_length=20_000, blank=True)
    writer_ids: models.JSONField[Any, Any] = models.JSONField(default=list)
    written_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["article_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="articles_version_once"),
            models.UniqueConstraint(
                fields=["article"], condition=models.Q(state="published"), name="articles_one_is_read"
            ),
            models.UniqueConstraint(fields=["article"], condition=models.Q(state="draft"), name="articles_one_draft"),
        ]

    def text_in(self, language: str) -> tuple[str, str, str]:
        """Return title and text for a reader of a language, and the language they are in: the other where there is none."""
        texts = {"zh-hans": (self.title_zh, self.body_zh), "en": (self.title_en, self.body_en)}
        wanted = "zh-hans" if language.startswith("zh") else "en"
        other = "en" if wanted == "zh-hans" else "zh-hans"
        found = wanted if all(texts[wanted]) else other
        return (*texts[found], found)
