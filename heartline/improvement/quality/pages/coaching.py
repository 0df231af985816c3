"""Coaching notes: written by whoever coaches, agreed to and closed by both."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Conflict, Invalid
from heartline.improvement.quality.actions.talk import agree as agree_to
from heartline.improvement.quality.actions.talk import close_step, write_note
from heartline.improvement.quality.forms import NoteForm
from heartline.improvement.quality.models import Answer, CoachingNote, Review
from heartline.improvement.quality.pages.home import tabs
from heartline.improvement.quality.queries.reviews import coached_from, note_for
from heartline.improvement.quality.queries.samples import agent_for
from heartline.improvement.quality.queries.talk import conversation_of
from heartline.people.models import Person
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: StaffRequest, person_id: int) -> HttpResponse:
    """Write a note; from a review it can link the very messages."""
    about = agent_for(request.scope, person_id)
    review = _review_of(request, about)
    form = NoteForm(request.POST or None, instance=CoachingNote(about=about, review=review))
    chosen = {int(one) for one in request.POST.getlist("messages") if one.isdecimal() and len(one) < 19}
    if request.method == "POST" and form.is_valid():
        note: CoachingNote = form.instance
        contact = review.contact if review else None
        made = attempt(form, lambda: write_note(note, contact, chosen, by=by(request), now=now()))
        if made:
            messages.success(request, _("%(name)s can read it now") % {"name": about.name})
            return redirect("quality:coaching", made.pk)
    if request.method != "POST" and review:
        chosen = set(Answer.objects.filter(review=review).values_list("messages", flat=True)) - {None}
    context = {
        "tabs": tabs(request, "team"),
        "form": form,
        "person": about,
        "review": review,
        "talk": conversation_of(review.contact_id) if review else [],
        "chosen": chosen,
    }
    return render(request, "quality/coaching_write.html", context, status=422 if form.errors else 200)


@require_safe
def note(request: StaffRequest, note_id: int) -> HttpResponse:
    """Show a note with the messages it links."""
    found = note_for(request.scope, note_id)
    is_mine = found.about_id == request.user.id
    context = {
        "tabs": tabs(request, "mine" if is_mine else "team"),
        "now": now(),
        "note": found,
        "is_mine": is_mine,
        "linked": found.messages.order_by("id"),
    }
    return render(request, "quality/coaching.html", context)


@require_POST
def agree(request: StaffRequest, note_id: int) -> HttpResponse:
    """Agree to the next step."""
    text = request.POST.get("text", "")
    return _done(request, note_id, lambda found: agree_to(found, text, by=by(request), now=now()))


@require_POST
def close(request: StaffRequest, note_id: int) -> HttpResponse:
    """Say what came of the next step."""
    text = request.POST.get("text", "")
    return _done(request, note_id, lambda found: close_step(found, text, by=by(request), now=now()))


def _review_of(request: StaffRequest, about: Person) -> Review | None:
    """Return the review that the address names, if it can be coached from."""
    wanted = request.GET.get("review", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        return None
    return coached_from(request.scope, int(wanted), about)


def _done(request: StaffRequest, note_id: int, act: Any) -> HttpResponse:
    try:
        act(note_for(request.scope, note_id))
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved"))
    return redirect("quality:coaching", note_id)
