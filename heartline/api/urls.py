"""Addresses of the public API, under /api/v1/."""

from heartline.api.house import compose
from heartline.api.rooms import ROUTERS

app_name = "api"
house = compose(ROUTERS)
urlpatterns = house.urls[0]
