"""Reviews: one evaluator, one contact, one version of a card; and what is said about them afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models import Contact, Message
from heartline.improvement.quality.models.cards import CardVersion
from heartline.improvement.quality.models.samples import Calibration, Pick
from heartline.people.models import Person


class Feedback(models.TextChoices):
    """Where the talk between agent and evaluator stands."""

    NONE = "", _("Nothing said yet")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    DISPUTED = "disputed", _("Appealed")
    SETTLED = "settled", _("Settled")


class Review(models.Model):
    """What one evaluator thinks of one contact.

    The first review of a drawn contact counts; `is_check` marks the second, which only says how alike we score and is
    never shown to the agent. A calibration's reviews count for nobody. The agent sees nothing before `shared_at`.
    """

    STATES = (("open", _("To be scored")), ("submitted", _("Scored")))
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="quality_reviews")
    about = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reviews_of_work")
    version = models.ForeignKey(CardVersion, on_delete=models.PROTECT, related_name="reviews")
    evaluator = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="reviews_given")
    pick = models.ForeignKey(Pick, on_delete=models.CASCADE, null=True, related_name="reviews")
    calibration = models.ForeignKey(Calibration, on_delete=models.CASCADE, null=True, related_name="reviews")
    is_check = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=STATES, default="open")
    comment = models.TextField(blank=True)
    comment_saved = models.PositiveIntegerField(default=0)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    result = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    is_failed = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    shared_at = models.DateTimeField(null=True)
    feedback = models.CharField(max_length=12, choices=Feedback.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["evaluator", "state"], name="quality_reviews_by_evaluator"),
            models.Index(fields=["about", "submitted_at"], name="quality_reviews_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "evaluator"], condition=Q(calibration__isnull=True), name="quality_scored_once_each"
            ),
            models.UniqueConstraint(
                fields=["calibration", "evaluator"],
                condition=Q(calibration__isnull=False),
                name="quality_calibrated_once_each",
            ),
            models.CheckConstraint(
                condition=Q(evaluator__isnull=True) | ~Q(evaluator=models.F("about")),
                name="quality_nobody_scores_themselves",
            ),
            models.CheckConstraint(
                condition=Q(shared_at__isnull=True) | Q(is_check=False, calibration__isnull=True),
                name="quality_only_what_counts_is_shared",
            ),
        ]

    @property
    def counts(self) -> bool:
        """Whether this review is part of anybody's figures."""
        return not self.is_check and self.calibration_id is None


class Answer(models.Model):
    """An evaluator's answer to one question, kept as it is given; `saved` counts its changes, so that tabs can tell."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=8)
    value = models.PositiveSmallIntegerField(null=True)
    is_na = models.BooleanField(default=False)
    comment = models.TextField(blank=True)
    messages = models.ManyToManyField(Message, related_name="+", blank=True)
    saved = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "question"], name="quality_answered_once"),
            models.CheckConstraint(
                condition=Q(is_na=False) | Q(value__isnull=True), name="quality_not_applicable_has_no_value"
            ),
        ]


class Remark(models.Model):
    """What agent and evaluator say to each other about a shared review; never changed, only added to."""

    KINDS = (
        ("acknowledged", _("Acknowledged")),
        ("replied", _("Replied")),
        ("disputed", _("Appealed")),
        ("answered", _("Answered")),
        ("upheld", _("The score stands")),
        ("reopened", _("Looked at again")),
    )
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=12, choices=KINDS)
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
