"""The front hall: the contact page, and a case's own page for its customer. Everything works without a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import HeartlineError, NotFound
from heartline.common.requests import Request
from heartline.conversations.attachments.answers import answer_with
from heartline.conversations.models import Case
from heartline.people.models import Brand
from heartline.people.queries import needs_first_setup
from heartline.promises.callbacks.models import Call
from heartline.reception import ways
from heartline.reception.actions import (
    FORMS_PER_SOURCE,
    add_to_case,
    call_off,
    count_arrival,
    move_call,
    times_to_call,
)
from heartline.reception.forms import ReplyForm, time_choices
from heartline.reception.queries import (
    STATUS_LINK_LASTS,
    Errand,
    Hall,
    brand_with,
    case_of_status_token,
    errand_from,
    language_for,
    latest_contact,
    merged_into,
    open_callback,
    own_call,
    own_case_file,
    parts_of,
    public_messages,
    suggestions_for,
    topics_for,
)
from heartline.reception.words import case_sentence, tone_of, week_words

CASE_COOKIE = "heartline_case"
Page = Callable[..., HttpResponse]


def in_its_voice(page: Page) -> Page:
    """Let a page that takes a hall speak the brand's language with the visitor's wish in mind, in the brand's zone."""

    @wraps(page)
    def spoken(request: Request, brand_key: str | None = None, **named: Any) -> HttpResponse:
        try:
            brand = brand_with(brand_key)
        except NotFound:
            if needs_first_setup():  # a new house: there is nobody to talk to before it is set up
                return redirect("setup:first")
            raise
        return speaking_as(brand, request, page, **named)

    return spoken


def speaking_as(brand: Brand, request: Request, page: Page, **named: Any) -> HttpResponse:
    """Answer a request in a brand's voice; nothing of it is kept by caches, it may hold what somebody typed."""
    language = language_for(brand, request.LANGUAGE_CODE or "")
    carried = request.POST if request.method == "POST" else request.GET
    goes_on = request.COOKIES.get(CASE_COOKIE, "") if carried.get("case") == "1" else ""
    with translation.override(language), timezone.override(brand.site.time_zone):
        response = page(request, Hall(brand, language, now(), errand_from(carried.dict()), goes_on), **named)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    return response


def front(hall: Hall, **more: Any) -> dict[str, Any]:
    """Return what every public page of a brand shows: its name, its number, its hours and the ways to a person."""
    return {
        "hall": hall,
        "brand": hall.brand,
        "brand_url": address_of(hall.brand),
        "now": hall.now,
        "errand": hall.errand,
        "going_on": hall.case,
        "ways": ways.ways_into(hall),
        "phone_note": ways.phone_note(hall),
        "opens_words": ways.opens_words(hall),
        "reply_words": ways.when(hall, hall.reply_by),
        "week": week_words(hall.week),
        "speaks_both": len(hall.brand.languages) != 1,
        **more,
    }


def address_of(brand: Brand) -> str:
    """Return the address of a brand's contact page."""
    return reverse("reception:contact") if brand.is_default else reverse("reception:brand", args=[brand.key])


