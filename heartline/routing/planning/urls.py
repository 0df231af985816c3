"""Addresses of the routing plan, under /setup/routing/."""

from django.urls import path

from heartline.routing.planning import pages, preview_pages

app_name = "plan"
urlpatterns = [
    path("", pages.plan, name="plan"),
    path("edit/<str:part>/", pages.edit, name="edit"),
    path("edit/<str:part>/autosave", pages.autosave, name="autosave"),
    path("draft/<slug:what>/", pages.act, name="act"),
    path("versions/<int:number>/", pages.one, name="version"),
    path("versions/<int:number>/roll-back/", pages.roll_back, name="roll_back"),
    path("versions/<int:number>/file.toml", pages.download, name="download"),
    path("preview/", preview_pages.preview, name="preview"),
    path("preview/<str:key>/", preview_pages.trial, name="trial"),
    path("upload/", pages.upload, name="upload"),
    path("holidays/", pages.holidays, name="holidays"),
]
