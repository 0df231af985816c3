"""From the draw to the talk about it: who may do what, and what nobody sees too early."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from heartline.common.errors import Conflict, Invalid, NotAllowed, NotFound
from heartline.customers.actions.erasing import erase_customer
from heartline.improvement.quality.actions.calibrations import agree_on, close, compare, open_calibration
from heartline.improvement.quality.actions.cards import begin_version, publish, write_version
from heartline.improvement.quality.actions.draws import draw_sample, hand_on
from heartline.improvement.quality.actions.reviews import (
    reopen_review,
    save_answer,
    save_comment,
    share_review,
    submit_review,
)
from heartline.improvement.quality.actions.talk import agree, close_step, say, write_note
from heartline.improvement.quality.models import AgreedAnswer, CardVersion, CoachingNote, Review
from heartline.improvement.quality.queries.figures import agreement_for, counted_reviews, mean_of, trend_of
from heartline.improvement.quality.queries.reviews import (
    notes_for,
    rating_of,
    review_for,
    reviews_for,
    shared_with,
    work_of,
)
from heartline.improvement.quality.rules.card import Card
from heartline.improvement.quality.rules.scoring import Given
from heartline.improvement.quality.tests.stage import CARD, answer, scope_of, scored, served, to_score, wish
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.voice_of_customer.models import Invitation, Response
from tests.cast import NOON

ZONE = "Asia/Shanghai"


def drawn(cast, version, evaluators, **fields):
    scope = scope_of(cast.supervisor)
    return draw_sample(scope, wish(version, **fields), evaluators, ZONE, by=actor_for(cast.supervisor), now=NOON)


def test_a_published_version_is_never_changed(cast, version):
    by = actor_for(cast.supervisor)
    with pytest.raises(Conflict):
        write_version(version, Card(), base=version.saved, by=by, now=NOON)
    following = begin_version(version.card, by=by, now=NOON)
    assert following.asks() == CARD
    assert begin_version(version.card, by=by, now=NOON) == following
    with pytest.raises(Conflict):
        write_version(following, Card(), base=7, by=by, now=NOON)
    write_version(following, Card(), base=0, by=by, now=NOON)
    with pytest.raises(Invalid):
        publish(following, by=by, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        CardVersion.objects.create(card=version.card, number=9)


def test_a_sample_says_from_how_many_and_never_draws_twice(cast, version):
    contacts = [served(cast) for _n in range(4)]
    served(cast, ended=NOON - timedelta(days=9))  # another day
    served(cast, cast.outsider)  # somebody else's agent
    first = drawn(cast, version, [cast.supervisor], count=3)
    assert (first.drawn_from, first.picks.count()) == (4, 3)
    second = drawn(cast, version, [cast.supervisor], count=3)
    assert (second.drawn_from, second.picks.count()) == (1, 1)
    assert {one.contact_id for one in Review.objects.all()} == {one.id for one in contacts}
    with pytest.raises(Invalid):
        drawn(cast, version, [cast.supervisor])
    told = Entry.objects.filter(kind="quality.sample_drawn").order_by("id").first().body
    assert (told["seed"], told["drawn_from"], told["drawn"]) == ("plum", 4, 3)


def test_an_expert_sees_what_was_given_to_them_and_nothing_else(cast, version):
    served(cast)
    other = served(cast)
    drawn(cast, version, [cast.expert], count=1)
    mine = work_of(scope_of(cast.expert)).get()
    assert mine.evaluator == cast.expert
    theirs = to_score(served(cast), version, cast.supervisor)
    with pytest.raises(NotFound):
        review_for(scope_of(cast.expert), theirs.pk)
    assert not work_of(scope_of(cast.grace)).exists()
    with pytest.raises(Invalid):
        drawn(cast, version, [cast.tom])  # agents do not score
    assert other.pk


def test_nobody_scores_what_they_had_a_hand_in(cast, version):
    contact = served(cast)
    contact.assignments.create(person=cast.supervisor, started_at=NOON, ended_at=NOON)
    drawn(cast, version, [cast.supervisor])
    review = Review.objects.get()
    assert review.evaluator is None
    by = actor_for(cast.supervisor)
    with pytest.raises(Invalid):
        hand_on(review, cast.supervisor, by=by, now=NOON)
    hand_on(review, cast.expert, by=by, now=NOON)
    answer(review, q1=1)
    with pytest.raises(Conflict):
        hand_on(review, cast.admin, by=by, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        to_score(contact, version, cast.grace)


def test_answers_are_kept_one_by_one_and_tabs_do_not_undo_each_other(cast, version):
    review = to_score(served(cast), version, cast.supervisor)
    elsewhere = served(cast)
    by = actor_for(cast.supervisor)
    message = review.contact.messages.first()
    ids = [message.pk, elsewhere.messages.first().pk]
    kept = save_answer(review, "q1", Given(1), " good\x00", ids, base=0, by=by, now=NOON)
    assert (kept.saved, kept.comment, [one.pk for one in kept.messages.all()]) == (1, "good", [message.pk])
    with pytest.raises(Conflict):
        save_answer(review, "q1", Given(0), "", [], base=0, by=by, now=NOON)
    save_answer(review, "q2", Given(0), "", [], base=0, by=by, now=NOON)
    save_comment(review, "well done", base=0, by=by, now=NOON)
    with pytest.raises(Conflict):
        save_comment(review, "", base=0, by=by, now=NOON)
    for wrong in (Given(4), Given(1, na=True), Given(-1)):
        with pytest.raises(Invalid):
            save_answer(review, "q2", wrong, "", [], base=1, by=by, now=NOON)
    with pytest.raises(NotAllowed):
        save_answer(review, "q1", Given(0), "", [], base=1, by=actor_for(cast.admin), now=NOON)
    with pytest.raises(Invalid) as refusal:
        submit_review(review, by=by, now=NOON)
    assert set(refusal.value.fields) == {"q3"}


def test_the_customers_rating_is_hidden_until_it_is_scored(cast, version):
    contact = served(cast)
    asked = Invitation.objects.create(
        case=contact.case, contact=contact, about=cast.grace, token_hash="x", asked_at=NOON, expires_at=NOON
    )
    Response.objects.create(invitation=asked, case=contact.case, score=2, comment="又没来", came_by="link", at=NOON)
    review = to_score(contact, version, cast.supervisor)
    assert rating_of(review) is None
    submit_review(answer(review, q1=1, q2=0, q3=1), by=actor_for(cast.supervisor), now=NOON)
    assert rating_of(review).score == 2
    assert drawn_low(cast, version) == [contact.pk]


def drawn_low(cast, version):
    return list(drawn(cast, version, [cast.expert], kind="low_rating").picks.values_list("contact_id", flat=True))


def test_two_who_score_the_same_do_not_see_each_other(cast, version):
    served(cast)
    drawn(cast, version, [cast.supervisor, cast.expert], double_percent=100)
    mine = Review.objects.get(evaluator=cast.supervisor)
    theirs = Review.objects.get(evaluator=cast.expert)
    assert {mine.is_check, theirs.is_check} == {True, False}
    submit_review(answer(theirs, q1=1, q2=2, q3=1), by=actor_for(cast.expert), now=NOON)
    scope = scope_of(cast.supervisor)
    assert theirs not in reviews_for(scope)
    with pytest.raises(NotFound):
        review_for(scope, theirs.pk)
    submit_review(answer(mine, q1=1, q2=3, q3=1), by=actor_for(cast.supervisor), now=NOON)
    assert theirs in reviews_for(scope)
    check = mine if mine.is_check else theirs
    with pytest.raises(Invalid):
        share_review(check, by=actor_for(check.evaluator), now=NOON)
    found = agreement_for(scope, version)
    assert found.pairs == 1
    assert [(one.kappa.n, one.kappa.agreed, one.kappa.too_few) for one in found.questions] == [
        (1, 1, True), (1, 0, True), (1, 1, True),
    ]  # fmt: skip
    assert found.apart == pytest.approx(100 / 12, abs=0.01)
    reopen_review(mine, "a slip", by=actor_for(cast.supervisor), now=NOON)
    submit_review(Review.objects.get(pk=mine.pk), by=actor_for(cast.supervisor), now=NOON)
    assert agreement_for(scope, version).pairs == 0, "they had seen the other's answers by then"


def test_what_nobody_may_hear_reaches_no_stream(cast, version):
    from heartline.ledger.events import audience_of

    scored(served(cast), version, cast.supervisor)
    entry = Entry.objects.get(kind="quality.review_submitted")
    assert audience_of(entry.kind, entry.body) == frozenset()
    assert entry.body["result"] == "100.00"


def test_the_agent_sees_only_their_own_and_only_when_shared(cast, version):
    review = scored(served(cast), version, cast.supervisor)
    by, me = actor_for(cast.supervisor), actor_for(cast.grace)
    assert not shared_with(scope_of(cast.grace)).exists()
    with pytest.raises(Conflict):
        say(review, "acknowledged", "", by=me, now=NOON)
    share_review(review, by=by, now=NOON)
    assert shared_with(scope_of(cast.grace)).get() == review
    assert not shared_with(scope_of(cast.tom)).exists()
    with pytest.raises(Conflict):
        share_review(review, by=by, now=NOON)


def test_the_agent_appeals_once_and_it_is_settled(cast, version):
    review = scored(served(cast), version, cast.supervisor)
    by, me = actor_for(cast.supervisor), actor_for(cast.grace)
    share_review(review, by=by, now=NOON)
    with pytest.raises(Invalid):
        say(review, "disputed", " ", by=me, now=NOON)
    with pytest.raises(NotAllowed):
        say(review, "upheld", "I am right", by=me, now=NOON)
    say(review, "disputed", "The customer had hung up", by=me, now=NOON)
    with pytest.raises(Conflict):
        say(review, "disputed", "again", by=me, now=NOON)
    review = reopen_review(review, "I had not heard the end", by=by, now=NOON)
    assert review.state == "open"
    answer(review, q2=2)
    submit_review(Review.objects.get(pk=review.pk), by=by, now=NOON)
    review.refresh_from_db()
    assert (review.feedback, review.state, review.shared_at) == ("settled", "submitted", NOON)
    before = Entry.objects.get(kind="quality.review_reopened").body["result_before"]
    assert (before, str(review.result)) == ("100.00", "91.67")
    with pytest.raises(Conflict):
        say(review, "upheld", "so be it", by=by, now=NOON)


def test_a_calibration_is_scored_apart_then_compared_and_agreed(cast, version):
    scope, by = scope_of(cast.supervisor), actor_for(cast.supervisor)
    contact = served(cast)
    with pytest.raises(Invalid):
        open_calibration(scope, contact, version, [cast.supervisor, cast.grace], by=by, now=NOON)
    session = open_calibration(scope, contact, version, [cast.supervisor, cast.expert], by=by, now=NOON)
    mine, theirs = (session.reviews.get(evaluator=one) for one in (cast.supervisor, cast.expert))
    submit_review(answer(mine, q1=1, q2=3, q3=1), by=by, now=NOON)
    with pytest.raises(Invalid):
        compare(session, by=by, now=NOON)
    with pytest.raises(Conflict):
        agree_on(session, "q2", Given(2), "as the guide says", by=by, now=NOON)
    submit_review(answer(theirs, q1=1, q2=1, q3="na"), by=actor_for(cast.expert), now=NOON)
    compare(session, by=by, now=NOON)
    with pytest.raises(Conflict):
        reopen_review(mine, "after all", by=by, now=NOON)
    with pytest.raises(Invalid):
        agree_on(session, "q2", Given(2), " ", by=by, now=NOON)
    with pytest.raises(Invalid):
        agree_on(session, "q2", Given(9), "no", by=by, now=NOON)
    agree_on(session, "q2", Given(2), "a day, but not who", by=by, now=NOON)
    agree_on(session, "q2", Given(3), "who is in the card", by=by, now=NOON)
    close(session, by=by, now=NOON)
    assert [(row.value, row.reason) for row in AgreedAnswer.objects.all()] == [(3, "who is in the card")]
    assert not counted_reviews([cast.grace], ZONE, NOON).exists(), "a calibration counts for nobody"


def test_coaching_is_agreed_to_and_closed(cast, version):
    by, me = actor_for(cast.supervisor), actor_for(cast.grace)
    review = scored(served(cast), version, cast.supervisor)
    note = CoachingNote(
        about=cast.grace, review=review, text="Say who calls", next_step="Name the person", due_on=NOON.date()
    )
    message = review.contact.messages.first()
    write_note(note, review.contact, [message.pk], by=by, now=NOON)
    assert list(note.messages.all()) == [message]
    assert notes_for(scope_of(cast.grace)).get() == note
    assert not notes_for(scope_of(cast.tom)).exists()
    with pytest.raises(NotAllowed):
        agree(note, "", by=actor_for(cast.tom), now=NOON)
    agree(note, "gladly", by=me, now=NOON)
    with pytest.raises(Invalid):
        close_step(note, "", by=me, now=NOON)
    close_step(note, "did it all week", by=me, now=NOON)
    with pytest.raises(Conflict):
        close_step(note, "again", by=me, now=NOON)
    told = [row.body["what"] for row in Entry.objects.filter(kind="quality.coaching_noted").order_by("id")]
    assert told == ["written", "agreed", "closed"]


def test_few_results_are_counted_and_not_judged(cast, version):
    few = mean_of([(80.0, False)] * 4)
    assert (few.n, few.value) == (4, None)
    enough = mean_of([(80.0, False), (90.0, False), (100.0, False), (70.0, False), (0.0, True)])
    assert (enough.n, enough.failed, enough.value) == (5, 1, 68)
    # 68 − 2.7764 · √(1570 / 5): Student's quantile for 4 degrees of freedom, from the table
    assert (round(enough.low, 2), enough.high) == (18.80, 100)
    scored(served(cast), version, cast.supervisor)
    assert trend_of(cast.grace, counted_reviews([cast.grace], ZONE, NOON), ZONE, NOON).whole.n == 0, (
        "not shared, not counted"
    )


def test_a_customers_words_go_from_reviews_too(cast, version):
    contact = served(cast)
    by, me = actor_for(cast.supervisor), actor_for(cast.grace)
    review = to_score(contact, version, cast.supervisor)
    save_answer(review, "q1", Given(1), "kanarienvogel", [], base=0, by=by, now=NOON)
    save_comment(review, "kanarienvogel", base=0, by=by, now=NOON)
    submit_review(answer(review, q2=3, q3=1), by=by, now=NOON)
    share_review(review, by=by, now=NOON)
    say(review, "replied", "kanarienvogel", by=me, now=NOON)
    note = CoachingNote(about=cast.grace, text="kanarienvogel", next_step="kanarienvogel")
    write_note(note, contact, [], by=by, now=NOON)
    erase_customer(contact.customer, by=actor_for(cast.admin), now=NOON)
    review.refresh_from_db()
    note.refresh_from_db()
    assert (review.comment, note.text, note.next_step) == ("", "", "")
    kept = review.answers.get(question="q1")
    assert (kept.comment, kept.value) == ("", 1)
    assert review.remarks.get().text == ""
    assert (str(review.result), review.state) == ("100.00", "submitted")
    assert "kanarienvogel" not in str(list(Entry.objects.values_list("body", flat=True)))
