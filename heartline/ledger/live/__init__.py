"""Live push: server-sent events from the ledger with exact resume, filtered by today's rights.

`hub` fans deliveries out to open streams, `reader` turns the ledger into deliveries, `application` is the ASGI
face, `signals` carries what is not worth remembering (somebody is typing).
"""

from heartline.ledger.live.application import LiveApplication
from heartline.ledger.live.signals import signal
from heartline.ledger.live.streams import Reader

__all__ = ["LiveApplication", "Reader", "signal"]
