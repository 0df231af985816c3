"""Samples drawn by lot, and sessions in which evaluators compare how they score."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models import Contact
from heartline.improvement.quality.models.cards import CardVersion
from heartline.people.models import Person, Queue, Team
from heartline.people.models.organisation import CHANNELS


class Draw(models.Model):
    """A sample: its rule, its seed, and from how many it was drawn, so that it can be drawn again and checked."""

    KINDS = (
        ("random", _("By lot, for each person and week")),
        ("low_rating", _("The lowest ratings by customers")),
        ("longest", _("The longest contacts")),
        ("new_people", _("New colleagues, for each person and week")),
    )
    version = models.ForeignKey(CardVersion, on_delete=models.PROTECT, related_name="draws")
    kind = models.CharField(_("What is drawn"), max_length=12, choices=KINDS, default="random")
    count = models.PositiveSmallIntegerField(_("How many"), default=2)
    rating_up_to = models.PositiveSmallIntegerField(_("Ratings up to"), default=2)
    first_weeks = models.PositiveSmallIntegerField(_("New means in the first weeks"), default=8)
    first_day = models.DateField(_("From"))
    last_day = models.DateField(_("To"))
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("Team"))
    queue = models.ForeignKey(Queue, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("Queue"))
    channel = models.CharField(_("Channel"), max_length=20, choices=CHANNELS, blank=True)
    double_percent = models.PositiveSmallIntegerField(_("Scored twice (percent)"), default=20)
    seed = models.CharField(_("Seed"), max_length=40)
    drawn_from = models.PositiveIntegerField()
    drawn_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]


class Pick(models.Model):
    """A contact that was drawn. No contact is drawn twice."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="picks")
    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="quality_pick")


class Calibration(models.Model):
    """Several evaluators score one contact apart, then look at where they differ and agree on each answer."""

    STATES = (("scoring", _("Being scored")), ("talking", _("Being compared")), ("closed", _("Closed")))
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="calibrations")
    version = models.ForeignKey(CardVersion, on_delete=models.PROTECT, related_name="calibrations")
    state = models.CharField(max_length=8, choices=STATES, default="scoring")
    opened_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at", "-id"]


class AgreedAnswer(models.Model):
    """What the evaluators of a calibration agreed a question's answer is, and why."""

    calibration = models.ForeignKey(Calibration, on_delete=models.CASCADE, related_name="agreed")
    question = models.CharField(max_length=8)
    value = models.PositiveSmallIntegerField(null=True)
    is_na = models.BooleanField(default=False)
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calibration", "question"], name="quality_agreed_once"),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True, is_na=True) | models.Q(value__isnull=False, is_na=False),
                name="quality_agreed_says_something",
            ),
        ]
