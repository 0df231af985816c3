"""Addresses of a person's own account pages, under /account/, beside those of allauth."""

from django.urls import path

from heartline.people import openid

app_name = "account"
urlpatterns = [
    path("oidc/<slug:provider_id>/login/", openid.login, name="openid_login"),
    path("oidc/<slug:provider_id>/login/callback/", openid.callback, name="openid_callback"),
]
