"""Addresses of attachments, under /files/."""

from django.urls import path

from heartline.conversations.pages import files

app_name = "files"
urlpatterns = [path("<str:token>", files.file, name="file")]
