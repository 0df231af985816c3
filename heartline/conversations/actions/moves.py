"""Merging cases, and moving contacts from one case to another; what went is written down row by row, to go back.

Every table that points at a case takes part by that alone: messages, follow-ups, answers, drafts, tags. A table added
later needs no word here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean, one_line
from heartline.conversations.actions.cases import change_case
from heartline.conversations.actions.links import write_link
from heartline.conversations.case_events import ContactsMoved
from heartline.conversations.events import CaseOpened
from heartline.conversations.models import Case, CaseLink, Contact, Deed, Draft, Snooze
from heartline.conversations.rules import LIVE
from heartline.ledger.actions import one_change, record

STAY: tuple[type[Model], ...] = (Case, Deed, CaseLink)
# How rows that name no contact of their own belong to one.
BY_WAY_OF = {"voice_of_customer.response": "invitation__contact", "conversations.mention": "message__contact"}


def merge_cases(source: Case, target: Case, *, by: Actor, now: datetime) -> Deed:
    """Move everything of one case to another of the same customer; the old case stays as a pointer."""
    with one_change():
        source, target = _held(source, target)
        deed = _deed("merged", source, target, by=by, now=now)
        contact_ids = list(Contact.objects.filter(case=source).order_by("id").values_list("id", flat=True))
        deed.parts = {"state": source.state, "moved": dict(_move_all(source, target))}
        _fold_drafts(source, target, now=now)
        _fold_snoozes(source, target, now=now)
        Case.objects.filter(id=source.id).update(merged_into=target)
        if source.type_id and target.type_id is None:
            deed.parts["type_id"] = source.type_id
            Case.objects.filter(id=target.id).update(type_id=source.type_id)
        if source.state not in ("solved", "closed") and target.state in ("solved", "closed"):
            change_case(target, {"state": "open"}, by=by, now=now)
        _moved(deed, source, target, contact_ids, "merged", by=by, now=now)
        change_case(source, {"state": "closed"}, by=by, now=now)
    return deed


def move_contacts(source: Case, target: Case, contact_ids: Iterable[int], *, by: Actor, now: datetime) -> Deed:
    """Move some contacts, with all that belongs to them, to another case of the same customer."""
    with one_change():
        source, target = _held(source, target)
        return _move_some(source, target, sorted(set(contact_ids)), "moved", by=by, now=now)


def split_case(source: Case, contact_ids: Iterable[int], subject: str, *, by: Actor, now: datetime) -> Deed:
    """Let some contacts of a case become a case of their own, linked to where they came from."""
    words = one_line(clean(subject, 1000), 200)
    if not words:
        message = _("One thing missing: %(field)s") % {"field": _("Subject")}
        raise Invalid(message, fields={"subject": message})
    ids = sorted(set(contact_ids))
    with one_change():
        source = _held_one(source)
        first = Contact.objects.filter(case=source, id__in=ids).order_by("id").first()
        target = _new_case(source, first, words, by=by, now=now)
        deed = _move_some(source, target, ids, "split", by=by, now=now)
        write_link(source, target, "split", now=now)
    return deed


def undo_move(deed: Deed, *, by: Actor, now: datetime) -> Deed:
    """Take a merge, a split or a move back: what had moved returns, what came since stays where it is."""
    with one_change():
        if not Deed.objects.filter(id=deed.id, undone_at=None).update(undone_at=now):
            raise Conflict(_("This has been taken back already"), code="undone_already")
        target, source = deed.case, deed.from_case
        assert target is not None
        assert source is not None
        if target.merged_into_id:
            raise Conflict(_("This case has since been merged. Undo that first"), code="merged_already")
        contact_ids = deed.parts["moved"].get("conversations.contact", [])
        for name, ids in deed.parts["moved"].items():
            _move(name, _rows(name, target).filter(pk__in=ids), source, came_from=0)
        if deed.kind == "merged":
            Case.objects.filter(id=source.id, merged_into=target).update(merged_into=None)
            if deed.parts.get("type_id"):
                Case.objects.filter(id=target.id, type_id=deed.parts["type_id"]).update(type_id=None)
            change_case(source, {"state": deed.parts["state"]}, by=by, now=now)
        if deed.kind == "split" and not Contact.objects.filter(case=target).exists():
            Case.objects.filter(id=target.id).update(merged_into=source)
            change_case(target, {"state": "closed"}, by=by, now=now)
        _moved(deed, target, source, contact_ids, "taken_back", by=by, now=now)
    return deed


def _held(source: Case, target: Case) -> tuple[Case, Case]:
    """Return both cases as they are now, held against others who would move them at this moment."""
    rows = {row.id: row for row in _locked().filter(id__in=[source.id, target.id])}
    if len(rows) < 2:
        raise Invalid(_("Choose another case"), fields={"into": _("Choose another case")})
    if any(row.merged_into_id for row in rows.values()):
        raise Conflict(_("One of the two has just been merged. Look again"), code="merged_already")
    if rows[source.id].customer_id != rows[target.id].customer_id:
        message = _("These cases are of two customers. Each would read what the other wrote")
        raise Conflict(message, code="two_customers", fields={"into": message})
    return rows[source.id], rows[target.id]


def _held_one(case: Case) -> Case:
    row = _locked().get(id=case.id)
    if row.merged_into_id:
        raise Conflict(_("One of the two has just been merged. Look again"), code="merged_already")
    return row


def _locked() -> QuerySet[Case]:
    return Case.objects.select_related("customer").select_for_update(of=("self",)).order_by("id")


def _deed(kind: str, source: Case, target: Case, *, by: Actor, now: datetime) -> Deed:
    by_id = by.id if by.kind == "person" else None
    return Deed.objects.create(kind=kind, case=target, from_case=source, by_id=by_id, at=now)


def _move_some(source: Case, target: Case, ids: list[int], kind: str, *, by: Actor, now: datetime) -> Deed:
    theirs = set(Contact.objects.filter(case=source).values_list("id", flat=True))
    if not ids or not theirs.issuperset(ids):
        raise Invalid(_("Choose what goes"), fields={"contact_ids": _("Choose what goes")})
    if theirs == set(ids):
        message = _("Something has to stay. Merge the cases instead")
        raise Invalid(message, fields={"contact_ids": message})
    deed = _deed(kind, source, target, by=by, now=now)
    deed.parts = {"moved": dict(_move_of_contacts(source, target, ids))}
    _moved(deed, source, target, ids, kind, by=by, now=now)
    return deed


def _new_case(source: Case, first: Contact | None, subject: str, *, by: Actor, now: datetime) -> Case:
    """Open the case that a part of another becomes."""
    case = Case.objects.create(
        customer=source.customer,
        brand_id=source.brand_id,
        queue_id=first.queue_id if first else source.queue_id,
        owner_id=(first.assignee_id if first else None) or source.owner_id,
        state="open" if first and first.state in LIVE else source.state,
        subject=subject,
        wants=subject,
        language=source.language,
        opened_at=now,
        changed_at=now,
        is_sample=source.is_sample,
        opened_as=(first.opened_as if first else None) or source.opened_as,
    )
    event = CaseOpened(
        case_id=case.id,
        customer_id=case.customer_id,
        brand_id=case.brand_id,
        queue_id=case.queue_id,
        language=case.language,
    )
    record(event, by=by, now=now, sample=case.is_sample)
    return case


def _tables() -> Iterator[str]:
    """Yield the tables whose rows belong to cases."""
    for relation in Case._meta.related_objects:
        model: Any = relation.related_model
        if model not in STAY and relation.field.name == "case":
            yield model._meta.label_lower


def _rows(name: str, case: Case) -> QuerySet[Any]:
    model: Any = apps.get_model(name)
    rows: QuerySet[Any] = model.objects.filter(case=case)
    return rows


def _move_all(source: Case, target: Case) -> Iterator[tuple[str, list[int]]]:
    for name in _tables():
        if went := _move(name, _rows(name, source), target, came_from=source.id):
            yield name, went


def _move_of_contacts(source: Case, target: Case, ids: list[int]) -> Iterator[tuple[str, list[int]]]:
    """Move contacts and the rows that name one of them."""
    for name in _tables():
        way = _way_to_contact(name)
        rows = _rows(name, source).filter(**{f"{way}__in": ids}) if way else None
        if rows is not None and (went := _move(name, rows, target, came_from=source.id)):
            yield name, went


def _way_to_contact(name: str) -> str:
    model: Any = apps.get_model(name)
    if model is Contact:
        return "id"
    fields = {field.name for field in model._meta.get_fields()}
    return BY_WAY_OF.get(name, "contact" if "contact" in fields else "")


def _move(name: str, rows: QuerySet[Any], target: Case, *, came_from: int) -> list[int]:
    """Give rows to another case, at once or, where some are there already, one by one; returns those that went."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    model: Any = apps.get_model(name)
    fields: dict[str, Any] = {"case": target}
    if any(field.name == "came_from" for field in model._meta.get_fields()):
        fields["came_from"] = came_from
    try:
        with transaction.atomic():
            model.objects.filter(pk__in=ids).update(**fields)
    except IntegrityError:
        return [id for id in ids if _move_one(model.objects.filter(pk=id), fields)]
    return ids


