"""The customer's side: was it settled, did they have to come back, were promises kept, were they satisfied?"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from heartline.insight.catalogue.parts import FIRST, c
from heartline.insight.expressions import EVERYTHING
from heartline.insight.facts.columns import CASES, PROMISES
from heartline.insight.measures import Metric, Part, Settled

# Below this many answers a share of them says little: at 9 of 10 the truth may still lie anywhere from 60 to 98 %.
ENOUGH_ANSWERS = 10
SATISFIED = 4
DAY_MS = 86_400_000
FIRST_CONTACT_WHY = _(
    "By what customers do, not by what we tick: the same case, or the same reason given at wrap-up, on any channel. Contacts "
    "whose window is still open are left out, or the last days would look too good. Credited to who finished the contact"
)

CUSTOMERS = (
    Metric(
        id="satisfied",
        name=_("Satisfied customers (CSAT)"),
        short=_("Satisfied"),
        meaning=_(
            "Of the customers who answered how satisfied they were with the help they got, the share who chose one of the two best of five"
        ),
        formula=_("answers 4 and 5 ÷ all answers, with Wilson’s 95 % interval"),
        unit="share",
        base=Part(_("answered the question"), c.score.known()),
        hit=Part(_("satisfied or very satisfied"), c.score >= SATISFIED),
        versions=FIRST,
        exactness="sampled",
        better="more",
        enough=ENOUGH_ANSWERS,
        credit="score_about",
        beside=("satisfaction_mean", "response_rate"),
        why=_(
            "Unanswered questions are left out, so read it with the response rate. Credited to the person the question was "
            "about, even when somebody else has the case by now. A share, not a mean"
        ),
    ),
    Metric(
        id="satisfaction_mean",
        name=_("Mean satisfaction"),
        short=_("Mean answer"),
        meaning=_("The mean of all answers, from 1 very dissatisfied to 5 very satisfied"),
        formula=_("sum of answers ÷ number of answers, with Student’s 95 % interval"),
        unit="score",
        base=Part(_("answered the question"), c.score.known()),
        value=c.score,
        versions=FIRST,
        exactness="sampled",
        better="more",
        enough=ENOUGH_ANSWERS,
        credit="score_about",
        beside=("satisfied",),
    ),
    Metric(
        id="response_rate",
        name=_("Response rate"),
        short=_("Answered our question"),
        meaning=_("Of the customers we asked how it was, the share who answered"),
        formula=_("answers ÷ invitations, each case invited once"),
        unit="share",
        base=Part(_("asked how it was"), c.invited_at.known()),
        hit=Part(_("answered the question"), c.score.known()),
        credit="score_about",
        versions=FIRST,
        better="more",
    ),
    Metric(
        id="solved",
        name=_("Solved cases"),
        short=_("Solved"),
        meaning=_("Cases that were solved in the period and are not open again"),
        formula=_("number of cases by their last solving"),
        unit="count",
        table=CASES,
        when="solved_at",
        credit="solved_by",
        base=Part(_("cases solved, and not open again"), c.solved_at.known()),
        versions=FIRST,
        beside=("customers_solved", "to_final_resolution", "contacts_per_case"),
        why=_("Counted once, however often a case was opened again, and only as long as it stays solved"),
    ),
    Metric(
        id="customers_solved",
        name=_("Customers with a solved case"),
        short=_("Customers"),
        meaning=_("How many customers those solved cases are"),
        formula=_("number of different customers among the solved cases"),
        unit="people",
        table=CASES,
        when="solved_at",
        credit="solved_by",
        base=Part(_("cases solved, and not open again"), c.solved_at.known()),
        versions=FIRST,
        beside=("solved",),
        why=_(
            "A hundred solved cases may be a hundred customers or one: here is which. Parts do not add up to the whole"
        ),
    ),
    Metric(
        id="first_contact_7",
        name=_("Solved in one contact (FCR, no repeat in 7 days)"),
        short=_("Solved in one"),
        meaning=_(
            "Of the matters brought to us, the share settled in their first contact: solved, and no further one in 7 days"
        ),
        formula=_(
            "solved, no contact about the same matter within 7 days, no promise broken ÷ first finished contacts, 7 days old"
        ),
        unit="share",
        base=Part(
            _("finished contacts that began a matter, 7 days ago or more"),
            c.finished_at.known() & ~c.continues & ~(c.since_last_ms <= 7 * DAY_MS),
        ),
        hit=Part(
            _("solved, and nobody had to come back"),
            c.resolution.among("solved", "no_answer_needed")
            & ~(c.until_next_ms <= 7 * DAY_MS)
            & c.promises_broken.equals(0),
        ),
        settled=Settled("finished_at", timedelta(days=7)),
        credit="finished_by",
        versions=FIRST,
        better="more",
        beside=("first_contact_30", "repeat_7", "reopened_7"),
        why=FIRST_CONTACT_WHY,
    ),
    Metric(
        id="first_contact_30",
        name=_("Solved in one contact (FCR, no repeat in 30 days)"),
        short=_("Solved in one"),
        meaning=_(
            "Of the matters brought to us, the share settled in their first contact: solved, and no further one in 30 days"
        ),
        formula=_(
            "solved, no contact about the same matter within 30 days, no promise broken ÷ first finished contacts, 30 days old"
        ),
        unit="share",
        base=Part(
            _("finished contacts that began a matter, 30 days ago or more"),
            c.finished_at.known() & ~c.continues & ~(c.since_last_ms <= 30 * DAY_MS),
        ),
        hit=Part(
            _("solved, and nobody had to come back"),
            c.resolution.among("solved", "no_answer_needed")
            & ~(c.until_next_ms <= 30 * DAY_MS)
            & c.promises_broken.equals(0),
        ),
        settled=Settled("finished_at", timedelta(days=30)),
        credit="finished_by",
        versions=FIRST,
        better="more",
        beside=("first_contact_7", "repeat_7", "reopened_7"),
        why=FIRST_CONTACT_WHY,
    ),
    Metric(
        id="repeat_7",
        name=_("Repeat contacts in 7 days"),
        short=_("Came back"),
        meaning=_("Of the finished contacts, the share that followed another one about the same matter within 7 days"),
        formula=_(
            "finished, at most 7 days after the last contact of the same customer about the same matter ÷ finished"
        ),
        unit="share",
        base=Part(_("finished"), c.finished_at.known() & ~c.continues),
        hit=Part(_("followed another one about the same matter"), c.since_last_ms <= 7 * DAY_MS),
        versions=FIRST,
        better="less",
        beside=("first_contact_7", "contacts_per_case"),
        why=_(
            "The mirror of what was solved in one contact, over all channels. The same matter: the same case, or the same reason"
        ),
    ),
    Metric(
        id="repeat_30",
        name=_("Repeat contacts in 30 days"),
        short=_("Came back"),
        meaning=_("Of the finished contacts, the share that followed another one about the same matter within 30 days"),
        formula=_(
            "finished, at most 30 days after the last contact of the same customer about the same matter ÷ finished"
        ),
        unit="share",
        base=Part(_("finished"), c.finished_at.known() & ~c.continues),
        hit=Part(_("followed another one about the same matter"), c.since_last_ms <= 30 * DAY_MS),
        versions=FIRST,
        better="less",
        beside=("first_contact_30", "contacts_per_case"),
        why=_(
            "The mirror of what was solved in one contact, over all channels. The same matter: the same case, or the same reason"
        ),
    ),
    Metric(
        id="reopened_7",
        name=_("Opened again in 7 days"),
        short=_("Opened again"),
        meaning=_("Of the cases called solved, the share opened again within 7 days"),
        formula=_("opened again ≤ 7 days after the first solving ÷ cases first solved, 7 days ago or more"),
        unit="share",
        table=CASES,
        when="first_solved_at",
        credit="first_solved_by",
        base=Part(_("cases first solved, 7 days ago or more"), c.first_solved_at.known()),
        hit=Part(_("opened again within 7 days"), c.reopened_after_ms <= 7 * DAY_MS),
        settled=Settled("first_solved_at", timedelta(days=7)),
        versions=FIRST,
        better="less",
        beside=("solved", "first_contact_7"),
        why=_(
            "Younger cases are left out: they may still be opened again, and would make the last week look better than it is"
        ),
    ),
    Metric(
        id="contacts_per_case",
        name=_("Contacts per solved case"),
        short=_("Contacts a case"),
        meaning=_("How many contacts it took to solve a case"),
        formula=_("mean, median and 90th percentile of: contacts of a case, over cases solved in the period"),
        unit="number",
        table=CASES,
        when="solved_at",
        base=Part(_("cases solved, and not open again"), c.solved_at.known()),
        value=c.contacts,
        versions=FIRST,
        better="less",
        beside=("repeat_7", "solved"),
    ),
    Metric(
        id="promises_kept",
        name=_("Promises kept"),
        short=_("Promises kept"),
        meaning=_("Of what we owed customers by a time in the period, the share done by that time"),
        formula=_("done ≤ due ÷ due"),
        unit="share",
        table=PROMISES,
        when="due_at",
        credit="owner_id",
        base=Part(_("promises whose time has come"), EVERYTHING),
        hit=Part(_("done by their time"), c.kept),
        settled=Settled("due_at"),
        versions=FIRST,
        better="more",
        beside=("promises_warned", "callbacks_in_time"),
        why=_(
            "Counted by the day on which they were due, so that what is still owed cannot hide. Callbacks and low scores that somebody follows up"
        ),
    ),
    Metric(
        id="promises_warned",
        name=_("Warned before it was late"),
        short=_("Warned in time"),
        meaning=_("Of the promises not kept in time, the share whose owner had been told before"),
        formula=_("warned ≤ due ÷ not done by their time"),
        unit="share",
        table=PROMISES,
        when="due_at",
        credit="owner_id",
        base=Part(_("promises not kept in time"), ~c.kept),
        hit=Part(_("owner warned before"), c.warned_before),
        settled=Settled("due_at"),
        versions=FIRST,
        better="more",
        beside=("promises_kept",),
        why=_("Whoever was not warned could not know: that is for us to mend, not for them"),
    ),
)
