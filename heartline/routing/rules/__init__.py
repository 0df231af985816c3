"""Who should take what, and why: pure functions of work, people and `now`. The dispatcher and the simulator run the same.

`plan` what the house decided · `situation` what is known · `ranking` in what order · `matching` who takes it ·
`explaining` why it still waits · `waits` how long it will take.
"""

from heartline.routing.rules.explaining import WHY_CODES, why_waiting
from heartline.routing.rules.matching import OFFER_CODES, Match, decide
from heartline.routing.rules.plan import DEFAULT, Plan
from heartline.routing.rules.ranking import MOST_AHEAD, ORDER_CODES, Part, Rank, in_order, rank
from heartline.routing.rules.situation import (
    DECLINED_FOR_GOOD,
    HELD_BACK_CHANNELS,
    PASSED_OVER_FOR,
    PREFERRED_WAIT,
    Reason,
    Reasons,
    Server,
    Work,
)
from heartline.routing.rules.steps import step_of, steps_ahead
from heartline.routing.rules.waits import ENOUGH_SERVED, Lately, Line, expected_wait

__all__ = [
    "DECLINED_FOR_GOOD",
    "DEFAULT",
    "ENOUGH_SERVED",
    "HELD_BACK_CHANNELS",
    "MOST_AHEAD",
    "OFFER_CODES",
    "ORDER_CODES",
    "PASSED_OVER_FOR",
    "PREFERRED_WAIT",
    "WHY_CODES",
    "Lately",
    "Line",
    "Match",
    "Part",
    "Plan",
    "Rank",
    "Reason",
    "Reasons",
    "Server",
    "Work",
    "decide",
    "expected_wait",
    "in_order",
    "rank",
    "step_of",
    "steps_ahead",
    "why_waiting",
]
