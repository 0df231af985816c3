"""Which attributes customers have, and what they may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.customers.models import Attribute, AttributeKind, TierRule
from heartline.customers.rules.values import read_value
from heartline.ledger.actions import one_change
from heartline.people.setup_actions.settings import note, write


def save_attribute(attribute: Attribute, values: Mapping[str, Any], *, by: Actor, now: datetime) -> Attribute:
    """Add or change an attribute; its kind stays what it was, because values of that kind are kept already."""
    adding = attribute.pk is None
    values = dict(values)
    if adding:
        attribute.key = _free_key(values.get("name_en", ""))
        values["order"] = Attribute.objects.count()
    elif values.get("kind", attribute.kind) != attribute.kind:
        message = _("The kind cannot change, because values of this kind are kept. Add another attribute instead")
        raise Invalid(message, fields={"kind": message})
    if values.get("kind", attribute.kind) == AttributeKind.CHOICE and not values.get("choices", attribute.choices):
        message = _("Write at least one choice, each on a line of its own")
        raise Invalid(message, fields={"choices": message})
    with one_change():
        note("attribute", attribute, write(attribute, values), by=by, now=now)
    return attribute


def remove_attribute(attribute: Attribute, *, by: Actor, now: datetime) -> None:
    """Remove an attribute that no rule stands on; values of it stay with customers, out of sight."""
    what = f"attribute:{attribute.key}"
    if any(condition["what"] == what for rule in TierRule.objects.all() for condition in rule.conditions):
        raise Conflict(_("A tier rule asks for it, so it stays. Change the rule first"))
    with one_change():
        note("attribute", attribute, ("removed",), by=by, now=now)
        attribute.delete()


def read_attributes(raw: Mapping[str, str], attributes: list[Attribute]) -> dict[str, str]:
    """Return values by key as they are kept; raises Invalid naming each that cannot be read."""
    found: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for attribute in attributes:
        if attribute.key in raw:
            try:
                found[attribute.key] = read_value(attribute.kind, raw[attribute.key], attribute.choices)
            except ValueError as error:
                wrong[f"attribute_{attribute.key}"] = str(wrong_value(str(error)))
    if wrong:
        raise Invalid(_("Something here cannot be used"), fields=wrong)
    return found


def wrong_value(code: str) -> str:
    """Return what is wrong with a value, in the reader's language."""
    return {
        "number": _("This is no number. Write it like 12000 or 12,000.50"),
        "date": _("This is no date. Write it like 2026-03-06"),
        "choice": _("Choose from the list"),
    }[code]


def _free_key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:32].strip("-")
    base = base if base[:1].isalpha() else "attribute"
    taken = set(Attribute.objects.values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if key not in taken)
