"""Drawing samples and dealing them out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.conversations.models import Contact
from heartline.improvement.quality.events import ReviewHandedOn, SampleDrawn
from heartline.improvement.quality.models import Draw, Pick, Review
from heartline.improvement.quality.queries.samples import candidates_for, evaluators_for, who_had_a_hand_in
from heartline.improvement.quality.rules.sampling import Dealt, Rule, deal, draw
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person
from heartline.people.queries import Scope

MOST = 200


def draw_sample(scope: Scope, wish: Draw, evaluators: Sequence[Person], zone: str, *, by: Actor, now: datetime) -> Draw:
    """Draw a sample as wished for and deal it out; a wish without a seed gets one."""
    wish.seed = wish.seed.strip() or secrets.token_hex(4)
    allowed = set(evaluators_for(scope).values_list("id", flat=True))
    chosen = sorted({one.id for one in evaluators} & allowed)
    if not chosen:
        raise Invalid(_("Choose who scores"), fields={"evaluators": _("Choose who scores")})
    with one_change():
        drawn = draw(candidates_for(scope, wish, zone), _rule_of(wish), wish.seed)
        if not drawn.contact_ids:
            raise Invalid(_("Nothing to draw: no ended contact fits that has not been drawn before"))
        if len(drawn.contact_ids) > MOST:
            text = _("This would draw %(n)s contacts. Draw at most %(most)s at once")
            raise Invalid(text % {"n": len(drawn.contact_ids), "most": MOST})
        hands = who_had_a_hand_in(drawn.contact_ids)
        dealt = deal(drawn.contact_ids, chosen, hands, wish.double_percent, wish.seed)
        wish.drawn_from, wish.drawn_by_id, wish.at = drawn.drawn_from, by.id, now
        wish.save()
        try:
            with transaction.atomic():
                _keep(wish, dealt, now)
        except IntegrityError:
            raise Conflict(_("Somebody has just drawn some of the same contacts. Draw again")) from None
        record(_drawn(wish, dealt), by=by, now=now, sample=wish.version.card.is_sample)
    return wish


def hand_on(review: Review, to: Person, *, by: Actor, now: datetime) -> Review:
    """Give a review that nobody has begun to somebody else; never to who had a hand in the contact."""
    if to.id in who_had_a_hand_in([review.contact_id]).get(review.contact_id, frozenset()):
        raise Invalid(_("Nobody scores a contact they had a hand in"))
    if Review.objects.filter(contact=review.contact_id, evaluator=to, calibration=None).exists():
        raise Conflict(_("They score this contact already"))
    before = review.evaluator_id
    with one_change():
        waiting = Review.objects.filter(pk=review.pk, state="open", evaluator=before, answers=None, comment="")
        if not Review.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(evaluator=to):
            raise Conflict(_("This review has been begun; only who began it can finish it"))
        event = ReviewHandedOn(
            review_id=review.pk, contact_id=review.contact_id, from_evaluator_id=before, to_evaluator_id=to.id
        )
        record(event, by=by, now=now, sample=review.contact.is_sample)
    review.refresh_from_db()
    return review


def _rule_of(wish: Draw) -> Rule:
    return Rule(wish.kind, wish.count, wish.rating_up_to, wish.first_weeks)


def _keep(drawn: Draw, dealt: Sequence[Dealt], now: datetime) -> None:
    about = dict(Contact.objects.filter(id__in=[one.contact_id for one in dealt]).values_list("id", "assignee_id"))
    for one in dealt:
        pick = Pick.objects.create(draw=drawn, contact_id=one.contact_id)
        for evaluator, is_check in ((one.first, False), (one.second, True)):
            if evaluator is not None or not is_check:
                Review.objects.create(
                    contact_id=one.contact_id,
                    about_id=about[one.contact_id],
                    version=drawn.version,
                    evaluator_id=evaluator,
                    pick=pick,
                    is_check=is_check,
                    given_at=now,
                )


def _drawn(drawn: Draw, dealt: Sequence[Dealt]) -> SampleDrawn:
    return SampleDrawn(
        draw_id=drawn.pk,
        version_id=drawn.version_id,
        rule=drawn.kind,
        count=drawn.count,
        first_day=drawn.first_day.isoformat(),
        last_day=drawn.last_day.isoformat(),
        team_id=drawn.team_id,
        queue_id=drawn.queue_id,
        channel=drawn.channel,
        seed=drawn.seed,
        drawn_from=drawn.drawn_from,
        drawn=len(dealt),
        scored_twice=sum(one.second is not None for one in dealt),
        without_evaluator=sum(one.first is None for one in dealt),
    )
