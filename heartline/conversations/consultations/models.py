"""Who can be asked and how, how soon an answer is due, what was asked, and whom it was asked of in turn."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models import Case, Contact, Message
from heartline.people.models import Person, Skill
from heartline.people.models.organisation import LANGUAGES, LEVEL

AT_ONCE = (MinValueValidator(1), MaxValueValidator(20))
MINUTES = (MinValueValidator(1), MaxValueValidator(14 * 24 * 60))


class Expertise(models.Model):
    """How a person wants to be asked. Somebody of the role expert without a row can be asked at any time.

    `hours` are spans of the week on the clock of the person's site: [weekday, "09:00", "18:00"]; none means any time.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="expertise")
    answers = models.BooleanField(_("Answers questions"), default=True)
    asks_me = models.BooleanField(_("Ask me"), default=True)
    quiet_until = models.DateTimeField(null=True, blank=True)
    at_once = models.PositiveSmallIntegerField(_("Questions at once"), default=3, validators=AT_ONCE)
    hours: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)


class AnswerTime(models.Model):
    """How soon an answer is due, in minutes of the brand's hours: for one skill, or, without a skill, for the rest."""

    skill = models.OneToOneField(Skill, on_delete=models.CASCADE, null=True, blank=True, related_name="answer_time")
    answer_minutes = models.PositiveIntegerField(_("Answered within (minutes)"), default=60, validators=MINUTES)
    take_minutes = models.PositiveIntegerField(_("Taken within (minutes)"), default=10, validators=MINUTES)
    warn_minutes = models.PositiveIntegerField(_("Warned before it is late (minutes)"), default=15, validators=MINUTES)
    is_sample = models.BooleanField(default=False, editable=False)


class ConsultationState(models.TextChoices):
    """States of a consultation; moves between them are in `rules.CONSULTATION`."""

    ASKED = "asked", _("Not taken yet")
    ACCEPTED = "accepted", _("Being answered")
    ANSWERED = "answered", _("Has an answer")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TAKEN_OVER = "taken_over", _("Taken over")


class Consultation(models.Model):
    """A question to an expert from inside a case. Its case is its contact's, wherever that is moved.

    `person` is who has it now; nobody, while everybody who could answer is busy or gone. `go_on_at` is when it goes to
    the next who can answer, unless it was taken. `note` is the internal note that holds the answer.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consultations")
    skill = models.ForeignKey(Skill, on_delete=models.SET_NULL, null=True, related_name="+")
    level = models.PositiveSmallIntegerField(default=1, validators=LEVEL)
    language = models.CharField(max_length=10, choices=LANGUAGES, blank=True)
    question = models.TextField()
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="asked_consultations")
    asked_at = models.DateTimeField()
    by_name = models.BooleanField(default=False)
    may_reply = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ConsultationState.choices, default=ConsultationState.ASKED)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="consultations")
    go_on_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    note = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="consultations_due"),
            models.Index(fields=["person", "state"], name="consultations_by_person"),
            models.Index(fields=["asked_by", "state"], name="consultations_by_asker"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | models.Q(person__isnull=False), name="consultations_accepted_by"
            ),
            models.CheckConstraint(
                condition=models.Q(state="answered", answered_at__isnull=False)
                | (~models.Q(state="answered") & models.Q(answered_at__isnull=True)),
                name="consultations_answered_once",
            ),
        ]

    @property
    def case(self) -> Case:
        """The case it was asked in."""
        return self.contact.case

    @property
    def is_open(self) -> bool:
        """Whether an answer is still waited for."""
        return self.state in ("asked", "accepted")

    @property
    def is_sample(self) -> bool:
        """Whether this belongs to the sample company."""
        return self.contact.case.is_sample


class Asking(models.Model):
    """A stretch of time in which a question was one person's to answer. What they said to it is kept with it."""

    STATES = (
        ("asked", _("Not taken yet")),
        ("accepted", _("Being answered")),
        ("answered", _("Has an answer")),
        ("declined", _("Declined")),
        ("passed", _("Passed on")),
        ("unanswered", _("Was not taken")),
        ("given_on", _("Given to somebody else")),
        ("withdrawn", _("Withdrawn")),
        ("taken_over", _("Taken over")),
    )
    REASONS = (
        ("not_mine", _("Not my field")),
        ("no_time", _("No time for it now")),
        ("too_little", _("Too little to go on")),
        ("other", _("Something else")),
    )

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="askings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="askings")
    state = models.CharField(max_length=10, choices=STATES, default="asked")
    reason = models.CharField(max_length=10, choices=REASONS, blank=True)
    words = models.CharField(max_length=300, blank=True)
    why: models.JSONField[Any, Any] = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-asked_at"], name="askings_by_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], condition=models.Q(ended_at__isnull=True), name="askings_one_at_a_time"
            )
        ]
