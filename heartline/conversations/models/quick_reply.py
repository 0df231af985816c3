"""Quick replies: prepared texts with variables, one's own, a team's, or everybody's."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from heartline.people.models import Person, Team


class QuickReply(models.Model):
    """A prepared text in one or both languages. With a person it is theirs alone, with a team the team's, else everybody's."""

    name = models.CharField(_("Title"), max_length=80)
    shortcut = models.SlugField(_("Short code"), max_length=30, blank=True)
    text_en = models.TextField(_("Text in English"), max_length=4000, blank=True)
    text_zh = models.TextField(_("Text in Chinese"), max_length=4000, blank=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="quick_replies")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="quick_replies")
    used_count = models.PositiveIntegerField(default=0, editable=False)
    used_at = models.DateTimeField(null=True, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = [Lower("name"), "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(team__isnull=True),
                name="quick_replies_one_level",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def text_in(self, language: str) -> tuple[str, str]:
        """Return the text for a reader of a language, and the language it is in: the other one when there is none."""
        texts = {"zh-hans": self.text_zh, "en": self.text_en}
        wanted = "zh-hans" if language.startswith("zh") else "en"
        other = "en" if wanted == "zh-hans" else "zh-hans"
        return (texts[wanted], wanted) if texts[wanted] else (texts[other], other)
