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
    """What a customer answered: 5 is very satisfied, 1 very dissatisfied."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="response")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="responses")
    score = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    comment = models.TextField(blank=True)
    came_by = models.CharField(max_length=10)
    at = models.DateTimeField()
