"""Addresses of the forms, one set for each brand."""

from django.urls import path

from heartline.channels.webform import pages

app_name = "webform"
urlpatterns = [
    path("b/<slug:brand_key>/message", pages.message, name="message"),
    path("b/<slug:brand_key>/complaint", pages.complaint, name="complaint"),
    path("b/<slug:brand_key>/call-me", pages.callback, name="callback"),
]
