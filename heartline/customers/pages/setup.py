"""`/setup/customers/…`: attributes, tiers, and how long things are kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common import clock
from heartline.common.errors import Conflict, Invalid
from heartline.customers.actions.attributes import remove_attribute, save_attribute
from heartline.customers.actions.keeping import set_retention, would_go
from heartline.customers.actions.tiers import move_rule, remove_rule, save_rule
from heartline.customers.forms import AttributeForm, RuleForm, refuse, test_words, whats
from heartline.customers.models import Attribute, Customer, RetentionRule, RetentionRun, Tier, TierRule
from heartline.customers.models.keeping import KEPT
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

MOST_DAYS = 36_500


@require_safe
def attributes(request: StaffRequest) -> HttpResponse:
    """Show what is asked about customers."""
    rows = Attribute.objects.all()
    return render(request, "customers/setup/attributes.html", {"rows": rows, "here": "attributes"})


@require_http_methods(["GET", "HEAD", "POST"])
def attribute(request: StaffRequest, id: int | None = None) -> HttpResponse:
    """Add or change an attribute."""
    standing = get_object_or_404(Attribute, pk=id) if id else None
    form = AttributeForm(request.POST or None, instance=Attribute.objects.filter(pk=id or 0).first())
    if request.method == "POST" and form.is_valid():
        by, now = actor_for(request.user), clock.now()
        try:
            saved = save_attribute(standing or Attribute(), form.values(), by=by, now=now)
        except Invalid as refusal:
            refuse(form, _moved_to(refusal))
        else:
            messages.success(request, _("%(name)s is saved") % {"name": saved.name})
            return redirect("customer_setup:attributes")
    context = {"form": form, "attribute": standing, "here": "attributes"}
    return render(request, "customers/setup/attribute.html", context, status=422 if form.errors else 200)


@require_POST
def drop_attribute(request: StaffRequest, id: int) -> HttpResponse:
    """Remove an attribute."""
    found = get_object_or_404(Attribute, pk=id)
    name = found.name
    try:
        remove_attribute(found, by=actor_for(request.user), now=clock.now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect("customer_setup:attribute", id=id)
    messages.success(request, _("%(name)s is removed") % {"name": name})
    return redirect("customer_setup:attributes")


@require_safe
def tiers(request: StaffRequest) -> HttpResponse:
    """Show the pyramid: how many customers are in each tier, and the rules in the order they are asked."""
    living = Customer.objects.filter(merged_into=None, erased_at=None)
    held = dict(living.order_by().values_list("tier").annotate(n=Count("id")))
    names = {what: name for what, name, _kind in whats()}
    rules = [(rule, [condition_words(row, names) for row in rule.conditions]) for rule in TierRule.objects.all()]
    context = {
        "pyramid": [(word, held.get(key, 0)) for key, word in Tier.choices],
        "rules": rules,
        "waiting": living.filter(tier_checked_at=None, tier_by_hand=False).count() if rules else 0,
        "by_hand": living.filter(tier_by_hand=True).count(),
        "here": "tiers",
    }
    return render(request, "customers/setup/tiers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tier_rule(request: StaffRequest, id: int | None = None) -> HttpResponse:
    """Add or change a rule."""
    standing = get_object_or_404(TierRule, pk=id) if id else None
    initial: dict[str, Any] = {"tier": standing.tier if standing else Tier.TOP}
    for line, row in enumerate(standing.conditions if standing else []):
        initial |= {f"{name}_{line}": row[name] for name in ("what", "test", "value")}
    form = RuleForm(request.POST or None, whats(), initial)
    if request.method == "POST" and form.is_valid():
        typed, by, now = form.cleaned_data, actor_for(request.user), clock.now()
        save_rule(standing or TierRule(), typed["tier"], typed["conditions"], by=by, now=now)
        messages.success(request, _("The rule is saved. Customers are asked about again in the next minutes"))
        return redirect("customer_setup:tiers")
    context = {"form": form, "rule": standing, "here": "tiers"}
    return render(request, "customers/setup/tier_rule.html", context, status=422 if form.errors else 200)


@require_POST
def move_tier_rule(request: StaffRequest, id: int) -> HttpResponse:
    """Ask a rule earlier or later."""
    up = request.POST.get("to") == "up"
    move_rule(get_object_or_404(TierRule, pk=id), up=up, by=actor_for(request.user), now=clock.now())
    return redirect("customer_setup:tiers")


@require_POST
def drop_tier_rule(request: StaffRequest, id: int) -> HttpResponse:
    """Remove a rule."""
    remove_rule(get_object_or_404(TierRule, pk=id), by=actor_for(request.user), now=clock.now())
    messages.success(request, _("The rule is removed"))
    return redirect("customer_setup:tiers")


@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: StaffRequest) -> HttpResponse:
    """Show and set how long the words of each channel are kept; look at what would go before it does."""
    typed, refusal, now = "", "", clock.now()
    if request.method == "POST":
        channel, typed = request.POST.get("channel", ""), request.POST.get("days", "").strip()
        refusal, preview = _retention_asked(request, channel, typed)
        if not refusal and not preview:
            messages.success(request, _("Saved"))
            return redirect("customer_setup:retention")
    else:
        channel, preview = "", None
    rules = {rule.channel: rule.days for rule in RetentionRule.objects.all()}
    rows = [
        {
            "channel": key,
            "word": word,
            "days": typed if key == channel else rules.get(key, ""),
            "held": rules.get(key),
            "refusal": refusal if key == channel else "",
            "preview": preview if key == channel else None,
        }
        for key, word in KEPT
    ]
    runs = [(run, dict(KEPT).get(run.channel, run.channel)) for run in RetentionRun.objects.all()[:20]]
    context = {"rows": rows, "runs": runs, "now": now, "here": "retention"}
    return render(request, "customers/setup/retention.html", context, status=422 if refusal else 200)


def condition_words(row: dict[str, str], names: dict[str, str]) -> str:
    """Return a condition as a sentence: Revenue is at least 50,000."""
    test = test_words().get(row["test"], row["test"])
    if row["test"].endswith("within_days"):
        return f"{names.get(row['what'], row['what'])} {test.replace('…', row['value'])}"
    return " ".join(filter(None, [names.get(row["what"], row["what"]), test, row["value"]]))


def _retention_asked(request: StaffRequest, channel: str, typed: str) -> tuple[str, dict[str, int] | None]:
    """Do what was asked for a channel; returns why not, and a preview instead of a change when that was asked for."""
    if channel not in dict(KEPT):
        return _("Choose from the list"), None
    days = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else None
    if typed and (days is None or not 30 <= days <= MOST_DAYS):
        return _("Write a number of days from 30 to 36500, or nothing to keep everything"), None
    if request.POST.get("act") == "preview":
        return "", {"contacts": would_go(channel, days, now=clock.now()) if days else 0}
    set_retention(channel, days, by=actor_for(request.user), now=clock.now())
    return "", None


def _moved_to(refusal: Invalid) -> Invalid:
    """The choices are typed in a field of another name than their column."""
    fields = {("listed" if name == "choices" else name): text for name, text in refusal.fields.items()}
    return Invalid(refusal.message, fields=fields)
