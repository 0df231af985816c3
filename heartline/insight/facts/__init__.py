"""What happened, as flat rows folded from the ledger's events: every figure is made of these and nothing else."""

from heartline.insight.facts.contacts import KINDS, LIVE, OPENED, ContactFact, Facts, Offers, Work, fold, milliseconds

__all__ = ["KINDS", "LIVE", "OPENED", "ContactFact", "Facts", "Offers", "Work", "fold", "milliseconds"]
