"""Addresses of what we owe, under /desk/follow-ups/."""

from django.urls import path

from heartline.promises import pages

app_name = "promises"
urlpatterns = [
    path("", pages.follow_ups, name="list"),
    path("<int:follow_up_id>/done/", pages.finish, name="finish"),
    path("<int:follow_up_id>/take/", pages.take, name="take"),
]
