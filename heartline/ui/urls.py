"""The address of the components page, there only while developing (HEARTLINE_DEBUG)."""

from django.urls import path

from heartline.ui import pages

app_name = "ui"
urlpatterns = [path("", pages.components, name="components")]
