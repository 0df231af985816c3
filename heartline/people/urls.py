"""Addresses of the set-up pages, under /setup/."""

from django.urls import URLPattern

app_name = "setup"
urlpatterns: list[URLPattern] = []
