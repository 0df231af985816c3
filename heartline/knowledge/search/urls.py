"""Addresses of the search, under /search/."""

from django.urls import path

from heartline.knowledge.search import pages

app_name = "search"
urlpatterns = [
    path("", pages.search, name="page"),
    path("quick", pages.quick, name="quick"),
]
