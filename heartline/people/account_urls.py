"""Addresses of a person's own account pages, under /account/, beside those of allauth."""

from django.urls import URLPattern

app_name = "account"
urlpatterns: list[URLPattern] = []
