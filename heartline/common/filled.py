"""Forms of pages filled in by programs: what a page refuses, a program is refused, in the same words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from heartline.common.errors import Invalid


def checked(form: forms.BaseForm, called: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what a form makes of what it was given, or raise Invalid; `called` are fields' names for programs."""
    if form.is_valid():
        return form.cleaned_data
    names = called or {}
    fields = {names.get(name, name): " ".join(map(str, texts)) for name, texts in form.errors.items()}
    whole = fields.pop("__all__", "")
    listed = _("Some fields cannot be used: %(names)s") % {"names": ", ".join(sorted(fields))}
    raise Invalid(whole or listed, fields=fields)
