"""Addresses of the floor, under /floor/."""

from django.urls import path

from heartline.service.floor import pages, wall_pages

app_name = "floor"
urlpatterns = [
    path("", pages.floor, name="page"),
    path("wall/", wall_pages.wall, name="wall"),
    path("wall/state", wall_pages.wall_state, name="wall_state"),
    path("api/state", pages.state, name="state"),
    path("api/contacts/<int:contact_id>/choices", pages.choices, name="choices"),
    path("api/contacts/<int:contact_id>/give", pages.give, name="give"),
    path("api/offers/<int:offer_id>/take-back", pages.take_back, name="take_back"),
    path("api/people/<int:person_id>/presence", pages.presence, name="presence"),
]
