"""The pages a customer reaches with a link: the question, and thanks. They work without JavaScript and cookies.

A wrong, spent, expired or foreign link gets the same answer, and who tries many is made to wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from heartline.common import clock
from heartline.common.actors import Actor
from heartline.common.errors import Conflict, HeartlineError, Invalid, NotFound
from heartline.common.requests import Request
from heartline.customers.models import Customer
from heartline.people import limits
from heartline.people.models import Brand
from heartline.promises.queries import open_low_score
from heartline.voice_of_customer.actions import ask_for_call, respond
from heartline.voice_of_customer.forms import AnswerForm, CallForm
from heartline.voice_of_customer.models import Invitation, Response
from heartline.voice_of_customer.queries import invitation_by_token, response_by_receipt
from heartline.voice_of_customer.rules import is_low

WRONG_TRIES = 10
CALLS = 10
PER = timedelta(minutes=1)
METHODS = require_http_methods(["GET", "HEAD", "POST"])
Found = TypeVar("Found")


# The secret in the address is what proves the sender: another site's page does not know it, and no cookie is asked.
@csrf_exempt
@METHODS
def question(request: Request, token: str) -> HttpResponse:
    """Ask how it was, and take the answer."""
    now = clock.now()
    try:
        invitation = _guarded(request, lambda: invitation_by_token(token, now), now)
    except NotFound:
        return _given_already(request, now) or _gone(request)
    with _in_words_of(request, invitation):
        if request.method == "POST":
            return _take_answer(request, invitation, now)
        return _ask(request, invitation, AnswerForm(), now)


@csrf_exempt
@METHODS
def thanks(request: Request, receipt: str) -> HttpResponse:
    """Say thank you, say who comes back on a low score and by when, and offer a call."""
    now = clock.now()
    try:
        response = _guarded(request, lambda: response_by_receipt(receipt, now), now)
    except NotFound:
        return _gone(request)
    with _in_words_of(request, response.invitation):
        if request.method == "POST" and is_low(response.score):
            return _take_call(request, response, now)
        return _thank(request, response, CallForm(), now)


def _take_answer(request: Request, invitation: Invitation, now: datetime) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _ask(request, invitation, form, now, status=422)
    given = form.cleaned_data
    customer = invitation.case.customer
    try:
        respond(
            invitation,
            given["score"],
            given["comment"],
            came_by="link",
            receipt=given["receipt"],
            by=_customer(customer),
            now=now,
        )
    except Conflict:  # the same answer, sent twice, arrived first
        return _given_already(request, now) or _gone(request)
    return _see_other(reverse("voice_of_customer:thanks", args=[given["receipt"]]))


def _take_call(request: Request, response: Response, now: datetime) -> HttpResponse:
    limits.check(f"rate-call:{limits.source_of(request.client_address)}", CALLS, PER, now=now)
    form = CallForm(request.POST)
    if not form.is_valid():
        return _thank(request, response, form, now, status=422)
    phone = form.cleaned_data["phone"]
    customer = response.case.customer
    if request.POST.get("use") == "known":
        phone = _known_phone(customer)
    try:
        ask_for_call(response, phone, form.cleaned_data["comment"], by=_customer(customer), now=now)
    except Invalid as problem:
        for name, words in problem.fields.items():
            form.add_error(name, words)
        return _thank(request, response, form, now, status=422)
    return _see_other(request.path)


def _guarded(request: Request, find: Callable[[], Found], now: datetime) -> Found:
    """Look something up by its secret; who guesses wrong too often waits, whatever they try next."""
    key = f"rate:{limits.source_of(request.client_address)}"
    if limits.exhausted(key, WRONG_TRIES, PER, now=now):
        raise limits.too_many(PER, now=now)
    try:
        return find()
    except HeartlineError:
        limits.check(key, WRONG_TRIES, PER, now=now)
        raise


def _given_already(request: Request, now: datetime) -> HttpResponse | None:
    """Return the way to the thanks when this very page's answer was taken before, or None."""
    receipt = request.POST.get("receipt", "")
    try:
        response_by_receipt(receipt, now)
    except NotFound:
        return None
    return _see_other(reverse("voice_of_customer:thanks", args=[receipt]))


@contextmanager
def _in_words_of(request: Request, invitation: Invitation) -> Iterator[None]:
    """Speak the case's language unless the visitor has chosen one, and the brand's time."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    language = translation.get_language() if chosen else invitation.case.language
    zone = ZoneInfo(invitation.case.brand.site.time_zone)
    with translation.override(language), timezone.override(zone):
        yield


def _ask(request: Request, invitation: Invitation, form: AnswerForm, now: datetime, status: int = 200) -> HttpResponse:
    context = {
        "invitation": invitation,
        "form": form,
        "asked_on": timezone.localtime(invitation.contact.asked_at).date(),
        "until": timezone.localtime(invitation.expires_at).date(),
    }
    return _page(request, "question", invitation.case.brand, context, now, status)


def _thank(request: Request, response: Response, form: CallForm, now: datetime, status: int = 200) -> HttpResponse:
    low = is_low(response.score)
    follow_up = open_low_score(response.case) if low else None
    context = {
        "response": response,
        "low": low,
        "follow_up": follow_up,
        "due_on": timezone.localtime(follow_up.due_at).date() if follow_up else None,
        "known_phone": _known_phone(response.case.customer) if low else "",
        "form": form,
    }
    return _page(request, "thanks", response.case.brand, context, now, status)


def _gone(request: Request) -> HttpResponse:
    brand = Brand.objects.order_by("-is_default", "id").first()
    return _page(request, "gone", brand, {}, clock.now(), 404)


def _page(
    request: Request, name: str, brand: Brand | None, context: dict[str, Any], now: datetime, status: int
) -> HttpResponse:
    home = "/" if brand is None or brand.is_default else f"/b/{brand.key}/"
    context |= {"brand": brand, "brand_url": home, "now": now}
    response = render(request, f"voice_of_customer/{name}.html", context, status=status)
    response.headers["Content-Language"] = translation.get_language() or "en"
    return _private(response)


def _see_other(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the secret in the address out of caches and out of what is told to the next site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _known_phone(customer: Customer) -> str:
    known = customer.identities.filter(kind="phone").order_by("-verified_at", "-id").first()
    return known.value if known else ""


def _customer(customer: Customer) -> Actor:
    return Actor.customer(customer.id, customer.name)
