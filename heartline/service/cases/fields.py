"""The type of a case and the fields of that type, as they are filled in at the desk and asked for at wrap-up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, Invalid
from heartline.conversations.actions.cases import Wrapping
from heartline.conversations.case_types.actions import set_case_fields
from heartline.conversations.case_types.queries import held_by, still_needed, type_cards
from heartline.conversations.models import Case, CaseType, Contact, WrapUp
from heartline.ledger.actions import one_change
from heartline.people.actions import actor_for
from heartline.service.actions import Worker, wrap_up

# What needs no answer is finished without being filled in.
NOTHING_NEEDED = "no_answer_needed"


def types_for_desk() -> list[dict[str, Any]]:
    """Return the types of cases in the reader's language."""
    return type_cards(get_language() or "en")


def type_named(type_id: int | None) -> CaseType | None:
    """Return a type by its id, None for no type; raises Invalid when there is no such type."""
    if type_id is None:
        return None
    found = CaseType.objects.filter(id=type_id).first()
    if found is None:
        message = _("There is no such type of case")
        raise Invalid(message, fields={"type_id": message})
    return found


def fill_in(worker: Worker, case: Case, case_type: CaseType | None, typed: Mapping[str, str]) -> tuple[str, ...]:
    """Give a case a type and its fields values; returns what changed."""
    if case.merged_into_id:
        raise Conflict(_("This case has since been merged. Undo that first"), code="merged_already")
    return set_case_fields(case, case_type, typed, by=actor_for(worker.person), now=worker.now)


def check_filled_in(case: Case, resolution: str) -> None:
    """Refuse to finish while a field that wrap-up asks for is empty."""
    needed = still_needed(case) if resolution != NOTHING_NEEDED else []
    if needed:
        names = ", ".join(field.name for field in needed)
        message = _("Fill in first: %(names)s") % {"names": names}
        raise Invalid(message, fields={f"field_{field.key}": message for field in needed})


def wrap_up_with(worker: Worker, contact: Contact, wrapping: Wrapping, typed: Mapping[str, str]) -> WrapUp:
    """Wrap a contact up together with what its type of case asks, both or neither."""
    with one_change():
        if typed:
            fill_in(worker, contact.case, contact.case.type, typed)
        check_filled_in(contact.case, wrapping.resolution)
        return wrap_up(worker, contact, wrapping)


def asked_at_wrap_up(case: Case) -> list[dict[str, Any]]:
    """Return the fields that wrap-up asks for, with what they hold already."""
    if case.type_id is None:
        return []
    (held,) = held_by([case.id]).values()
    mine = next((card for card in types_for_desk() if card["id"] == case.type_id), None)
    fields = mine["fields"] if mine else []
    wanted = [card for card in fields if card["is_needed"] and card["in_use"]]
    return [{**card, "value": held[1].get(str(card["id"]), "")} for card in wanted]
