"""The sample company: believable, bilingual, marked as sample in every table, removable in one go.

It is played, not copied in: its people do what people do, through the same actions as everybody, at times in the
last days. Ledger, figures and timelines are therefore right by construction.
"""

from heartline.config.sample.loading import is_loaded, live_through, load, open_doors
from heartline.config.sample.logins import Login, logins
from heartline.config.sample.removal import Kept, remove, what_goes

__all__ = ["Kept", "Login", "is_loaded", "live_through", "load", "logins", "open_doors", "remove", "what_goes"]
