"""Addresses of the front hall: the contact page and what customers reach from it."""

from django.urls import URLPattern

app_name = "reception"
urlpatterns: list[URLPattern] = []
