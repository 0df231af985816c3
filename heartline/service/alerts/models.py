"""Rules that say when somebody should look, and the alerts they raised."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models import Contact
from heartline.people.models import Person, Queue, Team

DAY_OF_MINUTES = 24 * 60


class Kind(models.TextChoices):
    """What a rule watches. Its threshold is in seconds, percent, points of five, minutes or differences, as the kind goes."""

    LONGEST_WAIT = "longest_wait", _("A customer waits longer than (seconds)")
    ABANDONED = "abandoned", _("More leave before being served than (percent)")
    LOW_RATING = "low_rating", _("A rating is at or below (1 to 5)")
    CUSTOMER_SILENT = "customer_silent", _("A customer being served is silent for (minutes)")
    COLLEAGUE_SILENT = "colleague_silent", _("A customer being served waits for an answer for (minutes)")
    NOBODY_READY = "nobody_ready", _("In service hours nobody is available for a queue for (minutes)")
    WEBHOOK_FAILING = "webhook_failing", _("A webhook has been failing for (minutes)")
    FIGURES_DIFFER = "figures_differ", _("The nightly check of the figures finds differences (how many)")


class Rule(models.Model):
    """When somebody should look, for one queue, the queues of a team, or all; and by which ways they are told."""

    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("When"), max_length=20, choices=Kind.choices)
    threshold = models.PositiveIntegerField(_("Limit"), validators=[MaxValueValidator(DAY_OF_MINUTES * 60)])
    window_minutes = models.PositiveIntegerField(
        _("Looking back over (minutes)"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(DAY_OF_MINUTES)],
    )
    at_least = models.PositiveIntegerField(
        _("Only with at least so many customers"), default=10, validators=[MinValueValidator(1)]
    )
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, null=True, blank=True, related_name="alert_rules")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="alert_rules")
    quiet_from = models.TimeField(_("Quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("Quiet until"), null=True, blank=True)
    cool_down_minutes = models.PositiveIntegerField(
        _("After it has ended, not again for (minutes)"), default=15, validators=[MaxValueValidator(DAY_OF_MINUTES)]
    )
    by_browser = models.BooleanField(_("Browser notification and sound"), default=True)
    by_mail = models.BooleanField(_("E-mail"), default=False)
    is_on = models.BooleanField(_("On"), default=True)
    created_at = models.DateTimeField(editable=False)


class AlertState(models.TextChoices):
    """Where an alert stands. Watched ones are nobody's business yet: the limit must be passed for a while first."""

    WATCHED = "watched", _("Watched")
    OPEN = "open", _("Open")
    ENDED = "ended", _("Ended")


class Alert(models.Model):
    """Something that a rule found about one subject (`queue:7`, `contact:12`); open at most once for both."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="alerts")
    subject = models.CharField(max_length=60)
    label = models.CharField(max_length=80, blank=True)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, null=True, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=AlertState.choices)
    value = models.PositiveIntegerField()
    since = models.DateTimeField()
    raised_at = models.DateTimeField(null=True)
    calm_since = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=8, blank=True)
    mail_tried_at = models.DateTimeField(null=True)
    mailed_ids = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["state", "raised_at"], name="alerts_by_state"),
            models.Index(fields=["rule", "subject", "ended_at"], name="alerts_by_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject"], condition=~models.Q(state="ended"), name="alerts_open_once"
            )
        ]
