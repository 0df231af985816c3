"""The metric catalogue: every figure anybody sees is defined here, once, with its formula and version.

Definitions follow published practice where there is one and say so in `why`. To change one, add a Version: figures
are always shown with the version they were made by. `docs/adding-a-metric.md` walks through a new one.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from heartline.insight.facts import LIVE, ContactFact
from heartline.insight.measures import Metric, Part, Version

FIRST = (Version(1, date(2026, 11, 22), _("First definition")),)

# Below this many answers a share of them says little: at 9 of 10 the truth may still lie anywhere from 60 to 98 %.
ENOUGH_ANSWERS = 10
SATISFIED = 4


def _outcome(*names: str) -> Part:
    """Contacts by how their asking ended; a call that goes on from a chat was counted with the chat."""
    return Part(_OUTCOMES[names], lambda fact: fact.outcome in names and not fact.continues)


_OUTCOMES = {
    ("answered",): _("answered"),
    ("short_abandon",): _("left before the short limit of the queue"),
    ("long_abandon",): _("left later than the short limit"),
    ("callback",): _("chose to be called back"),
    ("waiting",): _("still waiting for an answer"),
    ("answered", "short_abandon", "long_abandon", "callback"): _("answered, left, or chose a callback"),
    ("answered", "short_abandon", "long_abandon"): _("answered or left"),
    ("answered", "long_abandon", "callback"): _("answered, left late, or chose a callback"),
}
OFFERED = _outcome("answered", "short_abandon", "long_abandon", "callback")
STAYED = _outcome("answered", "long_abandon", "callback")
ANSWERED = _outcome("answered")


def _left_in_time(fact: ContactFact) -> bool:
    return fact.left_after_ms is not None and fact.limit_ms is not None and fact.left_after_ms <= fact.limit_ms


def _within_told(fact: ContactFact) -> bool:
    return fact.wait_ms is not None and fact.told_high_ms is not None and fact.wait_ms <= fact.told_high_ms


def _waited_for(fact: ContactFact) -> bool:
    return fact.outcome == "answered" and fact.channel in LIVE


IN_TIME = Part(_("answered within the limit"), lambda fact: fact.in_time)
WAITED_FOR = Part(_("answered, on a channel where one waits"), _waited_for)

METRICS = (
    Metric(
        id="offered",
        name=_("Offered"),
        short=_("Offered"),
        meaning=_("Contacts that asked for us and whose asking has ended: answered, left, or chose a callback"),
        formula=_("answered + short abandons + long abandons + callbacks taken"),
        unit="contacts",
        base=OFFERED,
        versions=FIRST,
        beside=("answered", "short_abandons", "long_abandons", "callbacks_taken", "still_waiting"),
        why=_(
            "Contacts still waiting are listed apart until their outcome is known. Each asking counts once, by how it ended: "
            "the call that follows a chat is not another one"
        ),
    ),
    Metric(
        id="answered",
        name=_("Answered"),
        short=_("Answered"),
        meaning=_("Contacts a person took; a message left for us counts when a person replied"),
        formula=_("number of contacts answered"),
        unit="contacts",
        base=ANSWERED,
        versions=FIRST,
    ),
    Metric(
        id="short_abandons",
        name=_("Short abandons"),
        short=_("Left at once"),
        meaning=_("Customers who left within the short limit of their queue, too soon for anybody to answer"),
        formula=_("left ≤ short limit of the queue; none where a queue has no limit"),
        unit="contacts",
        base=_outcome("short_abandon"),
        versions=FIRST,
        why=_(
            "Wrong numbers and second thoughts. Usual for calls, not for chats: by default chat queues have no limit"
        ),
    ),
    Metric(
        id="long_abandons",
        name=_("Long abandons"),
        short=_("Left waiting"),
        meaning=_("Customers who waited and left before anybody answered, closing the window or falling silent"),
        formula=_("left > short limit of the queue"),
        unit="contacts",
        base=_outcome("long_abandon"),
        versions=FIRST,
        better="less",
    ),
    Metric(
        id="callbacks_taken",
        name=_("Callbacks taken"),
        short=_("Chose a callback"),
        meaning=_("Customers who chose to be called back instead of waiting on; nobody counts them as gone"),
        formula=_("left the queue by asking for a callback"),
        unit="contacts",
        base=_outcome("callback"),
        versions=FIRST,
    ),
    Metric(
        id="still_waiting",
        name=_("Not answered yet"),
        short=_("Still waiting"),
        meaning=_("Contacts that asked and still wait; they join the other figures when their asking ends"),
        formula=_("asked − offered"),
        unit="contacts",
        base=_outcome("waiting"),
        versions=FIRST,
    ),
    Metric(
        id="service_level",
        name=_("Service level"),
        short=_("Answered in time"),
        meaning=_(
            "Of the customers who asked and did not leave at once, the share answered in time: within the time of "
            "their queue, or by the time we gave them for a message or a callback"
        ),
        formula=_("answered ≤ limit ÷ (offered − short abandons)"),
        unit="share",
        base=STAYED,
        hit=IN_TIME,
        versions=FIRST,
        better="more",
        beside=("service_level_2", "answered_in_time", "callbacks_in_time"),
        why=_(
            "People who gave up stay in the base: leaving them out makes a bad day look good. The clock starts at the first "
            "asking and is never reset by a transfer or a return. The limit is the one that held when the customer asked"
        ),
    ),
    Metric(
        id="service_level_2",
        name=_("Service level, leaving in time forgiven"),
        short=_("Served or left in time"),
        meaning=_("As service level, but customers who left within the limit count as if we had kept to it"),
        formula=_("(answered ≤ limit + left ≤ limit) ÷ (answered + left)"),
        unit="share",
        base=_outcome("answered", "short_abandon", "long_abandon"),
        hit=Part(_("answered or left within the limit"), lambda fact: fact.in_time or _left_in_time(fact)),
        versions=FIRST,
        better="more",
        why=_("Known as SL2. Shown beside service level so that nobody has to guess which one a figure is"),
    ),
    Metric(
        id="answered_in_time",
        name=_("In time among the answered"),
        short=_("In time of answered"),
        meaning=_("Of the customers we answered, the share answered in time; says nothing about those who gave up"),
        formula=_("answered ≤ limit ÷ answered"),
        unit="share",
        base=ANSWERED,
        hit=IN_TIME,
        versions=FIRST,
        better="more",
        why=_("What some telephone systems call service level. Kept for comparison only"),
    ),
    Metric(
        id="abandonment_rate",
        name=_("Abandonment rate"),
        short=_("Left waiting"),
        meaning=_("Of the customers who asked and did not leave at once, the share who left before anybody answered"),
        formula=_("(left − short abandons) ÷ (offered − short abandons)"),
        unit="share",
        base=STAYED,
        hit=_outcome("long_abandon"),
        versions=FIRST,
        better="less",
        why=_("Choosing a callback is not leaving. Never shown by person: it would be 0 for everybody"),
    ),
    Metric(
        id="speed_of_answer",
        name=_("Speed of answer"),
        short=_("Wait before an answer"),
        meaning=_("How long answered customers waited in the queue, for channels on which they stay and wait"),
        formula=_("mean, median and 90th percentile of: answered − asked − time away"),
        unit="duration",
        base=WAITED_FOR,
        value=lambda fact: fact.line_ms,
        versions=FIRST,
        better="less",
        beside=("time_since_asked",),
        why=_(
            "The mean alone hides the long waits. Messages have their own figure, the first response time: mixed, both would "
            "mean nothing"
        ),
    ),
    Metric(
        id="time_since_asked",
        name=_("Time since first asked"),
        short=_("Since first asking"),
        meaning=_("How long it took from the customer's first asking to an answer, everything in between included"),
        formula=_("mean, median and 90th percentile of: answered − asked"),
        unit="duration",
        base=WAITED_FOR,
        value=lambda fact: fact.wait_ms,
        versions=FIRST,
        better="less",
        why=_("The customer's own clock: menus, robots and a lost connection count as waiting"),
    ),
    Metric(
        id="wait_told_kept",
        name=_("Waits kept to"),
        short=_("Within the wait we told"),
        meaning=_("Of the answered customers whom we told a wait, the share answered within it"),
        formula=_("answered ≤ longest wait told ÷ answered and told a wait"),
        unit="share",
        base=Part(
            _("answered, and told a wait"), lambda fact: fact.outcome == "answered" and fact.told_high_ms is not None
        ),
        hit=Part(_("answered within the wait told"), _within_told),
        versions=FIRST,
        better="more",
        why=_("A wait we tell is a promise. If this is low, the estimate is too hopeful"),
    ),
    Metric(
        id="callbacks_in_time",
        name=_("Callbacks in time"),
        short=_("Called back in time"),
        meaning=_("Of the callbacks somebody took in hand, the share taken by the time we named to the customer"),
        formula=_("taken in hand ≤ time named ÷ callbacks taken in hand"),
        unit="share",
        base=Part(
            _("callbacks taken in hand"), lambda fact: fact.channel == "callback" and fact.answered_at is not None
        ),
        hit=Part(_("by the time we named"), lambda fact: fact.in_time),
        versions=FIRST,
        better="more",
        why=_("Every callback, whether it follows a chat or was asked for by itself"),
    ),
    Metric(
        id="first_response",
        name=_("First response time"),
        short=_("First reply"),
        meaning=_("From the customer's first message to the first reply a person wrote"),
        formula=_("mean, median and 90th percentile of: first reply by a person − first message of the customer"),
        unit="duration",
        base=Part(_("written to by a person"), lambda fact: fact.response_ms is not None),
        value=lambda fact: fact.response_ms,
        versions=FIRST,
        better="less",
        why=_(
            "What the system says never stops this clock, nor does an internal note. Credited to whoever replied. Counted in "
            "full hours, nights included: it is how long the customer waited"
        ),
    ),
    Metric(
        id="handle_time",
        name=_("Handle time"),
        short=_("Handle time"),
        meaning=_("The work on a contact: everybody's time with it, and wrap-up"),
        formula=_("mean, median and 90th percentile of: time in hand + wrap-up, over finished contacts"),
        unit="duration",
        base=Part(_("finished, wrap-up included"), lambda fact: fact.handle_ms is not None and bool(fact.work)),
        value=lambda fact: fact.handle_ms,
        versions=FIRST,
        why=_(
            "Never a target for a person: an answer that saves the next contact may take longer. With several chats at once "
            "it is longer than the attention each one had"
        ),
    ),
    Metric(
        id="transfer_rate",
        name=_("Transfer rate"),
        short=_("Handed over"),
        meaning=_("Of the finished contacts, the share that was handed over to another person or queue"),
        formula=_("finished with at least one transfer ÷ finished"),
        unit="share",
        base=Part(_("finished"), lambda fact: fact.finished_at is not None),
        hit=Part(_("handed over at least once"), lambda fact: fact.transfers + fact.moves > 0),
        versions=FIRST,
        better="less",
    ),
    Metric(
        id="satisfied",
        name=_("Satisfied customers (CSAT)"),
        short=_("Satisfied"),
        meaning=_(
            "Of the customers who answered how satisfied they were with the help they got, the share who chose one of the two best of five"
        ),
        formula=_("answers 4 and 5 ÷ all answers, with Wilson’s 95 % interval"),
        unit="share",
        base=Part(_("answered the question"), lambda fact: fact.score is not None),
        hit=Part(_("satisfied or very satisfied"), lambda fact: (fact.score or 0) >= SATISFIED),
        versions=FIRST,
        exactness="sampled",
        better="more",
        enough=ENOUGH_ANSWERS,
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
        base=Part(_("answered the question"), lambda fact: fact.score is not None),
        value=lambda fact: fact.score,
        versions=FIRST,
        exactness="sampled",
        better="more",
        enough=ENOUGH_ANSWERS,
        beside=("satisfied",),
    ),
    Metric(
        id="response_rate",
        name=_("Response rate"),
        short=_("Answered our question"),
        meaning=_("Of the customers we asked how it was, the share who answered"),
        formula=_("answers ÷ invitations, each case invited once"),
        unit="share",
        base=Part(_("asked how it was"), lambda fact: fact.invited_at is not None),
        hit=Part(_("answered the question"), lambda fact: fact.score is not None),
        versions=FIRST,
        better="more",
    ),
)
BY_ID = {metric.id: metric for metric in METRICS}
