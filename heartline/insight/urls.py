"""Addresses of the figures, under /insight/."""

from django.urls import path

from heartline.insight import pages

app_name = "insight"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("definitions/", pages.definitions, name="definitions"),
    path("definitions/<slug:metric_id>/", pages.definition, name="definition"),
    path("<slug:metric_id>/", pages.figure_rows, name="rows"),
    path("<slug:metric_id>/rows.csv", pages.figure_csv, name="csv"),
]
