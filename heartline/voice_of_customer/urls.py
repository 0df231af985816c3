"""Addresses of surveys, under /rate/."""

from django.urls import URLPattern

app_name = "rate"
urlpatterns: list[URLPattern] = []
