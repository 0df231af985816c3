"""Addresses of surveys, under /rate/."""

from django.urls import path

from heartline.voice_of_customer import pages

app_name = "voice_of_customer"
urlpatterns = [
    path("thanks/<str:receipt>/", pages.thanks, name="thanks"),
    path("<str:token>/", pages.question, name="question"),
]
