"""What was done in one go and can be taken back, and which cases belong together."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models.case import Case
from heartline.people.models import Person


class Deed(models.Model):
    """Something done in one go: a merge, a split, a move, a macro, a change of many cases. `parts` says how it is undone."""

    KINDS = (
        ("merged", _("Merged")),
        ("split", _("Split")),
        ("moved", _("Moved")),
        ("macro", _("Macro")),
        ("bulk", _("Several at once")),
    )

    kind = models.CharField(max_length=8, choices=KINDS)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="deeds")
    from_case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="deeds_away")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    parts = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["by", "-at"], name="deeds_by_person")]


class CaseLink(models.Model):
    """Two cases that belong together; `case` is the one with the lower number."""

    KINDS = (("related", _("Related")), ("split", _("Split off")))

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links_back")
    kind = models.CharField(max_length=8, choices=KINDS, default="related")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="cases_linked_once"),
            models.CheckConstraint(condition=models.Q(case_id__lt=models.F("other_id")), name="cases_linked_in_order"),
        ]
