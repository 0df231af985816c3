"""Merging two records of one person, and taking them apart again: what moved is written down row by row.

Every table that points at a customer takes part by that alone; a table added later needs no word here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ForeignObjectRel, Model
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict
from heartline.customers.actions.known import tell_changed
from heartline.customers.actions.tiers import moved_by_rule
from heartline.customers.events import CustomersMerged, CustomersUnmerged, DuplicateDismissed
from heartline.customers.models import Customer, Identity, IdentityKind, Merge, Suggestion
from heartline.customers.neighbours import NEIGHBOURS
from heartline.ledger.actions import one_change, record

FILLED = tuple(
    "name form_of_address place about customer_since organisation_id do_not_contact needs_care".split(),
)
STAY: tuple[type[Model], ...] = (Merge, Suggestion, Customer)


def merge_customers(kept: Customer, gone: Customer, *, by: Actor, now: datetime) -> Merge:
    """Move everything of one record to another; the old record stays as a pointer.

    Browsers are not moved: a browser that wrote as one record never sees what was said as the other.
    """
    with one_change():
        kept, gone = _held(kept, gone)
        for allowed in NEIGHBOURS.before_merge:
            allowed(kept, gone)
        moved = {name: ids for name, ids in _moving(gone, kept) if ids}
        filled = _fill(kept, gone)
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        merge = Merge.objects.create(
            kept=kept, gone=gone, moved=moved, filled=filled, by_id=by.id if by.kind == "person" else None, at=now
        )
        Suggestion.objects.filter(first_id=min(kept.id, gone.id), second_id=max(kept.id, gone.id)).update(
            state="merged"
        )
        event = CustomersMerged(customer_id=kept.id, gone_id=gone.id, merge_id=merge.pk, moved=_counts(moved))
        record(event, by=by, now=now, sample=kept.is_sample)
        _retier(kept, by=by, now=now)
        tell_changed(kept, ("merged",), by=by, now=now)
    return merge


def unmerge(merge: Merge, *, by: Actor, now: datetime) -> Merge:
    """Take two records apart again: what had moved goes back, what came since stays with the kept record."""
    with one_change():
        claimed = Merge.objects.filter(pk=merge.pk, undone_at=None)
        merge = claimed.select_related("kept", "gone").select_for_update(of=("self",)).first() or _gone_already()
        kept, gone = merge.kept, merge.gone
        if kept.merged_into_id or kept.erased_at or gone.erased_at:
            raise Conflict(_("This record has since been merged or erased. Undo the later change first"))
        for part in NEIGHBOURS.before_unmerge:
            part(kept, gone, by=by, now=now)
        for name, ids in merge.moved.items():
            _back(name, ids, kept, gone)
        _unfill(kept, gone, merge.filled)
        gone.merged_into = None
        gone.save(update_fields=["merged_into"])
        merge.undone_at = now
        merge.save(update_fields=["undone_at"])
        Customer.objects.filter(id=kept.id).update(has_merged=Merge.objects.filter(kept=kept, undone_at=None).exists())
        for aligned in NEIGHBOURS.after_unmerge:
            aligned(kept, gone)
        pair = {"first_id": min(kept.id, gone.id), "second_id": max(kept.id, gone.id)}
        Suggestion.objects.filter(**pair).update(state="dismissed")
        event = CustomersUnmerged(customer_id=kept.id, gone_id=gone.id, merge_id=merge.pk, moved=_counts(merge.moved))
        record(event, by=by, now=now, sample=kept.is_sample)
        for customer in (kept, gone):
            customer.refresh_from_db()
            _retier(customer, by=by, now=now)
            tell_changed(customer, ("merged",), by=by, now=now)
    return merge


def dismiss_suggestion(suggestion: Suggestion, *, by: Actor, now: datetime) -> None:
    """Remember that two records are two people."""
    with one_change():
        if Suggestion.objects.filter(pk=suggestion.pk, state="open").update(state="dismissed"):
            event = DuplicateDismissed(customer_id=suggestion.first_id, other_id=suggestion.second_id)
            record(event, by=by, now=now, sample=suggestion.first.is_sample)


def _held(kept: Customer, gone: Customer) -> tuple[Customer, Customer]:
    """Return both records as they are now, held against others who would merge them at this moment."""
    rows = {row.id: row for row in Customer.objects.select_for_update().filter(id__in=[kept.id, gone.id])}
    if len(rows) < 2:
        raise Conflict(_("Choose two different customers"))
    if any(row.merged_into_id or row.erased_at for row in rows.values()):
        raise Conflict(_("One of the two has just been merged or erased. Look again"))
    return rows[kept.id], rows[gone.id]


def _gone_already() -> Merge:
    raise Conflict(_("This merge has been undone already"))


def _relations() -> Iterator[tuple[str, ForeignObjectRel]]:
    for relation in Customer._meta.related_objects:
        if relation.related_model not in STAY and (relation.one_to_many or relation.one_to_one):
            model: Any = relation.related_model
            yield f"{model._meta.label_lower}.{relation.field.name}", relation


def _moving(source: Customer, target: Customer) -> Iterator[tuple[str, list[Any]]]:
    for name, relation in _relations():
        model: Any = relation.related_model
        field = relation.field.name
        rows = model.objects.filter(**{field: source})
        if model is Identity:
            rows = rows.exclude(kind=IdentityKind.VISITOR)
        yield name, _move(model, field, list(rows.order_by("pk").values_list("pk", flat=True)), target)


def _back(name: str, ids: list[Any], kept: Customer, gone: Customer) -> None:
    for known, relation in _relations():
        if known == name:
            model: Any = relation.related_model
            field = relation.field.name
            still = model.objects.filter(pk__in=ids, **{field: kept})
            _move(model, field, list(still.values_list("pk", flat=True)), gone)


def _move(model: Any, field: str, ids: list[Any], target: Customer) -> list[Any]:
    """Give rows to another customer, at once or, where some are there already, one by one; returns those that went."""
    rows = model.objects
    try:
        with transaction.atomic():
            rows.filter(pk__in=ids).update(**{field: target})
    except IntegrityError:
        return [id for id in ids if _move_one(rows.filter(pk=id), field, target)]
    return ids


def _move_one(row: Any, field: str, target: Customer) -> bool:
    try:
        with transaction.atomic():
            return bool(row.update(**{field: target}))
    except IntegrityError:
        return False


def _fill(kept: Customer, gone: Customer) -> list[str]:
    """Let the kept record take what it has nothing of its own for; returns what it took."""
    filled = [name for name in FILLED if not getattr(kept, name) and getattr(gone, name)]
    for name in filled:
        setattr(kept, name, getattr(gone, name))
    taken = {key: value for key, value in gone.attributes.items() if value and not kept.attributes.get(key)}
    kept.attributes = kept.attributes | taken
    kept.has_merged = True
    kept.duplicates_checked_at = None
    kept.save()
    return [*filled, *(f"attribute:{key}" for key in taken)]


def _unfill(kept: Customer, gone: Customer, filled: list[str]) -> None:
    """Give back what was taken, unless somebody has changed it since."""
    for name in filled:
        key = name.removeprefix("attribute:")
        if key != name:
            if kept.attributes.get(key) == gone.attributes.get(key):
                kept.attributes = {other: value for other, value in kept.attributes.items() if other != key}
        elif getattr(kept, name) == getattr(gone, name):
            column: Any = Customer._meta.get_field(name.removesuffix("_id"))
            setattr(kept, name, column.get_default())
    kept.save()


def _retier(customer: Customer, *, by: Actor, now: datetime) -> None:
    moved = moved_by_rule(customer, now=now)
    if moved:
        customer.save(update_fields=["tier", "tier_checked_at"])
        record(moved, by=by, now=now, sample=customer.is_sample)


def _counts(moved: dict[str, list[Any]]) -> tuple[str, ...]:
    return tuple(f"{name.rpartition('.')[0]} {len(ids)}" for name, ids in sorted(moved.items()))
