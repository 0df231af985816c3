"""`/setup/`: what is set up, and what a customer would still run into."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from heartline.people.models import Brand, Person, Queue, Role, Site, Skill, Team
from heartline.people.requests import StaffRequest


@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """Show how much there is of everything, and what is missing."""
    context = {
        "missing": list(_missing()),
        "counts": _counts(),
        "here": "overview",
        "sample": Brand.objects.filter(is_sample=True).exists(),
    }
    return render(request, "people/setup/overview.html", context)


def _counts() -> list[tuple[str, str, str]]:
    """Return icon, words and address of everything that can be set up."""
    brands, sites, teams = Brand.objects.count(), Site.objects.count(), Team.objects.count()
    queues, skills = Queue.objects.count(), Skill.objects.count()
    people = Person.objects.filter(is_active=True).count()
    return [
        ("building-2", ngettext("%(n)s brand", "%(n)s brands", brands) % {"n": brands}, reverse("setup:brands")),
        ("layers", ngettext("%(n)s queue", "%(n)s queues", queues) % {"n": queues}, reverse("setup:queues")),
        ("users", ngettext("%(n)s team", "%(n)s teams", teams) % {"n": teams}, reverse("setup:teams")),
        ("user", ngettext("%(n)s person", "%(n)s people", people) % {"n": people}, reverse("setup:people")),
        ("wrench", ngettext("%(n)s skill", "%(n)s skills", skills) % {"n": skills}, reverse("setup:skills")),
        ("map-pin", ngettext("%(n)s site", "%(n)s sites", sites) % {"n": sites}, reverse("setup:sites")),
    ]


def _missing() -> Iterator[tuple[str, str]]:
    """Yield what a customer would run into, with the address where it is mended."""
    for brand in Brand.objects.annotate(spans=Count("hours", distinct=True), lines=Count("queues", distinct=True)):
        if not brand.spans:
            yield _("%(name)s is never open: it has no hours") % {"name": brand.name}, _at("hours", brand.pk)
        if not brand.lines:
            yield _("%(name)s has no queue to wait in") % {"name": brand.name}, reverse("setup:queue_add")
    serving = Q(teams__members__is_active=True, teams__members__capacities__limit__gt=0)
    for queue in Queue.objects.annotate(hands=Count("teams__members", filter=serving, distinct=True)).filter(hands=0):
        yield _("Nobody can serve %(name)s") % {"name": queue.name}, _at("queue", queue.pk)
    for person in Person.objects.filter(is_active=True, teams=None, role__in=[Role.AGENT, Role.SUPERVISOR]):
        yield _("%(name)s is in no team and sees no work") % {"name": person.name}, _at("person", person.pk)


def _at(name: str, id: int) -> str:
    return reverse(f"setup:{name}", kwargs={"id": id})
