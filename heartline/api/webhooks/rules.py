"""How deliveries are signed, when they are tried again, and which addresses may be reached at all. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Iterable, Sequence
from datetime import timedelta

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SECRET_MARK = "whsec_"  # noqa: S105 - the mark that Standard Webhooks puts before a secret, not one
# After the first try; together a little more than three days (Standard Webhooks, "Deliverability").
SCHEDULE = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
LONGEST_WAIT_ASKED = timedelta(hours=24)
# An address that does not answer is left alone for a while, whatever else waits for it.
FIRST_REST, LONGEST_REST = timedelta(seconds=2), timedelta(minutes=10)
DISABLE_AFTER = timedelta(days=5)
# Networks that lead to addresses of another kind, or that `is_global` of older Pythons calls public.
NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/23",
        "2002::/16",
        "fec0::/10",
    )
)


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a delivery: version 1, HMAC-SHA256 over id, time and body."""
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signatures(secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signatures by all secrets in use: while one replaces another, either is enough."""
    return " ".join(sign(secret, message_id, timestamp, body) for secret in secrets)


def next_try(attempts: int, chance: float, asked: timedelta | None = None) -> timedelta | None:
    """Return how long to wait after so many failed attempts, spread by `chance` in [0, 1); None when it is enough.

    `asked` is what the address itself asked for (`Retry-After`): we come no sooner.
    """
    if attempts > len(SCHEDULE):
        return None
    wait = SCHEDULE[attempts - 1] * (1 + 0.2 * chance)
    return max(wait, min(asked, LONGEST_WAIT_ASKED)) if asked else wait


def rest(failures: int, chance: float) -> timedelta:
    """Return how long an address is left alone after so many failures in a row."""
    doubled = FIRST_REST * (1 << min(failures - 1, 20))
    return min(doubled, LONGEST_REST) * (1 + 0.2 * chance)


def may_reach(address: Address, allowed: Sequence[Network]) -> bool:
    """Return whether an address is on the public internet, or in a network that was allowed by name."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in allowed if network.version == address.version):
        return True
    if address.is_multicast or address.is_private or address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in NEVER if network.version == address.version)


def is_allowed(address: Address, allowed: Sequence[Network]) -> bool:
    """Return whether an address was allowed by name; there, plain http will do."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    plain = mapped or address
    return any(plain in network for network in allowed if network.version == plain.version)


def retry_after(text: str) -> timedelta | None:
    """Return what a `Retry-After` in seconds asks for; dates and nonsense ask for nothing."""
    return timedelta(seconds=int(text)) if text.isascii() and text.isdecimal() and len(text) < 8 else None
