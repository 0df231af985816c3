"""Addresses of experts' settings, under /setup/experts/."""

from django.urls import path

from heartline.service.experts import setup_pages

app_name = "experts_setup"
urlpatterns = [
    path("", setup_pages.overview, name="overview"),
    path("times/new/", setup_pages.time, name="time_add"),
    path("times/<int:id>/", setup_pages.time, name="time"),
    path("times/<int:id>/remove/", setup_pages.time_remove, name="time_remove"),
    path("people/add/", setup_pages.person_add, name="person_add"),
    path("people/<int:id>/", setup_pages.person, name="person"),
    path("people/<int:id>/remove/", setup_pages.person_remove, name="person_remove"),
]
