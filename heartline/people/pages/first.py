"""`/setup/first/`: the first run. It exists until somebody administers the installation, then never again."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from heartline.common.clock import now
from heartline.common.requests import Request
from heartline.people.forms.first import FirstRunForm
from heartline.people.pages.common import attempt
from heartline.people.queries import needs_first_setup
from heartline.people.setup_actions.first import FirstRun, set_up

ZONE_OF_LANGUAGE = {"zh-hans": "Asia/Shanghai", "en": "Europe/London"}


@require_http_methods(["GET", "HEAD", "POST"])
def first(request: Request) -> HttpResponse:
    """Ask who manages the installation and for whom it speaks, all at once."""
    if not needs_first_setup():
        raise Http404
    language = get_language() or "en"
    usual = {
        "time_zone": ZONE_OF_LANGUAGE.get(language, "UTC"),
        "languages": ["zh-hans", "en"],
        "workdays": "09:00–18:00",
    }
    form = FirstRunForm(request.POST or None, initial=usual)
    if request.method == "POST" and form.is_valid():
        typed = {**form.cleaned_data, "languages": tuple(form.cleaned_data["languages"])}
        admin = attempt(form, lambda: set_up(FirstRun(language=language, **typed), now=now()))
        if admin:
            response: HttpResponse = perform_login(request, admin, email_verification="none", redirect_url="/setup/")
            return response
    return render(request, "people/setup/first.html", {"form": form}, status=422 if form.errors else 200)
