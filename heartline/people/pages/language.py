"""`/language`: a visitor's choice is kept in a cookie, a person's with the person."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from heartline.common.clock import now
from heartline.common.requests import Request
from heartline.people.actions import change_own_account
from heartline.people.middleware import signed_in


@require_POST
def choose_language(request: Request) -> HttpResponseBase:
    """Change the language of the pages and go back to where the choice was made."""
    person, language = signed_in(request), request.POST.get("language", "")
    if person and language in dict(settings.LANGUAGES):
        change_own_account(person, {"language": language}, now=now())
    return set_language(request)
