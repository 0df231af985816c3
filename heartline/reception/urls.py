"""Addresses of the front hall: the contact page and what customers reach from it."""

from django.urls import path

from heartline.reception import pages

app_name = "reception"
urlpatterns = [
    path("", pages.contact, name="contact"),
    path("b/<slug:brand_key>/", pages.contact, name="brand"),
    path("case/forget", pages.forget, name="forget"),
    path("case/<str:token>", pages.case, name="case"),
    path("case/<str:token>/files/<str:file_token>", pages.case_file, name="case_file"),
]
