"""Organisations that customers belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean, fold
from heartline.customers.events import OrganisationChanged
from heartline.customers.models import Organisation
from heartline.ledger.actions import one_change, record

LIMITS = {"name": 200, "place": 120, "about": 4000}


def save_organisation(organisation: Organisation, values: dict[str, Any], *, by: Actor, now: datetime) -> Organisation:
    """Add or change an organisation; two with the same name, however written, are one."""
    values = {name: clean(value, LIMITS[name]) for name, value in values.items()}
    if not values.get("name", organisation.name):
        raise Invalid(_("Write a name"), fields={"name": _("Write a name")})
    adding = organisation.pk is None
    changed = tuple(name for name, value in values.items() if adding or getattr(organisation, name) != value)
    if not changed:
        return organisation
    for name, value in values.items():
        setattr(organisation, name, value)
    with one_change():
        if adding:
            organisation.created_at = now
        try:
            with transaction.atomic():
                organisation.save()
        except IntegrityError:
            message = _("There is an organisation with this name already")
            raise Conflict(message, fields={"name": message}) from None
        event = OrganisationChanged(organisation_id=organisation.pk, changed=("added",) if adding else changed)
        record(event, by=by, now=now, sample=organisation.is_sample)
    return organisation


def organisation_named(name: str, *, by: Actor, now: datetime) -> Organisation | None:
    """Return the organisation with a name, added when it is new; None for no name."""
    name = clean(name, 200)
    if not name:
        return None
    found = Organisation.objects.filter(name_folded=fold(name)[:200]).first()
    return found or save_organisation(Organisation(), {"name": name}, by=by, now=now)
