"""Webhooks in the set-up: list, one with its log, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.api.webhooks.actions import webhooks as actions
from heartline.api.webhooks.courier import id_of
from heartline.api.webhooks.forms import WebhookForm
from heartline.api.webhooks.models import DeliveryState, Webhook
from heartline.api.webhooks.queries import deliveries_of, delivery_of, webhook_for, webhooks_for
from heartline.api.webhooks.words import PROBLEMS, REASONS
from heartline.common import clock
from heartline.common.errors import Conflict
from heartline.people.audit import what_happened
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest

PAGE = 50


@require_safe
def webhooks(request: StaffRequest) -> HttpResponse:
    """Show every webhook and how it does."""
    rows = [(row, REASONS.get(row.reason, "")) for row in webhooks_for(request.scope).order_by("name", "id")]
    return render(request, "webhooks/setup/webhooks.html", {"rows": rows, "here": "webhooks", "now": clock.now()})


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types. Who finds a desk unlocked must not send its events elsewhere
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    """Add a webhook; its secret is shown this once."""
    form = WebhookForm(request.POST or None, request.user)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.create_webhook(**form.cleaned_data, by=by(request), now=clock.now()))
        if made:
            return _shown(request, made[0], secret=made[1])
    return _form(request, form, None)


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types. The same for one that is there
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Change a webhook."""
    webhook = webhook_for(request.scope, webhook_id)
    form = WebhookForm(request.POST or None, request.user, webhook)
    if request.method == "POST" and form.is_valid():
        act = lambda: actions.change_webhook(webhook, form.cleaned_data, by=by(request), now=clock.now())  # noqa: E731 - as in the other pages, read in place
        if attempt(form, act):
            messages.success(request, _("%(name)s is saved") % {"name": webhook.name})
            return redirect("webhooks:webhook", webhook_id)
    return _form(request, form, webhook)


@require_safe
def webhook(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Show a webhook and what became of its deliveries."""
    return _shown(request, webhook_for(request.scope, webhook_id))


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types. A secret is shown
@require_http_methods(["GET", "HEAD", "POST"])
def renew_secret(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Make a new secret; the old one stays good for a day. A GET is what follows when the password was asked again."""
    found = webhook_for(request.scope, webhook_id)
    if request.method != "POST":
        return redirect("webhooks:webhook", webhook_id)
    secret = actions.renew_secret(found, by=by(request), now=clock.now())
    return _shown(request, found, secret=secret)


@require_POST
def switch(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Switch a webhook on or off."""
    on = request.POST.get("on") == "yes"
    act = actions.switch_on if on else actions.switch_off
    done = (
        _("Switched on. It goes on where it stopped")
        if on
        else _("Switched off. What happens meanwhile is kept for it")
    )
    return _do(request, webhook_id, lambda found: act(found, by=by(request), now=clock.now()), done)


@require_POST
def test(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Send a test."""
    act: Callable[[Webhook], None] = lambda found: actions.send_test(found, by=by(request), now=clock.now())  # noqa: E731 - read in place
    return _do(request, webhook_id, act, _("A test is on its way. Its outcome stands in the log in a moment"))


@require_POST
def send_again(request: StaffRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    """Deliver something once more."""

    def act(found: Webhook) -> None:
        actions.send_again(delivery_of(found, delivery_id), by=by(request), now=clock.now())

    return _do(request, webhook_id, act, _("It is sent again, with the same id"))


@require_POST
def remove(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Remove a webhook and its log."""
    found = webhook_for(request.scope, webhook_id)
    actions.remove_webhook(found, by=by(request), now=clock.now())
    messages.success(request, _("%(name)s is removed") % {"name": found.name})
    return redirect("webhooks:list")


def _do(request: StaffRequest, webhook_id: int, act: Callable[[Webhook], object], done: str) -> HttpResponse:
    """Do something with a webhook and go back to its page, saying what came of it."""
    found = webhook_for(request.scope, webhook_id)
    try:
        act(found)
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("webhooks:webhook", webhook_id)


def _form(request: StaffRequest, form: WebhookForm, webhook: Webhook | None) -> HttpResponse:
    context = {"form": form, "webhook": webhook, "here": "webhooks"}
    return render(request, "webhooks/setup/form.html", context, status=422 if form.errors else 200)


def _shown(request: StaffRequest, webhook: Webhook, *, secret: str = "") -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in DeliveryState.values else ""
    page = Paginator(deliveries_of(webhook, state).order_by("-id"), PAGE).get_page(request.GET.get("page"))
    rows = [(row, what_happened(row.kind), id_of(row), _tries(row)) for row in page]
    context = {
        "webhook": webhook,
        "kinds": [what_happened(kind) for kind in webhook.kinds],
        "reason": REASONS.get(webhook.reason, ""),
        "rows": rows,
        "page": page,
        "query": f"state={state}&" if state else "",
        "states": DeliveryState.choices,
        "state": state,
        "secret": secret,
        "here": "webhooks",
        "now": clock.now(),
    }
    response = render(request, "webhooks/setup/webhook.html", context)
    if secret:
        response.headers["Cache-Control"] = "no-store"
    return response


def _tries(delivery: object) -> list[tuple[object, str]]:
    """Return the tries of a delivery with what came of each."""
    return [(one, str(PROBLEMS.get(one.problem, one.status))) for one in getattr(delivery, "log", [])]
