"""Addresses of the figures, under /insight/."""

from django.urls import path

from heartline.insight import own_pages, pages, past_pages

app_name = "insight"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("over-time/", past_pages.past, name="past"),
    path("over-time/figures.csv", past_pages.past_csv, name="past_csv"),
    path("over-time/<slug:metric_id>/", past_pages.past_rows, name="past_rows"),
    path("over-time/<slug:metric_id>/rows.csv", past_pages.past_rows_csv, name="past_rows_csv"),
    path("mine/", own_pages.mine, name="mine"),
    path("mine/figures.csv", own_pages.mine_csv, name="mine_csv"),
    path("mine/<slug:metric_id>/", own_pages.mine_rows, name="mine_rows"),
    path("mine/<slug:metric_id>/rows.csv", own_pages.mine_rows_csv, name="mine_rows_csv"),
    path("definitions/", pages.definitions, name="definitions"),
    path("definitions/<slug:metric_id>/", pages.definition, name="definition"),
    path("<slug:metric_id>/", pages.figure_rows, name="rows"),
    path("<slug:metric_id>/rows.csv", pages.figure_csv, name="csv"),
]
