"""The address of the sample company's end, under /setup/sample/."""

from django.urls import path

from heartline.config.sample import pages

app_name = "sample"
urlpatterns = [path("", pages.sample, name="remove")]
