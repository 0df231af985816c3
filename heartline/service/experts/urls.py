"""Addresses of questions to experts, under /experts/."""

from django.urls import path

from heartline.service.experts import desk_pages, pages

app_name = "experts"
urlpatterns = [
    path("", pages.listed, name="list"),
    path("me/", pages.own, name="own"),
    path("<int:id>/", pages.question, name="question"),
    path("<int:id>/act/", pages.act, name="act"),
    path("api/consultations/<int:id>/steer", desk_pages.steer, name="steer"),
]
