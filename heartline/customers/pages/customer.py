"""`/customers/7/`: one customer. Who they are, how they are reached, what they agreed to, what has happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common import clock
from heartline.common.errors import Conflict, Invalid
from heartline.customers.actions.attributes import read_attributes
from heartline.customers.actions.facts import add_note, note_addresses_shown, remove_note, set_consent
from heartline.customers.actions.known import add_identity, change_customer, create_customer, remove_identity
from heartline.customers.actions.organisations import organisation_named
from heartline.customers.forms import CustomerForm, refuse
from heartline.customers.models import Consent, Customer, Identity, IdentityKind, Merge, Note, Purpose
from heartline.customers.neighbours import NEIGHBOURS
from heartline.customers.pages.shared import Moved, attributes_in_use, one_to_change, shown, the_customer, to_customer
from heartline.customers.queries import suggestions_for
from heartline.customers.shown import addresses_for, name_for, values_for
from heartline.ledger.actions import one_change
from heartline.people.actions import actor_for
from heartline.people.models import Brand
from heartline.people.requests import StaffRequest

SHOWN_FOR = timedelta(minutes=10)
REVEALED = "customers_shown"


@require_safe
def customer(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show a customer; an old number leads to the record it went into."""
    try:
        found = the_customer(request, customer_id)
    except Moved as moved:
        messages.info(request, _("Customer %(id)s was merged into this one") % {"id": customer_id})
        return to_customer(moved.customer_id)
    return shown(request, "customer.html", _page_of(request, found, clock.now()), here="customer")


