"""What people put on a case to work with it: tags, and a reminder that it sleeps until."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models.case import Case
from heartline.people.models import Person


class Tag(models.Model):
    """A word that cases are found by. `key` is the name as it is compared, so that one word has one tag."""

    name = models.CharField(_("Tag"), max_length=40)
    key = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class Tagged(models.Model):
    """A case carries a tag."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "tag"], name="tags_once_a_case")]


class Snooze(models.Model):
    """A case is out of one person's sight until a time, or until the customer says more than thanks.

    `asleep` until it wakes; `awake` asks for its person until they have dealt with it; then it is `over`.
    `upto_id` is the last message that was there when it was set or last looked at.
    """

    STATES = (("asleep", _("Snoozed")), ("awake", _("Back from snooze")), ("over", _("Over")))

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="snoozes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="snoozes")
    until = models.DateTimeField()
    state = models.CharField(max_length=6, choices=STATES, default="asleep")
    why = models.CharField(max_length=8, blank=True)
    upto_id = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    woken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "until"], name="snoozes_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=~models.Q(state="over"), name="snoozes_one_each"
            )
        ]
