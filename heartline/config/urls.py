"""Every address of the house. The first part of a path is fixed for ever; what follows belongs to its folder."""

from django.conf import settings
from django.urls import include, path

from heartline.channels.webchat.pages import widget
from heartline.config.health import health
from heartline.config.late import LATE, late
from heartline.people.pages.language import choose_language

urlpatterns = [
    path("health", health, name="health"),
    path("language", choose_language, name="set_language"),
    path("chat/", include("heartline.channels.webchat.urls")),
    path("customers/", include("heartline.customers.urls")),
    path("desk/follow-ups/", include("heartline.promises.urls")),
    path("desk/quick-replies/", include("heartline.conversations.quick_replies.urls")),
    path("desk/", include("heartline.service.urls")),
    path("knowledge/", include("heartline.knowledge.articles.urls")),
    path("search/", include("heartline.knowledge.search.urls")),
    path("experts/", include("heartline.service.experts.urls")),
    path("floor/alerts/", include("heartline.service.alerts.urls")),
    path("floor/", include("heartline.service.floor.urls")),
    path("insight/", include("heartline.insight.urls")),
    path("quality/", include("heartline.improvement.quality.urls")),
    path("setup/sample/", include("heartline.config.sample.urls")),
    path("setup/customers/", include("heartline.customers.setup_urls")),
    path("setup/writing/", include("heartline.conversations.outgoing.urls")),
    path("setup/case-types/", include("heartline.conversations.case_types.urls")),
    path("setup/routing/", include("heartline.routing.planning.urls")),
    path("setup/reasons/", include("heartline.conversations.setup_urls")),
    path("setup/experts/", include("heartline.service.experts.setup_urls")),
    path("setup/webhooks/", include("heartline.api.webhooks.urls")),
    path("setup/", include("heartline.people.urls")),
    path("account/keys/", include("heartline.api.key_urls")),
    path("account/", include("heartline.people.account_urls")),
    path("account/", include("allauth.urls")),
    late("api/v1/", LATE, "api"),
    path("rate/", include("heartline.voice_of_customer.urls")),
    path("files/", include("heartline.conversations.urls")),
    path("widget.js", widget, name="widget"),
    path("", include("heartline.channels.webform.urls")),
    path("", include("heartline.reception.urls")),
]
if settings.DEBUG:
    urlpatterns.insert(0, path("ui", include("heartline.ui.urls")))

handler400 = "heartline.config.errors.bad_request"
handler403 = "heartline.config.errors.not_allowed"
handler404 = "heartline.config.errors.not_found"
handler500 = "heartline.config.errors.server_error"
