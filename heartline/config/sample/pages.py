"""`/setup/sample/`: says what goes with the sample company, and removes it. There is no way back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from heartline.common.clock import now
from heartline.config.sample.loading import is_loaded
from heartline.config.sample.removal import remove, what_goes
from heartline.people.models import Person, Role
from heartline.people.requests import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: StaffRequest) -> HttpResponse:
    """Ask, then remove. Somebody real must be able to manage the installation afterwards."""
    if not is_loaded():
        raise Http404
    administered = Person.objects.filter(role=Role.ADMIN, is_active=True, is_sample=False).exists()
    if request.method == "POST" and administered:
        leaving = request.user.is_sample
        remove(now())
        if leaving:
            logout(request)
        messages.success(request, _("The sample company is gone. What you added is still there"))
        return redirect("account_login" if leaving else "setup:overview")
    context = {"goes": what_goes(), "administered": administered, "here": "overview"}
    return render(request, "config/sample.html", context, status=409 if request.method == "POST" else 200)
