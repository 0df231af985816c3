"""The routing plan in pages: what is in use, the draft part by part, versions, files. Everything works without a script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common import clock
from heartline.common.errors import Conflict, Invalid, NotFound
from heartline.people.actions import actor_for
from heartline.people.ical import LARGEST
from heartline.people.requests import StaffRequest
from heartline.routing.models import PlanVersion
from heartline.routing.planning import editing
from heartline.routing.planning.compared import calls_words, changes, own_ways, whole
from heartline.routing.planning.holidays import with_holidays
from heartline.routing.planning.labels import Things, place, things
from heartline.routing.planning.shown import fields_of
from heartline.routing.plans import actions, toml
from heartline.routing.plans.queries import content_in_use, draft, number_in_use, version, versions
from heartline.ui.responses import json_ok


@require_safe
def plan(request: StaffRequest) -> HttpResponse:
    """Show the plan in use in words, the draft and what it would change, and every version."""
    known, standing, in_use = things(), draft(), content_in_use()
    found = actions.check(standing.content) if standing else {}
    context = {
        "here": "routing",
        "now": clock.now(),
        "number": number_in_use(),
        "ways": own_ways(in_use, known),
        "calls": calls_words(in_use),
        "others": [
            (editing.part_of(key), name)
            for key, name in known.queues.items()
            if key not in (in_use.get("queues") or {})
        ],
        "draft": standing,
        "changes": changes(in_use, standing.content, known) if standing else [],
        "problems": _placed(found, known),
        "versions": versions(),
    }
    return render(request, "planning/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, part: str) -> HttpResponse:
    """Show one part of the draft, or of the plan in use where there is none, and save it as the draft."""
    known = things()
    if not editing.is_part(part, known):
        raise NotFound(_("There is no such part of the plan"))
    standing = draft()
    if request.method != "POST":
        content = standing.content if standing else content_in_use()
        return _show(request, part, content, known, saved=standing.saved if standing else 0)
    content, saved = _sent(request, part, standing, known)
    try:
        kept = actions.save_draft(content, saved=saved, by=actor_for(request.user), now=clock.now())
    except (Conflict, Invalid) as refusal:
        return _show(request, part, content, known, saved=saved, refused=refusal, standing=standing)
    if act := request.POST.get("act", ""):
        return HttpResponseRedirect(f"{reverse('plan:edit', args=[part])}#{_anchor(act)}")
    wrong = actions.check(kept.content)
    if wrong:
        messages.warning(request, _("Saved in the draft. Some of it cannot be used yet"))
    else:
        messages.success(request, _("Saved in the draft. Nothing changes before it is published"))
    return redirect("plan:edit", part=part)


@require_POST
def autosave(request: StaffRequest, part: str) -> JsonResponse:
    """Save one part of the draft as it is being written; returns what is wrong by place, and the number of the save."""
    known = things()
    if not editing.is_part(part, known):
        raise NotFound(_("There is no such part of the plan"))
    content, saved = _sent(request, part, draft(), known)
    kept = actions.save_draft(content, saved=saved, by=actor_for(request.user), now=clock.now())
    return json_ok({"saved": kept.saved, "problems": actions.check(kept.content), "said": _("Saved in the draft")})


@require_POST
def act(request: StaffRequest, what: str) -> HttpResponse:
    """Publish the draft, throw it away, or let it replace what was published meanwhile."""
    standing, by, now = draft(), actor_for(request.user), clock.now()
    try:
        if standing is None:
            raise Conflict(_("There is no draft"))
        if what == "publish":
            if request.POST.get("note", "").strip():
                standing = actions.save_draft(
                    standing.content, note=request.POST["note"], saved=standing.saved, by=by, now=now
                )
            made = actions.publish(standing, by=by, now=now)
            messages.success(
                request, _("Version %(number)s is in use from the next offer on") % {"number": made.number}
            )
        elif what == "discard":
            actions.discard_draft(by=by, now=now)
            messages.success(request, _("The draft is thrown away. The plan in use stays as it is"))
        elif what == "rebase":
            actions.rebase_draft(standing, by=by, now=now)
            messages.success(request, _("The draft now follows the version in use. Look at what it would change"))
        else:
            raise NotFound(_("There is no such part of the plan"))
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
    return redirect("plan:plan")


@require_POST
def roll_back(request: StaffRequest, number: int) -> HttpResponse:
    """Put an old version in use again."""
    try:
        made = actions.roll_back(number, by=actor_for(request.user), now=clock.now())
        messages.success(request, _("Version %(number)s is in use from the next offer on") % {"number": made.number})
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
    return redirect("plan:plan")


@require_safe
def one(request: StaffRequest, number: int) -> HttpResponse:
    """Show one version: who made it, what it changed from the one before, and what it differs from the one in use."""
    known, found = things(), version(number)
    before = version(found.base).content if found.base else {}
    context = {
        "here": "routing",
        "now": clock.now(),
        "version": found,
        "number": number_in_use(),
        "changed": changes(before, found.content, known),
        "from_use": changes(content_in_use(), found.content, known),
        "ways": own_ways(found.content, known),
        "calls": calls_words(found.content),
    }
    return render(request, "planning/version.html", context)


@require_safe
def download(request: StaffRequest, number: int) -> HttpResponse:
    """Hand a version out as a TOML file; 0 is the plan in use with every default in its place."""
    content = whole(content_in_use()) if number == 0 else version(number).content
    response = HttpResponse(toml.dumps(content), content_type="application/toml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="routing-plan-{number or number_in_use()}.toml"'
    return response


@require_POST
def upload(request: StaffRequest) -> HttpResponse:
    """Take a TOML file in as the draft."""
    sent = request.FILES.get("file")
    try:
        if sent is None or (sent.size or 0) > toml.LONGEST:
            raise Invalid(_("Choose a TOML file of at most 1 MB"))
        content = toml.loads(sent.read().decode("utf-8", "replace"))
        standing = draft()
        note = _("From the file %(name)s") % {"name": (sent.name or "")[:100]}
        actions.save_draft(
            content, note=note, saved=standing.saved if standing else 0, by=actor_for(request.user), now=clock.now()
        )
        messages.success(request, _("The file is the draft now. Look at what it would change, then publish it"))
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
    return redirect("plan:plan")


@require_POST
def holidays(request: StaffRequest) -> HttpResponse:
    """Take the days of a calendar file in as days on which a site is closed, in the draft."""
    sent, standing, now = request.FILES.get("file"), draft(), clock.now()
    try:
        content, added, found = with_holidays(
            standing.content if standing else content_in_use(),
            request.POST.get("site", ""),
            sent.read(LARGEST + 1) if sent else b"",
            now,
        )
        actions.save_draft(content, saved=standing.saved if standing else 0, by=actor_for(request.user), now=now)
        words = ngettext("One day is added to the draft", "%(n)s days are added to the draft", added)
        messages.success(request, words % {"n": added})
        if found.make_up:
            messages.warning(
                request, _("Make-up workdays are not taken from a file. Add them with the weekday they are like")
            )
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
    return redirect("plan:edit", part="sites")


def _sent(request: StaffRequest, part: str, standing: PlanVersion | None, known: Things) -> tuple[dict[str, Any], int]:
    """Return the whole plan as it would be with what was sent, and the save that the sender had before their eyes."""
    base = standing.content if standing else content_in_use()
    content = editing.merged(base, part, request.POST, known)
    if what := request.POST.get("act", ""):
        content = editing.acted(content, what)
    seen = request.POST.get("saved", "")
    mine = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
    if "force" in request.POST and standing:
        return content, standing.saved
    if standing and mine != standing.saved:
        return content, -1  # a draft was begun or saved elsewhere since: never written over unasked
    return content, mine


def _show(
    request: StaffRequest,
    part: str,
    content: Mapping[str, Any],
    known: Things,
    *,
    saved: int,
    refused: Exception | None = None,
    standing: PlanVersion | None = None,
) -> HttpResponse:
    problems = actions.check(content)
    made = fields_of(content, problems, known)
    queue = editing.queue_in(part, known)
    context = {
        "here": "routing",
        "now": clock.now(),
        "part": part,
        "known": known,
        "saved": saved,
        "refused": refused,
        "standing": standing,
        "fields": made,
        "way": made.way(part) if queue or part == "everywhere" else None,
        "own": queue in (content.get("queues") or {}),
        "queue": queue,
        "name": known.queues.get(queue, ""),
        "problems": _placed(problems, known),
        "parts": _parts(problems, known),
    }
    return render(request, "planning/edit.html", context, status=409 if refused else 200)


def _placed(problems: Mapping[str, str], known: Things) -> list[tuple[str, str, str, str]]:
    """Return what is wrong with where it stands in words, the part of the pages, and the field."""
    return [(place(path, known), why, _part_of(path), path) for path, why in problems.items()]


def _part_of(path: str) -> str:
    first, _dot, rest = path.partition(".")
    if first == "queues":
        return editing.part_of(rest.partition(".")[0])
    return first if first in editing.PARTS else "order"


def _parts(problems: Mapping[str, str], known: Things) -> list[tuple[str, str, int]]:
    wrong = [_part_of(path) for path in problems]
    names = {
        "order": _("Order and load"),
        "everywhere": _("Every other queue"),
        "calls": _("Calls back"),
        "sites": _("Site hours"),
    }
    queues = {editing.part_of(key): name for key, name in known.queues.items()}
    tabs = {"order": names["order"], **queues} | {part: names[part] for part in ("everywhere", "calls", "sites")}
    return [(key, str(name), wrong.count(key)) for key, name in tabs.items()]


def _anchor(act: str) -> str:
    """Return the field to go to after a button: the step or help that it was about."""
    what, _colon, path = act.partition(":")
    shown = (
        f"{path}.steps" if what == "add-step" else f"{path}.borrow" if what == "add-help" else path.rpartition(".")[0]
    )
    return "p-" + "".join(letter if letter.isalnum() else "-" for letter in shown)
