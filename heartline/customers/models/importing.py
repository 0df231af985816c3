"""Lists of customers that come as files."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.people.models import Person


class ImportState(models.TextChoices):
    """States of an import."""

    READY = "ready", _("Not started")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Failed")


class Import(models.Model):
    """A file of customers: how it is read, where each column goes, and how far it has come.

    The file lies under a name of ours until the import has ended; `next_row` is where work goes on after a stop or
    a crash. `claimed_until` keeps two processes from working on the same rows.
    """

    file_name = models.CharField(max_length=200)
    token = models.CharField(max_length=40, unique=True)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=2)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="en")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READY)
    rows = models.PositiveIntegerField(default=0)
    next_row = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    claimed_until = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-uploaded_at", "-id"]

    @property
    def percent(self) -> int:
        """How much of the file is done."""
        return 100 * self.next_row // self.rows if self.rows else 0


class ImportProblem(models.Model):
    """A row that could not be taken, with its line in the file and the reason; what stood there is not kept."""

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=20)

    class Meta:
        ordering = ["line", "id"]


class SavedMapping(models.Model):
    """Where the columns of a kind of file go, kept for the next file with the same columns."""

    columns_key = models.CharField(max_length=64, unique=True)
    mapping = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
