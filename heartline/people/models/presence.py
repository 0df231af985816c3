"""Whether a person can be offered work now, and since when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.people.models.person import Person


class PresenceState(models.TextChoices):
    """States of presence. Serving and wrap-up are not states: they follow from the contacts in hand."""

    AVAILABLE = "available", _("Available")
    BREAK = "on_break", _("On a break")
    NOT_READY = "not_ready", _("Not ready")
    AWAY = "away", _("Away")
    OFFLINE = "offline", _("Offline")


REASONS = {
    "meal": _("Meal"),
    "training": _("Training"),
    "meeting": _("Meeting"),
    "coaching": _("Coaching"),
    "case_work": _("Working on cases"),
    "other": _("Something else"),
    "missed_offer": _("Did not answer an offer"),
    "browser_gone": _("Browser closed or asleep"),
}


class Presence(models.Model):
    """One row per person. `seen_at` is refreshed by the server while the person's live stream is open."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="presence")
    state = models.CharField(max_length=12, choices=PresenceState.choices, default=PresenceState.OFFLINE)
    reason = models.CharField(max_length=20, blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    last_offered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state"], name="people_presence_state")]
