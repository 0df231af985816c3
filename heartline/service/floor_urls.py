"""Addresses of the floor, under /floor/."""

from django.urls import URLPattern

app_name = "floor"
urlpatterns: list[URLPattern] = []
