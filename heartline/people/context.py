"""What every template may know of the house. Nothing here is looked up before a template asks for it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject

from heartline.common.requests import Request
from heartline.people.middleware import signed_in
from heartline.people.models import Brand
from heartline.people.permissions import rights_of


def house(request: Request) -> dict[str, Any]:
    """Return `house`: the reader's `rights`, the default `brand`, and whether `sample` data is loaded."""
    person = signed_in(request)
    rights = rights_of(person.role) if person else frozenset()
    return {
        "house": {
            "rights": rights,
            "brand": SimpleLazyObject(default_brand),
            "sample": SimpleLazyObject(lambda: "setup.manage" in rights and _sample_loaded()),
        }
    }


def default_brand() -> Brand | None:
    """Return the brand shown at the first address."""
    return Brand.objects.order_by("-is_default", "id").first()


def _sample_loaded() -> bool:
    return Brand.objects.filter(is_sample=True).exists()
