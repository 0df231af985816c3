"""`/setup/writing/`: for how long replies are held before they go."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from heartline.common.clock import now
from heartline.conversations.models import WritingSettings
from heartline.conversations.outgoing.actions import save_writing_settings
from heartline.conversations.outgoing.queries import writing_settings
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest


class WritingForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """For how long replies are held."""

    class Meta:
        model = WritingSettings
        fields = ["hold_chat_seconds", "hold_message_seconds"]
        help_texts = {
            "hold_chat_seconds": gettext_lazy("0 to 30. With 0 a reply is there at once, as a chat wants it"),
            "hold_message_seconds": gettext_lazy(
                "0 to 30. Messages and callbacks are read later, so a moment costs nothing"
            ),
        }


@require_http_methods(["GET", "HEAD", "POST"])
def writing(request: StaffRequest) -> HttpResponse:
    """Change for how long replies can be taken back."""
    form = WritingForm(request.POST or None, instance=writing_settings())
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        if attempt(form, lambda: save_writing_settings(values, by=by(request), now=now())):
            messages.success(request, _("Saved. Desks that are open follow when they are reloaded"))
            return redirect("writing:settings")
    context = {"form": form, "here": "writing"}
    return render(request, "conversations/setup/writing.html", context, status=422 if form.errors else 200)
