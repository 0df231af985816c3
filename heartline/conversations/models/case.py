"""Cases: one matter of one customer, with why it arose, what was tried, and how it ended."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.common.indexes import indexed_where_known
from heartline.conversations.models.case_type import CaseType
from heartline.customers.models import Customer
from heartline.people.models import Brand, Person, Queue
from heartline.people.models.organisation import InTwoLanguages


class ContactReason(InTwoLanguages):
    """Why customers come to us: a tree two levels deep, deep ones are always filled in wrong."""

    key = models.SlugField(_("Key"), max_length=60, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["order", "id"]


class CaseState(models.TextChoices):
    """States of a case; moves between them are in `rules.CASE`."""

    OPEN = "open", _("Open")
    WAITING_CUSTOMER = "waiting_customer", _("Waiting for the customer")
    WAITING_INTERNAL = "waiting_internal", _("Waiting for us")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


class Case(models.Model):
    """One matter of one customer, over as many contacts as it takes.

    `opened_as` is the record in whose name it was opened when customers were merged since; see `voices`.
    """

    read_as: int | None = None
    """In whose name it is read here, by whoever holds a link; not kept."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="cases", db_index=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="cases", db_index=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="cases", db_index=False)
    owner = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="cases", db_index=False)
    state = models.CharField(max_length=20, choices=CaseState.choices, default=CaseState.OPEN)
    subject = models.CharField(_("Subject"), max_length=200)
    wants = models.TextField(_("What the customer wants"), blank=True)
    language = models.CharField(max_length=10)
    reason = models.ForeignKey(
        ContactReason, on_delete=models.SET_NULL, null=True, related_name="cases", db_index=False
    )
    type = models.ForeignKey(CaseType, on_delete=models.PROTECT, null=True, related_name="cases", db_index=False)
    contacts_count = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)
    status_token_hash = models.CharField(max_length=64, null=True, unique=True)
    is_sample = models.BooleanField(default=False)
    opened_as = models.PositiveBigIntegerField(null=True, editable=False)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="merged", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["queue", "state", "-changed_at"], name="cases_by_queue"),
            models.Index(fields=["owner", "state"], name="cases_by_owner"),
            models.Index(fields=["customer", "-opened_at"], name="cases_by_customer"),
            indexed_where_known("reason", "cases_by_reason"),
            indexed_where_known("type", "cases_by_type"),
            indexed_where_known("merged_into", "cases_by_merged_into"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.subject}"


class Tried(models.Model):
    """Something that was already tried for a case and is not offered again (guarantee 3)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tried")
    kind = models.CharField(
        max_length=10,
        choices=[("channel", _("Channel")), ("article", _("Article")), ("person", _("Colleague")), ("step", _("Step"))],
    )
    key = models.CharField(max_length=80)
    label = models.CharField(max_length=200)
    outcome = models.CharField(max_length=200, blank=True)
    times = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "kind", "key"], name="cases_tried_once")]


RESOLUTIONS = (
    ("solved", _("Solved")),
    ("partly", _("Partly solved")),
    ("promised", _("We still owe something")),
    ("unsolved", _("Could not be solved")),
    ("no_answer_needed", _("No answer was needed")),
)
ROOT_CAUSES = (
    ("product", _("Product or delivery failed")),
    ("information", _("Information was missing or unclear")),
    ("expectation", _("We raised a wrong expectation")),
    ("process", _("Our process got in the way")),
    ("mistake", _("Somebody made a mistake")),
    ("customer_wish", _("The customer's own wish")),
    ("unknown", _("Not known yet")),
)


class WrapUp(models.Model):
    """What a contact was about and how it ended: few fields, and what was expected against what happened."""

    contact = models.OneToOneField("conversations.Contact", on_delete=models.CASCADE, related_name="wrap_up")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="wrap_ups")
    reason = models.ForeignKey(ContactReason, on_delete=models.PROTECT, related_name="wrap_ups")
    resolution = models.CharField(max_length=20, choices=RESOLUTIONS)
    root_cause = models.CharField(max_length=20, choices=ROOT_CAUSES, blank=True)
    told_to_expect = models.CharField(max_length=300, blank=True)
    what_happened = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField()
