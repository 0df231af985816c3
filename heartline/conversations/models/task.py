"""Work behind the scenes: tasks of a case, and who watches it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models.case import Case
from heartline.people.models import Person, Team


class Task(models.Model):
    """Something to be done for a case by somebody, or by whoever of a team takes it. An open task keeps its case open."""

    STATES = (("open", _("Open")), ("done", _("Done")), ("dropped", _("Not needed")))

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    what = models.CharField(_("What is to be done"), max_length=300)
    owner = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="tasks")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="tasks")
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=STATES, default="open")
    outcome = models.CharField(max_length=1000, blank=True)
    opened_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    done_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "state", "due_at"], name="tasks_by_owner"),
            models.Index(fields=["team", "state", "due_at"], name="tasks_by_team"),
            models.Index(fields=["case", "state"], name="tasks_by_case"),
        ]


class Watcher(models.Model):
    """Somebody who hears what happens to a case without working on it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="watchers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="watched")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="cases_watched_once")]
