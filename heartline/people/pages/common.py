"""What all pages of set-up share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from heartline.common.errors import Conflict, Invalid
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest


def attempt(form: forms.BaseForm, act: Callable[[], Any]) -> Any:
    """Do what a checked form asks for; a refusal becomes an error of the form, and None is returned."""
    try:
        return act()
    except (Invalid, Conflict) as refusal:
        placed = {name: text for name, text in refusal.fields.items() if name in form.fields}
        for name, text in placed.items():
            form.add_error(name, text)
        if not placed:
            form.add_error(None, " ".join(map(str, refusal.fields.values())) or str(refusal.message))
        return None


def by(request: StaffRequest) -> Any:
    """Return who makes the change."""
    return actor_for(request.user)
