"""Addresses of a person's keys, under /account/keys/."""

from django.urls import path

from heartline.api import pages

app_name = "keys"
urlpatterns = [
    path("", pages.keys, name="list"),
    path("<int:key_id>/revoke/", pages.revoke, name="revoke"),
]
