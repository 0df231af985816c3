"""Addresses of the webhooks' set-up, under /setup/webhooks/."""

from django.urls import path

from heartline.api.webhooks import pages

app_name = "webhooks"
urlpatterns = [
    path("", pages.webhooks, name="list"),
    path("new/", pages.add, name="add"),
    path("<int:webhook_id>/", pages.webhook, name="webhook"),
    path("<int:webhook_id>/change/", pages.change, name="change"),
    path("<int:webhook_id>/secret/", pages.renew_secret, name="secret"),
    path("<int:webhook_id>/switch/", pages.switch, name="switch"),
    path("<int:webhook_id>/test/", pages.test, name="test"),
    path("<int:webhook_id>/remove/", pages.remove, name="remove"),
    path("<int:webhook_id>/deliveries/<int:delivery_id>/again/", pages.send_again, name="send_again"),
]
