"""The only writers of plans: a draft is saved, published, thrown away; an old version comes back as a new one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import IntegrityError
from django.db.models import Max
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import one_line
from heartline.ledger.actions import one_change, record
from heartline.routing.events import PlanChanged
from heartline.routing.models import PlanState, PlanVersion
from heartline.routing.plans.queries import draft, forget, names, number_in_use, version
from heartline.routing.plans.reading import read
from heartline.routing.plans.shape import misshapen

LARGEST, MOST_TOLD = 500_000, 20


def check(content: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with a plan by its place, in the reader's language; nothing when it could be used."""
    return read(tidy(content), names())[1]


def save_draft(content: Mapping[str, Any], *, note: str = "", saved: int = 0, by: Actor, now: datetime) -> PlanVersion:
    """Keep a draft, good or not. `saved` is the save it was made from: a later one is never written over."""
    kept = tidy(content)
    _check_shape(kept)
    with one_change():
        standing = PlanVersion.objects.select_for_update().filter(state=PlanState.DRAFT).first()
        if standing is None:
            return _begin(kept, note, base=number_in_use(), why="drafted", by=by, now=now)
        again = PlanVersion.objects.filter(id=standing.id, saved=saved or standing.saved, state=PlanState.DRAFT)
        words = one_line(note, 300) or standing.note
        values = {"content": kept, "note": words, "saved": standing.saved + 1, "made_by_id": by.id, "made_at": now}
        if not again.update(**values):
            raise Conflict(_("This draft was changed elsewhere. Look again; what you wrote is still here"))
        standing.refresh_from_db()
        return standing


def discard_draft(*, by: Actor, now: datetime) -> None:
    """Throw the draft away; the plan in use stays."""
    with one_change():
        standing = draft()
        if standing is None:
            raise Conflict(_("There is no draft"))
        _tell(standing, "discarded", by=by, now=now)
        standing.delete()


def publish(standing: PlanVersion, *, by: Actor, now: datetime) -> PlanVersion:
    """Put a draft in use from the next offer on; raises Invalid with every place that cannot be used."""
    if wrong := check(standing.content):
        raise Invalid(_("This plan cannot be used yet"), fields=wrong)
    with one_change():
        if number_in_use() != standing.base:
            raise Conflict(_("Another plan was published since this draft was begun. Look at both"), code="outdated")
        PlanVersion.objects.filter(state=PlanState.PUBLISHED).update(state=PlanState.RETIRED)
        waiting = PlanVersion.objects.filter(id=standing.id, state=PlanState.DRAFT, saved=standing.saved)
        if not waiting.update(state=PlanState.PUBLISHED, published_by_id=by.id, published_at=now):
            raise Conflict(_("Somebody has just published or changed this draft. Look again"))
        standing.refresh_from_db()
        _tell(standing, "published", by=by, now=now)
    forget()
    return standing


def roll_back(number: int, *, by: Actor, now: datetime) -> PlanVersion:
    """Put an old version in use again, as a new version with the same content; 0 is what is built in."""
    content = version(number).content if number else {}
    if wrong := check(content):
        raise Invalid(_("This plan cannot be used any more"), fields=wrong)
    with one_change():
        PlanVersion.objects.filter(state=PlanState.PUBLISHED).update(state=PlanState.RETIRED)
        # a draft that stands goes on; it was begun from another version, and says so when it is published
        made = _new(content, _("As in version %(number)s") % {"number": number}, base=number, by=by, now=now)
        made.state, made.published_by_id, made.published_at = PlanState.PUBLISHED, by.id, now
        _create(made)
        _tell(made, "rolled_back", by=by, now=now)
    forget()
    return made


def rebase_draft(standing: PlanVersion, *, by: Actor, now: datetime) -> PlanVersion:
    """Say that a draft is meant to replace the version now in use, whatever it was begun from."""
    with one_change():
        kept = PlanVersion.objects.filter(id=standing.id, state=PlanState.DRAFT, saved=standing.saved)
        if not kept.update(base=number_in_use(), saved=standing.saved + 1):
            raise Conflict(_("Somebody has just published or changed this draft. Look again"))
        standing.refresh_from_db()
    return standing


def tidy(value: Any) -> Any:
    """Return what was written without what is null: it counts as left out."""
    if isinstance(value, Mapping):
        return {str(name): tidy(one) for name, one in value.items() if one is not None}
    return [tidy(one) for one in value] if isinstance(value, list | tuple) else value


def _check_shape(kept: Any) -> None:
    """Refuse what no page can show and no database keeps; whatever else is wrong with a draft is only said."""
    places = [
        one.encode("utf-8", "replace").decode().replace("\x00", "?") for one in islice(misshapen(kept), MOST_TOLD)
    ]
    if places:
        raise Invalid(
            _("This plan cannot be used yet"), fields=dict.fromkeys(places, _("This has the wrong form for a plan"))
        )
    if len(json.dumps(kept)) > LARGEST:
        raise Invalid(_("This plan is too long"))


def _begin(content: Any, note: str, *, base: int, why: str, by: Actor, now: datetime) -> PlanVersion:
    made = _new(content, note, base=base, by=by, now=now)
    _create(made)
    _tell(made, why, by=by, now=now)
    return made


def _new(content: Any, note: str, *, base: int, by: Actor, now: datetime) -> PlanVersion:
    last = PlanVersion.objects.aggregate(last=Max("number"))["last"] or 0
    words = one_line(note, 300)
    return PlanVersion(number=last + 1, content=content, note=words, base=base, made_by_id=by.id, made_at=now)


def _create(made: PlanVersion) -> None:
    try:
        made.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("Somebody has just begun a draft. Look again")) from error


def _tell(made: PlanVersion, what: str, *, by: Actor, now: datetime) -> None:
    event = PlanChanged(number=made.number, what=what, base=made.base, note=made.note)
    record(event, by=by, now=now, sample=bool(made.made_by and made.made_by.is_sample))
