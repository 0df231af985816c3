"""Secrets that stand for a right, and how they are kept: never in the clear."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """Return an unguessable token of 192 random bits, safe in URLs."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """Return what is stored for a token: its SHA-256 in hex (a random token needs no salt)."""
    return hashlib.sha256(token.encode()).hexdigest()