@require_safe
@in_its_voice
def contact(request: Request, hall: Hall) -> HttpResponse:
    """Show the contact page: what somebody needs first, and a person one step away."""
    every_way = ways.ways_into(hall)
    context = front(
        hall,
        suggestions=suggestions_for(hall.errand),
        topics=topics_for(hall.errand),
        panels=ways.panels_of(hall),
        first_way=next((way for way in every_way if way.is_first), None),
        **_my_case(request.COOKIES.get(CASE_COOKIE, ""), hall),
    )
    return render(request, "reception/contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: Request, token: str) -> HttpResponse:
    """Show a case to whoever holds its link, and take what they add."""
    found = _case(token)
    page: Page = _show_case
    if request.method == "POST":
        page = _change_call if "call" in request.POST else _add_to_case
    return _private(speaking_as(found.brand, request, page, case=found, token=token), token)


@require_safe
def case_file(request: Request, token: str, file_token: str) -> HttpResponse:
    """Hand out a file of a case to whoever holds the case's link."""
    return answer_with(own_case_file(_case(token), file_token))  # type: ignore[return-value]  # a response all the same


@require_POST
def forget(request: Request) -> HttpResponse:
    """Forget the case on this device; its link goes on working for whoever has kept it."""
    response = redirect("reception:contact")
    response.delete_cookie(CASE_COOKIE, samesite="Lax")
    return response


def _my_case(token: str, hall: Hall) -> dict[str, Any]:
    """Return the case this browser has come from, when it is one of this brand."""
    mine = case_of_status_token(token, hall.now)
    if mine is None or mine.brand_id != hall.brand.id:
        return {}
    callback = open_callback(mine)
    return {
        "mine": mine,
        "mine_address": reverse("reception:case", args=[token]),
        "mine_sentence": case_sentence(mine),
        "mine_callback": callback,
        "mine_tone": tone_of(callback.due_at if callback else None, hall.now),
        "mine_callback_words": ways.when(hall, callback.due_at) if callback else "",
    }


def _show_case(
    request: Request, hall: Hall, *, case: Case, token: str, form: ReplyForm | None = None, call_problem: str = ""
) -> HttpResponse:
    callback, contact = open_callback(case), latest_contact(case)
    call = own_call(case) if callback else None
    due = contact.due_at if contact and contact.state == "waiting" else None
    context = front(
        hall,
        case=case,
        token=token,
        form=form or ReplyForm(),
        said=public_messages(case),
        parts=[(id, subject, f"{token}~{id}") for id, subject in parts_of(case.id)] if "~" not in token else (),
        whole=token.partition("~")[0] if "~" in token else "",
        earlier=merged_into(case),
        sentence="" if callback else case_sentence(case),
        ways=ways.ways_into(replace(hall, errand=_carries_on(case, hall), case_token=token)),
        carried=_carries_on(case, hall).query(case="1"),
        callback=callback,
        callback_words=ways.when(hall, callback.due_at) if callback else "",
        **_call_context(hall, call, call_problem),
        tone=tone_of(callback.due_at if callback else due, hall.now),
        answer_due=due,
        answer_words=ways.when(hall, due),
        is_new=request.GET.get("sent") == "1",
    )
    refused = bool(call_problem or (form and form.errors))
    return render(request, "reception/case.html", context, status=422 if refused else 200)


def _call_context(hall: Hall, call: Call | None, problem: str) -> dict[str, Any]:
    """Return what the page shows of a call that waits: the times it may be moved to."""
    if call is None or call.contact.state != "waiting":
        return {"call_problem": problem}
    at = call.slot_at
    (_value, soonest), *days = time_choices(hall, times_to_call(hall, but_not=call.contact))
    return {
        "call": call,
        "call_problem": problem,
        "call_at": at.isoformat() if at else "",
        "call_soonest": soonest,
        "call_times": days,
    }


def _change_call(request: Request, hall: Hall, *, case: Case, token: str) -> HttpResponse:
    call = own_call(case)
    try:
        if call is None:
            raise NotFound(_("No call is owed here any more"))
        count_arrival("callback", request.client_address, FORMS_PER_SOURCE, now=hall.now)
        if request.POST["call"] == "off":
            call_off(call, now=hall.now)
        else:
            move_call(call, hall, request.POST.get("when", ""), now=hall.now)
    except HeartlineError as error:
        return _show_case(request, hall, case=case, token=token, call_problem=str(error.message))
    return HttpResponseRedirect(reverse("reception:case", args=[token]))


def _add_to_case(request: Request, hall: Hall, *, case: Case, token: str) -> HttpResponse:
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_case(request, hall, case=case, token=token, form=form)
    count_arrival("form", request.client_address, FORMS_PER_SOURCE * 3, now=hall.now)
    try:
        add_to_case(case, hall, form.cleaned_data["text"], form.cleaned_data["key"], form.files_sent(), now=hall.now)
    except HeartlineError as error:
        form.take(error)
        return _show_case(request, hall, case=case, token=token, form=form)
    return HttpResponseRedirect(f"{reverse('reception:case', args=[token])}?sent=1#end")


def _carries_on(case: Case, hall: Hall) -> Errand:
    """Return the errand with which somebody goes on from their case: what it is about, and the ways they took."""
    tried = tuple(tried.key for tried in case.tried.filter(kind="channel"))
    return Errand(case.subject, hall.errand.about or case.reason, tried)


def _case(token: str) -> Case:
    found = case_of_status_token(token, now())
    if found is None:
        raise NotFound(_("This link is wrong or has ended. Talk to us, and we find your case"))
    return found


def _private(response: HttpResponse, token: str) -> HttpResponse:
    """Keep the link from search engines, and the case on this device.

    The referrer policy stays `same-origin`: with `no-referrer`, browsers send our own form with `Origin: null`.
    """
    response.headers["X-Robots-Tag"] = "noindex"
    seconds = int(STATUS_LINK_LASTS.total_seconds())
    response.set_cookie(CASE_COOKIE, token, max_age=seconds, httponly=True, samesite="Lax", secure=settings.HTTPS)
    return response
