"""Addresses of the types of cases, under /setup/case-types/."""

from django.urls import path

from heartline.conversations.case_types import pages

app_name = "case_types"
urlpatterns = [
    path("", pages.case_types, name="list"),
    path("new/", pages.case_type, name="add"),
    path("<int:id>/", pages.case_type, name="type"),
    path("<int:id>/move/", pages.move, name="move"),
    path("<int:id>/remove/", pages.remove, name="remove"),
    path("<int:type_id>/fields/new/", pages.field, name="field_add"),
    path("<int:type_id>/fields/<int:id>/", pages.field, name="field"),
    path("<int:type_id>/fields/<int:id>/move/", pages.move_field, name="field_move"),
    path("<int:type_id>/fields/<int:id>/remove/", pages.remove_field, name="field_remove"),
]
