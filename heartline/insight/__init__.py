"""Figures: one catalogue of metrics, facts folded from the ledger, and every number opened to its rows."""
