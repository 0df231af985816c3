"""Which rooms offer something to programs, in the order of the document. Lower rooms come first: they read, higher ones act."""

from __future__ import annotations

from ninja import Router

from heartline.api.outside import router as record
from heartline.api.webhooks.api import router as webhooks
from heartline.conversations.api import ROUTERS as CONVERSATIONS
from heartline.customers.api import ROUTERS as CUSTOMERS
from heartline.improvement.quality.api import ROUTERS as QUALITY
from heartline.insight.api import ROUTERS as INSIGHT
from heartline.knowledge.articles.api import router as articles
from heartline.knowledge.search.api import router as search
from heartline.people.api import ROUTERS as PEOPLE
from heartline.promises.api import router as promises
from heartline.routing.api import router as routing
from heartline.routing.planning.api import router as planning
from heartline.service.api import ROUTERS as SERVICE
from heartline.voice_of_customer.api import router as voice_of_customer

ROUTERS: list[Router] = [
    *PEOPLE,
    *CUSTOMERS,
    *CONVERSATIONS,
    articles,
    search,
    routing,
    planning,
    *SERVICE,
    promises,
    voice_of_customer,
    *INSIGHT,
    *QUALITY,
    record,
    webhooks,
]
