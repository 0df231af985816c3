"""Sites, skills, queues and teams: four lists of the same shape, each with a page to add, change and remove one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common.actors import Actor
from heartline.common.clock import now
from heartline.common.errors import Conflict
from heartline.people.forms.organisation import QueueForm, SiteForm, SkillForm, TeamForm
from heartline.people.models import Queue, Site, Skill, Team
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest
from heartline.people.setup_actions.settings import remove_setting, save_setting
from heartline.people.setup_actions.work import save_queue, save_team


@dataclass(frozen=True)
class Kind:
    """One sort of setting: its words, its table, its form and its writer."""

    key: str
    title: Any
    lead: Any
    add: Any
    none: Any
    sign: str
    headings: Sequence[Any]
    rows: Callable[[], QuerySet[Any]]
    cells: Callable[[Any], list[Any]]
    form: Any
    save: Callable[..., Any]

    @property
    def model(self) -> Any:
        """The table."""
        return self.form.Meta.model


def _save_row(what: str) -> Callable[..., Any]:
    def save(form: Any, *, by: Actor, now: Any) -> Any:
        thing = form.Meta.model.objects.get(pk=form.instance.pk) if form.instance.pk else form.Meta.model()
        values = {name: form.cleaned_data[name] for name in form.Meta.fields}
        return save_setting(what, thing, values, by=by, now=now)

    return save


def _save_queue(form: QueueForm, *, by: Actor, now: Any) -> Queue:
    queue = Queue.objects.get(pk=form.instance.pk) if form.instance.pk else Queue()
    values = {name: form.cleaned_data[name] for name in form.Meta.fields}
    return save_queue(queue, values, levels=form.levels(), by=by, now=now)


def _save_team(form: TeamForm, *, by: Actor, now: Any) -> Team:
    team = Team.objects.get(pk=form.instance.pk) if form.instance.pk else Team()
    values = {name: form.cleaned_data[name] for name in ("name_en", "name_zh", "site")}
    return save_team(team, values, queues=list(form.cleaned_data["queues"]), by=by, now=now)


SITES = Kind(
    key="site",
    title=gettext_lazy("Sites"),
    lead=gettext_lazy("Places with people in them. A site gives brands and people their time zone"),
    add=gettext_lazy("Add a site"),
    none=gettext_lazy("No sites yet. Add the place where your people work"),
    sign="map-pin",
    headings=(gettext_lazy("Site"), gettext_lazy("Time zone"), gettext_lazy("People")),
    rows=lambda: Site.objects.annotate(held=Count("people")).order_by("name_en"),
    cells=lambda site: [site.time_zone, site.held],
    form=SiteForm,
    save=_save_row("site"),
)
SKILLS = Kind(
    key="skill",
    title=gettext_lazy("Skills"),
    lead=gettext_lazy("What a contact may ask for and people know, at levels 1 to 5"),
    add=gettext_lazy("Add a skill"),
    none=gettext_lazy("No skills yet. Without them, language alone decides who is suited"),
    sign="wrench",
    headings=(gettext_lazy("Skill"), gettext_lazy("Key"), gettext_lazy("People")),
    rows=lambda: Skill.objects.annotate(held=Count("holders")).order_by("name_en"),
    cells=lambda skill: [skill.key, skill.held],
    form=SkillForm,
    save=_save_row("skill"),
)
QUEUES = Kind(
    key="queue",
    title=gettext_lazy("Queues"),
    lead=gettext_lazy("Contacts that wait for the same kind of help"),
    add=gettext_lazy("Add a queue"),
    none=gettext_lazy("No queues yet. Customers need one to wait in"),
    sign="layers",
    headings=(gettext_lazy("Queue"), gettext_lazy("Brand"), gettext_lazy("Aim"), gettext_lazy("Teams")),
    rows=lambda: Queue.objects.select_related("brand").prefetch_related("teams").order_by("brand__name_en", "name_en"),
    cells=lambda queue: [queue.brand.name, _aim(queue), _names(queue.teams.all()) or _("No team serves it")],
    form=QueueForm,
    save=_save_queue,
)
TEAMS = Kind(
    key="team",
    title=gettext_lazy("Teams"),
    lead=gettext_lazy("People led together. A team’s queues decide what its members see"),
    add=gettext_lazy("Add a team"),
    none=gettext_lazy("No teams yet. Add one, then give it queues and people"),
    sign="users",
    headings=(gettext_lazy("Team"), gettext_lazy("Site"), gettext_lazy("Queues"), gettext_lazy("People")),
    rows=lambda: (
        Team.objects.select_related("site").prefetch_related("queues").annotate(held=Count("members", distinct=True))
    ),
    cells=lambda team: [team.site.name, _names(team.queues.all()) or "–", team.held],
    form=TeamForm,
    save=_save_team,
)
KINDS = (SITES, SKILLS, QUEUES, TEAMS)


def patterns(kind: Kind) -> list[URLPattern]:
    """Return the addresses of one sort of setting."""
    base = f"{kind.key}s/"
    return [
        path(base, _listing(kind), name=f"{kind.key}s"),
        path(f"{base}new/", _editing(kind), name=f"{kind.key}_add"),
        path(f"{base}<int:id>/", _editing(kind), name=kind.key),
        path(f"{base}<int:id>/remove/", _removing(kind), name=f"{kind.key}_remove"),
    ]


def _listing(kind: Kind) -> Any:
    @require_safe
    def listing(request: StaffRequest) -> HttpResponse:
        rows = [(thing, kind.cells(thing)) for thing in kind.rows()]
        context = {"kind": kind, "rows": rows, "here": f"{kind.key}s", "add_url": f"setup:{kind.key}_add"}
        return render(request, "people/setup/things.html", context | {"open_url": f"setup:{kind.key}"})

    return listing


def _editing(kind: Kind) -> Any:
    @require_http_methods(["GET", "HEAD", "POST"])
    def editing(request: StaffRequest, id: int | None = None) -> HttpResponse:
        thing = get_object_or_404(kind.model, pk=id) if id else None
        form = kind.form(request.POST or None, instance=thing)
        if request.method == "POST" and form.is_valid():
            saved = attempt(form, lambda: kind.save(form, by=by(request), now=now()))
            if saved:
                messages.success(request, _("%(name)s is saved") % {"name": saved.name})
                return redirect(f"setup:{kind.key}s")
        shown = get_object_or_404(kind.model, pk=id) if id else None  # the form has already written into its own
        context = {"kind": kind, "form": form, "thing": shown, "here": f"{kind.key}s"}
        context |= {"list_url": f"setup:{kind.key}s", "remove_url": f"setup:{kind.key}_remove"}
        return render(request, "people/setup/thing.html", context, status=200 if not form.errors else 422)

    return editing


def _removing(kind: Kind) -> Any:
    @require_POST
    def removing(request: StaffRequest, id: int) -> HttpResponse:
        thing: Any = get_object_or_404(kind.model, pk=id)
        name = thing.name
        try:
            remove_setting(kind.key, thing, by=by(request), now=now())
        except Conflict as refusal:
            messages.error(request, str(refusal))
            return redirect(f"setup:{kind.key}", id=id)
        messages.success(request, _("%(name)s is removed") % {"name": name})
        return redirect(f"setup:{kind.key}s")

    return removing


def _names(things: QuerySet[Any]) -> str:
    return " · ".join(thing.name for thing in things)


def _aim(queue: Queue) -> str:
    words = {"percent": queue.answer_target_percent, "seconds": queue.answer_within_seconds}
    return _("%(percent)s%% within %(seconds)s s") % words
