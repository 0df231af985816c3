"""Addresses of the web chat, under /chat/."""

from django.urls import path

from heartline.channels.webchat import api, pages

app_name = "webchat"
urlpatterns = [
    path("api/visitor", api.new_visitor, name="visitor"),
    path("api/start", api.start, name="start"),
    path("api/state", api.state, name="state"),
    path("api/messages", api.messages, name="messages"),
    path("api/files", api.files, name="files"),
    path("api/files/<str:token>", api.file, name="file"),
    path("api/typing", api.typing, name="typing"),
    path("api/seen", api.seen, name="seen"),
    path("api/leave", api.leave, name="leave"),
    path("api/resume", api.resume, name="resume"),
    path("api/callback", api.callback, name="callback"),
    path("api/times", api.times, name="times"),
    path("api/rating", api.rating, name="rating"),
    path("assets/<str:name>", pages.asset, name="asset"),
    path("<slug:brand_key>/", pages.frame, name="frame"),
]
