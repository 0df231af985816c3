"""`/experts/`: what is asked of me, what I asked, and what an expert does with a question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from heartline.common.errors import Conflict, Invalid, NotAllowed, NotFound
from heartline.conversations.consultations.actions import answering
from heartline.conversations.consultations.actions.settings import save_expertise
from heartline.conversations.consultations.models import Asking, Consultation
from heartline.conversations.consultations.queries import (
    RELATED,
    answered_by,
    asked_of,
    asked_of_one,
    consultations_for,
    expertise_of,
    is_expert,
    pool,
)
from heartline.conversations.consultations.rules import OPEN
from heartline.ledger.queries import head
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.pages.common import attempt
from heartline.people.requests import StaffRequest
from heartline.service.actions import Worker
from heartline.service.experts import actions
from heartline.service.experts.forms import ExpertiseForm
from heartline.service.experts.shown import shown_to
from heartline.service.experts.words import why_words
from heartline.service.pages.shared import worker_of

PAGE = 30
VIEWS = ("mine", "answered", "asked", "all")


@require_GET
@ensure_csrf_cookie
def listed(request: StaffRequest) -> HttpResponse:
    """Show what is asked of the reader, what they answered, what they asked, and what is open in the cases they see."""
    now, view = worker_of(request).now, _view(request)
    page = Paginator(_rows(request, view), PAGE).get_page(request.GET.get("page"))
    context = {
        "now": now,
        "view": view,
        "page": page,
        "query": f"view={view}",
        "late": _late(request, view, now),
        "live": {"me": request.user.id, "position": str(head())},
        "is_expert": is_expert(request.user),
        "how": expertise_of(request.user),
    }
    return render(request, "experts/list.html", context)


@require_GET
def question(request: StaffRequest, id: int) -> HttpResponse:
    """Show a question to whom it is asked, with as much of the case as it needs."""
    return _question(request, asked_of_one(request.scope, id))


@require_POST
def act(request: StaffRequest, id: int) -> HttpResponse:
    """Take, answer, decline, pass on, join, leave, take over, or write; what was typed is kept when it is refused."""
    worker, verb = worker_of(request), request.POST.get("act", "")
    row = asked_of_one(request.scope, id)
    if verb not in ACTS:
        raise NotFound(_("There is no such page"))
    try:
        gone = ACTS[verb](request, worker, row)
    except (Conflict, Invalid, NotAllowed) as refusal:
        words = " ".join(map(str, refusal.fields.values())) or str(refusal)
        still = asked_of(request.user.id).filter(id=id).first()
        if still is None:
            messages.error(request, words)
            return redirect("experts:list")
        told = {"act": verb, "words": words, "text": request.POST.get("text", "")}
        return _question(request, still, told, status=refusal.status)
    messages.success(request, str(_SAID[verb]))
    if verb == "take_over":
        return redirect("desk:case_page", row.contact.case_id)
    return redirect("experts:list") if gone else redirect("experts:question", id)


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: StaffRequest) -> HttpResponse:
    """Show and change how one wants to be asked."""
    worker = worker_of(request)
    form = ExpertiseForm(expertise_of(worker.person), worker.now, request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = actor_for(worker.person)
        if attempt(form, lambda: save_expertise(worker.person, form.values(), by=by, now=worker.now)):
            messages.success(request, _("Saved"))
            return redirect("experts:list")
    context = {"form": form, "person": worker.person, "own": True, "is_expert": is_expert(worker.person)}
    return render(request, "experts/expertise.html", context, status=422 if form.errors else 200)


def _question(
    request: StaffRequest, row: Consultation, refused: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    worker = worker_of(request)
    asking = Asking.objects.filter(consultation=row, ended_at=None).first()
    joined = row.contact.participants.filter(person=worker.person, left_at=None).exclude(role="mentioned").exists()
    others = pool().exclude(id__in=[worker.person.id, row.asked_by_id or 0])
    context = {
        "now": worker.now,
        "row": row,
        "shown": shown_to(worker.scope, row),
        "why": why_words(asking.why) if asking else [],
        "joined": joined,
        "reasons": Asking.REASONS,
        "others": others,
        "refused": refused or {},
        "late": row.due_at <= worker.now,
        "live_contact": row.contact.state in ("waiting", "active"),
        "key": f"expert-{row.id}-{worker.now:%Y%m%d%H%M%S%f}",
        "live": {"me": request.user.id, "position": str(head()), "id": row.id},
    }
    return render(request, "experts/question.html", context, status=status)


def _view(request: StaffRequest) -> str:
    view = request.GET.get("view", "")
    asks = request.scope.may("contact.serve")
    usual = "mine" if not asks or asked_of(request.user.id).exists() or is_expert(request.user) else "asked"
    return view if view in (VIEWS if asks else VIEWS[:2]) else usual


def _rows(request: StaffRequest, view: str) -> QuerySet[Consultation]:
    if view == "answered":
        return answered_by(request.user.id)
    if view == "mine":
        return asked_of(request.user.id).order_by("due_at", "id")
    rows = consultations_for(request.scope).select_related(*RELATED)
    if view == "asked":
        return rows.filter(asked_by=request.user).order_by("-id")
    return rows.filter(state__in=OPEN).order_by("due_at", "id")


def _late(request: StaffRequest, view: str, now: datetime) -> int:
    return 0 if view == "answered" else _rows(request, view).filter(state__in=OPEN, due_at__lte=now).count()


def _take(request: StaffRequest, worker: Worker, row: Consultation) -> bool:
    answering.accept(row, worker.person, by=actor_for(worker.person), now=worker.now)
    return False


def _answer(request: StaffRequest, worker: Worker, row: Consultation) -> bool:
    answering.answer(row, worker.person, request.POST.get("text", ""), by=actor_for(worker.person), now=worker.now)
    return True


def _decline(request: StaffRequest, worker: Worker, row: Consultation) -> bool:
    reason, words = request.POST.get("reason", ""), request.POST.get("text", "")
    answering.decline(row, worker.person, reason, words, by=actor_for(worker.person), now=worker.now)
    return True


def _pass_on(request: StaffRequest, worker: Worker, row: Consultation) -> bool:
    wanted = request.POST.get("person", "")
    to = Person.objects.filter(id=int(wanted) if wanted.isdecimal() and len(wanted) < 16 else 0).first()
    if to is None:
        raise Invalid(_("Choose an expert from the list"), fields={"person": _("Choose an expert from the list")})
    answering.pass_on(row, worker.person, to, by=actor_for(worker.person), now=worker.now)
    return True


def _join(request: StaffRequest, worker: Worker, row: Consultation) -> bool:
    answering.join(row, worker.person, by=actor_for(worker.person), now=worker.now)
    return False


def _leave(request: StaffRequest, worker: Worker, row: Consultation) -> bool:
    actions.leave(worker, row)
    return False


def _say(request: StaffRequest, worker: Worker, row: Consultation) -> bool:
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
    actions.say(worker, row, kind, request.POST.get("text", ""), client_key=key)
    return False


def _take_over(request: StaffRequest, worker: Worker, row: Consultation) -> bool:
    actions.take_over(worker, row)
    return True


Act = Callable[[StaffRequest, Worker, Consultation], bool]
ACTS: dict[str, Act] = {
    "take": _take,
    "answer": _answer,
    "decline": _decline,
    "pass_on": _pass_on,
    "join": _join,
    "leave": _leave,
    "say": _say,
    "take_over": _take_over,
}
_SAID = {
    "take": gettext_lazy("It is yours to answer now"),
    "answer": gettext_lazy("Answered. Your answer is in the case, and who asked has been told"),
    "decline": gettext_lazy("It goes to somebody else"),
    "pass_on": gettext_lazy("Passed on"),
    "join": gettext_lazy("You have joined. The whole case is open to you until you leave"),
    "leave": gettext_lazy("You have left the contact"),
    "say": gettext_lazy("Written"),
    "take_over": gettext_lazy("You serve this contact now"),
}
