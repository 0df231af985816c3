"""Addresses of alerts, under /floor/alerts/."""

from django.urls import path

from heartline.service.alerts import pages

app_name = "alerts"
urlpatterns = [
    path("", pages.listed, name="list"),
    path("api/open", pages.open_now, name="open"),
    path("<int:alert_id>/acknowledge/", pages.acknowledge, name="acknowledge"),
    path("rules/", pages.rules, name="rules"),
    path("rules/new/", pages.rule, name="rule_add"),
    path("rules/<int:id>/", pages.rule, name="rule"),
    path("rules/<int:id>/remove/", pages.remove, name="rule_remove"),
]