@require_POST
def reveal(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show addresses in full for a while; that somebody looked is recorded."""
    found, now = one_to_change(request, customer_id), clock.now()
    note_addresses_shown(found, by=actor_for(request.user), now=now)
    recent = {id: at for id, at in _revealed(request).items() if at > (now - SHOWN_FOR).isoformat()}
    request.session[REVEALED] = {**recent, str(found.id): now.isoformat()}
    return to_customer(found.id)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Change what is known about a customer."""
    found = one_to_change(request, customer_id)
    form = CustomerForm(request.POST or None, attributes_in_use(), found)
    if request.method == "POST" and form.is_valid() and _saved(request, form, found, clock.now()):
        messages.success(request, _("Saved"))
        return to_customer(found.id)
    context = {"form": form, "customer": found, "name": name_for(request.scope, found)}
    return shown(request, "edit.html", context, here="customer", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    """Add a customer who has not reached us yet."""
    form = CustomerForm(request.POST or None, attributes_in_use(), None)
    if request.method == "POST" and form.is_valid():
        if not any(form.cleaned_data.get(name) for name in ("name", *CustomerForm.ADDRESSES)):
            form.add_error(None, _("Write a name, or a way to reach them"))
        else:
            found = _added(request, form, clock.now())
            if found:
                messages.success(request, _("Added"))
                return to_customer(found.id)
    return shown(request, "edit.html", {"form": form}, here="add", status=422 if form.errors else 200)


@require_POST
def notes(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Add a note."""
    found = one_to_change(request, customer_id)
    try:
        add_note(found, request.POST.get("text", ""), by=actor_for(request.user), now=clock.now())
    except Invalid as refusal:
        messages.error(request, str(refusal))
    return to_customer(found.id)


@require_POST
def drop_note(request: StaffRequest, customer_id: int, id: int) -> HttpResponse:
    """Remove a note."""
    found = one_to_change(request, customer_id)
    remove_note(get_object_or_404(Note, pk=id, customer=found), by=actor_for(request.user), now=clock.now())
    messages.success(request, _("The note is removed"))
    return to_customer(found.id)


@require_POST
def drop_address(request: StaffRequest, customer_id: int, id: int) -> HttpResponse:
    """Take an address away."""
    found = one_to_change(request, customer_id)
    identity = get_object_or_404(Identity.objects.exclude(kind=IdentityKind.VISITOR), pk=id, customer=found)
    remove_identity(identity, by=actor_for(request.user), now=clock.now())
    messages.success(request, _("The address is removed"))
    return to_customer(found.id)


@require_POST
def consent(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Write down what a customer agreed to or refused."""
    found = one_to_change(request, customer_id)
    asked = {"purpose": request.POST.get("purpose", ""), "how": request.POST.get("how", "")}
    given = request.POST.get("given") == "yes"
    try:
        added = set_consent(found, **asked, is_given=given, by=actor_for(request.user), now=clock.now())
    except Invalid as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Written down") if added else _("That is how it stood already"))
    return to_customer(found.id)


def _page_of(request: StaffRequest, found: Customer, now: datetime) -> dict[str, Any]:
    scope, language = request.scope, get_language() or "en"
    in_full = _revealed(request).get(str(found.id), "") > (now - SHOWN_FOR).isoformat()
    context: dict[str, Any] = {
        "now": now,
        "customer": found,
        "name": name_for(scope, found),
        "reads": scope.may("personal.read"),
        "in_full": in_full and scope.may("personal.read"),
        "addresses": addresses_for(scope, found.identities.order_by("kind", "id"), in_full=in_full),
        "values": values_for(scope, found, attributes_in_use(), language),
        "notes": found.notes.select_related("author")[:50] if scope.may("personal.read") else [],
        "consents": _consents(found),
        "panels": _panels(request, found, now),
    }
    if scope.may("customer.merge"):
        both = suggestions_for(scope)
        pairs = [*both.filter(first=found), *both.filter(second=found)][:5]
        context["alike"] = [pair.second if pair.first_id == found.id else pair.first for pair in pairs]
        context["merges"] = Merge.objects.filter(kept=found, undone_at=None).select_related("gone", "by")
    return context


def _panels(request: StaffRequest, found: Customer, now: datetime) -> list[tuple[str, dict[str, Any]]]:
    allowed = [panel for panel in NEIGHBOURS.panels if request.scope.may(panel.right)]
    return [(panel.template, panel.fill(request.scope, found, now)) for panel in allowed]


def _consents(found: Customer) -> list[dict[str, Any]]:
    """Return what holds for each purpose: the newest row, or nothing said yet."""
    newest: dict[str, Consent] = {}
    for row in found.consents.select_related("by"):
        newest.setdefault(row.purpose, row)
    return [{"purpose": key, "word": word, "held": newest.get(key)} for key, word in Purpose.choices]


def _revealed(request: StaffRequest) -> dict[str, str]:
    found = request.session.get(REVEALED)
    return found if isinstance(found, dict) else {}


def _saved(request: StaffRequest, form: CustomerForm, found: Customer, now: datetime) -> bool:
    by = actor_for(request.user)
    try:
        with one_change():
            change_customer(found, _changes(form, found, now=now, by=by), by=by, now=now)
            _add_addresses(form, found, by=by, now=now)
    except (Invalid, Conflict) as refusal:
        refuse(form, refusal)
        return False
    return True


def _added(request: StaffRequest, form: CustomerForm, now: datetime) -> Customer | None:
    by, brand = actor_for(request.user), Brand.objects.order_by("-is_default", "id").first()
    if brand is None:
        form.add_error(None, _("Set up a brand first"))
        return None
    try:
        with one_change():
            language = form.cleaned_data["language"]
            found = create_customer(brand, name=form.cleaned_data["name"], language=language, by=by, now=now)
            change_customer(found, _changes(form, found, now=now, by=by), by=by, now=now)
            _add_addresses(form, found, by=by, now=now)
    except (Invalid, Conflict) as refusal:
        refuse(form, refusal)
        return None
    return found


def _changes(form: CustomerForm, found: Customer, *, by: Any, now: datetime) -> dict[str, Any]:
    names = "name form_of_address language place customer_since tier tier_by_hand about do_not_contact needs_care"
    changes = {name: form.cleaned_data[name] for name in names.split()}
    if changes["tier"] != found.tier:
        changes["tier_by_hand"] = True
    changes["organisation"] = organisation_named(form.cleaned_data["organisation"], by=by, now=now)
    typed = read_attributes(form.raw_attributes(), form.attributes)
    merged = {**found.attributes, **typed}
    changes["attributes"] = {key: value for key, value in merged.items() if value}
    return changes


def _add_addresses(form: CustomerForm, found: Customer, *, by: Any, now: datetime) -> None:
    for kind in CustomerForm.ADDRESSES:
        value = form.cleaned_data.get(kind, "").strip()
        if value:
            try:
                add_identity(found, kind, value, verified=False, by=by, now=now)
            except Invalid as refusal:
                raise Invalid(refusal.message, fields={kind: refusal.message}) from None
