"""The life of a contact and of a case, as tables."""

from __future__ import annotations

from heartline.common.states import StateMachine, moves

CONTACT = StateMachine(
    "contact",
    "waiting",
    moves(
        accept=("waiting", "active"),
        abandon=("waiting", "abandoned"),
        resume=("abandoned", "waiting"),
        give_back=("active", "waiting"),
        end=("active", "wrap_up"),
        finish=("wrap_up", "ended"),
    ),
)

CASE = StateMachine(
    "case",
    "open",
    moves(
        wait_for_customer=("open waiting_internal", "waiting_customer"),
        wait_for_us=("open waiting_customer", "waiting_internal"),
        solve=("open waiting_customer waiting_internal", "solved"),
        reopen=("waiting_customer waiting_internal solved closed", "open"),
        close=("solved", "closed"),
    ),
)

# Contacts that somebody waits for or works on.
LIVE = ("waiting", "active", "wrap_up")
