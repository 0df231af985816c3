"""Issuers of OpenID Connect sign-ins, from one setting."""

from __future__ import annotations

import json
from typing import Any

from heartline.config.environment import WrongSetting

NEEDED = ("id", "name", "client_id", "server_url")


def issuers(text: str) -> list[dict[str, Any]]:
    """Return allauth's settings for the issuers named in HEARTLINE_OIDC; says what is wrong with it otherwise."""
    try:
        rows = json.loads(text or "[]")
    except ValueError as error:
        raise WrongSetting(f"HEARTLINE_OIDC is not JSON: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise WrongSetting("HEARTLINE_OIDC must be a JSON list of objects, one for each issuer")
    return [_issuer(row) for row in rows]


def _issuer(row: dict[str, Any]) -> dict[str, Any]:
    missing = [name for name in NEEDED if not str(row.get(name) or "").strip()]
    if missing:
        raise WrongSetting(f"An issuer in HEARTLINE_OIDC lacks {', '.join(missing)}")
    if not str(row["server_url"]).startswith(("https://", "http://")):
        raise WrongSetting(f"server_url of {row['id']} in HEARTLINE_OIDC must start with https://")
    return {
        "provider_id": str(row["id"]),
        "name": str(row["name"]),
        "client_id": str(row["client_id"]),
        "secret": str(row.get("secret") or ""),
        "settings": {"server_url": str(row["server_url"]).rstrip("/")},
    }
