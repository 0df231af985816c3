"""Addresses of the set-up pages, under /setup/."""

from django.urls import path

from heartline.people.pages import audit, brands, first, overview, persons
from heartline.people.pages.things import KINDS, patterns

app_name = "setup"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("first/", first.first, name="first"),
    path("brands/", brands.brands, name="brands"),
    path("brands/new/", brands.brand, name="brand_add"),
    path("brands/<int:id>/", brands.brand, name="brand"),
    path("brands/<int:id>/remove/", brands.remove_brand, name="brand_remove"),
    path("brands/<int:id>/hours/", brands.hours, name="hours"),
    path("brands/<int:id>/holidays/", brands.holidays, name="holidays"),
    path("brands/<int:id>/holidays/file/", brands.holidays_file, name="holidays_file"),
    path("brands/<int:id>/holidays/<int:holiday_id>/remove/", brands.holiday_remove, name="holiday_remove"),
    path("people/", persons.people, name="people"),
    path("people/new/", persons.person, name="person_add"),
    path("people/<int:id>/", persons.person, name="person"),
    path("people/<int:id>/invite/", persons.invite, name="person_invite"),
    path("people/<int:id>/sessions/", persons.end_sessions, name="person_sessions"),
    path("people/<int:id>/may-sign-in/", persons.may_sign_in, name="person_may_sign_in"),
    path("audit/", audit.audit, name="audit"),
    path("audit/file/", audit.audit_csv, name="audit_csv"),
    *(pattern for kind in KINDS for pattern in patterns(kind)),
]
