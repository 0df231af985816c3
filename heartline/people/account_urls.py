"""Addresses of a person's own account pages, under /account/, beside those of allauth."""

from django.urls import path

from heartline.people import openid
from heartline.people.pages import account

app_name = "account"
urlpatterns = [
    path("", account.account, name="page"),
    path("sessions/<int:id>/end/", account.end_session, name="end_session"),
    path("sessions/end-all/", account.end_all_sessions, name="end_all_sessions"),
    path("invitation/<str:token>/", account.invitation, name="invitation"),
    path("oidc/<slug:provider_id>/login/", openid.login, name="openid_login"),
    path("oidc/<slug:provider_id>/login/callback/", openid.callback, name="openid_callback"),
]