def _move_one(row: QuerySet[Any], fields: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            return bool(row.update(**fields))
    except IntegrityError:
        return False


def _fold_drafts(source: Case, target: Case, *, now: datetime) -> None:
    """Where somebody has typed in both, the target's draft gets both texts."""
    for left in Draft.objects.filter(case=source):
        there = Draft.objects.filter(case=target, person_id=left.person_id, mode=left.mode).first()
        if there and left.body not in there.body:
            there.body = f"{there.body}\n\n{left.body}".strip()
            there.files = list(dict.fromkeys([*there.files, *left.files]))
            there.version, there.changed_at = there.version + 1, now
            there.save(update_fields=["body", "files", "version", "changed_at"])


def _fold_snoozes(source: Case, target: Case, *, now: datetime) -> None:
    """Where somebody has snoozed both, the earlier time holds."""
    for left in Snooze.objects.filter(case=source).exclude(state="over"):
        there = Snooze.objects.filter(case=target, person_id=left.person_id, until__gt=left.until, state="asleep")
        there.update(until=left.until)
        Snooze.objects.filter(id=left.id).update(state="over", ended_at=now)


def _moved(
    deed: Deed, source: Case, target: Case, contact_ids: list[int], how: str, *, by: Actor, now: datetime
) -> None:
    """Count anew, keep what went where, and tell everybody who sees either case."""
    for case in (source, target):
        count = Contact.objects.filter(case=case).count()
        Case.objects.filter(id=case.id).update(contacts_count=count, changed_at=now)
        case.contacts_count, case.changed_at = count, now
    deed.save(update_fields=["parts"])
    event = ContactsMoved(
        case_id=target.id,
        from_case_id=source.id,
        customer_id=target.customer_id,
        queue_id=target.queue_id,
        from_queue_id=source.queue_id,
        contact_ids=tuple(contact_ids),
        how=how,
        deed_id=deed.id,
    )
    record(event, by=by, now=now, sample=target.is_sample)
