"""Heartline: an open-source contact centre built for customer experience."""

__version__ = "0.1.0"
