"""What supervisors decided: about a contact that waits, about a queue, and what everybody is told in an emergency."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models import Contact
from heartline.people.models import Brand, Person, Queue


class ControlKind(models.TextChoices):
    """What was decided about a contact."""

    PIN = "pin", _("Pinned")
    RAISE = "raise", _("Raised in line")
    MOVE = "move", _("Moved to another queue")


class ContactControl(models.Model):
    """How a contact stands by its supervisors: what the router reads. `Control` has who decided it and why.

    A pin holds until `pinned_until` at the latest: nobody waits for ever for a person who does not come.
    """

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, primary_key=True, related_name="control")
    manual_seconds = models.PositiveIntegerField(default=0)
    pinned_to = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    pinned_until = models.DateTimeField(null=True)


class Control(models.Model):
    """One decision about one waiting contact, who made it and why; undone, it stays and says by whom."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="controls")
    kind = models.CharField(max_length=8, choices=ControlKind.choices)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    until = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(default=0)
    from_queue = models.ForeignKey(Queue, on_delete=models.CASCADE, null=True, related_name="+")
    to_queue = models.ForeignKey(Queue, on_delete=models.CASCADE, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["at"], name="controls_at")]


class Told(models.Model):
    """Words for customers in both languages, from a moment until another, or until somebody ends it sooner."""

    told_en = models.CharField(_("What customers are told, in English"), max_length=300, blank=True)
    told_zh = models.CharField(_("What customers are told, in Chinese"), max_length=300, blank=True)
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True

    def told_in(self, language: str) -> str:
        """Return what was written for readers of a language; empty when nothing was."""
        return self.told_zh if language.startswith("zh") else self.told_en

    @property
    def told(self) -> str:
        """What was written for the reader, else what was written in the other language."""
        return self.told_in(get_language() or "en") or self.told_en or self.told_zh


class QueuePause(Told):
    """A queue whose chats and messages are not offered for a while. Who waits keeps place and clock."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="pauses")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue"], condition=models.Q(ended_at__isnull=True), name="controls_one_pause_a_queue"
            )
        ]


class EmergencyMessage(Told):
    """What customers of some brands, or of all, and everybody who serves them must know at once."""

    everywhere = models.BooleanField(default=False)
    brands = models.ManyToManyField(Brand, related_name="emergencies", blank=True)

    class Meta:
        indexes = [models.Index(fields=["until"], name="controls_emergencies")]
