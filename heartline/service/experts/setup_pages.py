"""`/setup/experts/`: who answers questions, and how soon answers are due."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.conversations.consultations.actions.settings import (
    remove_answer_time,
    save_answer_time,
    save_expertise,
)
from heartline.conversations.consultations.models import AnswerTime
from heartline.conversations.consultations.queries import answer_time, expertise_of, experts, is_expert, pool
from heartline.people.models import Person, Skill
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest
from heartline.service.experts.forms import AnswerTimeForm, ExpertiseForm
from heartline.service.experts.words import standing_words


@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """Show who answers what, and how soon."""
    at, people = now(), list(pool())
    able = experts(people)
    skills = {skill.id: skill.name for skill in Skill.objects.all()}
    zone = request.user.site.time_zone
    rows = [
        (
            person,
            [(skills[id], level) for id, level in sorted(able[person.id].skills.items()) if id in skills],
            standing_words(able[person.id], at, zone),
        )
        for person in people
    ]
    others = Person.objects.filter(is_active=True).exclude(id__in=[person.id for person in people]).order_by("name")
    context = {
        "here": "experts",
        "rows": rows,
        "others": others,
        "times": AnswerTime.objects.exclude(skill=None).select_related("skill").order_by("skill__name_en"),
        "usual": answer_time(None),
    }
    return render(request, "experts/setup/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def time(request: StaffRequest, id: int | None = None) -> HttpResponse:
    """Say how soon answers are due: for a skill, or for the rest."""
    standing = get_object_or_404(AnswerTime, pk=id) if id else None
    usual = "usual" in request.GET
    form = AnswerTimeForm(request.POST or None, instance=standing or (answer_time(None) if usual else AnswerTime()))
    if standing or usual:
        del form.fields["skill"]
    if request.method == "POST" and form.is_valid():
        skill = standing.skill if standing else None if usual else form.cleaned_data["skill"]
        if attempt(form, lambda: save_answer_time(skill, form.values(), by=by(request), now=now())):
            messages.success(request, _("Saved"))
            return redirect("experts_setup:overview")
    shown = get_object_or_404(AnswerTime, pk=id) if id else None
    context = {"here": "experts", "form": form, "row": shown, "usual": usual}
    return render(request, "experts/setup/time.html", context, status=422 if form.errors else 200)


@require_POST
def time_remove(request: StaffRequest, id: int) -> HttpResponse:
    """Let a skill's questions be answered as soon as all others."""
    remove_answer_time(get_object_or_404(AnswerTime, pk=id), by=by(request), now=now())
    messages.success(request, _("Removed"))
    return redirect("experts_setup:overview")


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: StaffRequest, id: int) -> HttpResponse:
    """Change how somebody is asked."""
    found = get_object_or_404(Person, pk=id, is_active=True)
    form = ExpertiseForm(expertise_of(found), now(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form, lambda: save_expertise(found, {**form.values(), "answers": True}, by=by(request), now=now())
        )
        if saved:
            messages.success(request, _("%(name)s is saved") % {"name": found.name})
            return redirect("experts_setup:overview")
    context = {"here": "experts", "form": form, "person": found, "is_expert": is_expert(found)}
    return render(request, "experts/setup/person.html", context, status=422 if form.errors else 200)


@require_POST
def person_remove(request: StaffRequest, id: int) -> HttpResponse:
    """Ask somebody nothing any more."""
    found = get_object_or_404(Person, pk=id)
    save_expertise(found, {"answers": False}, by=by(request), now=now())
    messages.success(request, _("%(name)s is not asked any more") % {"name": found.name})
    return redirect("experts_setup:overview")


@require_POST
def person_add(request: StaffRequest) -> HttpResponse:
    """Let somebody of another role answer questions too."""
    wanted = request.POST.get("person", "")
    found = get_object_or_404(Person, pk=int(wanted) if wanted.isdecimal() and len(wanted) < 16 else 0, is_active=True)
    save_expertise(found, {"answers": True}, by=by(request), now=now())
    return redirect("experts_setup:person", found.id)
