"""Addresses of articles, under /knowledge/."""

from django.urls import path

from heartline.knowledge.articles import pages

app_name = "articles"
urlpatterns = [
    path("", pages.listed, name="list"),
    path("new/", pages.edit, name="add"),
    path("<int:id>/", pages.article, name="article"),
    path("<int:id>/edit/", pages.edit, name="edit"),
    path("<int:id>/publish/", pages.publish, name="publish"),
    path("<int:id>/withdraw/", pages.withdraw, name="withdraw"),
    path("from-answer/<int:consultation_id>/", pages.from_answer, name="from_answer"),
    path("api/for-contact/<int:contact_id>", pages.for_contact, name="for_contact"),
    path("api/<int:id>/used", pages.used, name="used"),
]
