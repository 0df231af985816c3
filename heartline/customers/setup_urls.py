"""Addresses of what is set up for customers, under /setup/customers/."""

from django.urls import path

from heartline.customers.pages import setup

app_name = "customer_setup"
urlpatterns = [
    path("attributes/", setup.attributes, name="attributes"),
    path("attributes/new/", setup.attribute, name="attribute_add"),
    path("attributes/<int:id>/", setup.attribute, name="attribute"),
    path("attributes/<int:id>/remove/", setup.drop_attribute, name="attribute_remove"),
    path("tiers/", setup.tiers, name="tiers"),
    path("tiers/new/", setup.tier_rule, name="tier_add"),
    path("tiers/<int:id>/", setup.tier_rule, name="tier_rule"),
    path("tiers/<int:id>/move/", setup.move_tier_rule, name="tier_move"),
    path("tiers/<int:id>/remove/", setup.drop_tier_rule, name="tier_remove"),
    path("retention/", setup.retention, name="retention"),
]
