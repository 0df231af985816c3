"""Macros: named sets of steps, one's own, a team's, or everybody's."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from heartline.people.models import Person, Team


class Macro(models.Model):
    """Steps that are done to a case in one go. With a person it is theirs alone, with a team the team's, else everybody's."""

    name = models.CharField(_("Title"), max_length=80)
    steps = models.JSONField(default=list)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="macros")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="macros")
    used_count = models.PositiveIntegerField(default=0, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = [Lower("name"), "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(team__isnull=True), name="macros_one_level"
            )
        ]

    def __str__(self) -> str:
        return self.name
