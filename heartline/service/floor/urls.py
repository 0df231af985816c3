"""Addresses of the floor, under /floor/."""

from django.urls import path

from heartline.service.floor import control_pages, pages, saying_pages, wall_pages

app_name = "floor"
urlpatterns = [
    path("", pages.floor, name="page"),
    path("controls/", control_pages.controls, name="controls"),
    path("controls/<int:control_id>/undo/", control_pages.undo, name="undo"),
    path("contacts/<int:contact_id>/", control_pages.contact, name="contact"),
    path("contacts/<int:contact_id>/<slug:control>/", control_pages.decide, name="decide"),
    path("queues/<int:queue_id>/resume/", control_pages.resume, name="resume"),
    path("emergencies/<int:emergency_id>/take-down/", control_pages.take_down, name="take_down"),
    path("people/<int:person_id>/", control_pages.person, name="person"),
    path("own/", control_pages.own, name="own"),
    path("wall/", wall_pages.wall, name="wall"),
    path("wall/state", wall_pages.wall_state, name="wall_state"),
    path("api/state", pages.state, name="state"),
    path("api/contacts/<int:contact_id>/choices", pages.choices, name="choices"),
    path("api/contacts/<int:contact_id>/give", pages.give, name="give"),
    path("api/contacts/<int:contact_id>/whisper", saying_pages.whisper, name="whisper"),
    path("api/contacts/<int:contact_id>/take-over", saying_pages.take_over, name="take_over"),
    path("api/notices", saying_pages.notices, name="notices"),
    path("api/announcements/<int:announcement_id>/read", saying_pages.read_announcement, name="read_announcement"),
    path("api/whispers/<int:whisper_id>/read", saying_pages.read_whisper, name="read_whisper"),
    path("announcements/", saying_pages.announcements, name="announcements"),
    path("announcements/<int:announcement_id>/withdraw/", saying_pages.withdraw, name="withdraw"),
    path("api/offers/<int:offer_id>/take-back", pages.take_back, name="take_back"),
    path("api/people/<int:person_id>/presence", pages.presence, name="presence"),
]
