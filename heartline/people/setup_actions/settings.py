"""How any setting is written: compared, checked, saved, recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean
from heartline.ledger.actions import one_change, record
from heartline.people.events import SettingsChanged

LONGEST = 10_000  # each column has its own limit; cleaning only takes out what must not be stored


def write(thing: Any, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Set the fields of a row, check and save it; returns the names of those that changed, `added` for a new row."""
    values = {name: clean(value, LONGEST) if isinstance(value, str) else value for name, value in values.items()}
    adding = thing.pk is None
    standing = None if adding else type(thing).objects.select_for_update().get(pk=thing.pk)
    changed = tuple(sorted(name for name, value in values.items() if adding or getattr(standing, name) != value))
    if not changed:
        return ()
    for name, value in values.items():
        setattr(thing, name, value)
    try:
        thing.full_clean()
        with transaction.atomic():
            thing.save(update_fields=None if adding else list(changed))
    except ValidationError as error:
        raise Invalid(_("Something here cannot be used"), fields=_fields(error)) from error
    except IntegrityError as error:
        raise Conflict(_("Somebody has just saved the same. Look again")) from error
    return ("added",) if adding else changed


def note(
    what: str,
    thing: Any,
    changed: tuple[str, ...],
    *,
    brand_id: int | None = None,
    queue_id: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Record that a setting changed; nothing changed records nothing."""
    if not changed:
        return
    event = SettingsChanged(
        what=what, id=thing.pk, name=thing.name_in("en"), changed=changed, brand_id=brand_id, queue_id=queue_id
    )
    record(event, by=by, now=now, sample=thing.is_sample)


def save_setting(what: str, thing: Any, values: Mapping[str, Any], *, by: Actor, now: datetime) -> Any:
    """Save a setting that is one row."""
    with one_change():
        note(what, thing, write(thing, values), by=by, now=now)
    return thing


def remove_setting(what: str, thing: Any, *, by: Actor, now: datetime) -> None:
    """Remove a setting that nothing stands on; raises Conflict naming what does."""
    with one_change():
        note(what, thing, ("removed",), by=by, now=now)
        try:
            with transaction.atomic():
                thing.delete()
        except (ProtectedError, RestrictedError) as error:
            objects = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
            raise Conflict(_("Still in use, so it stays: %(things)s") % {"things": _named(objects)}) from error


def replace_levels(rows: Any, wanted: Mapping[int, int]) -> bool:
    """Make the skill rows of a queue or a person match `wanted` (skill id → level); returns whether any changed."""
    if dict(rows.values_list("skill_id", "level")) == dict(wanted):
        return False
    rows.all().delete()
    for skill_id, level in wanted.items():
        rows.create(skill_id=skill_id, level=level)
    return True


def replace_links(links: Any, wanted: list[Any]) -> bool:
    """Make a many-to-many relation match `wanted`; returns whether it changed."""
    if set(links.values_list("pk", flat=True)) == {thing.pk for thing in wanted}:
        return False
    links.set(wanted)
    return True


def _named(objects: set[models.Model]) -> str:
    names = sorted({str(thing) for thing in objects if str(thing)})
    return ", ".join(names[:3]) + ("…" if len(names) > 3 else "")


def _fields(error: ValidationError) -> dict[str, str]:
    found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    return {name: " ".join(messages) for name, messages in found.items()}
