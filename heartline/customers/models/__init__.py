"""Tables of who our customers are."""

from heartline.customers.models.customer import Customer, Identity, IdentityKind, Organisation, Tier
from heartline.customers.models.facts import Attribute, AttributeKind, Consent, Note, Purpose, SavedView, TierRule
from heartline.customers.models.importing import Import, ImportProblem, ImportState, SavedMapping
from heartline.customers.models.keeping import RetentionRule, RetentionRun
from heartline.customers.models.merging import Merge, Suggestion

__all__ = [
    "Attribute",
    "AttributeKind",
    "Consent",
    "Customer",
    "Identity",
    "IdentityKind",
    "Import",
    "ImportProblem",
    "ImportState",
    "Merge",
    "Note",
    "Organisation",
    "Purpose",
    "RetentionRule",
    "RetentionRun",
    "SavedMapping",
    "SavedView",
    "Suggestion",
    "Tier",
    "TierRule",
]
