"""What is done with customers beyond finding and changing them, for programs: the same actions as on the pages."""

from ninja import Router

from heartline.customers.api.beside import router as beside
from heartline.customers.api.imports import router as imports
from heartline.customers.api.lists import router as lists
from heartline.customers.api.merging import router as merging
from heartline.customers.api.setup import router as setup

ROUTERS: list[Router] = [lists, beside, merging, imports, setup]
