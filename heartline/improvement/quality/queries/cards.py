"""Reading scorecards."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.improvement.quality.models import CardVersion, Scorecard
from heartline.people.queries import Scope


def cards_for(scope: Scope) -> QuerySet[Scorecard]:
    """Return the scorecards for who may build them, with their newest version and how often they were used."""
    if not scope.may("quality.manage"):
        return Scorecard.objects.none()
    published = Q(versions__published_at__isnull=False)
    scored = Count("versions__reviews", filter=Q(versions__reviews__state="submitted"), distinct=True)
    return Scorecard.objects.annotate(
        newest=Max("versions__number", filter=published), used=scored, writing=Max("versions__saved", filter=~published)
    ).prefetch_related("queues")


def card_for(scope: Scope, card_id: int) -> Scorecard:
    """Return one scorecard, or raise NotFound."""
    found = cards_for(scope).filter(pk=card_id).first()
    if found is None:
        raise NotFound(_("There is no such scorecard"))
    return found


def version_for(scope: Scope, card_id: int, number: int) -> CardVersion:
    """Return one version of a scorecard, or raise NotFound."""
    found = CardVersion.objects.filter(card=card_for(scope, card_id), number=number).select_related("card").first()
    if found is None:
        raise NotFound(_("There is no such version"))
    return found
