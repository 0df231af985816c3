"""Speed and access: did customers reach us, and how long did it take?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from heartline.insight.catalogue.parts import FIRST, c, outcome
from heartline.insight.facts import LIVE
from heartline.insight.facts.columns import CASES, TURNS
from heartline.insight.measures import Metric, Part

OFFERED = outcome("answered", "short_abandon", "long_abandon", "callback")
STAYED = outcome("answered", "long_abandon", "callback")
ASKED = outcome("answered", "short_abandon", "long_abandon")
ANSWERED = outcome("answered")
IN_TIME = Part(_("answered within the limit"), c.in_time)
WAITED_FOR = Part(
    _("answered, on a channel where one waits"), c.outcome.among("answered") & c.channel.among(*sorted(LIVE))
)
TOLD_A_WAIT = Part(_("answered, and told a wait"), c.outcome.among("answered") & c.told_high_ms.known())
SOLVED = Part(_("cases solved, and not open again"), c.solved_at.known())

ACCESS = (
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
        credit="answered_by",
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
        base=outcome("short_abandon"),
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
        base=outcome("long_abandon"),
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
        base=outcome("callback"),
        versions=FIRST,
    ),
    Metric(
        id="still_waiting",
        name=_("Not answered yet"),
        short=_("Still waiting"),
        meaning=_("Contacts that asked and still wait; they join the other figures when their asking ends"),
        formula=_("asked − offered"),
        unit="contacts",
        base=outcome("waiting"),
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
        beside=("service_level_2", "service_level_all", "answered_in_time", "callbacks_in_time"),
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
        base=ASKED,
        hit=Part(_("answered or left within the limit"), c.in_time | c.left_in_time),
        versions=FIRST,
        better="more",
        why=_("Known as SL2. Shown beside service level so that nobody has to guess which one a figure is"),
    ),
    Metric(
        id="service_level_all",
        name=_("Service level, short abandons kept"),
        short=_("In time of all"),
        meaning=_("As service level, but those who left at once stay in the base"),
        formula=_("answered ≤ limit ÷ offered"),
        unit="share",
        base=OFFERED,
        hit=IN_TIME,
        versions=FIRST,
        better="more",
        why=_(
            "The strictest of the usual forms. Shown beside service level so that nobody has to guess which one a figure is"
        ),
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
        hit=outcome("long_abandon"),
        versions=FIRST,
        better="less",
        beside=("abandonment_rate_all",),
        why=_("Choosing a callback is not leaving. Never shown by person: it would be 0 for everybody"),
    ),
    Metric(
        id="abandonment_rate_all",
        name=_("Abandonment rate, short abandons counted"),
        short=_("Left at all"),
        meaning=_("Of all customers who asked, the share who left before anybody answered, however soon"),
        formula=_("left ÷ offered"),
        unit="share",
        base=OFFERED,
        hit=outcome("short_abandon", "long_abandon"),
        versions=FIRST,
        better="less",
        beside=("abandonment_rate",),
        why=_("What some telephone systems call abandonment rate. Kept for comparison"),
    ),
    Metric(
        id="speed_of_answer",
        name=_("Speed of answer"),
        short=_("Wait before an answer"),
        meaning=_("How long answered customers waited in the queue, for channels on which they stay and wait"),
        formula=_("mean, median and 90th percentile of: answered − asked − time away"),
        unit="duration",
        base=WAITED_FOR,
        value=c.line_ms,
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
        value=c.wait_ms,
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
        base=TOLD_A_WAIT,
        hit=Part(_("answered within the wait told"), c.wait_ms <= c.told_high_ms),
        versions=FIRST,
        better="more",
        beside=("wait_told_from", "wait_told_to", "wait_after_telling"),
        why=_("A wait we tell is a promise. If this is low, the estimate is too hopeful"),
    ),
    Metric(
        id="wait_told_from",
        name=_("Shortest wait told"),
        short=_("Told from"),
        meaning=_("The lower end of the waits we told customers who were answered"),
        formula=_("mean, median and 90th percentile of: shortest wait told"),
        unit="duration",
        base=TOLD_A_WAIT,
        value=c.told_low_ms,
        versions=FIRST,
        beside=("wait_told_kept",),
    ),
    Metric(
        id="wait_told_to",
        name=_("Longest wait told"),
        short=_("Told up to"),
        meaning=_("The upper end of the waits we told customers who were answered"),
        formula=_("mean, median and 90th percentile of: longest wait told"),
        unit="duration",
        base=TOLD_A_WAIT,
        value=c.told_high_ms,
        versions=FIRST,
        beside=("wait_told_kept",),
    ),
    Metric(
        id="wait_after_telling",
        name=_("Wait that came after we told one"),
        short=_("Wait that came"),
        meaning=_("How long the answered customers waited whom we had told a wait"),
        formula=_("mean, median and 90th percentile of: answered − asked"),
        unit="duration",
        base=TOLD_A_WAIT,
        value=c.wait_ms,
        versions=FIRST,
        better="less",
        beside=("wait_told_kept",),
        why=_("Laid beside what was told it shows whether the estimate is too hopeful or too careful"),
    ),
    Metric(
        id="callbacks_in_time",
        name=_("Callbacks in time"),
        short=_("Called back in time"),
        meaning=_("Of the callbacks somebody took in hand, the share taken by the time we named to the customer"),
        formula=_("taken in hand ≤ time named ÷ callbacks taken in hand"),
        unit="share",
        base=Part(_("callbacks taken in hand"), c.channel.among("callback") & c.answered_at.known()),
        hit=Part(_("by the time we named"), c.in_time),
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
        base=Part(_("written to by a person"), c.response_ms.known()),
        value=c.response_ms,
        credit="replied_by",
        versions=FIRST,
        better="less",
        beside=("next_response",),
        why=_(
            "What the system says never stops this clock, nor does an internal note. Credited to whoever replied. Counted in "
            "full hours, nights included: it is how long the customer waited"
        ),
    ),
    Metric(
        id="next_response",
        name=_("Next response time"),
        short=_("Next replies"),
        meaning=_("Every later time the customer spoke: how long until a person replied"),
        formula=_(
            "mean, median and 90th percentile of: reply by a person − message of the customer, from the second turn on"
        ),
        unit="duration",
        table=TURNS,
        when="said_at",
        credit="replied_by",
        base=Part(
            _("turns of the customer, the first one apart, with a reply"), (c.number > 1) & c.response_ms.known()
        ),
        value=c.response_ms,
        versions=FIRST,
        better="less",
        beside=("first_response",),
        why=_(
            "By turn, not by message: three lines in a row are one turn. No state of a case stops this clock, only a reply does; "
            "robots, notices and notes do not"
        ),
    ),
    Metric(
        id="to_first_resolution",
        name=_("Time to the first solution"),
        short=_("To first solution"),
        meaning=_("From a case’s opening until it was called solved for the first time"),
        formula=_("mean, median and 90th percentile of: first solved − opened, over cases first solved in the period"),
        unit="duration",
        table=CASES,
        when="first_solved_at",
        credit="first_solved_by",
        base=Part(_("cases solved for the first time"), c.to_first_ms.known()),
        value=c.to_first_ms,
        versions=FIRST,
        better="less",
        beside=("to_final_resolution", "reopened_7"),
        why=_("Full hours, nights included: it is how long the customer waited. Read it with the cases opened again"),
    ),
    Metric(
        id="to_final_resolution",
        name=_("Time to the final solution"),
        short=_("To final solution"),
        meaning=_("From a case’s opening until it was solved for good, so far; opened again, the clock never stopped"),
        formula=_("mean, median and 90th percentile of: last solved − opened, over cases solved in the period"),
        unit="duration",
        table=CASES,
        when="solved_at",
        credit="solved_by",
        base=SOLVED,
        value=c.to_final_ms,
        versions=FIRST,
        better="less",
        beside=("to_first_resolution", "solved"),
        why=_(
            "Made of the very cases that “Solved cases” counts. A case that is opened again leaves both until it is solved anew"
        ),
    ),
)
