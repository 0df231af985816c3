"""Addresses of the web chat, under /chat/."""

from django.urls import URLPattern

app_name = "webchat"
urlpatterns: list[URLPattern] = []
