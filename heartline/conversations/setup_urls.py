"""Addresses of the contact reasons, under /setup/reasons/."""

from django.urls import path

from heartline.conversations.pages import reasons

app_name = "reasons"
urlpatterns = [
    path("", reasons.reasons, name="list"),
    path("new/", reasons.reason, name="add"),
    path("usual/", reasons.usual, name="usual"),
    path("<int:id>/", reasons.reason, name="reason"),
    path("<int:id>/move/", reasons.move, name="move"),
    path("<int:id>/remove/", reasons.remove, name="remove"),
]
