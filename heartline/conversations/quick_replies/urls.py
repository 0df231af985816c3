"""Addresses of quick replies, under /desk/quick-replies/."""

from django.urls import path

from heartline.conversations.quick_replies import pages

app_name = "quick_replies"
urlpatterns = [
    path("", pages.listed, name="list"),
    path("new/", pages.quick_reply, name="add"),
    path("<int:id>/", pages.quick_reply, name="quick_reply"),
    path("<int:id>/remove/", pages.remove, name="remove"),
    path("api/for-contact/<int:contact_id>", pages.for_contact, name="for_contact"),
    path("api/<int:id>/used", pages.used, name="used"),
]
