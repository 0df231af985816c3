"""Invitations and responses."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from heartline.conversations.models import Case, Contact
from heartline.people.models import Person


class Invitation(models.Model):
    """A customer was asked how it was, about one case, once. Only the hash of the link's token is kept."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="invitation")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="invitations")
    about = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class Response(models.Model):
    """What a customer answered: 5 is very satisfied, 1 very dissatisfied.

    `receipt_hash` is the hash of a secret that the answering page was given; it opens the page that says thank
    you (and asks, after a low score, whether a call is wanted), also when the answer is sent twice.
    """

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="response")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="responses")
    score = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    comment = models.TextField(blank=True)
    came_by = models.CharField(max_length=10)
    receipt_hash = models.CharField(max_length=64, null=True, unique=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=5), name="responses_score_one_to_five")
        ]
