"""What our middleware adds to every request, for type checkers and readers."""

from __future__ import annotations

from django.http import HttpRequest


class Request(HttpRequest):
    """A request as pages receive it, after `heartline.config.middleware`."""

    id: str
    """Our own id for it, shown on error pages and written into the ledger and the log."""

    client_address: str
    """Where it truly comes from: forwarding headers count only from trusted proxies."""

    csp_nonce: str
    """The word that lets an inline script or style of ours run; new for every answer."""
