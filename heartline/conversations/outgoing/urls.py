"""Address of the settings for writing, under /setup/writing/."""

from django.urls import path

from heartline.conversations.outgoing import pages

app_name = "writing"
urlpatterns = [path("", pages.writing, name="settings")]
