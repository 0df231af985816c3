"""The only place that speaks to an address somebody typed in: resolved once, checked, and connected to as checked.

Names are looked up here and nowhere else, so an answer that changes between check and connection has no effect.
Redirects are not followed, proxies of the environment are not used, and an answer is read only in part and only for
so long.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from heartline.api.webhooks.rules import Address, Network, is_allowed, may_reach
from heartline.common.errors import Invalid
from heartline.common.text import clean

CONNECT_WITHIN = 5.0
ANSWER_WITHIN = 15.0
READ_AT_MOST = 16 * 1024
SHOWN = 300
LONGEST_URL = 500


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or the name of a problem when there was none."""

    status: int | None
    problem: str
    milliseconds: int
    text: str = ""
    retry_after: str = ""

    @property
    def good(self) -> bool:
        """Whether the delivery was taken."""
        return self.status is not None and 200 <= self.status < 300


class Blocked(Exception):
    """The address leads where webhooks may not go."""


def check_url(text: str) -> str:
    """Return an address as it is kept, or raise Invalid saying what is wrong with it."""
    url = text.strip()
    parts = _split(url)
    literal = _literal(parts.hostname or "") if parts else None
    if parts is None:
        raise _unfit(_("Start with https:// and a host name. No user name, no # part"))
    if parts.scheme == "http" and not networks():
        raise _unfit(_("Use https:// so that nobody on the way can read what is sent"))
    if literal is not None and not may_reach(literal, networks()):
        raise _unfit(_("This address is inside a private network. HEARTLINE_WEBHOOK_NETWORKS can allow it"))
    return url


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send a body and return what came back; whatever goes wrong is an answer, too."""
    began = time.monotonic()
    try:
        return _exchange(url, body, headers, began)
    except Blocked:
        problem = "blocked"
    except TimeoutError:
        problem = "timeout"
    except ssl.SSLError:
        problem = "tls"
    except socket.gaierror:
        problem = "dns"
    except (OSError, http.client.HTTPException, UnicodeError, ValueError):
        problem = "timeout" if time.monotonic() - began >= ANSWER_WITHIN else "connection"
    return Answer(None, problem, _since(began))


def networks() -> tuple[Network, ...]:
    """Return the networks that webhooks may reach although they are not public."""
    return _parsed(tuple(settings.WEBHOOK_NETWORKS))


def resolve(host: str, port: int) -> Address:
    """Return the address to connect to: the first one that may be reached, or raise Blocked."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    for address in addresses:
        if may_reach(address, networks()):
            return address
    raise Blocked


def _exchange(url: str, body: bytes, headers: Mapping[str, str], began: float) -> Answer:
    parts = _split(url)
    if parts is None or parts.hostname is None:
        raise Blocked
    host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = resolve(host, port)
    if parts.scheme == "http" and not is_allowed(address, networks()):
        raise Blocked
    line = _Line(socket.create_connection((str(address), port), CONNECT_WITHIN))
    watch = threading.Timer(ANSWER_WITHIN, line.cut)
    watch.daemon = True
    watch.start()
    try:
        if parts.scheme == "https":
            line.make_secure(host)
        answer = _talk(line, parts, host, body, headers, began)
        if line.was_cut:  # what came so far may look like an answer
            raise TimeoutError
        return answer
    finally:
        watch.cancel()
        line.close()


def _talk(line: _Line, parts: SplitResult, host: str, body: bytes, headers: Mapping[str, str], began: float) -> Answer:
    connection = http.client.HTTPConnection(host)
    connection.sock = line.socket
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = (f"[{host}]" if ":" in host else host) + (f":{parts.port}" if parts.port else "")
    connection.request("POST", path, body, {**headers, "Host": named, "Connection": "close"})
    answer = connection.getresponse()
    text = answer.read(READ_AT_MOST)
    asked = answer.headers.get("Retry-After", "")
    return Answer(answer.status, "", _since(began), clean(text.decode(errors="replace"), SHOWN), asked)


class _Line:
    """A connection that can be cut from another thread, whoever is waiting for a byte on it."""

    def __init__(self, plain: socket.socket) -> None:
        plain.settimeout(ANSWER_WITHIN)
        self.socket = plain
        self.was_cut = False

    def make_secure(self, host: str) -> None:
        """Go on in TLS with a host whose certificate must be good."""
        self.socket = _trusted().wrap_socket(self.socket, server_hostname=host, do_handshake_on_connect=False)
        self.socket.do_handshake()

    def cut(self) -> None:
        """End it: reads and writes under way fail."""
        self.was_cut = True
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Let it go."""
        with contextlib.suppress(OSError):
            self.socket.close()


def _split(url: str) -> SplitResult | None:
    """Return the parts of an address, or None when it is not one of ours."""
    if len(url) > LONGEST_URL or re.search(r"[\x00-\x20\x7f\\]", url):
        return None
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
        (parts.hostname or "").encode("idna")
    except (ValueError, UnicodeError):
        return None
    fine = fine and (parts.path + parts.query).isascii() and "@" not in parts.netloc and not parts.fragment
    return parts if fine else None


def _literal(host: str) -> Address | None:
    """Return the address that a host is written as, in any of the ways that systems understand; None for names."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    if host.rstrip(".").lower() in ("localhost", "localhost.localdomain") or host.lower().endswith(".localhost"):
        return ipaddress.IPv4Address("127.0.0.1")
    try:
        return ipaddress.ip_address(socket.inet_aton(host.rstrip(".")))
    except (OSError, ValueError):
        return None


def _unfit(message: str) -> Invalid:
    return Invalid(message, code="url_unfit", fields={"url": message})


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


@cache
def _parsed(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
