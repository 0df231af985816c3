"""The forms' pages. Everything works without a script; what was typed is never lost to an error."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from heartline.channels.webform.actions import Sent, book_call, new_form_key, send_message, token_in
from heartline.channels.webform.forms import CallbackForm, ComplaintForm, MessageForm
from heartline.common.errors import HeartlineError
from heartline.common.requests import Request
from heartline.common.text import clean
from heartline.reception.actions import FORMS_PER_SOURCE, callable_number, chosen_time, count_arrival, times_to_call
from heartline.reception.forms import CustomerForm
from heartline.reception.pages import front, in_its_voice
from heartline.reception.queries import Hall

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@in_its_voice
def message(request: Request, hall: Hall) -> HttpResponse:
    """Leave a message."""
    return _message_page(request, hall, MessageForm)


@require_http_methods(METHODS)
@in_its_voice
def complaint(request: Request, hall: Hall) -> HttpResponse:
    """Complain: a message that is marked as what it is."""
    return _message_page(request, hall, ComplaintForm)


@require_http_methods(METHODS)
@in_its_voice
def callback(request: Request, hall: Hall) -> HttpResponse:
    """Be called back, at a time of one's choice or as soon as it is one's turn."""
    times = times_to_call(hall)
    if request.method != "POST":
        form = CallbackForm(hall=hall, times=times, initial={"key": new_form_key()})
        return render(request, "webform/callback.html", front(hall, form=form, this_way="callback"))
    form = CallbackForm(request.POST, hall=hall, times=times)
    if form.is_valid():
        try:
            return _booked(request, hall, form)
        except HeartlineError as error:
            _renew(form, error)
    return render(request, "webform/callback.html", front(hall, form=form, this_way="callback"), status=422)


def _message_page(request: Request, hall: Hall, kind: type[MessageForm]) -> HttpResponse:
    is_complaint = kind is ComplaintForm
    if request.method != "POST":
        form = kind(hall=hall, initial={"key": new_form_key()})
        return _show_message(request, hall, form, is_complaint)
    form = kind(request.POST, request.FILES, hall=hall)
    if form.is_valid():
        try:
            return _sent(request, hall, form, is_complaint)
        except HeartlineError as error:
            _renew(form, error)
    return _show_message(request, hall, form, is_complaint, status=422)


def _show_message(
    request: Request, hall: Hall, form: MessageForm, is_complaint: bool, status: int = 200
) -> HttpResponse:
    context = front(hall, form=form, is_complaint=is_complaint, this_way="complaint" if is_complaint else "webform")
    return render(request, "webform/message.html", context, status=status)


def _sent(request: Request, hall: Hall, form: MessageForm, is_complaint: bool) -> HttpResponse:
    typed = form.cleaned_data
    wish = clean(typed.get("wish", ""), 500)
    text = f"{typed['text']}\n\n{_('What would put this right?')}\n{wish}".strip() if wish else typed["text"]
    token = token_in(typed["key"])
    count_arrival("form", request.client_address, FORMS_PER_SOURCE, now=hall.now)
    sent = Sent(
        token=token,
        text=text,
        name=typed["name"],
        phone=typed["phone"],
        email=typed["email"],
        files=form.files_sent(),
        is_complaint=is_complaint,
        came_from=_came_from(request),
    )
    send_message(hall, sent, now=hall.now)
    return _to_case(hall.case_token if hall.case else token)


def _booked(request: Request, hall: Hall, form: CallbackForm) -> HttpResponse:
    typed = form.cleaned_data
    token = token_in(typed["key"])
    at = chosen_time(hall, typed["when"])
    count_arrival("callback", request.client_address, FORMS_PER_SOURCE, now=hall.now)
    number = callable_number(hall, typed["phone"], now=hall.now)
    text = typed["text"] or hall.errand.want or _("Please call me")
    sent = Sent(token=token, text=text, name=typed["name"], phone=number, came_from=_came_from(request))
    book_call(hall, sent, at, now=hall.now)
    return _to_case(hall.case_token if hall.case else token)


def _to_case(token: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('reception:case', args=[token])}?sent=1")


def _renew(form: CustomerForm, error: HeartlineError) -> None:
    """Show what is wrong; a form whose key was too old gets a new one, and everything typed stays."""
    form.take(error)
    if error.code == "old_form":
        form.data = {**form.data, "key": new_form_key()}


def _came_from(request: Request) -> str:
    """Return the page somebody came from, without its query; a case's own page is a secret and is not written down."""
    page = request.headers.get("Referer", "").partition("?")[0]
    return "" if "/case/" in page else page[:300]
